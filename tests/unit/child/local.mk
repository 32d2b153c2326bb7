# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/child.test
TESTS += tests/unit/child.test
tests_unit_child_test_SOURCES = \
	tests/unit/child/argv.c \
	tests/unit/child/child.c \
	tests/unit/child/worker.c \
	tests/unit/loop.h
tests_unit_child_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_child_test_LDADD = $(UNIT_LDADD)
endif
