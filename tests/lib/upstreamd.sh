# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The daemon under test, with its own ini file and log. Sourced after tap.sh.
#
#	upstreamd_need                      skips the suite if it was not built
#	upstreamd_start VARIABLE=VALUE…     with $upstreamd_ini; the log goes to $upstreamd_log
#	upstreamd_logged 'no such file'     since the last upstreamd_mark
#	upstreamd_stop; is … "$stop_status" 0

top_srcdir=${top_srcdir-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
top_builddir=${top_builddir-$top_srcdir}
upstreamd_program=${UPSTREAMD-$top_builddir/upstreamd}
upstreamd_pid=
upstreamd_ini=
upstreamd_log=
upstreamd_marked=0

upstreamd_need() {
	[ -x "$upstreamd_program" ] || skip_all "$upstreamd_program is not built"
	upstreamd_ini=$scratch/upstreamd.ini
	upstreamd_log=$scratch/upstreamd.log
	: >"$upstreamd_log"
}

upstreamd_start() {
	spawn "$upstreamd_log" env "$@" "$upstreamd_program" -c "$upstreamd_ini"
	[ -n "$upstreamd_pid" ] || at_exit upstreamd_stop
	upstreamd_pid=$spawned
}

# Runs to its own end (a start that must fail); the status is in $stop_status.
upstreamd_run() {
	upstreamd_start "$@"
	wait_for 20 not_alive "$upstreamd_pid"
	upstreamd_stop
}

upstreamd_stop() {
	stop_pid "$upstreamd_pid" "${1-TERM}" 20
}

upstreamd_hup() {
	kill -HUP "$upstreamd_pid"
}

# From here on upstreamd_logged looks at new lines only.
upstreamd_mark() {
	upstreamd_marked=$(wc -c <"$upstreamd_log")
}

# upstreamd_logged EXTENDED-REGEX
upstreamd_logged() {
	tail -c "+$((upstreamd_marked + 1))" "$upstreamd_log" | grep -Eq -- "$1"
}

upstreamd_log_count() {
	tail -c "+$((upstreamd_marked + 1))" "$upstreamd_log" | grep -Ec -- "$1"
}

on_failure() {
	[ -z "$upstreamd_log" ] || { echo "the daemon's last lines:"; tail -c "+$((upstreamd_marked + 1))" "$upstreamd_log" | tail -n 15; }
}
