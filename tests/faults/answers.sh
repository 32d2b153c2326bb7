#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Engines that answer badly: nothing that was known is lost, nothing else waits, and all is well
# again when the engine is.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
. "$(dirname "$0")/lib.sh"

# list_fault SENTENCE FAULT…: the list fails that way after a reconnect.
list_fault() {
	local what=$1
	shift
	begin
	keep
	sim fault "$@" endpoint=list
	sim cut now
	check "the daemon asks for the list again while $what" sent_more list 2
	check "the file keeps its last content while $what" is_kept
	sim run web-3
	wait_check 20 "events are acted upon while $what" lists web-1 web-2 web-3
	before=$(requests list)
	sim unfault
	check "the list is asked for until it comes" sim wait requests.list ge $((before + 1)) 20000
	sim run web-4
	sim die web-1
	wait_check 20 "and all goes on" lists web-2 web-3 web-4
	wait_check 20 "who stopped is not there" lacks web-1
	finish
}

list_fault "the engine answers 500 to the list" status status=500
list_fault "the list is no JSON" malformed
list_fault "the list is cut in its body" cut bytes=900
list_fault "the list is cut in its head" cut bytes=40
list_fault "the connection ends instead of a list" drop
list_fault "the list does not come" hang
list_fault "a header of the list is too large" header bytes=200000

# inspect_fault SENTENCE FAULT…: one container's inspect fails that way, another's does not.
inspect_fault() {
	local what=$1 bad=bad-$((tap_count)) good=good-$((tap_count))
	shift
	sim create "$bad"
	sim fault "$@" endpoint=inspect match="$(sim list | sed -n "s/ $bad .*//p")"
	sim start "$bad"
	sim run "$good"
	wait_check 20 "others reach the file while $what" lists "$good" web-1 web-2
	check "a container is not there while $what" lacks "$bad"
	sim unfault
	wait_check 20 "it comes when that is over" lists "$bad" "$good"
	keep
	sim fault "$@" endpoint=inspect match="$(sim list | sed -n "s/ $good .*//p")" times=1
	sim update "$good"
	check "$good is asked for once more" sim wait faults.fired ge 2
	check "and stays as it is known while $what" lists "$good"
	sim unfault
}

begin
inspect_fault "its inspect is answered with 500" status status=500
inspect_fault "its inspect is no JSON" malformed
inspect_fault "its inspect is cut" cut bytes=2000
inspect_fault "the connection ends instead of an inspect" drop
inspect_fault "its inspect does not come" hang

keep
sim fault status status=404 endpoint=inspect times=1
sim run ghost
wait_check 20 "an inspect that finds nothing is asked for" test "$(sim get faults.fired)" -ge 1
sim remove ghost
sim run web-9
wait_check 20 "and nothing else suffers" lists web-9 web-1
check "the container is not there" lacks ghost
finish

# Connections that end at the wrong time.
begin
sim idle-close >/dev/null
sim run web-3
wait_check 20 "an idle connection that the engine closed is no obstacle" lists web-3
sim fault close
sim run web-4
sim run web-5
wait_check 20 "answers whose connection ends behind them are used" lists web-4 web-5
sim unfault
sim fault slow bytes=200 ms=1 endpoint=inspect
sim run web-6
wait_check 20 "an inspect that comes in drops is read" lists web-6
sim unfault
sim fault delay ms=300 endpoint=inspect
sim run web-7
sim die web-1
wait_check 20 "who has stopped leaves, whatever other containers wait for" lacks web-1
wait_check 20 "and the late answer is used" lists web-7
sim unfault
finish

# More containers cannot be inspected than there are connections, and that at the start.
begin --containers 40
upstreamd_stop
rm -f "$dest"
for i in 1 2 3 4 5 6; do
	sim fault hang endpoint=inspect "match=$(sim list | sed -n "s/^\([0-9a-f]*\) c$i .*/\1/p")"
done
upstreamd_start
wait_check 30 "containers that cannot be inspected do not hold up the others" lists c7 c40 web-1
check "they are not there" lacks c1
sim unfault
wait_check 40 "they come when they can be inspected" lists c1 c2 c3 c4 c5 c6 c7
finish

# It ends while requests are under way.
begin
sim fault hang endpoint=inspect
sim run web-3
check "an inspect is under way" sim wait faults.fired ge 1
finish
tap_done
