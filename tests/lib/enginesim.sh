# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The engine emulator, for what needs no real containers. Sourced after tap.sh.
#
#	enginesim_start [OPTION…] || skip_all "$enginesim_reason"      listens at $enginesim_socket
#	sim run web-1 label.upstreamd.host=a.example                   see `enginesim help`
#	sim wait streams.open ge 1             a condition in the emulator, with a deadline
#	enginesim_use far; enginesim_start     another one; sim and enginesim_stop are about it from now on

top_srcdir=${top_srcdir-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
top_builddir=${top_builddir-$top_srcdir}
enginesim_program=$top_builddir/tests/engine/enginesim
enginesim_name=sim
enginesim_socket=
enginesim_reason=
declare -A enginesim_pids=()

sim() {
	"$enginesim_program" ctl "$scratch/$enginesim_name.ctl" "$@"
}

enginesim_use() {
	enginesim_name=$1
	enginesim_socket=$scratch/$1.sock
}

enginesim_start() {
	local pid=${enginesim_pids[$enginesim_name]-}
	[ -x "$enginesim_program" ] || { enginesim_reason="$enginesim_program is not built"; return 1; }
	enginesim_use "$enginesim_name"
	spawn "$scratch/$enginesim_name.log" "$enginesim_program" --socket "$enginesim_socket" \
		--control "$scratch/$enginesim_name.ctl" --captures "${ENGINESIM_CAPTURES-$top_srcdir/tests/captures}" "$@"
	[ -n "$pid" ] || at_exit enginesim_end "$enginesim_name"
	enginesim_pids[$enginesim_name]=$spawned
	wait_for 10 sim list || { enginesim_reason="enginesim: $(tail -n 1 "$scratch/$enginesim_name.log")"; return 1; }
}

enginesim_stop() {
	stop_pid "${enginesim_pids[$enginesim_name]-}" "${1-TERM}" 10
}

enginesim_end() {
	stop_pid "${enginesim_pids[$1]}" TERM 10
}
