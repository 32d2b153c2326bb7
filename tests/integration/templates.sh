#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The ready templates: what they make of containers, whether nginx and HAProxy accept it, and that no
# text of a container gets into it as anything but data.
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/enginesim.sh"
. "$here/../lib/nginx.sh"
. "$here/../lib/haproxy.sh"

scratch_new
upstreamd_need
enginesim_start || skip_all "$enginesim_reason"
nginx_prepare
haproxy_prepare
site=$nginx_dir/conf.d/00-upstreamd.conf
config=$haproxy_dir/haproxy.cfg

cat >"$upstreamd_ini" <<INI
[engine sim]
endpoint = unix://$enginesim_socket

[output nginx]
template = $top_srcdir/templates/nginx.tmpl
dest = $site
min_interval = 0s
include_stopped = yes

[output haproxy]
template = $top_srcdir/templates/haproxy.tmpl
dest = $config
min_interval = 0s
include_stopped = yes
INI

# Starts the daemon anew with these variables, on empty files.
restart_daemon() {
	upstreamd_stop
	rm -f "$site" "$config"
	upstreamd_start HTTP_PORT="$nginx_port" "$@"
	wait_for 20 test -s "$site" && wait_for 20 test -s "$config"
}

# Waits until both files show all that happened before: a container made now is in them.
probes=0
settle() {
	probes=$((probes + 1))
	sim run "probe-$probes" "label.upstreamd.host=probe-$probes.example" >/dev/null
	wait_for 20 grep -q "server_name probe-$probes\.example;" "$site" &&
		wait_for 20 grep -q "^backend probe-$probes\.example\$" "$config" || return 1
	sim remove "probe-$probes" >/dev/null
	wait_for 20 eval '! grep -q "probe-$probes" "$site" "$config"'
}

# The files without comments: what nginx and HAProxy act on.
effective() {
	sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$1"
}

# section FILE FIRST-LINE-REGEX: from that line to the next that is not indented, which nginx's "}" is.
section() {
	effective "$1" | awk -v start="$2" '
		$0 ~ start { on = 1; print; next }
		on && /^[^\t]/ { exit }
		on { print }'
}

accepted() {
	if command -v nginx >/dev/null; then
		check "nginx accepts the file $1" nginx_test
	else
		skip "nginx accepts the file $1" "nginx is not installed"
	fi
	if command -v haproxy >/dev/null; then
		check "HAProxy accepts the file $1" haproxy -c -f "$config"
	else
		skip "HAProxy accepts the file $1" "haproxy is not installed"
	fi
}

# servers HOST[+PATH…]: addresses with weights of an nginx upstream, in order.
nginx_servers() {
	section "$site" "^upstream upstreamd[+]$1 " | sed -n 's/^\tserver \(.*\);/\1/p' | tr '\n' ',' | sed 's/,$//'
}

haproxy_servers() {
	section "$config" "^backend $1\$" | sed -n 's/^\tserver [0-9a-f]* \(.*\)/\1/p' | tr '\n' ',' | sed 's/,$//'
}

vhost() {
	effective "$site" | awk -v name="$1" '
		/^server \{/ { text = ""; hit = 0 }
		{ text = text $0 "\n" }
		$0 == "\tserver_name " name ";" { hit = 1 }
		/^}/ && hit { printf "%s", text; exit }'
}

has_vhost() {
	[ -n "$(vhost "$1")" ]
}

address() {
	sim inspect "$1" | tr ',{' '\n\n' | sed -n 's/.*"IPAddress":"\([0-9.][0-9.]*\)".*/\1/p' | tail -n 1
}

is "both templates share their routes" \
	"$(sed -n '/---- routes/,/---- end of routes/p' "$top_srcdir/templates/nginx.tmpl" | cksum)" \
	"$(sed -n '/---- routes/,/---- end of routes/p' "$top_srcdir/templates/haproxy.tmpl" | cksum)"

# --- no container at all ---------------------------------------------------------

check "the files are written without any container" restart_daemon
accepted "without any container"
is "it has the catch-all server only" "$(effective "$site" | grep -c '^server {')" 1

# --- what containers can say --------------------------------------------------------

sim network-create front >/dev/null
sim network-create back >/dev/null
sim run plain label.upstreamd.host=plain.example >/dev/null
sim run env env.VIRTUAL_HOST=env.example env.VIRTUAL_PORT=8080 env.VIRTUAL_PATH=/v >/dev/null
sim run both label.upstreamd.host=label.example env.VIRTUAL_HOST=loses.example >/dev/null
sim run exposed label.upstreamd.host=exposed.example port=3000/tcp port=3001/udp >/dev/null
sim run exposed-two label.upstreamd.host=two.example port=3000/tcp port=4000/tcp >/dev/null
sim run lists 'label.upstreamd.host= One.example ,,two-names.example,one.example' \
	'label.upstreamd.path=/a, /a/b/ ,/a' >/dev/null
sim run wild 'label.upstreamd.host=*.wild.example,wild.*' >/dev/null
sim run light label.upstreamd.host=pool.example >/dev/null
sim run heavy label.upstreamd.host=pool.example label.upstreamd.weight=200 >/dev/null
sim run resting label.upstreamd.host=pool.example label.upstreamd.down=True >/dev/null
sim run alone-down label.upstreamd.host=alone.example label.upstreamd.down=yes >/dev/null
sim run starting label.upstreamd.host=health.example health=starting >/dev/null
sim run well label.upstreamd.host=well.example health=starting >/dev/null
sim health well healthy >/dev/null
sim create stopped label.upstreamd.host=stopped.example >/dev/null
sim run netted label.upstreamd.host=netted.example network=front network=back >/dev/null
sim run netted-back label.upstreamd.host=back.example network=front network=back label.upstreamd.network=back >/dev/null
sim run hosted label.upstreamd.host=hosted.example mode=host >/dev/null
sim run joined label.upstreamd.host=joined.example label.upstreamd.port=81 mode=container:plain >/dev/null
sim run networkless label.upstreamd.host=networkless.example mode=none >/dev/null
sim run silent >/dev/null
check "all of them are taken up" settle
accepted "with all sorts of containers"

plain=$(address plain)
is "a label names the host; the port is 80" "$(nginx_servers plain.example)" "$plain:80 weight=1"
is "so it is for HAProxy" "$(haproxy_servers plain.example)" "$plain:80 weight 1"
is "VIRTUAL_HOST, VIRTUAL_PORT and VIRTUAL_PATH are understood" \
	"$(nginx_servers env.example[+]v)" "$(address env):8080 weight=1"
is "in HAProxy, too" "$(haproxy_servers env.example:v)" "$(address env):8080 weight 1"
check "a label comes before a variable" eval 'has_vhost label.example && ! has_vhost loses.example'
is "the only exposed TCP port is taken" "$(nginx_servers exposed.example)" "$(address exposed):3000 weight=1"
is "with several, it is 80" "$(nginx_servers two.example)" "$(address exposed-two):80 weight=1"
is "several hosts and paths each get a location" \
	"$(for host in one.example two-names.example; do vhost "$host" | grep -c 'proxy_pass'; done | tr '\n' ' ')" "4 4 "
is "a path takes what is below it and nothing else" \
	"$(vhost one.example | sed -n 's/^\tlocation \(.*\) { .*/\1/p' | tr '\n' '|')" "/|= /a|/a/|= /a/b|/a/b/|"
check "wildcards are hosts" eval 'has_vhost "*.wild.example" && has_vhost "wild.*"'
is "weights and rests" "$(nginx_servers pool.example)" \
	"$(address heavy):80 weight=200,$(address light):80 weight=1,$(address resting):80 weight=1 down"
is "for HAProxy, too" "$(haproxy_servers pool.example)" \
	"$(address heavy):80 weight 200,$(address light):80 weight 1,$(address resting):80 weight 1 disabled"
for host in alone health stopped networkless; do
	check "$host.example is known, but answers 503" \
		eval 'vhost "$host.example" | grep -qx "	location / { return 503; }"'
	is "its pool is empty in HAProxy" "$(haproxy_servers $host.example | grep -v disabled)" ""
done
is "a healthy one is served" "$(nginx_servers well.example)" "$(address well):80 weight=1"
check "a container of two networks has one server" eval '[ "$(nginx_servers netted.example | grep -c ,)" = 0 ]'
check "a label chooses the network" \
	eval '[ -n "$(nginx_servers back.example)" ] && [ "$(nginx_servers back.example)" != "$(nginx_servers netted.example)" ]'
is "a container of the host's network is at the loopback address" "$(nginx_servers hosted.example)" "127.0.0.1:80 weight=1"
is "one that shares a network is at the other's address" "$(nginx_servers joined.example)" "$plain:81 weight=1"
check "who says nothing is not in the files" eval '! grep -q silent "$site" "$config"'

# --- variables of the daemon -----------------------------------------------------------

