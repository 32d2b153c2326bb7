# SPDX-License-Identifier: MIT
TESTS += tests/man/lint.sh tests/man/options.sh
EXTRA_DIST += tests/man/lint.sh tests/man/options.sh
tests/man/options.log: upstreamd
