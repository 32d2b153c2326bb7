# SPDX-License-Identifier: MIT
# Tests that `make check` runs. Each unit program speaks TAP, so that every single test counts.
TEST_EXTENSIONS = .test .sh
TEST_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TEST_LOG_COMPILER = $(top_srcdir)/tests/unit/run-criterion
SH_LOG_DRIVER = $(TEST_LOG_DRIVER)
SH_LOG_COMPILER = $(SHELL)
AM_TESTS_ENVIRONMENT = top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)'; \
	export top_srcdir top_builddir;
EXTRA_DIST += tests/unit/run-criterion tests/include-direction.sh tests/coverage.sh

UNIT_CFLAGS = $(AM_CFLAGS) $(CRITERION_CFLAGS) -Wno-missing-prototypes -Wno-unused-parameter
UNIT_LDADD = $(LIBS_ALL) $(CRITERION_LIBS)

TESTS += tests/include-direction.sh

include tests/unit/base/local.mk
include tests/unit/child/local.mk
include tests/unit/cli/local.mk
include tests/unit/commands/local.mk
include tests/unit/config/local.mk
include tests/unit/value/local.mk
include tests/unit/engine/local.mk
include tests/unit/model/local.mk
include tests/unit/template/local.mk
include tests/unit/regexp/local.mk
include tests/unit/format/local.mk
include tests/unit/publish/local.mk
include tests/unit/man/local.mk
include tests/man/local.mk
include tests/conformance/local.mk
include tests/integration/local.mk
include tests/engine/local.mk
include tests/faults/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk
