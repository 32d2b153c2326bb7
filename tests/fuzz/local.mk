# SPDX-License-Identifier: MIT
# libFuzzer targets, built one by one after configure --enable-fuzzer CC=clang:
#	make tests/fuzz/fuzz-printf && tests/fuzz/fuzz-printf tests/fuzz/corpus/printf
FUZZ_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer

EXTRA_PROGRAMS += tests/fuzz/fuzz-printf
tests_fuzz_fuzz_printf_SOURCES = tests/fuzz/fuzz-printf.c
tests_fuzz_fuzz_printf_LDADD = $(LIBS_ALL)
tests_fuzz_fuzz_printf_LDFLAGS = $(FUZZ_LDFLAGS)
EXTRA_DIST += tests/fuzz/printf.dict tests/fuzz/corpus/printf
