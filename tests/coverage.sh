#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What part of the lines below a folder of src/ the tests reach: tests/coverage.sh [FOLDER [PERCENT]]
#
# To be run where `configure --enable-coverage && make check` was. Prints a line for each file and
# one for all; fails when that is less than PERCENT, which is 95 for src/template if not given.
folder=${1-src/template}
least=${2-95}

find "$folder" -name '*.gcno' | sort | while IFS= read -r notes; do
	gcov -n -o "$(dirname "$notes")" "$notes" 2>/dev/null |
		awk -v name="${notes%.gcno}.c" '
			/^File / { wanted = index($0, name "\047") > 0; next }
			wanted && /^Lines executed:/ {
				split($0, part, /[:% ]+/)
				printf "%7.2f%% of %4d  %s\n", part[3], part[5], name
				wanted = 0
			}'
done | awk -v least="$least" '
	{ print; lines += $3; reached += $1 * $3 / 100 }
	END {
		if (lines == 0) { print "nothing was measured"; exit 1 }
		printf "%7.2f%% of %4d  in all\n", reached * 100 / lines, lines
		exit reached * 100 < least * lines
	}'
