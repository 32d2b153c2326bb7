#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where people run HAProxy, and what is done for them there: on this host, asked by the master's
# socket or by a signal, and in a container that shares a directory with upstreamd, with and without
# the socket in it. A bad file is refused and the old one stays, and what is said to be live is live.
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/dockerd.sh"

scratch_new
upstreamd_need
command -v haproxy >/dev/null || skip_all "haproxy is not installed"
dockerd_start || skip_all "$dockerd_reason"

# The label "port" of each container becomes a frontend; "text" is put into it as it is.
template=$scratch/lb.tmpl
cat >"$template" <<'TMPL'
defaults
	mode http
	timeout client 5s
	timeout server 5s
	timeout connect 1s
frontend alive
	bind {{ env "ALIVE" }}
	http-request return status 200 content-type text/plain string alive
{{ range . }}{{ if index .Labels "port" }}
frontend {{ .Name }}
	bind {{ index .Labels "port" }}
	http-request return status 200 content-type text/plain string "{{ .Name }}"
	{{ index .Labels "text" }}
{{ end }}{{ end }}
TMPL

# write_ini DEST LINE…: proxy = haproxy with the lines.
write_ini() {
	cat >"$upstreamd_ini" <<INI
[engine local]
endpoint = unix://$dockerd_dir/docker.sock

[output lb]
template = $template
dest = $1
proxy = haproxy
min_interval = 100ms
reload_timeout = 10s
INI
	shift
	printf '%s\n' "$@" >>"$upstreamd_ini"
}

# answers NAME URL
answers() {
	[ "$(curl -s --max-time 2 "$2")" = "$1" ]
}

# story WHERE DEST URL PORT-PREFIX: the same for each layout. URL ends before the port.
story() {
	local where=$1 dest=$2 url=$3 bind=$4 base=$5
	wait_check 20 "$where: the first file goes live" answers web-1 "$url:$base/" || tap_done
	wait_check 5 "$where: and is said to be checked, written and reloaded" \
		upstreamd_logged 'output lb: checked, written, reloaded'
	cp "$dest" "$scratch/good"
	upstreamd_mark
	web_start bad --label "port=$bind$((base + 1))" --label "text=wrong keyword"
	wait_check 10 "$where: a broken file is refused in HAProxy's own words" \
		upstreamd_logged "refused by the check.*unknown keyword 'wrong'"
	wait_check 5 "$where: the file in place is the old one" cmp "$scratch/good" "$dest"
	check "$where: and is served" answers web-1 "$url:$base/"
	dock rm -f bad >/dev/null
	web_start web-2 --label "port=$bind$((base + 2))"
	wait_check 20 "$where: the next change goes live" answers web-2 "$url:$((base + 2))/"
	dock rm -f web-2 >/dev/null
	wait_check 20 "$where: a removed one is gone" eval "! answers web-2 '$url:$((base + 2))/'"
	check "$where: and the other one is there" answers web-1 "$url:$base/"
}

start_daemon() {
	upstreamd_mark
	upstreamd_start ALIVE="$1"
}

# --- on this host ------------------------------------------------------------------

dir=$scratch/haproxy
mkdir "$dir"
site=$dir/haproxy.cfg
alive_port=$(free_port)
base=$((20000 + RANDOM % 10000))
haproxy_run() {
	cat >"$site" <<CFG
defaults
	mode http
	timeout client 5s
	timeout server 5s
	timeout connect 1s
frontend alive
	bind 127.0.0.1:$alive_port
	http-request return status 200 content-type text/plain string alive
CFG
	spawn "$dir/log" haproxy -W -db -S "$dir/master.sock" -p "$dir/pid" -f "$site"
	haproxy_pid=$spawned
	wait_for 10 answers alive "http://127.0.0.1:$alive_port/"
}
haproxy_run || skip_all "haproxy does not start: $(tail -n 1 "$dir/log")"
at_exit eval 'stop_pid "$haproxy_pid"'

