# SPDX-License-Identifier: MIT
# The daemon against an engine that fails on demand.
FAULTS = tests/faults/answers.sh tests/faults/engines.sh tests/faults/renders.sh \
	tests/faults/stream.sh
TESTS += $(FAULTS)
EXTRA_DIST += tests/faults/lib.sh $(FAULTS)
