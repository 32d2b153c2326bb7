# SPDX-License-Identifier: MIT
# The daemon against an engine that fails on demand.
TESTS += tests/faults/answers.sh tests/faults/engines.sh tests/faults/stream.sh
EXTRA_DIST += tests/faults/answers.sh tests/faults/engines.sh tests/faults/lib.sh tests/faults/stream.sh
