# SPDX-License-Identifier: MIT
# The daemon against an engine that fails on demand, and writing a file against kill -9.
FAULTS = \
	tests/faults/answers.sh \
	tests/faults/commit.sh \
	tests/faults/engines.sh \
	tests/faults/renders.sh \
	tests/faults/soak.sh \
	tests/faults/stream.sh
TESTS += $(FAULTS)
EXTRA_DIST += tests/faults/lib.sh $(FAULTS)
check_PROGRAMS += tests/faults/commit-once
tests_faults_commit_once_SOURCES = tests/faults/commit-once.c
tests_faults_commit_once_LDADD = $(LIBS_ALL)
