# SPDX-License-Identifier: MIT
# The template corpus and its runner: make check-conformance runs the copy in tests/conformance.
check_PROGRAMS += tests/conformance/conformance
tests_conformance_conformance_SOURCES = \
	tests/conformance/conformance.c \
	tests/conformance/corpus.c tests/conformance/corpus.h \
	tests/conformance/judge.c tests/conformance/judge.h
tests_conformance_conformance_LDADD = $(LIBS_ALL)
EXTRA_DIST += \
	tests/conformance/README.md \
	tests/conformance/dockergen.jsonl \
	tests/conformance/edges.jsonl \
	tests/conformance/language.jsonl \
	tests/conformance/programs.jsonl \
	tests/conformance/sets.json \
	tests/conformance/sprig.jsonl

.PHONY: check-conformance
check-conformance: tests/conformance/conformance
	tests/conformance/conformance $(top_srcdir)/tests/conformance
