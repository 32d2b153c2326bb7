#!/bin/sh
# SPDX-License-Identifier: MIT
# An include may only go downwards: each room lists the rooms that it may see besides itself.
#
#	base <- value <- template;  base <- config;  value <- engine <- model <- publish, proxy
#	<- status <- daemon (files directly in src/) <- commands <- cli
src=${top_srcdir:-$(dirname "$0")/..}/src

allowed() {
	case $1 in
	base) echo "" ;;
	config) echo "base" ;;
	value) echo "base" ;;
	template) echo "base value" ;;
	engine) echo "base value" ;;
	model) echo "base value engine" ;;
	publish) echo "base value config engine model template proxy" ;;
	proxy) echo "base value config engine model" ;;
	commands) echo "base value config engine model template publish proxy status" ;;
	status) echo "base value config engine model publish proxy" ;;
	*) return 1 ;;
	esac
}

echo "1..1"
bad=$(
	for dir in "$src"/*/; do
		room=$(basename "$dir")
		rooms="$(allowed "$room") $room" || { echo "$room: unknown room"; continue; }
		find "$dir" -name '*.[ch]' | while read -r file; do
			sed -n 's/^#include "\([a-z_0-9]*\)\/.*/\1/p' "$file" | sort -u | while read -r to; do
				case " $rooms " in
				*" $to "*) ;;
				*) echo "$file includes $to/, which is above $room/" ;;
				esac
			done
		done
	done
)
if [ -z "$bad" ]; then
	echo "ok 1 - no include runs upward"
else
	echo "$bad" | sed 's/^/# /'
	echo "not ok 1 - no include runs upward"
fi
