# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/model/shape.c src/model/shape.h src/model/shape_time.c
