# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/base/alloc.c src/base/alloc.h \
	src/base/arena.c src/base/arena.h \
	src/base/argv.c src/base/argv.h \
	src/base/base.h \
	src/base/buf.c src/base/buf.h src/base/buf_fmt.c \
	src/base/child.c src/base/child.h \
	src/base/child_start.c src/base/child_start.h \
	src/base/clock.c src/base/clock.h \
	src/base/error.c src/base/error.h \
	src/base/file.c src/base/file.h \
	src/base/log.c src/base/log.h \
	src/base/map.c src/base/map.h \
	src/base/stack.c src/base/stack.h \
	src/base/str.c src/base/str.h \
	src/base/utf8.c src/base/utf8.h \
	src/base/vec.h \
	src/base/worker.c src/base/worker.h
