# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/publish.test
TESTS += tests/unit/publish.test
tests_unit_publish_test_SOURCES = \
	tests/unit/loop.h \
	tests/unit/publish/rig.c tests/unit/publish/rig.h \
	tests/unit/publish/candidate.c \
	tests/unit/publish/commit.c \
	tests/unit/publish/complaint.c \
	tests/unit/publish/haproxy_proc.c \
	tests/unit/publish/processes.c \
	tests/unit/publish/inplace.c \
	tests/unit/publish/lines.c \
	tests/unit/publish/settle.c \
	tests/unit/publish/target.c \
	tests/unit/publish/target_apart.c \
	tests/unit/publish/target_reload.c \
	tests/unit/publish/target_trouble.c \
	tests/unit/publish/target_verify.c \
	tests/unit/publish/templates.c
tests_unit_publish_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_publish_test_LDADD = $(UNIT_LDADD)
endif
