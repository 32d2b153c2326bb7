# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A daemon against an emulated engine. Sourced by the suites of this folder. Calling sequence:
#
#	begin [ENGINESIM-OPTION…]     both run, web-1 and web-2 are in the file
#	wait_check 10 "…" lists web-3
#	finish                        both end, which is a test
#
# The file holds a line per running container: its name and address.

top_srcdir=${top_srcdir-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
top_builddir=${top_builddir-$top_srcdir}
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/enginesim.sh"
. "$top_srcdir/tests/lib/upstreamd.sh"
scratch_new
upstreamd_need
dest=$scratch/dest.conf
kept=

begin() {
	enginesim_start "$@" || skip_all "$enginesim_reason"
	sim run web-1
	sim run web-2
	printf '{{ range . }}{{ .Name }} {{ .IP }}\n{{ end }}' >"$scratch/names.tmpl"
	cat >"$upstreamd_ini" <<-INI
		[upstreamd]
		log_level = debug
		[engine]
		endpoint = unix://$enginesim_socket
		request_timeout = 1s
		connect_timeout = 1s
		liveness = 2s
		[output names]
		template = $scratch/names.tmpl
		dest = $dest
		min_interval = 0s
	INI
	rm -f "$dest"
	: >"$upstreamd_log"
	upstreamd_start
	wait_check 20 "the file lists what runs at the start" lists web-1 web-2
}

finish() {
	upstreamd_stop
	is "the daemon ends cleanly" "$stop_status" 0
	check_not "and without a sanitizer's report" \
		grep -E 'Sanitizer|runtime error' "$upstreamd_log"
	enginesim_stop
}

# lists NAME…: all are in the file.
lists() {
	local name
	for name in "$@"; do
		grep -q "^$name " "$dest" || { cat "$dest"; return 1; }
	done
}

lacks() {
	! grep "^$1 " "$dest"
}

# What the file is now, contents and inode.
keep() {
	kept=$(stat -c %i "$dest"; cat "$dest")
}

is_kept() {
	[ "$(stat -c %i "$dest"; cat "$dest")" = "$kept" ]
}

# requests NAME: how many there were.
requests() {
	sim get "requests.$1"
}

# The daemon has sent N more requests of that kind.
sent_more() {
	sim wait "requests.$1" ge "$(($(requests "$1") + $2))" 20000
}

rss_kb() {
	sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$upstreamd_pid/status"
}
