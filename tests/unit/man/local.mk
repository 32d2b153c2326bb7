# SPDX-License-Identifier: MIT
# The manual pages against the tables that they describe.
if HAVE_CRITERION
check_PROGRAMS += tests/unit/man.test
TESTS += tests/unit/man.test
tests_unit_man_test_SOURCES = \
	tests/unit/man/examples.c \
	tests/unit/man/filters.c \
	tests/unit/man/functions.c \
	tests/unit/man/keys.c \
	tests/unit/man/limits.c \
	tests/unit/man/page.c tests/unit/man/page.h \
	tests/unit/man/records.c
tests_unit_man_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_man_test_LDADD = $(UNIT_LDADD)
endif
