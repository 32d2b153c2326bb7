# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/template/funcs/arithmetic.c \
	src/template/funcs/builtin.c \
	src/template/funcs/cast.c src/template/funcs/cast.h \
	src/template/funcs/certificate.c src/template/funcs/certificate.h \
	src/template/funcs/certificates.c \
	src/template/funcs/crypto.c \
	src/template/funcs/date.c \
	src/template/funcs/decimal.c \
	src/template/funcs/defaults.c \
	src/template/funcs/dict.c \
	src/template/funcs/digest.c \
	src/template/funcs/dockergen.c \
	src/template/funcs/encoding.c src/template/funcs/encoding.h \
	src/template/funcs/entries.c src/template/funcs/entries.h \
	src/template/funcs/files.c \
	src/template/funcs/identifiers.c \
	src/template/funcs/ip_address.c src/template/funcs/ip_address.h \
	src/template/funcs/json.c \
	src/template/funcs/labels.c \
	src/template/funcs/list.c src/template/funcs/list.h \
	src/template/funcs/merge.c \
	src/template/funcs/path.c \
	src/template/funcs/pem.c src/template/funcs/pem.h \
	src/template/funcs/private_key.c src/template/funcs/private_key.h \
	src/template/funcs/random.c src/template/funcs/random.h \
	src/template/funcs/reach.c src/template/funcs/reach.h \
	src/template/funcs/reflect.c \
	src/template/funcs/regex.c \
	src/template/funcs/select.c \
	src/template/funcs/semver.c \
	src/template/funcs/semver_check.c \
	src/template/funcs/semver_parse.c src/template/funcs/semver_parse.h \
	src/template/funcs/sort.c \
	src/template/funcs/split.c src/template/funcs/split.h \
	src/template/funcs/strings.c \
	src/template/funcs/strval.c src/template/funcs/strval.h \
	src/template/funcs/system.c \
	src/template/funcs/url.c \
	src/template/funcs/url_escape.c src/template/funcs/url_escape.h \
	src/template/funcs/url_parse.c src/template/funcs/url_parse.h \
	src/template/funcs/validate.c \
	src/template/funcs/words.c \
	src/template/funcs/yaml.c
