#!/bin/sh
# SPDX-License-Identifier: MIT
# upstreamd(8) against what the program says of itself: every command that --help lists, every option
# of each and every exit status is in the page, and the page has no others; and so are the signals
# that the daemon waits for and the variables of the environment that the source names.
top=${top_srcdir:-$(dirname "$0")/../..}
page=$top/man/upstreamd.8
program=${top_builddir:-$(dirname "$0")/../..}/upstreamd
number=0

# report SENTENCE TROUBLE: passes if there is no trouble.
report() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "$2" | sed 's/^/# /'
		echo "not ok $number - $1"
	fi
}

# Options in a help text on standard input, as the heads of the items that the page has for them.
help_heads() {
	awk '/^ +(-., +)?--[a-z]/ {
		letter = ""
		i = 1
		if ($1 ~ /^-.,$/) {
			letter = "Fl " substr($1, 2, 1) " , "
			i = 2
		}
		name = substr($i, 3)
		gsub(/-/, "\\-", name)
		rest = substr($0, index($0, $i) + length($i))
		argument = ""
		if (rest ~ /^ [^ ]/)
			argument = " Ar " $(i + 1)
		print ".It " letter "Fl \\-" name argument
	}' | sort -u
}

# The lines of the page from the header $1 to the next header like $2.
section() {
	awk -v start="$1" -v stop="$2" '
		inside && (index($0, stop) == 1 || index($0, ".Sh ") == 1) { exit }
		inside { print }
		$0 == start { inside = 1 }
	' "$page"
}

section_heads() {
	section "$@" | grep '^\.It .*Fl' | sort -u
}

# missing FROM IN WORDS: the lines of the file FROM that the file IN does not have.
missing() {
	comm -23 "$1" "$2" | sed "s|\$|     $3|"
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/udtest.XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
LC_ALL=C
export LC_ALL

"$program" --help >"$scratch/help" || exit 99
sed -n '/^Commands/,/^$/s/^  \([a-z-]*\) .*/\1/p' "$scratch/help" | sort >"$scratch/commands"
awk '/^\.Sh / { inside = $0 == ".Sh COMMANDS" } inside && /^\.Ss / { print $2 }' "$page" |
	sort >"$scratch/sections"
report "every command has a section, every section is a command's" "$(
	missing "$scratch/commands" "$scratch/sections" "is a command: add .Ss under COMMANDS in man/upstreamd.8"
	missing "$scratch/sections" "$scratch/commands" "is no command of upstreamd --help"
)"

section_heads ".Sh OPTIONS" ".Sh" >"$scratch/common"
help_heads <"$scratch/help" >"$scratch/wanted"
[ -s "$scratch/wanted" ] || report "upstreamd --help has options" "none found"
report "the options of all commands are in OPTIONS" "$(
	missing "$scratch/wanted" "$scratch/common" "must be an item under OPTIONS in man/upstreamd.8"
	missing "$scratch/common" "$scratch/wanted" "is not in upstreamd --help"
)"

for command in $(cat "$scratch/commands"); do
	"$program" "$command" --help >"$scratch/help.$command" || exit 99
	help_heads <"$scratch/help.$command" >"$scratch/wanted"
	section_heads ".Ss $command" ".Ss" >"$scratch/own"
	sort -u "$scratch/own" "$scratch/common" >"$scratch/got"
	report "the options of $command are in its section" "$(
		missing "$scratch/wanted" "$scratch/got" "must be an item under .Ss $command in man/upstreamd.8"
		missing "$scratch/own" "$scratch/wanted" "is not in upstreamd $command --help"
	)"
done

sed -n '/^Exit status/,$p' "$scratch/help" | grep -o '[0-9][0-9]*' | sort >"$scratch/wanted"
section ".Sh EXIT STATUS" ".Sh" | sed -n 's/^\.It \([0-9]*\)$/\1/p' | sort >"$scratch/got"
report "the exit statuses are in EXIT STATUS" "$(
	missing "$scratch/wanted" "$scratch/got" "is an exit status: add .It under EXIT STATUS in man/upstreamd.8"
	missing "$scratch/got" "$scratch/wanted" "is no exit status of upstreamd --help"
)"

# The names, one a line, in the heads of the items of a section.
item_names() {
	section "$1" ".Sh" | sed -n "s/^\.It $2 //p" | tr -s ' ,' '\n' | sort -u
}

grep -rhoE 'getenv\("[A-Z_]+"\)' "$top/src" --include='*.c' | tr -dc 'A-Z_\n' | sort -u >"$scratch/wanted"
item_names ".Sh ENVIRONMENT" Ev >"$scratch/got"
[ -s "$scratch/wanted" ] || report "the source reads its environment" "no getenv found"
report "the variables that the program reads are in ENVIRONMENT" "$(
	missing "$scratch/wanted" "$scratch/got" "is read: add .It Ev under ENVIRONMENT in man/upstreamd.8"
)"

grep -hoE 'signal_new\(d, SIG[A-Z0-9]+' "$top/src/daemon.c" | sed 's/.* //' | sort -u >"$scratch/wanted"
item_names ".Sh SIGNALS" Dv >"$scratch/got"
[ -s "$scratch/wanted" ] || report "the daemon waits for signals" "no signal_new found in src/daemon.c"
report "the signals that the daemon waits for are in SIGNALS" "$(
	missing "$scratch/wanted" "$scratch/got" "is waited for: add .It Dv under SIGNALS in man/upstreamd.8"
	missing "$scratch/got" "$scratch/wanted" "is not waited for in src/daemon.c"
)"
echo "1..$number"
