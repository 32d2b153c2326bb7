#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Real engines that end, hang and come back, and what may lie between: a socket file that was mounted
# by itself, a network that swallows packets, a proxy that lets some requests pass. The file that is
# written names the running containers; each step ends in the question whether it does.
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/dockerd.sh"
. "$here/../lib/podman.sh"

scratch_new
upstreamd_need
for tool in curl haproxy nsenter unshare; do
	command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
dockerd_start || skip_all "$dockerd_reason"

echo '{{range $}}{{if .State.Running}}{{.Name}} {{end}}{{end}}' >"$scratch/names.tmpl"
dest=$scratch/names

# use LINE…: an ini file whose engine section has these lines.
use() {
	upstreamd_stop
	rm -f "$dest"
	{
		printf '%s\n' "[engine e]" "$@"
		printf '%s\n' "" "[output names]" "template = $scratch/names.tmpl" "dest = $dest" \
			"min_interval = 0s"
	} >"$upstreamd_ini"
	upstreamd_mark
}

names_are() {
	[ "$(tr ' ' '\n' <"$dest" | sort | xargs)" = "$*" ] || { cat "$dest"; return 1; }
}

# The file names what the engine's own command says.
names_are_true() {
	local want
	want=$(dock ps --format '{{.Names}}' | sort | xargs) || return 1
	[ -n "$want" ] && names_are $want
}

connected_again() {
	[ "$(upstreamd_log_count 'engine is connected')" -ge 1 ]
}

# --- dockerd that ends and comes back ---------------------------------------------------

web_start keeper --restart always
web_start once
use "endpoint = unix://$dockerd_dir/docker.sock" "liveness = 2s"
upstreamd_start
wait_check 20 "the containers are in the file" names_are keeper once || tap_done

dockerd_stop TERM
wait_check 10 "an engine that stops takes its containers with it" names_are ""
upstreamd_mark
dockerd_run
wait_check 20 "the stream is open again" connected_again
wait_check 20 "what its restart policy starts is back" names_are keeper
dock start once >/dev/null
wait_check 10 "and what is started by hand" names_are keeper once

upstreamd_mark
dockerd_stop KILL
check "an engine that is killed is noticed at once" wait_for 5 upstreamd_logged "event stream ended"
check "and its containers stay" names_are keeper once
dockerd_run
wait_check 20 "when it is back the file is what it says" names_are_true
dock start once >/dev/null
wait_check 10 "and follows its events" names_are keeper once

upstreamd_mark
kill -STOP "$dockerd_pid"
wait_check 6 "an engine that hangs is found within the liveness" \
	upstreamd_logged "the engine does not answer a ping"
check "and its containers stay, too" names_are keeper once
kill -CONT "$dockerd_pid"
wait_check 20 "it is connected again when it goes on" connected_again
dock stop -t 1 once >/dev/null
wait_check 10 "and a container that stops leaves the file" names_are keeper
dock start once >/dev/null
wait_check 10 "and comes back" names_are keeper once

# --- live restore: containers live and die without their engine ----------------------------

upstreamd_stop
dockerd_stop TERM
echo '{"live-restore": true}' >"$dockerd_dir/daemon.json"
dockerd_run
dock start keeper once >/dev/null
web_start third
upstreamd_start
wait_check 20 "with live-restore, too, the containers are in the file" names_are keeper once third
third_pid=$(dock inspect -f '{{.State.Pid}}' third)
upstreamd_mark
dockerd_stop TERM
check "an engine that ends leaves them running" wait_for 5 upstreamd_logged "event stream ended"
check "and the file as it is" names_are keeper once third
kill -KILL "$third_pid"
check "also when one dies that nobody sees" names_are keeper once third
dockerd_run
wait_check 20 "when the engine is back the dead one leaves, without an event" names_are keeper once
web_start fourth
wait_check 10 "and a new one comes by its event" names_are fourth keeper once
dock rm -f third fourth >/dev/null
wait_check 10 "and leaves" names_are keeper once

# --- a socket file that is mounted by itself ------------------------------------------------

mkdir "$scratch/sidecar"
touch "$scratch/sidecar/docker.sock"
use "endpoint = unix://$scratch/sidecar/docker.sock" "exit_after = 4s"
spawn "$upstreamd_log" unshare --mount --propagation private sh -c \
	'mount --bind "$1" "$2" && exec "$3" -c "$4"' sh "$dockerd_dir/docker.sock" \
	"$scratch/sidecar/docker.sock" "$upstreamd_program" "$upstreamd_ini"
upstreamd_pid=$spawned
wait_check 20 "a socket file that is mounted by itself works" names_are keeper once
dockerd_stop TERM
dockerd_run
wait_check 20 "until its engine makes a new one: the log says to mount the directory" \
	upstreamd_logged "mount the socket's directory instead"
