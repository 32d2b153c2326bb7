#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A real dockerd and a real Podman followed at once, each stopped, killed and hung in turn; and the rules
# for addresses against what real engines say.
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/dockerd.sh"
. "$here/../lib/podman.sh"

scratch_new
upstreamd_need
dest=$scratch/names
cat >"$scratch/names.tmpl" <<'TEMPLATE'
{{range .}}{{.Engine.Name}}/{{.Name}} ip={{.IP}} networks={{range .Networks}}{{.Name}}:{{.IP}},{{end}} ports={{range .Addresses}}{{.IP}}:{{.Port}}({{.ContainerPort}}),{{end}}
{{end}}# docker {{.Docker.Version}}
TEMPLATE

# use ENGINE-LINE…: an ini file with these lines in [engine docker], and Podman as the second engine.
use() {
	upstreamd_stop
	rm -f "$dest"
	{
		printf '%s\n' "[upstreamd]" "first_render_deadline = 60s" \
			"[engine docker]" "endpoint = unix://$dockerd_dir/docker.sock" "liveness = 2s" "$@"
		[ -z "$podman_pid" ] || printf '%s\n' "[engine podman]" "endpoint = unix://$scratch/p/sock" \
			"liveness = 2s" "request_timeout = 20s" "connect_timeout = 20s" "follow_network = yes"
		printf '%s\n' "[output names]" "template = $scratch/names.tmpl" "dest = $dest" \
			"min_interval = 0s"
	} >"$upstreamd_ini"
	upstreamd_mark
	upstreamd_start
}

lists() {
	local name
	for name in "$@"; do
		grep -q "^$name " "$dest" || { cat "$dest"; return 1; }
	done
}

lacks() {
	[ -e "$dest" ] && ! grep "^$1 " "$dest"
}

# line ENGINE/NAME REGEX
line() {
	grep -Eq "^$1 $2\$" "$dest" || { cat "$dest"; return 1; }
}

same_file() {
	[ "$(cat "$dest")" = "$kept" ]
}

dockerd_start || skip_all "$dockerd_reason"
if ! command -v podman >/dev/null; then
	podman_reason="podman is not installed"
elif attempt podman_start; then
	podman_reason=
else
	podman_pid=
	podman_reason="podman does not run here: $(echo "$attempt_output" | tail -n 1)"
fi

# --- two engines -------------------------------------------------------------------

two_engines() {
	web_start web-1
	pod_start web-1
	pod_start pod-2
	use
	wait_check 60 "containers of both engines are seen" \
		lists docker/web-1 podman/web-1 podman/pod-2 || return
	is "the first section's engine is the main one" "$(sed -n 's/^# docker //p' "$dest")" \
		"$(dock version -f '{{.Server.Version}}')"
	dock stop -t 1 web-1 >>"$dockerd_dir/log" 2>&1
	wait_check 20 "one that stops leaves" lacks docker/web-1
	check "its namesake stays" lists podman/web-1
	dock start web-1 >>"$dockerd_dir/log" 2>&1
	wait_check 20 "and is back" lists docker/web-1

	kept=$(cat "$dest")
	upstreamd_mark
	stop_pid "$podman_pid" KILL
	wait_check 20 "a killed Podman is noticed" upstreamd_logged 'engine=podman'
	check "and takes nothing away" same_file
	web_start web-3
	wait_check 20 "while dockerd is heard" lists docker/web-3 podman/web-1 podman/pod-2
	podman_serve
	pod kill pod-2 >/dev/null 2>&1
	wait_check 40 "Podman is found again, and what it says counts" lacks podman/pod-2

	kept=$(cat "$dest")
	upstreamd_mark
	kill -STOP "$dockerd_pid"
	wait_check 40 "a dockerd that hangs is noticed" upstreamd_logged 'engine=docker'
	check "and takes nothing away" same_file
	pod_start pod-4
	wait_check 40 "while Podman is heard" lists podman/pod-4 docker/web-1 docker/web-3
	kill -CONT "$dockerd_pid"
	wait_check 40 "dockerd is found again" upstreamd_logged 'connected engine=docker'
	dock rm -f web-3 >>"$dockerd_dir/log" 2>&1
	wait_check 20 "and what it says counts" lacks docker/web-3
	pod kill pod-4 >/dev/null 2>&1
}

if [ -z "$podman_reason" ]; then
	two_engines
else
	skip "containers of dockerd and Podman are seen at once" "$podman_reason"
fi

# --- addresses -----------------------------------------------------------------------

dock rm -f web-1 >>"$dockerd_dir/log" 2>&1
host_port=$(free_port)
web_start web --expose 80
# Ports cannot be exposed beside a shared network, but an image can declare them.
dock commit --change 'EXPOSE 81' web exposed >>"$dockerd_dir/log" 2>&1
dock run -d --name side --network container:web exposed /bin/sleep 1000 >>"$dockerd_dir/log" 2>&1
dock run -d --name local --network host --expose 9000 "$web_image" /bin/sleep 1000 >>"$dockerd_dir/log" 2>&1
dock run -d --name open -p "$host_port:80" "$web_image" /bin/sleep 1000 >>"$dockerd_dir/log" 2>&1
ip=$dockerd_subnet'\.[0-9]+'

