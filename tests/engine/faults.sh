#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The emulator's faults do what they say: a test that rests on one must not pass because it did
# nothing.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
top_srcdir=${top_srcdir-$(cd "$(dirname "$0")/../.." && pwd)}
top_builddir=${top_builddir-$top_srcdir}
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/enginesim.sh"
scratch_new
enginesim_start --containers 2 || skip_all "$enginesim_reason"

get() {
	"$enginesim_program" get "$enginesim_socket" "$@"
}

status_of() {
	get "$1" | sed -n '1s/^HTTP\/1.1 \([0-9]*\).*/\1/p'
}

bytes_of() {
	get "$1" | wc -c
}

# The answer's body parses; chunked or not.
is_json() {
	get "$1" | "$enginesim_program" shape
}

listen() {
	"$enginesim_program" get "$enginesim_socket" /events >"$scratch/stream" &
	listener=$!
	sim wait streams.open eq 1
}

# same_events N: the stream held exactly N whole events.
whole_events() {
	[ "$("$enginesim_program" shape <"$scratch/stream" | grep -c '^container ')" = "$1" ]
}

sim fault status status=503 endpoint=list times=1
is "a status fault gives its status" "$(status_of /containers/json)" 503
is "and only as often as it is told" "$(status_of /containers/json)" 200
sim unfault

sim fault status endpoint=inspect match=/c2/ times=1
is "a fault with match lets others through" "$(status_of /containers/c1/json)" 200
is "and hits what it matches" "$(status_of /containers/c2/json)" 500
sim unfault

sim fault status endpoint=list after=1
is "a fault with after lets the first through" "$(status_of /containers/json)" 200
is "and hits the second" "$(status_of /containers/json)" 500
sim unfault

sim fault hang endpoint=ping
check_not "a hang gives no answer" timeout 0.3 "$enginesim_program" get "$enginesim_socket" /_ping
is "other endpoints answer meanwhile" "$(status_of /version)" 200
sim unfault

sim fault cut endpoint=inspect bytes=1000
is "a cut ends the answer after its bytes" "$(bytes_of /containers/c1/json)" 1000
sim unfault

sim fault drop endpoint=list
is "a drop gives no byte" "$(bytes_of /containers/json)" 0
sim unfault

check "a whole list is JSON" is_json /containers/json
sim fault malformed endpoint=list
check_not "a malformed list is none" is_json /containers/json
sim unfault

sim fault header endpoint=version bytes=100000
check "a header is as large as it is told" [ "$(get /version | head -c 90000 | tail -c 1)" = x ]
is "and the answer is whole but for it" "$(status_of /version)" 200
sim unfault

sim fault slow endpoint=version bytes=400 ms=5
is "a slow answer comes whole" "$(status_of /version)" 200
check "in pieces" is_json /version
sim unfault

sim fault delay endpoint=ping ms=50
is "a late answer comes" "$(status_of /_ping)" 200
is "faults that fired are counted" "$(sim get faults.fired)" 12
sim unfault

listen
sim update c1
sim cut now
wait "$listener"
check "a cut stream ends after whole events" whole_events 1

listen
sim update c1
sim cut chunk
sim update c1
wait "$listener"
check_not "a cut within a chunk leaves half an event" whole_events 2

listen
sim cut json
sim update c1
wait "$listener"
is "a cut within JSON ends a whole chunk with half an event" \
	"$(tail -c 3 "$scratch/stream" | od -An -tx1 | tr -d ' ' | tail -c 5)" 0d0a

listen
sim cut 10
sim update c1
wait "$listener"
is "a cut after bytes counts those of events" \
	"$(sed '1,/^\r$/d' "$scratch/stream" | wc -c)" 10

listen
sim cut end
wait "$listener"
is "an asked-for end has the last chunk" "$(tail -c 5 "$scratch/stream" | tr -d '\r\n')" 0

listen
sim emit-big c1 2000000
sim cut end
wait "$listener"
check "a big event is big" [ "$(wc -c <"$scratch/stream")" -gt 2000000 ]

sim refuse
check_not "a refusing engine takes no connection" get /_ping
check "its socket file stays" [ -S "$enginesim_socket" ]
sim refuse gone
check_not "and goes where it is told" [ -e "$enginesim_socket" ]
sim listen
is "it listens again" "$(status_of /_ping)" 200

listen
sim engine-kill
wait "$listener"
check "a killed engine ends its streams" true
check_not "and refuses" get /_ping
sim engine-start
is "a started one answers" "$(status_of /_ping)" 200

# A client that does not read: its queue fills, events are lost and counted.
sim reset
listen
kill -STOP "$listener"
"$enginesim_program" ctl "$scratch/sim.ctl" burst 20000 update &
burst=$!
check "events are lost by a client that does not read" sim wait events.lost ge 1 20000
disown "$listener"
kill -KILL "$listener"
wait "$burst"
check "and by nobody after it is gone" sim wait streams.open eq 0

enginesim_stop
is "the emulator ends cleanly" "$stop_status" 0
tap_done
