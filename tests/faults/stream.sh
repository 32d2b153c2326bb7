#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Event streams that end, hold rubbish, or hold very much.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
. "$(dirname "$0")/lib.sh"

# stream_end SENTENCE CUT…: the stream ends that way; what is missed meanwhile is seen afterwards.
stream_end() {
	local what=$1 name=after-$((tap_count)) streams
	shift
	streams=$(sim get streams)
	sim refuse
	sim cut "$@"
	[ "${1-now}" = now ] || [ "$1" = end ] || sim update web-1
	check "$what" sim wait streams.open eq 0 20000
	sim run "$name"
	sim stop web-2
	keep
	check "the file stays while the engine is away" is_kept
	sim listen
	check "the stream is opened again" sim wait streams ge $((streams + 1)) 20000
	wait_check 20 "what came meanwhile is in the file" lists "$name" web-1
	wait_check 20 "what went meanwhile is not" lacks web-2
	sim start web-2
	wait_check 20 "and events are heard again" lists web-2
}

begin
stream_end "a stream is cut" now
stream_end "a stream is ended by its last chunk" end
stream_end "a stream is cut in a chunk" chunk
stream_end "a stream is cut in JSON" json
stream_end "a stream is cut in a chunk's size" 1

sim engine-kill
keep
sim wait streams.open eq 0
sim run while-away
check "a killed engine changes nothing" is_kept
sim engine-start
wait_check 20 "and is found when it is back" lists while-away web-1 web-2
sim refuse gone
sim cut now
sim run while-gone
sim listen
wait_check 20 "so is one whose socket was removed" lists while-gone web-1
finish

# Engines that stop in peace.
begin
sim run web-3 restart=always
wait_check 20 "all three are there" lists web-1 web-2 web-3
sim engine-stop
wait_check 20 "an engine that stops takes its containers out of the file" lacks web-1
sim engine-start
wait_check 20 "those that it starts again come back" lists web-3
check "the others do not" lacks web-1
finish
begin
sim engine-stop live-restore
keep
sim wait streams.open eq 0
sim die web-1
check "live-restore: the file stays while the engine is away" is_kept
sim engine-start
wait_check 20 "who died unseen leaves afterwards" lacks web-1
check "and the other stays" lists web-2
finish

# lost_event SENTENCE COMMAND…: the event cannot be read, so the daemon looks for itself.
lost_event() {
	local what=$1 name=lost-$((tap_count)) lists
	shift
	lists=$(requests list)
	"$@"
	check "the list is asked for after $what" sim wait requests.list ge $((lists + 1)) 20000
	sim run "$name"
	wait_check 20 "and events are heard after $what" lists "$name" web-1
	is "on the same stream" "$(sim get streams)" 1
}

begin
lost_event "an event that is no JSON" sim emit '{"Type":"container","Action":"start",}'
lost_event "an event with a broken string" \
	sim emit '{"Type":"container","Action":"start","Actor":{"ID":"\q"}}'
lost_event "an event that is too large" sim emit-big web-1 2000000
sim emit-big web-1 200000
sim run after-large
wait_check 20 "a large event within the limit is no trouble" lists after-large
check "its labels are not searched for actions" sim emit \
	'{"Type":"image","Action":"pull","Actor":{"ID":"x","Attributes":{"Type":"container","Action":"die"}}}'
finish

# memory_stays BEFORE MORE: in KB. A sanitizer keeps what was freed for a while.
memory_stays() {
	local after
	after=$(rss_kb)
	if grep -q __asan_init "$upstreamd_program"; then
		skip "the daemon's memory stays as it is" "built with a sanitizer"
	else
		check "the daemon's memory stays as it is ($1 KB, now $after KB)" \
			test "$after" -le $(($1 + $2))
	fi
}

# A hundred thousand events. The emulator is patient, so that a busy machine is not taken for
# a daemon that does not read.
begin --containers 10 --patience-ms 5000
before=$(rss_kb)
inspects=$(requests inspect)
check "100,000 probe events are taken" sim burst 100000 exec
is "none is lost" "$(sim get events.lost)" 0
is "nothing waits in the engine" "$(sim get stream.pending)" 0
memory_stays "$before" 1024
is "and no request comes of it" "$(requests inspect)" "$inspects"
check "100,000 update events of ten containers are taken" sim burst 100000 update
is "none is lost" "$(sim get events.lost)" 0
memory_stays "$before" 2048
more=$(($(requests inspect) - inspects))
check "and inspects are far fewer than events ($more)" test "$more" -lt 50000
sim run after-burst
wait_check 20 "the next container is in the file" lists after-burst web-1
finish

# A slow answer does not keep the stream from being read.
begin --containers 200 --patience-ms 5000
sim fault slow endpoint=list bytes=2000 ms=20
sim cut now
check "the list is under way" sim wait faults.fired ge 1 20000
check "20,000 events are taken meanwhile" sim burst 20000 exec
is "none is lost while the list comes slowly" "$(sim get events.lost)" 0
sim unfault
sim run after-slow
wait_check 20 "and all goes on" lists after-slow web-1
finish
tap_done
