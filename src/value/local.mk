# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/value/compare.c \
	src/value/context.c src/value/context.h \
	src/value/dict.c \
	src/value/json_read.c src/value/json_read.h \
	src/value/list.c \
	src/value/record.c \
	src/value/value.c src/value/value.h \
	src/value/time.c src/value/time.h