check "the daemon starts with variables" restart_daemon PROXY_CONTAINER=netted ENABLE_IPV6=true \
	TRUST_DOWNSTREAM_PROXY=true DEFAULT_SERVER=true HAPROXY_SOCKET="$haproxy_dir/admin.sock"
check "its first files are whole" settle
if [ -e /proc/net/if_inet6 ]; then
	accepted "with all variables"
else
	skip "the files are accepted with all variables" "no IPv6 here"
fi
check "networks that the proxy is not in do not count" eval '[ -z "$(nginx_servers plain.example)" ]'
check "and what that leaves out is said" grep -q '^# left out: "plain" has no address' "$site"
check "those that it is in do" eval '[ -n "$(nginx_servers netted.example)" ]'
check "IPv6 is listened on" eval 'grep -qF "listen [::]:$nginx_port" "$site" && grep -qF "bind :::$nginx_port v4v6" "$config"'
check "the catch-all server is the default one" grep -q " default_server;" "$site"
check "what another proxy says is believed" eval 'grep -q "^	https https;" "$site" && grep -q "unless { req.hdr(x-forwarded-proto)" "$config"'

upstreamd_mark
upstreamd_stop
cp "$site" "$scratch/before"
upstreamd_start HTTP_PORT=70000
wait_check 10 "a port that is none is an error" upstreamd_logged '70000'
check "the old file stays" cmp "$scratch/before" "$site"

# --- as it is installed ----------------------------------------------------------------

if [ -r /etc/nginx/nginx.conf ] && command -v nginx >/dev/null; then
	check "the daemon starts again" restart_daemon
	cp -RL /etc/nginx "$scratch/stock"
	find "$scratch/stock" -type f -exec sed -i \
		"s#/etc/nginx/#$scratch/stock/#g; s#^pid .*#pid $scratch/stock.pid;#; s#/var/log/nginx/#$scratch/#g; s#listen\(.*\)80\( .*\)\?;#listen\1$nginx_port\2;#" {} +
	mkdir -p "$scratch/stock/conf.d"
	cp "$site" "$scratch/stock/conf.d/00-upstreamd.conf"
	check "the file fits into nginx as it is installed here" \
		nginx -t -q -c "$scratch/stock/nginx.conf" -g "error_log $scratch/stock.log;"
else
	skip "the file fits into nginx as it is installed here" "no /etc/nginx/nginx.conf"
fi

# --- hostile containers -------------------------------------------------------------------

for name in $(sim list | awk '{print $2}'); do
	sim remove "$name" >/dev/null
done
check "the daemon starts for hostile containers" restart_daemon

# Each container is hostile in another place, and good in all others.
sim run good label.upstreamd.host=good.example >/dev/null
for place in host port path weight down network; do
	sim run "label-$place" "label.upstreamd.host=$place.label.example" >/dev/null
done
for place in HOST PORT PATH PROTO DEST; do
	sim run "env-$place" "env.VIRTUAL_HOST=${place,,}.env.example" >/dev/null
done

# hostile VALUE: puts it everywhere.
hostile() {
	local place
	for place in port path weight down network; do
		sim set "label-$place" "label.upstreamd.$place=$1" >/dev/null
	done
	sim set label-host "label.upstreamd.host=$1" >/dev/null
	sim set label-path "label.upstreamd.path=/$1" >/dev/null
	for place in HOST PORT PATH PROTO DEST; do
		sim set "env-$place" "env.VIRTUAL_$place=$1" >/dev/null
	done
	for place in label-host label-port label-path label-weight label-down label-network \
		env-HOST env-PORT env-PATH env-PROTO env-DEST; do
		sim update "$place" >/dev/null
	done
	settle
}

hostile_test() {
	local what=$1
	if ! hostile "$2"; then
		not_ok "$what: the files were not written"
		return
	fi
	accepted "with $what"
	effective "$site" >"$scratch/nginx.now"
	effective "$config" >"$scratch/haproxy.now"
	if [ ! -e "$scratch/nginx.first" ]; then
		cp "$scratch/nginx.now" "$scratch/nginx.first"
		cp "$scratch/haproxy.now" "$scratch/haproxy.first"
		check_not "$what: none of it is outside of a comment" \
			grep -q INJECTED "$scratch/nginx.now" "$scratch/haproxy.now"
		is "hosts of containers that are hostile elsewhere stay" \
			"$(sed -n 's/^\tserver_name \(.*\);/\1/p' "$site" | tr '\n' ' ')" \
			"dest.env.example down.label.example good.example network.label.example port.env.example port.label.example proto.env.example weight.label.example "
		return
	fi
	check "$what: nothing but comments changes in nginx's file" diff "$scratch/nginx.first" "$scratch/nginx.now"
	check "$what: nor in HAProxy's" diff "$scratch/haproxy.first" "$scratch/haproxy.now"
}

