#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Holds the emulator's event streams to the recordings: the same things happen to containers, then
# the streams are compared: heads, order, members and attributes of every event.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
top_srcdir=${top_srcdir-$(cd "$(dirname "$0")/../.." && pwd)}
top_builddir=${top_builddir-$top_srcdir}
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/enginesim.sh"

scratch_new
captures=$top_srcdir/tests/captures

# podman's cleanup comes or not, as it happens: events-lifecycle and events-kill of one engine differ.
comparable() {
	grep -v -e '^container cleanup' -e 'Connection: close'
}

listen() {
	"$enginesim_program" get "$@" >"$scratch/stream" &
	listener=$!
	sim wait streams.open eq 1
}

listen_end() {
	sim cut end
	wait "$listener"
}

compare() {
	"$enginesim_program" shape <"$captures/$folder/$2.http" | comparable >"$scratch/want"
	"$enginesim_program" shape <"$scratch/stream" | comparable >"$scratch/got"
	check "$flavour: $1" diff -u "$scratch/want" "$scratch/got"
}

# story SENTENCE RECORDING FUNCTION: what the function does is reported as recorded.
story() {
	[ -f "$captures/$folder/$2.http" ] || return 0
	listen "$enginesim_socket" /events
	"$3"
	listen_end
	compare "$1" "$2"
}

lifecycle() {
	sim create r-life label.lb.enable=true
	sim start r-life
	sim pause r-life
	sim unpause r-life
	sim rename r-life r-life2
	sim restart r-life2 hard
	[ "$flavour" = podman-5 ] || sim stop r-life2 hard
	sim remove r-life2
}

kills() {
	sim run r-k1
	sim signal r-k1 1
	sim signal r-k1 15
	sim kill r-k1 9
	sim remove r-k1
	sim run r-k2
	sim die r-k2 3
	sim remove r-k2
	sim run r-k3
	sim die r-k3 0
	sim remove r-k3
	sim run r-k4
	sim remove r-k4
}

networks() {
	sim network-create r-net
	sim run r-n network=r-net
	sim network-create r-net2
	sim connect r-net2 r-n
	sim disconnect r-net2 r-n
	sim connect r-net2 r-n
	sim disconnect r-net r-n
	sim remove r-n
	sim network-remove r-net
	sim network-remove r-net2
}

restart_policy() {
	sim run r-loop
	sim loop r-loop 7
	sim loop r-loop 7
	sim loop r-loop 7
	sim die r-loop 7
	sim remove r-loop
}

start_fails() {
	sim create r-fail
	sim start-fails r-fail
	sim remove r-fail
}

health() {
	local probe='/bin/sh -c /bin/ls /bad && exit 1 || exit 0'
	sim run r-h health=starting
	sim exec r-h "$probe"
	sim health r-h healthy
	sim exec r-h "$probe"
	sim health r-h healthy
	sim exec r-h '/bin/sh -c echo > /bad'
	sim exec r-h "$probe" 1
	sim exec r-h "$probe" 1
	sim health r-h unhealthy
	sim exec r-h "$probe" 1
	sim exec r-h "$probe" 1
	sim remove r-h
}

# podman 5 reports each probe's result and no exec for it.
health_podman() {
	sim run r-h health=starting
	sim health r-h healthy
	sim health r-h healthy
	sim exec r-h '/bin/sh -c echo > /bad' 1
	sim health r-h healthy
	sim health r-h unhealthy
	sim health r-h unhealthy
	sim remove r-h
}

health_pause() {
	sim run r-hp health=starting
	sim exec r-hp '/bin/sh -c exit 0'
	sim health r-hp healthy
	sim pause r-hp
	sim unpause r-hp
	sim exec r-hp '/bin/sh -c exit 0'
	sim health r-hp healthy
	sim restart r-hp hard
	sim stop r-hp hard
	sim remove r-hp
}

spoof() {
	sim run r-sp label.exitCode=0 label.signal=SPOOF label.execID=y label.oldName=x \
		label.execDuration=99 label.image=spoof label.name=spoof
	sim die r-sp 42
	sim rename r-sp r-sp2
	sim remove r-sp2
}

escapes() {
	sim run r-esc label.empty= 'label.json={"a":[1,2]}' label.x.y/z=1 \
		$'label.note=q" b\\ é <a>&\'\ttab\nnl'
	sim remove r-esc
}

