# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/format.test
TESTS += tests/unit/format.test
tests_unit_format_test_SOURCES = \
	tests/unit/format/escape.c \
	tests/unit/format/format.c \
	tests/unit/format/number.c \
	tests/unit/format/quote.c \
	tests/unit/format/time.c \
	tests/unit/format/unicode.c \
	tests/unit/format/zone.c
tests_unit_format_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_format_test_LDADD = $(UNIT_LDADD)
endif
