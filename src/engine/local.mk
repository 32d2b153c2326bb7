# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/engine/engine.h \
	src/engine/event_read.c src/engine/event_read.h \
	src/engine/event_table.c src/engine/event_table.h \
	src/engine/events.c src/engine/events.h \
	src/engine/http.c src/engine/http.h \
	src/engine/http_head.c src/engine/http_head.h
