# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/template/funcs.h \
	src/template/template.h
