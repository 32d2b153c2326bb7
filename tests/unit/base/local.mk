# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/base.test
TESTS += tests/unit/base.test
tests_unit_base_test_SOURCES = tests/unit/base/str.c
tests_unit_base_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_test_LDADD = $(UNIT_LDADD)
endif