web_start web-1 --label "port=127.0.0.1:$base"
write_ini "$site" "proxy_socket = $dir/master.sock"
start_daemon "127.0.0.1:$alive_port"
story "master's socket" "$site" http://127.0.0.1 127.0.0.1: "$base"

upstreamd_mark
spawn /dev/null busybox httpd -f -p "127.0.0.1:$((base + 3))"
holder=$spawned
at_exit stop_pid "$holder"
wait_for 5 curl -s -o /dev/null "http://127.0.0.1:$((base + 3))/"
web_start taken --label "port=127.0.0.1:$((base + 3))"
wait_check 30 "a file that HAProxy does not take at the reload is noticed" \
	upstreamd_logged 'not taken by the reload, the old file is back'
wait_check 10 "the old one is back" cmp "$scratch/good" "$site"
wait_check 10 "and is served" answers web-1 "http://127.0.0.1:$base/"
dock rm -f taken >/dev/null
stop_pid "$holder"

upstreamd_mark
stop_pid "$haproxy_pid"
web_start web-3 --label "port=127.0.0.1:$((base + 4))"
wait_check 10 "without a running HAProxy the reload is owed, and its socket named" \
	upstreamd_logged "reload failed.*master\.sock"
dock rm -f web-3 >/dev/null
upstreamd_stop
is "it ends in order" "$stop_status" 0

haproxy_run || diag "haproxy does not start again"
write_ini "$site" "proxy_pid_file = $dir/pid"
start_daemon "127.0.0.1:$alive_port"
story "signal" "$site" http://127.0.0.1 127.0.0.1: "$base"
upstreamd_stop
stop_pid "$haproxy_pid"

# --- a container, a shared directory ---------------------------------------------------

# An image of this machine's HAProxy.
root=$scratch/lb-image
mkdir -p "$root"/{bin,etc,tmp,run,usr/sbin,usr/local/etc/haproxy}
cp "$(command -v busybox)" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
cp "$(command -v haproxy)" "$root/usr/sbin/haproxy"
for lib in $(ldd "$(command -v haproxy)" | grep -o '/[^ ]*'); do
	mkdir -p "$root$(dirname "$lib")"
	cp -L "$lib" "$root$lib"
done
echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
tar -C "$root" -c . | dock import - udtest-haproxy >/dev/null
shared=$scratch/shared
mkdir "$shared"
site=$shared/haproxy.cfg

# run_lb OPTION…: HAProxy with a first configuration.
run_lb() {
	cat >"$site" <<'CFG'
defaults
	mode http
	timeout client 5s
	timeout server 5s
	timeout connect 1s
frontend alive
	bind :9000
	http-request return status 200 content-type text/plain string alive
CFG
	dock rm -f lb >/dev/null 2>&1
	dock run -d --name lb -v "$shared:/usr/local/etc/haproxy" udtest-haproxy \
		/usr/sbin/haproxy -W -db "$@" -f /usr/local/etc/haproxy/haproxy.cfg >/dev/null 2>&1
	lb=$(web_address lb)
}

dock rm -f web-1 >/dev/null
web_start web-1 --label port=:8080
run_lb -S /usr/local/etc/haproxy/master.sock
wait_for 10 answers alive "http://$lb:9000/"
write_ini "$site" "proxy_container = lb" "proxy_socket = $shared/master.sock" \
	"proxy_command = /usr/sbin/haproxy -f /usr/local/etc/haproxy/haproxy.cfg"
start_daemon :9000
story "container with the socket" "$site" "http://$lb" : 8080
upstreamd_stop

run_lb
wait_for 10 answers alive "http://$lb:9000/"
write_ini "$site" "proxy_container = lb" \
	"proxy_command = /usr/sbin/haproxy -f /usr/local/etc/haproxy/haproxy.cfg"
start_daemon :9000
story "container without it" "$site" "http://$lb" : 8080
upstreamd_stop
is "it ends in order in all layouts" "$stop_status" 0
tap_done