use
wait_check 40 "without rules templates see what the engine says" \
	line docker/web "ip=$ip networks=bridge:$ip, ports=$ip:80\(80\),"
check "which is nothing for a shared network" line docker/side "ip= networks= ports=.*:81\(81\),"
check "nor for the host's" line docker/local "ip= networks=host:, ports=:9000\(9000\),"

use "follow_network = yes" "host_address = 127.0.0.1"
wait_check 40 "a shared network is that of its owner" \
	line docker/side "ip=$ip networks=bridge:$ip, ports=.*$ip:81\(81\),"
check "the host's has the address of the rule" \
	line docker/local "ip=127.0.0.1 networks=host:127.0.0.1, ports=127.0.0.1:9000\(9000\),"
before=$(web_address web)
dock stop -t 1 web >>"$dockerd_dir/log" 2>&1
wait_check 20 "no address is left when the owner stops" line docker/side "ip= networks= ports=.*:81\(81\),"
web_start other
dock start web >>"$dockerd_dir/log" 2>&1
after=$(web_address web)
check "it starts again, elsewhere" test -n "$after" -a "$before" != "$after"
wait_check 20 "and is followed there" \
	line docker/side "ip=${after//./\\.} networks=bridge:${after//./\\.}, ports=.*:81\(81\),"

use "address = published node.example" "follow_network = yes"
wait_check 40 "published ports are at the host's address" \
	line docker/open "ip=node.example networks=bridge:node.example, ports=node.example:$host_port\(80\),"
check "without one there is no address" line docker/web "ip= networks=bridge:, ports="
check "the host's network is at the host's address" \
	line docker/local "ip=node.example networks=host:node.example, ports=node.example:9000\(9000\),"

# --- which container it is ----------------------------------------------------------

# An image of the program and the libraries that it needs.
self_image() {
	local root=$scratch/self file
	mkdir -p "$root/tmp" "$scratch/conf"
	for file in $(ldd "$upstreamd_program" | awk '$2 == "=>" && $3 ~ /^\// {print $3} $1 ~ /^\// {print $1}'); do
		cp -L --parents "$file" "$root" || return 1
	done
	cp "$upstreamd_program" "$root/upstreamd" && tar -C "$root" -c . | dock import - self
}

# inside NAME INI-LINE DOCKER-OPTION…: the program in a container of that name; what it takes itself
# for is in the file NAME.
inside() {
	local name=$1 line=$2
	shift 2
	printf '%s\n' "[engine e]" "endpoint = unix:///docker.sock" "$line" "[output o]" \
		"template = /conf/self.tmpl" "dest = /conf/$name" >"$scratch/conf/$name.ini"
	dock run -d --name "$name" -v "$dockerd_dir/docker.sock:/docker.sock" -v "$scratch/conf:/conf" \
		"$@" self /upstreamd -c "/conf/$name.ini" >>"$dockerd_dir/log" 2>&1
}

# takes_itself_for NAME WHOM
takes_itself_for() {
	[ "$(cat "$scratch/conf/$1")" = "$2" ]
}

upstreamd_stop
if attempt self_image; then
	echo '{{with .CurrentContainer}}{{.Name}}{{else}}none{{end}}' >"$scratch/conf/self.tmpl"
	inside me-plain ""
	wait_check 30 "in a container it knows which one" takes_itself_for me-plain me-plain
	inside me-named "" --hostname proxy.example
	wait_check 30 "also with a hostname of its own" takes_itself_for me-named me-named
	inside me-host "" --network host
	wait_check 30 "and in the host's network" takes_itself_for me-host me-host
	inside me-private "" --cgroupns private
	wait_check 30 "and where control groups are hidden" takes_itself_for me-private me-private
	inside me-joined "" --network container:web
	wait_check 30 "in another one's network it is that one" takes_itself_for me-joined web
	inside me-joined-private "" --network container:web --cgroupns private
	wait_check 30 "where control groups are hidden, too" takes_itself_for me-joined-private web
	inside me-apart "follow_network = yes" --network container:web
	wait_check 30 "unless shared networks are followed" takes_itself_for me-apart me-apart
	inside me-apart-private "follow_network = yes" --network container:web --cgroupns private
	wait_check 30 "where control groups are hidden, by its filesystem" \
		takes_itself_for me-apart-private me-apart-private
else
	skip "in a container it knows which one" "no image can be made: $(echo "$attempt_output" | tail -n 1)"
fi

upstreamd_stop
is "the daemon ends cleanly" "$stop_status" 0
check_not "and without a sanitizer's report" grep -E 'Sanitizer|runtime error' "$upstreamd_log"
tap_done
