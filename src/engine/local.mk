# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/engine/api.c src/engine/api.h \
	src/engine/conn.c src/engine/conn.h \
	src/engine/control.c src/engine/control.h \
	src/engine/control_json.c src/engine/control_json.h \
	src/engine/dial.c src/engine/dial.h src/engine/dial_impl.h \
	src/engine/dial_replay.c src/engine/dial_ssh.c src/engine/dial_tcp.c src/engine/dial_unix.c \
	src/engine/endpoint.c src/engine/endpoint.h \
	src/engine/engine.c src/engine/engine.h \
	src/engine/event_peek.c src/engine/event_peek.h \
	src/engine/event_read.c src/engine/event_read.h \
	src/engine/event_table.c src/engine/event_table.h \
	src/engine/events.c src/engine/events.h \
	src/engine/frames.c src/engine/frames.h \
	src/engine/http.c src/engine/http.h \
	src/engine/http_head.c src/engine/http_head.h \
	src/engine/record.c src/engine/record.h \
	src/engine/replay.c src/engine/replay.h \
	src/engine/request.c src/engine/request.h \
	src/engine/retry.c src/engine/retry.h \
	src/engine/session.c src/engine/session.h \
	src/engine/tls.c src/engine/tls.h
