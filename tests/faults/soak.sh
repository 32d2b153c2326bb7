#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A daemon that has been running for long: very many events, containers that come and go, engines
# that end and come back. Memory and descriptors stay what they were.
#
#	SOAK_EVENTS   75000 if not set; a million takes some minutes
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
. "$(dirname "$0")/lib.sh"

events=${SOAK_EVENTS-75000}
per_round=25000

descriptors() {
	find "/proc/$upstreamd_pid/fd" -mindepth 1 | wc -l
}

memory_kb() {
	sed -n 's/^RssAnon:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$upstreamd_pid/status"
}

# round NUMBER: 20,000 probe events and 5,000 that matter, and some life; ends in order.
round() {
	local i
	attempt sim burst 20000 exec && attempt sim burst 5000 update || return 1
	for ((i = 0; i < 20; i++)); do
		sim run "r$1-$i" "label.round=$1" port=80/tcp network=back
		sim restart "r$1-$i"
	done
	case $(($1 % 4)) in
	0) sim cut now ;;
	1) sim cut json ;;
	2) sim engine-kill && sim engine-start ;;
	3) sim fault status status=500 endpoint=inspect times=10 ;;
	esac
	wait_for 30 lists "r$1-0" "r$1-19" web-1 || return 1
	for ((i = 0; i < 20; i++)); do
		sim remove "r$1-$i"
	done
	wait_for 30 lacks "r$1-0" && wait_for 30 lacks "r$1-19"
}

begin --containers 30 --patience-ms 5000
sim network-create back
round 0
check "the first round is over" wait_for 10 lacks r0-0
memory=$(memory_kb) open=$(descriptors) rss=$(rss_kb) failed=
for ((n = 1; n * per_round < events; n++)); do
	round "$n" || { failed=$n; break; }
done
is "each round is followed" "$failed" ""
is "no event was lost" "$(sim get events.lost)" 0
wait_check 10 "no descriptor is left open ($open)" test "$(descriptors)" -le "$open"
diag "$(sim get events.emitted) events; resident at first $rss KB, at last $(rss_kb) KB"
if grep -q __asan_init "$upstreamd_program" || [ "$(memory_kb)" -le $((memory + 1024)) ]; then
	ok "memory stays what it was ($memory KB anonymous at first, $(memory_kb) KB at last)"
else
	not_ok "memory stays what it was" "$memory KB anonymous at first, $(memory_kb) KB at last"
fi
finish
tap_done
