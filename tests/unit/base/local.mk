# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/base.test
TESTS += tests/unit/base.test
tests_unit_base_test_SOURCES = \
	tests/unit/base/arena.c \
	tests/unit/base/buf.c \
	tests/unit/base/error.c \
	tests/unit/base/file.c \
	tests/unit/base/log.c \
	tests/unit/base/map.c \
	tests/unit/base/str.c \
	tests/unit/base/utf8.c \
	tests/unit/base/vec.c
tests_unit_base_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_test_LDADD = $(UNIT_LDADD)
endif
