# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/proxy/acts.c \
	src/proxy/command.c \
	src/proxy/complaint.c src/proxy/complaint.h \
	src/proxy/haproxy.c src/proxy/haproxy.h \
	src/proxy/haproxy_cli.c src/proxy/haproxy_cli.h \
	src/proxy/haproxy_proc.c src/proxy/haproxy_proc.h \
	src/proxy/haproxy_signal.c src/proxy/haproxy_socket.c \
	src/proxy/nginx.c src/proxy/nginx.h \
	src/proxy/nginx_here.c src/proxy/nginx_there.c \
	src/proxy/processes.c src/proxy/processes.h \
	src/proxy/proxy.c src/proxy/proxy.h \
	src/proxy/row.h
