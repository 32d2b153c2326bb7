# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += src/value/value.h
