# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/commands.test
TESTS += tests/unit/commands.test
tests_unit_commands_test_SOURCES = \
	tests/unit/commands/json_text.c \
	tests/unit/commands/print.c \
	tests/unit/commands/redact.c \
	tests/unit/commands/secret.c
tests_unit_commands_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_commands_test_LDADD = $(UNIT_LDADD)
endif
