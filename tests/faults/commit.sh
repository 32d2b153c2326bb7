#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# kill -9 at every system call of writing a file. By a rename the file is old or new, whole, at any
# moment; in place the next start makes it so. And mount points, directories that cannot be written,
# and full file systems.
top_srcdir=${top_srcdir-$(cd "$(dirname "$0")/../.." && pwd)}
top_builddir=${top_builddir-$top_srcdir}
. "$top_srcdir/tests/lib/tap.sh"
once=$top_builddir/tests/faults/commit-once
[ -x "$once" ] || skip_all "$once is not built"
command -v strace >/dev/null || skip_all "strace is not installed"
strace -o /dev/null true 2>/dev/null || skip_all "no process may be traced here"

scratch_new
dir=$scratch/dir
state=$scratch/state
old=$(printf 'old %.0s' $(seq 2000))
new=$(printf 'the new one %.0s' $(seq 1000))
whole='^((old )+|(the new one )+)$'

begin() {
	rm -rf "$dir" "$state"
	mkdir "$dir" "$state"
	printf %s "$old" >"$dir/file"
}

is_old_or_new() {
	[ "$(cat "$dir/file")" = "$old" ] || [ "$(cat "$dir/file")" = "$new" ]
}

# kill_everywhere WRITE [keep]
kill_everywhere() {
	local call n count killed=0 bad=0 left=0
	begin
	strace -qq -o "$scratch/trace" "$once" "$dir/file" "$state" "$1" "$new" ${2-} 2>/dev/null
	while read -r count call; do
		for ((n = 1; n <= count; n++)); do
			begin
			# The shell would tell of each that was killed.
			{
				strace -qq -o /dev/null -e "inject=$call:signal=KILL:when=$n" \
					"$once" "$dir/file" "$state" "$1" "$new" ${2-} >/dev/null
				[ $? -ne 137 ] || killed=$((killed + 1))
			} 2>/dev/null
			if [ "$1" = rename ] && ! is_old_or_new; then
				bad=$((bad + 1))
				diag "broken when killed at $call number $n, before the next start"
			fi
			"$once" "$dir/file" "$state" >/dev/null 2>&1
			if ! is_old_or_new; then
				bad=$((bad + 1))
				diag "broken when killed at $call number $n"
			fi
			if [ "$(ls -A "$dir" "$state" | grep -c upstreamd)" != 0 ]; then
				left=$((left + 1))
				diag "killed at $call number $n: left $(ls -A "$dir" "$state" | grep upstreamd)"
			fi
		done
	done < <(grep -o '^[a-z0-9_]*' "$scratch/trace" | grep -v '^exit_group$' | sort | uniq -c)
	check "write = $1 ${2-}: the program was killed at $killed system calls" test "$killed" -gt 40
	is "write = $1 ${2-}: the file is old or new, whole, after each" "$bad" 0
	is "write = $1 ${2-}: and nothing is left beside it" "$left" 0
}

kill_everywhere rename
kill_everywhere rename keep
kill_everywhere inplace
kill_everywhere inplace keep

# A file that is a mount point cannot be replaced.
begin
touch "$scratch/mounted"
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
	unshare --mount sh -c 'printf old >"$1/source" && mount --bind "$1/source" "$1/file" &&
		"$2" "$1/file" "$3" auto "new text" && cat "$1/file" >"$4" && cat "$1/source" >>"$4"' \
		sh "$dir" "$once" "$state" "$scratch/mounted" 2>"$scratch/err"
	is "a file that is a mount point is written in place" "$(cat "$scratch/mounted")" "new textnew text"
	check "which is said" grep -q "is written in place, for it can only be replaced if its directory" \
		"$scratch/err"
	begin
	unshare --mount sh -c 'mount --bind "$1/file" "$1/file" && "$2" "$1/file" "$3" rename new' \
		sh "$dir" "$once" "$state" 2>"$scratch/err"
	is "with write = rename that is an error" "$?" 1
	check "with what to do" grep -q "mount its directory instead of the file" "$scratch/err"

	begin
	unshare --mount bash -c 'mount -t tmpfs -o size=64k none "$1" && printf old >"$1/file" &&
		mkdir "$1/state" && head -c 40000 /dev/zero >"$1/ballast" &&
		"$2" "$1/file" "$1/state" inplace "$(printf "%040000d" 1)"; echo $? >"$3"; cat "$1/file" >>"$3"; ls -A "$1" "$1/state" >"$4"' \
		sh "$dir" "$once" "$scratch/full" "$scratch/list" 2>"$scratch/err"
	is "a full disk in place is an error, and the old bytes are there" "$(cat "$scratch/full")" $'1\nold'
	check_not "nothing is left" grep -q upstreamd "$scratch/list"
	check "the error says so" grep -q "No space left" "$scratch/err"
else
	skip "a mount point, a full disk" "no mounts here"
fi

if [ "$(id -u)" != 0 ] || command -v setpriv >/dev/null; then
	begin
	as_user=()
	if [ "$(id -u)" = 0 ]; then
		chown 65534 "$dir/file" "$state"
		chmod 755 "$scratch"
		as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	else
		chmod 555 "$dir"
	fi
	cp "$once" "$scratch/once"
	"${as_user[@]}" "$scratch/once" "$dir/file" "$state" auto "new text" 2>"$scratch/err"
	is "in a directory that cannot be written the file is written in place" \
		"$(cat "$dir/file")" "new text"
	chmod 755 "$dir"
else
	skip "a directory that cannot be written" "setpriv is not installed"
fi
tap_done
