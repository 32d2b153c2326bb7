# SPDX-License-Identifier: MIT
libupstreamd_a_SOURCES += \
	src/template/ast.c src/template/ast.h \
	src/template/bind.c src/template/bind.h \
	src/template/call.c \
	src/template/code.c src/template/code.h \
	src/template/constant.c src/template/constant.h \
	src/template/eval.c src/template/eval.h \
	src/template/eval_ops.h \
	src/template/exec.c \
	src/template/expression.c \
	src/template/field.c \
	src/template/funcs.c src/template/funcs.h \
	src/template/json_write.c src/template/json_write.h \
	src/template/lexer.c src/template/lexer.h \
	src/template/lexer_cursor.c src/template/lexer_cursor.h \
	src/template/parser.c src/template/parser.h \
	src/template/parser_state.h \
	src/template/parser_tokens.c \
	src/template/run.c src/template/run.h \
	src/template/scope.c src/template/scope.h \
	src/template/source_view.c src/template/source_view.h \
	src/template/template.c src/template/template.h \
	src/template/token.c \
	src/template/tree.c src/template/tree.h \
	src/template/uses.c src/template/uses.h \
	src/template/truth.c
