#!/bin/sh
# SPDX-License-Identifier: MIT
# Every fuzz target over its seeds: fuzz-NAME reads corpus/NAME/*.
here=${top_srcdir:-.}/tests/fuzz
built=${top_builddir:-.}/tests/fuzz

n=0
for target in "$built"/fuzz-*; do
	[ -f "$target" ] && [ -x "$target" ] || continue
	name=${target##*/fuzz-}
	n=$((n + 1))
	if out=$("$target" "$here/corpus/$name"/* 2>&1); then
		echo "ok $n - seeds of $name"
	else
		echo "$out" | sed 's/^/# /'
		echo "not ok $n - seeds of $name"
	fi
done
echo "1..$n"
