# SPDX-License-Identifier: MIT
# Fuzz targets: fuzz-NAME.c with its seeds in corpus/NAME/ and, where it helps, NAME.dict. After
# configure --enable-fuzzer CC=clang they are libFuzzer programs:
#	make tests/fuzz/fuzz-ini && tests/fuzz/fuzz-ini tests/fuzz/corpus/ini
# Otherwise replay.c is their main(). `make check` runs each over its seeds in both cases.
if ENABLE_FUZZER
FUZZ_MAIN =
FUZZ_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
else
FUZZ_MAIN = tests/fuzz/fuzz.h tests/fuzz/replay.c
FUZZ_LDFLAGS = $(AM_LDFLAGS)
endif
TESTS += tests/fuzz/seeds.sh
EXTRA_DIST += tests/fuzz/seeds.sh tests/fuzz/fuzz.h tests/fuzz/replay.c

check_PROGRAMS += tests/fuzz/fuzz-printf
tests_fuzz_fuzz_printf_SOURCES = tests/fuzz/fuzz-printf.c $(FUZZ_MAIN)
tests_fuzz_fuzz_printf_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_printf_LDFLAGS = $(FUZZ_LDFLAGS)
EXTRA_DIST += tests/fuzz/printf.dict tests/fuzz/corpus/printf

check_PROGRAMS += tests/fuzz/fuzz-ini
tests_fuzz_fuzz_ini_SOURCES = tests/fuzz/fuzz-ini.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_ini_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_ini_LDFLAGS = $(FUZZ_LDFLAGS)
EXTRA_DIST += tests/fuzz/ini.dict tests/fuzz/corpus/ini

FUZZ_ENGINE_SOURCES = tests/unit/engine/transcript.c tests/unit/engine/transcript.h
FUZZ_ENGINE_CPPFLAGS = $(AM_CPPFLAGS) -iquote $(top_srcdir)/tests/unit
check_PROGRAMS += tests/fuzz/fuzz-http tests/fuzz/fuzz-events
tests_fuzz_fuzz_http_SOURCES = tests/fuzz/fuzz-http.c $(FUZZ_ENGINE_SOURCES) $(FUZZ_MAIN)
tests_fuzz_fuzz_http_CPPFLAGS = $(FUZZ_ENGINE_CPPFLAGS)
tests_fuzz_fuzz_http_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_http_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_events_SOURCES = tests/fuzz/fuzz-events.c $(FUZZ_ENGINE_SOURCES) \
	$(FUZZ_MAIN)
tests_fuzz_fuzz_events_CPPFLAGS = $(FUZZ_ENGINE_CPPFLAGS)
tests_fuzz_fuzz_events_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_events_LDFLAGS = $(FUZZ_LDFLAGS)
EXTRA_DIST += tests/fuzz/http.dict tests/fuzz/corpus/http \
	tests/fuzz/events.dict tests/fuzz/corpus/events

check_PROGRAMS += tests/fuzz/fuzz-template
tests_fuzz_fuzz_template_SOURCES = tests/fuzz/fuzz-template.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_template_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_template_LDFLAGS = $(FUZZ_LDFLAGS) \
	-Wl,--wrap=clock_real_ns,--wrap=clock_mono_ns
EXTRA_DIST += tests/fuzz/template.dict tests/fuzz/corpus/template

check_PROGRAMS += tests/fuzz/fuzz-time
tests_fuzz_fuzz_time_SOURCES = tests/fuzz/fuzz-time.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_time_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_time_LDFLAGS = $(FUZZ_LDFLAGS)
EXTRA_DIST += tests/fuzz/corpus/time

check_PROGRAMS += tests/fuzz/fuzz-inspect
tests_fuzz_fuzz_inspect_SOURCES = tests/fuzz/fuzz-inspect.c $(FUZZ_MAIN)
tests_fuzz_fuzz_inspect_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_inspect_LDFLAGS = $(FUZZ_LDFLAGS)
EXTRA_DIST += tests/fuzz/inspect.dict tests/fuzz/corpus/inspect

check_PROGRAMS += tests/fuzz/fuzz-replay
tests_fuzz_fuzz_replay_SOURCES = tests/fuzz/fuzz-replay.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_replay_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_replay_LDFLAGS = $(FUZZ_LDFLAGS)
EXTRA_DIST += tests/fuzz/replay.dict tests/fuzz/corpus/replay

check_PROGRAMS += tests/fuzz/fuzz-yaml
tests_fuzz_fuzz_yaml_SOURCES = tests/fuzz/fuzz-yaml.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_yaml_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_yaml_LDFLAGS = $(FUZZ_LDFLAGS)
EXTRA_DIST += tests/fuzz/yaml.dict tests/fuzz/corpus/yaml

check_PROGRAMS += tests/fuzz/fuzz-json
tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz-json.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_json_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_json_LDFLAGS = $(FUZZ_LDFLAGS)
EXTRA_DIST += tests/fuzz/json.dict tests/fuzz/corpus/json

check_PROGRAMS += tests/fuzz/fuzz-redact tests/fuzz/fuzz-view
tests_fuzz_fuzz_redact_SOURCES = tests/fuzz/fuzz-redact.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_redact_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_redact_LDFLAGS = $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_view_SOURCES = tests/fuzz/fuzz-view.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_view_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_view_LDFLAGS = $(FUZZ_LDFLAGS)
EXTRA_DIST += tests/fuzz/redact.dict tests/fuzz/corpus/redact tests/fuzz/corpus/view
