# SPDX-License-Identifier: MIT
EXTRA_DIST += tests/captures
if HAVE_CRITERION
check_PROGRAMS += tests/unit/engine.test
TESTS += tests/unit/engine.test
tests_unit_engine_test_SOURCES = \
	tests/unit/engine/calls.c \
	tests/unit/engine/captures.c \
	tests/unit/engine/connect.c \
	tests/unit/engine/events.c \
	tests/unit/engine/fake.c tests/unit/engine/fake.h \
	tests/unit/engine/http.c \
	tests/unit/engine/transcript.c tests/unit/engine/transcript.h \
	tests/unit/engine/words.c
tests_unit_engine_test_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests/unit
tests_unit_engine_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_engine_test_LDADD = $(UNIT_LDADD)
endif
