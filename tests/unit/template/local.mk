# SPDX-License-Identifier: MIT
if HAVE_CRITERION
check_PROGRAMS += tests/unit/template.test
TESTS += tests/unit/template.test
tests_unit_template_test_SOURCES = \
	tests/unit/template/crypto.c \
	tests/unit/template/files.c \
	tests/unit/template/funcs.c \
	tests/unit/template/json.c \
	tests/unit/template/labels.c \
	tests/unit/template/lexer.c \
	tests/unit/template/limits.c \
	tests/unit/template/limits_funcs.c \
	tests/unit/template/methods.c \
	tests/unit/template/records.c \
	tests/unit/template/render.c \
	tests/unit/template/rendering.c tests/unit/template/rendering.h \
	tests/unit/template/scope.c \
	tests/unit/template/sets.c \
	tests/unit/template/source_view.c \
	tests/unit/template/sprig.c \
	tests/unit/template/yaml.c
tests_unit_template_test_CFLAGS = $(UNIT_CFLAGS)
tests_unit_template_test_LDADD = $(UNIT_LDADD)
endif
