#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prints all figures, one per line: tests/bench/run.sh. Nothing here passes or fails by time.
#
#	make bench          builds what it needs and runs it
#
# The engine is emulated on the same machine, so its work is part of the times; its answers are
# made in less time than a real engine's. For orientation: one start with 1000 containers costs
# docker-gen 1005 requests, 1.2 s and 1 s of CPU; it needs 29 ms with 10 containers, and 43 MB.
#
#	BENCH_IDLE     seconds without events in which wake-ups are counted, 30 if not set
#	BENCH_ROUNDS   ends and starts of a container, 50 if not set
cd "$(dirname "$0")/../.." || exit 99
top_srcdir=${top_srcdir-$PWD}
top_builddir=${top_builddir-$PWD}
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/enginesim.sh"
idle=${BENCH_IDLE-30}
rounds=${BENCH_ROUNDS-50}
bench=$top_builddir/tests/bench

"$bench/bench-events" "$top_srcdir/tests/captures/docker-20.10.24" || exit 1
"$bench/bench-model" || exit 1
"$bench/bench-template" "$top_srcdir/tests/bench/proxy.tmpl" 10 100 1000 10000 || exit 1

# Against bare requests: both take turns with the emulator, so what else runs here counts.
scratch_new
enginesim_start --containers 1000 --with port=80/tcp || { echo "$enginesim_reason" >&2; exit 1; }
for connections in 1 4 8; do
	"$bench/bench-cold" "$enginesim_socket" "$connections" 15 || exit 1
done
"$bench/bench-cold" "$enginesim_socket" 4 1 "$scratch/sim.ctl" | grep event_to_model || exit 1
enginesim_stop

# median KEY: of the milliseconds that the daemon's summary lines give for a step.
median() {
	grep -o " $1=[0-9.]*ms" "$scratch/daemon.log" | tr -dc '0-9.\n' | sort -n |
		awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : "no" }'
}

# daemon CONTAINERS IDLE ROUNDS
daemon() {
	local n=$1
	scratch_new
	enginesim_start --containers "$n" --with "label.upstreamd.host=site-%n.example" \
		--with "env.NUMBER=%n" --with port=80/tcp || { echo "$enginesim_reason" >&2; exit 1; }
	cat >"$scratch/upstreamd.ini" <<-INI
		[upstreamd]
		log_level = info
		[engine]
		endpoint = unix://$enginesim_socket
		[output bench]
		template = $top_srcdir/templates/nginx.tmpl
		dest = $scratch/nginx.conf
		min_interval = 0s
	INI
	if ! "$bench/bench-daemon" "n$n" "$scratch/sim.ctl" "$scratch/nginx.conf" "$2" "$3" \
		"${UPSTREAMD-$top_builddir/upstreamd}" -c "$scratch/upstreamd.ini" \
		2>"$scratch/daemon.log" >"$scratch/figures"; then
		cat "$scratch/figures" "$scratch/daemon.log" >&2
		exit 1
	fi
	cat "$scratch/figures"
	echo "n$n.steps $(median render) ms render, $(median commit) ms commit (medians)"
	enginesim_stop
	[ ! -s "$scratch/sim.log" ] || cat "$scratch/sim.log" >&2
	rss=$(sed -n "s/^n$n.rss \([0-9]*\) KB.*/\1/p" "$scratch/figures")
}

daemon 0 0 0
empty=$rss
daemon 10 0 "$rounds"
daemon 100 0 "$rounds"
daemon 1000 "$idle" "$rounds"
daemon 10000 0 0
awk -v full="$rss" -v empty="$empty" \
	'BEGIN { printf "rss_per_container %.2f KB (from 0 to 10,000)\n", (full - empty) / 10000 }'
