# SPDX-License-Identifier: MIT
# Figures, not tests: `make bench` builds the programs and prints one line per figure.
EXTRA_PROGRAMS += tests/bench/bench-cold tests/bench/bench-events tests/bench/bench-daemon tests/bench/bench-model \
	tests/bench/bench-template
tests_bench_bench_cold_SOURCES = tests/bench/bench-cold.c
tests_bench_bench_cold_LDADD = $(LIBS_ALL)
tests_bench_bench_events_SOURCES = tests/bench/bench-events.c
tests_bench_bench_events_LDADD = $(LIBS_ALL)
tests_bench_bench_daemon_SOURCES = tests/bench/bench-daemon.c
tests_bench_bench_daemon_LDADD = $(LIBS_ALL)
tests_bench_bench_model_SOURCES = tests/bench/bench-model.c
tests_bench_bench_model_LDADD = $(LIBS_ALL)
tests_bench_bench_template_SOURCES = tests/bench/bench-template.c
tests_bench_bench_template_LDADD = $(LIBS_ALL)
CLEANFILES += tests/bench/bench-cold tests/bench/bench-events tests/bench/bench-daemon tests/bench/bench-model \
	tests/bench/bench-template
EXTRA_DIST += tests/bench/burst.sh tests/bench/run.sh tests/bench/proxy.tmpl

.PHONY: bench
bench: upstreamd tests/engine/enginesim tests/bench/bench-cold tests/bench/bench-events \
		tests/bench/bench-daemon tests/bench/bench-model tests/bench/bench-template
	@top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
		bash $(top_srcdir)/tests/bench/run.sh
