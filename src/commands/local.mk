# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/commands/check.c \
	src/commands/commands.h \
	src/commands/json_text.c src/commands/json_text.h \
	src/commands/live.c src/commands/live.h \
	src/commands/print.c src/commands/print.h \
	src/commands/record.c \
	src/commands/redact.c src/commands/redact.h \
	src/commands/render.c \
	src/commands/secret.c src/commands/secret.h \
	src/commands/say.c src/commands/say.h \
	src/commands/snapshot.c \
	src/commands/survey.c src/commands/survey.h \
	src/commands/visit.c src/commands/visit.h
