# SPDX-License-Identifier: MIT
EXTRA_DIST += tests/captures
if HAVE_CRITERION
check_PROGRAMS += tests/unit/engine.test tests/unit/engine/dial-stdio
TESTS += tests/unit/engine.test
tests_unit_engine_dial_stdio_SOURCES = tests/unit/engine/dial-stdio.c
tests_unit_engine_test_SOURCES = \
	tests/unit/engine/calls.c \
	tests/unit/engine/captures.c \
	tests/unit/engine/certs.c tests/unit/engine/certs.h \
	tests/unit/engine/connect.c \
	tests/unit/engine/control.c \
	tests/unit/engine/events.c \
	tests/unit/engine/fake.c tests/unit/engine/fake.h \
	tests/unit/engine/frames.c \
	tests/unit/engine/http.c \
	tests/unit/engine/replay.c \
	tests/unit/engine/ssh.c \
	tests/unit/engine/tls.c \
	tests/unit/engine/transcript.c tests/unit/engine/transcript.h \
	tests/unit/engine/words.c
tests_unit_engine_test_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests/unit
tests_unit_engine_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_engine_test_LDADD = $(UNIT_LDADD)
endif
