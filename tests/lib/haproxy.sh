# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A private HAProxy in master-worker mode: own configuration, pid file and port. Sourced after tap.sh.
#
#	haproxy_start || skip_all "$haproxy_reason"   reads $haproxy_dir/haproxy.cfg
#	haproxy_get HOST [PATH]; haproxy_status HOST [PATH]

haproxy_reason=
haproxy_pid=
haproxy_dir=
haproxy_port=

# Makes $haproxy_dir. Needs no HAProxy.
haproxy_prepare() {
	haproxy_dir=$scratch/haproxy
	haproxy_port=$(free_port)
	mkdir -p "$haproxy_dir"
}

haproxy_start() {
	command -v haproxy >/dev/null || { haproxy_reason="haproxy is not installed"; return 1; }
	spawn "$haproxy_dir/out.log" haproxy -W -db -p "$haproxy_dir/haproxy.pid" -f "$haproxy_dir/haproxy.cfg"
	haproxy_pid=$spawned
	at_exit haproxy_stop
	if ! wait_for 10 haproxy_ready; then
		haproxy_reason="haproxy does not start: $(tail -n 1 "$haproxy_dir/out.log")"
		return 1
	fi
}

haproxy_ready() {
	[ -s "$haproxy_dir/haproxy.pid" ] && [ "$(haproxy_status nobody.example)" = 503 ]
}

haproxy_stop() {
	stop_pid "$haproxy_pid" TERM 10
}

haproxy_get() {
	curl -sf --max-time 5 -H "Host: $1" "http://127.0.0.1:$haproxy_port${2-/}"
}

haproxy_status() {
	curl -s --max-time 5 -o /dev/null -w '%{http_code}' -H "Host: $1" "http://127.0.0.1:$haproxy_port${2-/}"
}
