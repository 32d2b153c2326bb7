# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/cli.test
TESTS += tests/unit/cli.test
tests_unit_cli_test_SOURCES = tests/unit/cli/cli.c
tests_unit_cli_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_cli_test_LDADD = $(UNIT_LDADD)
endif