note_of() {
	tr -d '\0' <"$1" | grep -o '"note":.*"x.y/z":"1"' | head -n 1
}

# The engine stops and starts again. With several containers the recordings mix their events.
engine_stops() {
	sim run r-always restart=always
	sim run r-run
	listen "$enginesim_socket" /events
	sim engine-stop
	wait "$listener"
	"$enginesim_program" shape <"$scratch/stream" | sort | comparable >"$scratch/got"
	"$enginesim_program" shape <"$captures/$folder/stop-sigterm.http" | sort |
		comparable >"$scratch/want"
	check "$flavour: an engine that stops reports it as recorded" \
		diff -u "$scratch/want" "$scratch/got"
	is "$flavour: its streams end as recorded" "$(tail -c 4 "$scratch/stream" | od -An -c)" \
		"$(tail -c 4 "$captures/$folder/stop-sigterm.http" | od -An -c)"
	check_not "$flavour: its socket file is gone" [ -e "$enginesim_socket" ]
	sim engine-start
	"$enginesim_program" get "$enginesim_socket" "/events?since=0&until=$(date +%s.%N)" \
		>"$scratch/stream"
	compare "after its start the history holds what was started by policy" \
		after-restart-since0
	sim remove r-run
	sim remove r-always
}

stories() {
	story "a container's life is reported as recorded" events-lifecycle lifecycle
	story "signals and ends are reported as recorded" events-kill kills
	story "networks are reported as recorded" events-network networks
	story "a restart policy is reported as recorded" events-restart-policy restart_policy
	story "a failed start is reported as recorded" events-start-fails start_fails
	case $flavour in
	docker*) story "health and probes are reported as recorded" events-health health ;;
	podman-5) story "health is reported as recorded" events-health health_podman ;;
	esac
	story "pausing changes health without an event" events-health-pause-restart health_pause
	story "labels go over attributes but image and name" events-label-spoof spoof
	listen "$enginesim_socket" /events
	escapes
	listen_end
	is "$flavour: a label is escaped as recorded" "$(note_of "$scratch/stream")" \
		"$(note_of "$captures/$folder/events-label-escapes.http")"
}

past() {
	compare_past() {
		"$enginesim_program" get "$enginesim_socket" "$2/events?since=1&until=$(date +%s.%N)" \
			${3+"$3"} >"$scratch/stream"
		compare "$1" "$4"
	}
	sim engine-start
	sim network-create ctn
	sim create r-ct
	sim remove r-ct
	sim network-remove ctn
	compare_past "events for old clients are sorted maps" /v1.44 "Accept: */*" events-past-v1.44
	compare_past "events for 1.51 have the old members" /v1.51 "Accept: */*" events-past-v1.51
	compare_past "events for 1.52 have none" /v1.52 "Accept: */*" events-past-v1.52
	compare_past "json-seq is answered as recorded" /v1.55 "Accept: application/json-seq" \
		events-past-accept-json-seq
}

history() {
	sim engine-start
	sim run r-many
	sim burst 300 update
	"$enginesim_program" get "$enginesim_socket" "/events?since=0&until=$(date +%s.%N)" |
		grep -c '"Action":"update"' >"$scratch/n"
	is "$flavour: the history holds 256 events" "$(cat "$scratch/n")" 256
	sim remove r-many
}

for flavour in docker-20.10:docker-20.10.24 docker-28:docker-28.5.2 docker-29:docker-29.7.2 \
	podman-4.3:podman-4.3.1 podman-5:podman-5.8.6; do
	folder=${flavour#*:} flavour=${flavour%:*}
	enginesim_start --flavour "$flavour" || skip_all "$enginesim_reason"
	stories
	[ "$flavour" != docker-29 ] || past
	[[ $flavour != docker* ]] || { history; engine_stops; }
	if [ -f "$captures/$folder/events-http10-unchunked.http" ]; then
		listen -0 "$enginesim_socket" /events
		sim create r-h10
		sim remove r-h10
		listen_end
		compare "a client of HTTP/1.0 gets bare lines" events-http10-unchunked
	fi
	enginesim_stop
	is "$flavour: the emulator ends cleanly" "$stop_status" 0
done
tap_done