check "and the containers stay" names_are keeper once
wait_check 10 "after exit_after without an engine upstreamd ends" not_alive "$upstreamd_pid"
upstreamd_stop
is "with a status of its own" "$stop_status" 4

use "endpoint = unix://$dockerd_dir/docker.sock" "engine_ttl = 2s" "liveness = 1s"
upstreamd_start
wait_check 10 "an engine with a time to live is followed" names_are keeper once
kill -STOP "$dockerd_pid"
check "its containers stay at first" wait_for 4 upstreamd_logged "does not answer a ping"
check "when it is away" names_are keeper once
wait_check 6 "and are dropped after that time" names_are ""
kill -CONT "$dockerd_pid"
wait_check 20 "they come back with it" names_are keeper once

chmod 0600 "$dockerd_dir/docker.sock"
if command -v setpriv >/dev/null; then
	use "endpoint = unix://$dockerd_dir/docker.sock"
	chmod 0755 "$scratch" "$dockerd_dir"
	chmod 0777 "$(dirname "$dest")"
	spawn "$upstreamd_log" setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$upstreamd_program" -c "$upstreamd_ini"
	upstreamd_pid=$spawned
	wait_check 10 "who may not open the socket is told which group to join" \
		upstreamd_logged "we are uid 65534.*--group-add [0-9]+"
else
	skip "who may not open the socket is told which group to join" "setpriv is not installed"
fi
chmod 0660 "$dockerd_dir/docker.sock"

# --- a network that swallows packets -----------------------------------------------------------

# The engine's socket behind a TCP relay in a network namespace of its own.
relay_start() {
	ns=udt$$
	ip netns add "$ns" && at_exit ip netns del "$ns" || return 1
	ip link add "${ns}a" type veth peer name "${ns}b" || return 1
	ip link set "${ns}b" netns "$ns"
	ip addr add "$dockerd_subnet.130/30" dev "${ns}a" && ip link set "${ns}a" up
	ip -n "$ns" addr add "$dockerd_subnet.129/30" dev "${ns}b" && ip -n "$ns" link set "${ns}b" up
	cat >"$scratch/relay.cfg" <<-CONFIG
		defaults
		    mode tcp
		    timeout connect 5s
		    timeout client 10m
		    timeout server 10m
		listen relay
		    bind $dockerd_subnet.129:2375
		    server engine unix@$dockerd_dir/docker.sock
	CONFIG
	spawn "$scratch/relay.log" ip netns exec "$ns" haproxy -f "$scratch/relay.cfg" -db
	at_exit stop_pid "$spawned"
	wait_for 10 curl -sf -o /dev/null "http://$dockerd_subnet.129:2375/_ping"
}

if ! attempt relay_start; then
	skip "a peer behind a dropped route is found" "no relay can be made: $attempt_output"
else
	use "endpoint = tcp://$dockerd_subnet.129:2375" "liveness = 3s" "connect_timeout = 2s"
	upstreamd_start
	wait_check 10 "an engine is followed over TCP" names_are keeper once
	ip -n "$ns" route add blackhole "$dockerd_subnet.130/32"
	lost=$EPOCHREALTIME
	wait_check 7 "a peer behind a dropped route is found" upstreamd_logged "event stream ended"
	diag "found after $(awk "BEGIN { print $EPOCHREALTIME - $lost }") s, with a liveness of 3 s"
	check "the containers stay" names_are keeper once
	web_start fifth
	ip -n "$ns" route del blackhole "$dockerd_subnet.130/32"
	wait_check 20 "when packets pass again what was missed is made good" names_are fifth keeper once
	dock rm -f fifth >/dev/null
	wait_check 10 "and events come again" names_are keeper once
fi

# --- a proxy that lets only some requests pass ---------------------------------------------------

# As docker-socket-proxy does: a variable for each part of the API, answers of old HTTP.
proxy_start() {
	local part rules=
	for part in PING EVENTS VERSION CONTAINERS NETWORKS INFO; do
		path=${part,,}
		[ "$part" != PING ] || path=_ping
		rules+="    http-request allow if { path,url_dec -m reg -i ^(/v[\\d\\.]+)?/$path } { env($part) -m bool }
"
	done
	printf 'HTTP/1.0 403 Forbidden\r\nCache-Control: no-cache\r\nContent-Type: text/html\r\n\r\n%s\n' \
		'<html><body><h1>403 Forbidden</h1>' 'Request forbidden by administrative rules.' \
		'</body></html>' >"$scratch/403.http"
	cat >"$scratch/proxy.cfg" <<-CONFIG
		defaults
		    mode http
		    timeout connect 5s
		    timeout client 10m
		    timeout server 10m
		    errorfile 403 $scratch/403.http
		frontend dockerfrontend
		    bind 127.0.0.1:$proxy_port
		    http-request deny unless METH_GET
		$rules
		    http-request deny
		    default_backend dockerbackend
		backend dockerbackend
		    server dockersocket unix@$dockerd_dir/docker.sock
	CONFIG
	spawn "$scratch/proxy.log" env "$@" haproxy -f "$scratch/proxy.cfg" -db
	proxy_pid=$spawned
	at_exit stop_pid "$proxy_pid"
	wait_for 10 curl -s -o /dev/null "http://127.0.0.1:$proxy_port/"
}

