# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/template/funcs/builtin.c \
	src/template/funcs/defaults.c \
	src/template/funcs/dict.c \
	src/template/funcs/dockergen.c \
	src/template/funcs/entries.c src/template/funcs/entries.h \
	src/template/funcs/lists.c \
	src/template/funcs/regex.c \
	src/template/funcs/select.c \
	src/template/funcs/sort.c \
	src/template/funcs/strings.c \
	src/template/funcs/strval.c src/template/funcs/strval.h \
	src/template/funcs/validate.c
