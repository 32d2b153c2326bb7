# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/publish/publisher.h \
	src/publish/target.h
