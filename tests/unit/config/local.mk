# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/config.test
TESTS += tests/unit/config.test
tests_unit_config_test_SOURCES = \
	tests/unit/config/duration.c \
	tests/unit/config/files.c \
	tests/unit/config/ini.c \
	tests/unit/config/keys.c \
	tests/unit/config/load.c \
	tests/unit/config/refuse.c \
	tests/unit/config/support.c tests/unit/config/support.h
tests_unit_config_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_config_test_LDADD = $(UNIT_LDADD)
endif
