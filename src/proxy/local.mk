# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/proxy/command.c \
	src/proxy/complaint.c src/proxy/complaint.h \
	src/proxy/proxy.c src/proxy/proxy.h \
	src/proxy/row.h
