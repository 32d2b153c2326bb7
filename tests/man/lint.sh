#!/bin/sh
# SPDX-License-Identifier: MIT
# Every manual page is mdoc without a complaint of mandoc's, and man renders it without a warning.
# Pages of others that it refers to need not be installed.
pages=${top_srcdir:-$(dirname "$0")/../..}/man
number=0

report() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "$2" | sed 's/^/# /'
		echo "not ok $number - $1"
	fi
}

skip() {
	number=$((number + 1))
	echo "# $2 IS MISSING: $1 is not tested"
	echo "ok $number - $1 # SKIP $2 is missing (Debian package: $3)"
}

lint() {
	mandoc -Tlint "$1" 2>&1 | grep -Ev 'STYLE: referenced manual not found|outdated mandoc.db'
}

render() {
	MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings -l "$1" 2>&1 >/dev/null
}

# The references to pages of ours that do not exist.
dangling() {
	sed -n 's/^\.Xr \(upstreamd[a-z.-]*\) \([0-9]\).*/\1.\2/p' "$1" | sort -u |
		while read -r to; do
			[ -f "$pages/$to" ] || echo "$to is referred to, but there is no such page"
		done
}

found=0
for page in "$pages"/*.[1-9]; do
	[ -f "$page" ] || continue
	found=$((found + 1))
	name=${page##*/}
	if command -v mandoc >/dev/null; then
		report "mandoc -Tlint has nothing to say about $name" "$(lint "$page")"
	else
		skip "mandoc -Tlint has nothing to say about $name" mandoc mandoc
	fi
	if command -v man >/dev/null && command -v nroff >/dev/null; then
		report "man renders $name without a warning" "$(render "$page")"
	else
		skip "man renders $name without a warning" man "man-db, groff-base"
	fi
	report "pages of ours that $name refers to are there" "$(dangling "$page")"
done
[ "$found" -gt 0 ] || report "there are manual pages" "none in $pages"
echo "1..$number"
