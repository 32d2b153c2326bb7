# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/template/regexp/mended.c src/template/regexp/mended.h \
	src/template/regexp/re2.c src/template/regexp/re2.h \
	src/template/regexp/re2_atom.c \
	src/template/regexp/re2_class.c src/template/regexp/re2_class.h \
	src/template/regexp/re2_parser.h \
	src/template/regexp/regexp.c src/template/regexp/regexp.h