proxy_all=(PING=1 EVENTS=1 VERSION=1 CONTAINERS=1 NETWORKS=1 INFO=1)
proxy_port=$(free_port)
use "endpoint = tcp://127.0.0.1:$proxy_port"
if ! proxy_start "${proxy_all[@]}"; then
	not_ok "HAProxy runs as a socket proxy" "$(cat "$scratch/proxy.log")"
else
	upstreamd_start
	wait_check 10 "an engine is followed through a socket proxy" names_are keeper once
	check_not "which allows all that is needed" upstreamd_logged "is not allowed"
	stop_pid "$proxy_pid"
	for variable in PING EVENTS CONTAINERS; do
		proxy_start "${proxy_all[@]}" "$variable=0"
		use "endpoint = tcp://127.0.0.1:$proxy_port"
		upstreamd_start
		wait_check 10 "without $variable=1 the log says to set it" \
			upstreamd_logged "with docker-socket-proxy set $variable=1"
		check_not "and names no other variable" upstreamd_logged \
			"set ($(tr ' ' '|' <<<"PING EVENTS VERSION CONTAINERS NETWORKS INFO" | sed "s/$variable//"))=1"
		stop_pid "$proxy_pid"
	done
	for variable in VERSION NETWORKS INFO; do
		proxy_start "${proxy_all[@]}" "$variable=0"
		use "endpoint = tcp://127.0.0.1:$proxy_port"
		upstreamd_start
		wait_check 10 "without $variable=1 it works" names_are keeper once
		check "and the log says to set it" wait_for 5 \
			upstreamd_logged "with docker-socket-proxy set $variable=1"
		stop_pid "$proxy_pid"
	done
	upstreamd_mark
	check "a proxy that goes away is tried again" wait_for 10 upstreamd_logged "trying again"
	proxy_start "${proxy_all[@]}"
	wait_check 20 "and followed when it is back" connected_again
	stop_pid "$proxy_pid"
fi

# --- an engine that is started by its first client ---------------------------------------------

# The listening socket is there, its engine is not: a connect succeeds and nothing answers.
if ! command -v systemd-socket-activate >/dev/null; then
	skip "a socket without an engine behind it is left" "systemd-socket-activate is not installed"
else
	use "endpoint = unix://$scratch/activated.sock" "liveness = 1s"
	spawn "$scratch/activate.log" systemd-socket-activate -l "$scratch/activated.sock" \
		sh -c 'exec sleep 600'
	activated_pid=$spawned
	at_exit stop_pid "$activated_pid"
	wait_for 5 test -S "$scratch/activated.sock"
	upstreamd_start
	wait_check 6 "a socket without an engine behind it is left" \
		upstreamd_logged "ping: no answer within 1 s"
	upstreamd_stop
	stop_pid "$activated_pid" KILL
fi

# --- Podman -----------------------------------------------------------------------------------

if ! command -v podman >/dev/null; then
	skip "a Podman engine that ends and comes back is followed" "podman is not installed"
elif ! attempt podman_start; then
	skip "a Podman engine that ends and comes back is followed" \
		"podman does not run here: $(tail -n 1 <<<"$attempt_output")"
else
	pod_start pod-1
	pod_start pod-2
	use "endpoint = unix://$scratch/p/sock" "liveness = 2s" "resync = 2s"
	upstreamd_start
	wait_check 20 "a Podman engine's containers are in the file" names_are pod-1 pod-2
	upstreamd_mark
	stop_pid "$podman_pid" KILL
	check "a service that is killed is noticed" wait_for 10 upstreamd_logged "event stream ended"
	pod rm -f -t 0 pod-1 >/dev/null
	pod_start pod-3
	check "the containers stay meanwhile" names_are pod-1 pod-2
	podman_serve
	wait_check 20 "when it is back what was missed is made good" names_are pod-2 pod-3
	upstreamd_mark
	kill -STOP "$podman_pid"
	wait_check 8 "a service that hangs is found" upstreamd_logged "the engine does not answer a ping"
	kill -CONT "$podman_pid"
	pod_start pod-4
	wait_check 20 "and followed when it goes on" names_are pod-2 pod-3 pod-4
	for i in 1 2 3 4 5 6; do
		pod_start "short-$i"
		pod rm -f -t 0 "short-$i" >/dev/null
	done
	wait_check 20 "containers that vanish while they are listed spoil nothing" names_are pod-2 pod-3 pod-4
	pod kill pod-2 >/dev/null
	wait_check 20 "a killed one leaves" names_are pod-3 pod-4
fi

upstreamd_stop
is "the daemon ends cleanly" "$stop_status" 0
tap_done
