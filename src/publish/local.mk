# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/publish/candidate.c src/publish/candidate.h \
	src/publish/commit.c src/publish/commit.h \
	src/publish/cycle.c \
	src/publish/files.c src/publish/files.h \
	src/publish/inplace.c src/publish/inplace.h \
	src/publish/lines.c src/publish/lines.h \
	src/publish/machine.h \
	src/publish/publisher.c src/publish/publisher.h \
	src/publish/publisher_impl.h \
	src/publish/reload.c src/publish/reload.h \
	src/publish/render.c \
	src/publish/report.c \
	src/publish/settle.c src/publish/settle.h \
	src/publish/steps.c \
	src/publish/target.c src/publish/target.h \
	src/publish/templates.c src/publish/templates.h \
	src/publish/turn.c
