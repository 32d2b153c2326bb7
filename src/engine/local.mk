# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/engine/engine.h \
	src/engine/events.h
