# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/template/yaml/yaml_decode.c src/template/yaml/yaml_decode.h \
	src/template/yaml/yaml_emit.c src/template/yaml/yaml_emit.h \
	src/template/yaml/yaml_event.c src/template/yaml/yaml_event.h \
	src/template/yaml/yaml_mend.c src/template/yaml/yaml_mend.h \
	src/template/yaml/yaml_read.c src/template/yaml/yaml_read.h \
	src/template/yaml/yaml_resolve.c src/template/yaml/yaml_resolve.h \
	src/template/yaml/yaml_scan.c src/template/yaml/yaml_scan.h \
	src/template/yaml/yaml_source.c src/template/yaml/yaml_source.h \
	src/template/yaml/yaml_tree.c src/template/yaml/yaml_tree.h \
	src/template/yaml/yaml_write.c src/template/yaml/yaml_write.h
