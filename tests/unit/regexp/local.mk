# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/regexp.test
TESTS += tests/unit/regexp.test
tests_unit_regexp_test_SOURCES = tests/unit/regexp/regexp.c
tests_unit_regexp_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_regexp_test_LDADD = $(UNIT_LDADD)
endif
