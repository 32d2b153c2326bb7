# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/config/command.c src/config/command.h \
	src/config/config.c src/config/config.h \
	src/config/duration.c src/config/duration.h \
	src/config/ini.c src/config/ini.h \
	src/config/keys.c src/config/keys.def src/config/keys.h \
	src/config/load.c \
	src/config/problems.c src/config/problems.h \
	src/config/types.c src/config/types.h \
	src/config/types_text.c
