# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += src/cli.c src/cli.h src/cli_help.c src/cli_main.c \
	src/cli_table.c src/cli_table.h src/daemon.c src/daemon.h \
	src/engines.c src/engines.h \
	src/output.c src/output.h src/settings.c src/settings.h

# The rooms from the bottom up; each room's local.mk lists its files.
include src/base/local.mk
include src/config/local.mk
include src/value/local.mk
include src/engine/local.mk
include src/model/local.mk
include src/template/local.mk
include src/template/funcs/local.mk
include src/template/regexp/local.mk
include src/template/format/local.mk
include src/template/yaml/local.mk
include src/publish/local.mk
include src/proxy/local.mk
include src/status/local.mk
include src/commands/local.mk