long=$(printf '%010240d' 0)
hostile_test "a directive" 'x; } server { return 200 INJECTED; } #'
hostile_test "a double quote" 'INJECTED"x'
hostile_test "a single quote" "INJECTED'x"
hostile_test "an opening brace" 'INJECTED{x'
hostile_test "a closing brace" 'INJECTED}x'
hostile_test "a semicolon" 'INJECTED;x'
hostile_test "a dollar" '$INJECTED'
hostile_test "a variable of HAProxy" '"${HOME}"%[env(HOME)]INJECTED'
hostile_test "a comment sign" 'INJECTED#x'
hostile_test "a space" 'INJECTED x'
hostile_test "a line feed" $'x\nINJECTED on;\n\tINJECTED'
hostile_test "a carriage return" $'x\rINJECTED'
hostile_test "a line feed at the end" $'INJECTED"\n"'
hostile_test "a tab" $'INJECTED\tx'
hostile_test "a backslash" 'INJECTED\'
hostile_test "a template action" '{{ .Env }}INJECTED'
hostile_test "a line separator of Unicode" $'INJECTED\u2028\u0085x'
hostile_test "ten kilobytes" "INJECTED!$long"
hostile_test "ten kilobytes of quotes" "INJECTED${long//0/\"}"
hostile_test "ten kilobytes of braces and commas" "INJECTED{${long//00/,\{}"
hostile_test "ten kilobytes of line feeds" "INJECTED!${long//0/$'\n'}!"
check "the file has stayed small" eval '[ "$(wc -c <"$site")" -lt 60000 ]'

sim set label-host "label.upstreamd.host=$(for ((i = 0; i < 1000; i++)); do printf 'h%d.example,' $i; done)" >/dev/null
sim update label-host >/dev/null
check "a thousand hosts are taken up" settle
is "of one container's hosts 32 count" "$(grep -c 'server_name h[0-9]*\.example;' "$site")" 32
accepted "with a thousand hosts"
longest=$(printf 'a%.0s' {1..63}).$(printf 'b%.0s' {1..63}).$(printf 'c%.0s' {1..63}).$(printf 'd%.0s' {1..61})
sim set label-host "label.upstreamd.host=$longest,$longest.e" "label.upstreamd.path=/${long:0:254}" >/dev/null
sim update label-host >/dev/null
check "the longest host and path are taken up" settle
check "they have a server" has_vhost "$longest"
check_not "one longer has none" has_vhost "$longest.e"
accepted "with the longest host and path"

# --- an engine on another host -----------------------------------------------------

sim run away port=80/tcp@8081 port=90/tcp@8091 label.upstreamd.port=80 label.upstreamd.host=away.example >/dev/null
sim run away-only port=8000/tcp@8082 label.upstreamd.host=away-only.example >/dev/null
sim run away-none port=80/tcp label.upstreamd.host=away-none.example >/dev/null
sim run away-host mode=host label.upstreamd.port=77 label.upstreamd.host=away-host.example >/dev/null
sed -i "/^endpoint = /a address = published 192.0.2.7" "$upstreamd_ini"
restart_daemon
check "containers of an engine elsewhere are taken up" settle
accepted "with an engine elsewhere"
check "a container is reached through its published port" grep -q '192\.0\.2\.7:8081' "$site" "$config"
check_not "and through no other" grep -q '192\.0\.2\.7:\(80\|8091\)\b' "$site" "$config"
check "the only published port is the one" eval 'grep -q "192\.0\.2\.7:8082" "$site" && grep -q "192\.0\.2\.7:8082" "$config"'
check "one that publishes none is left out" grep -q 'left out: "away-none" has no address' "$site"
check "one in the host's network is reached there" eval 'grep -q "192\.0\.2\.7:77" "$site" && grep -q "192\.0\.2\.7:77" "$config"'
sed -i "s/^address = .*/host_address = 192.0.2.8/" "$upstreamd_ini"
restart_daemon
check "the rule for the host's network is taken up" settle
check "and followed" eval 'grep -q "192\.0\.2\.8:77" "$site" && grep -q "192\.0\.2\.8:77" "$config"'

upstreamd_stop
is "the daemon ends cleanly" "$stop_status" 0
tap_done
