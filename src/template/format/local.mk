# SPDX-License-Identifier: MIT
EXTRA_DIST += src/template/format/unicode-tables.py
libupstreamd_a_SOURCES += \
	src/template/format/escape.c src/template/format/escape.h \
	src/template/format/format.c src/template/format/format.h \
	src/template/format/layout.c src/template/format/layout.h \
	src/template/format/number.h \
	src/template/format/number_read.c \
	src/template/format/number_write.c \
	src/template/format/print_number.c \
	src/template/format/print_text.c \
	src/template/format/print_value.c \
	src/template/format/printer.h \
	src/template/format/quote.c src/template/format/quote.h \
	src/template/format/time.h \
	src/template/format/time_duration.c \
	src/template/format/time_encode.c src/template/format/time_encode.h \
	src/template/format/time_fields.c src/template/format/time_fields.h \
	src/template/format/time_math.c \
	src/template/format/time_methods.c src/template/format/time_methods.h \
	src/template/format/time_read.c \
	src/template/format/time_write.c \
	src/template/format/unicode.c src/template/format/unicode.h \
	src/template/format/unicode_tables.h \
	src/template/format/wrap.h \
	src/template/format/zone.c src/template/format/zone.h \
	src/template/format/zone_data.h \
	src/template/format/zone_file.c \
	src/template/format/zone_rule.c
