# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The engine emulator, for what needs no real containers. Sourced after tap.sh.
#
#	enginesim_start [OPTION…] || skip_all "$enginesim_reason"      listens at $enginesim_socket
#	sim run web-1 label.upstreamd.host=a.example                   see `enginesim help`
#	sim wait streams.open ge 1             a condition in the emulator, with a deadline

top_srcdir=${top_srcdir-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
top_builddir=${top_builddir-$top_srcdir}
enginesim_program=$top_builddir/tests/engine/enginesim
enginesim_socket=
enginesim_reason=
enginesim_pid=

sim() {
	"$enginesim_program" ctl "$scratch/sim.ctl" "$@"
}

enginesim_start() {
	[ -x "$enginesim_program" ] || { enginesim_reason="$enginesim_program is not built"; return 1; }
	enginesim_socket=$scratch/sim.sock
	spawn "$scratch/sim.log" "$enginesim_program" --socket "$enginesim_socket" \
		--control "$scratch/sim.ctl" --captures "${ENGINESIM_CAPTURES-$top_srcdir/tests/captures}" "$@"
	[ -n "$enginesim_pid" ] || at_exit enginesim_stop
	enginesim_pid=$spawned
	wait_for 10 sim list || { enginesim_reason="enginesim: $(tail -n 1 "$scratch/sim.log")"; return 1; }
}

enginesim_stop() {
	stop_pid "$enginesim_pid" "${1-TERM}" 10
}
