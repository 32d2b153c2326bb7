#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What a burst of events costs a real dockerd: tests/bench/burst.sh, as root.
#
# dockerd waits for each client of /events whose queue is full, 100 ms for each event: one client
# that does not read slows the whole engine. Figures, one per line: what an event costs the engine
# with nobody listening, with upstreamd, and with a client that has stopped reading, which shows that
# the trap would be seen.
#
#	BURST_EVENTS   10000 if not set: dockerd needs some milliseconds for each
cd "$(dirname "$0")/../.." || exit 99
top_srcdir=${top_srcdir-$PWD}
top_builddir=${top_builddir-$PWD}
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/upstreamd.sh"
. "$top_srcdir/tests/lib/dockerd.sh"
events=${BURST_EVENTS-10000}
clients=8

cannot() {
	echo "tests/bench/burst.sh: $*" >&2
	exit 1
}

scratch_new
upstreamd_need
dockerd_start || cannot "$dockerd_reason"
for ((i = 0; i < clients; i++)); do
	web_start "web-$i"
done

# kills N: so many kill events, of a signal that does nothing, by $clients clients; the seconds it took.
kills() {
	local i pids=() begin=$EPOCHREALTIME
	for ((i = 0; i < clients; i++)); do
		curl -s -o /dev/null -X POST --unix-socket "$dockerd_dir/docker.sock" \
			"http://d/containers/web-$i/kill?signal=URG&n=[1-$(($1 / clients))]" &
		pids+=($!)
	done
	wait "${pids[@]}"
	awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'
}

# figure NAME SECONDS EVENTS
figure() {
	awk -v name="$1" -v s="$2" -v n="$3" \
		'BEGIN { printf "burst.%s %.1f us per event (%d events in %.1f s)\n", name, s * 1e6 / n, n, s }'
}

rss_kb() {
	sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$upstreamd_pid/status"
}

# Bytes that wait on connections of dockerd for somebody to read them.
waiting_bytes() {
	ss -xH state connected "src $dockerd_dir/docker.sock" 2>/dev/null |
		awk '{ n += $3 + $4 } END { print n + 0 }'
}

figure nobody_listens "$(kills "$events")" "$events"

echo '{{range $}}{{.Name}} {{end}}' >"$scratch/names.tmpl"
cat >"$upstreamd_ini" <<INI
[engine e]
endpoint = unix://$dockerd_dir/docker.sock
[output names]
template = $scratch/names.tmpl
dest = $scratch/names
min_interval = 0s
INI
upstreamd_start
wait_for 20 grep -q web-0 "$scratch/names" || cannot "upstreamd does not start"
figure warming_up "$(kills $((events / 10)))" $((events / 10))
first=$(rss_kb)
figure upstreamd_listens "$(kills "$events")" "$events"
waiting=$(waiting_bytes)
begin=$EPOCHREALTIME
web_start late
wait_for 60 grep -q late "$scratch/names" || cannot "a container that was started after it is not seen"
awk -v a="$begin" -v b="$EPOCHREALTIME" \
	'BEGIN { printf "burst.start_to_file %.0f ms for a container right after it, docker run included\n", (b - a) * 1000 }'
echo "burst.waiting $waiting bytes in the engine's sockets right after it"
echo "burst.rss $(rss_kb) KB, $first KB before"
upstreamd_stop

# Enough for its queue, and a few that find it full.
spawn "$scratch/curl.log" curl -sN --unix-socket "$dockerd_dir/docker.sock" -o "$scratch/events" http://d/events
stopped=$spawned
at_exit stop_pid "$stopped" KILL
kills 8 >/dev/null
wait_for 10 test -s "$scratch/events" || cannot "curl gets no events"
kill -STOP "$stopped"
kills 2400 >/dev/null
figure client_stopped "$(kills 80)" 80
