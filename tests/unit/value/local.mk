# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/value.test
TESTS += tests/unit/value.test
tests_unit_value_test_SOURCES = tests/unit/value/dict.c tests/unit/value/kinds.c tests/unit/value/value.c
tests_unit_value_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_value_test_LDADD = $(UNIT_LDADD)
endif
