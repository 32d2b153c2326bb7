# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A private Docker engine: own data, sockets, containerd, bridge and pid files, so that a system's
# engine is never touched. Sourced after tap.sh; needs root. Calling sequence:
#
#	dockerd_start || skip_all "$dockerd_reason"      stopped and cleared away at exit
#	web_start web-1 --label upstreamd.host=a.example a container that answers with its own name
#	dock ps                                          the docker command, at this engine
#	dockerd_stop KILL; dockerd_run
#
# Containers are reached at their own addresses over the bridge; no packet filter is used, so no
# published ports.

dockerd_reason=
dockerd_pid=
dockerd_dir=
dockerd_bridge=
dockerd_driver=
dockerd_subnet=
web_image=udtest-web

dock() {
	DOCKER_CONFIG=$dockerd_dir/config docker -H "unix://$dockerd_dir/docker.sock" "$@"
}

# Finds a private /24 that no interface or route of this machine uses.
dockerd_pick_subnet() {
	local i a b
	for i in 1 2 3 4 5 6 7 8 9 10; do
		a=$((200 + (RANDOM + i) % 50)) b=$((RANDOM % 255))
		if ! ip -4 route show table all | grep -q "10\.$a\.$b\."; then
			dockerd_subnet=10.$a.$b
			return 0
		fi
	done
	return 1
}

# dockerd_run: starts the daemon on what dockerd_start prepared, also after dockerd_stop.
dockerd_run() {
	# A killed dockerd takes its containerd with it, but leaves its pid file.
	if [ -n "$dockerd_pid" ] && ! alive "$dockerd_pid"; then
		dockerd_end_containerd
		rm -f "$dockerd_dir/exec/containerd/containerd.pid" "$dockerd_dir/pid"
	fi
	spawn "$dockerd_dir/log" dockerd --config-file "$dockerd_dir/daemon.json" \
		-H "unix://$dockerd_dir/docker.sock" --data-root "$dockerd_dir/data" \
		--exec-root "$dockerd_dir/exec" --pidfile "$dockerd_dir/pid" \
		--bridge "$dockerd_bridge" --iptables=false --ip6tables=false --ip-masq=false \
		--ip-forward=false --userland-proxy=false --storage-driver "$dockerd_driver" \
		--shutdown-timeout 5 "$@"
	dockerd_pid=$spawned
	wait_for 60 dockerd_up_or_gone
	dock version >/dev/null 2>&1
}

dockerd_up_or_gone() {
	not_alive "$dockerd_pid" || dock version
}

# dockerd_start: false with $dockerd_reason where a private engine cannot be had.
dockerd_start() {
	local tool
	dockerd_reason=
	[ "$(id -u)" = 0 ] || dockerd_reason="a private dockerd needs root"
	for tool in dockerd docker containerd runc ip busybox; do
		command -v "$tool" >/dev/null || dockerd_reason="$tool is not installed"
	done
	[ -z "$dockerd_reason" ] || return 1
	dockerd_dir=$scratch/d
	dockerd_bridge=udt$$
	mkdir -p "$dockerd_dir/config" "$dockerd_dir/exec"
	echo '{}' >"$dockerd_dir/daemon.json"
	dockerd_pick_subnet || { dockerd_reason="no free private network"; return 1; }
	if ! dockerd_reason=$(ip link add "$dockerd_bridge" type bridge 2>&1); then
		dockerd_reason="no bridge interface can be made: $dockerd_reason"
		return 1
	fi
	at_exit dockerd_clear
	ip addr add "$dockerd_subnet.1/24" dev "$dockerd_bridge"
	ip link set "$dockerd_bridge" up
	for dockerd_driver in overlay2 vfs; do
		if dockerd_run && dockerd_make_image; then
			dockerd_reason=
			return 0
		fi
		dockerd_reason="dockerd does not run here: $(tail -n 1 "$dockerd_dir/log")"
		dockerd_stop TERM
	done
	return 1
}

# The image of the test containers: busybox and an entry point that serves one page, the name.
dockerd_make_image() {
	local root=$dockerd_dir/image tool
	mkdir -p "$root/bin" "$root/www"
	cp "$(command -v busybox)" "$root/bin/busybox" || return 1
	if ! "$root/bin/busybox" --list | grep -qx httpd; then
		dockerd_reason="this busybox has no httpd"
		return 1
	fi
	for tool in sh httpd sleep; do
		ln -sf busybox "$root/bin/$tool"
	done
	cat >"$root/bin/web" <<'SCRIPT'
#!/bin/sh
# web NAME [PORT]: answers every request for / with the name, until it is told to stop.
trap 'exit 0' TERM INT
echo "$1" >/www/index.html
mkdir -p /www/api && cp /www/index.html /www/api/index.html
httpd -f -p "${2:-80}" -h /www &
wait
SCRIPT
	chmod 0755 "$root/bin/web"
	tar -C "$root" -c . | dock import - "$web_image" >>"$dockerd_dir/log" 2>&1 || return 1
	rm -rf "$root"
	# Containers must really run: a kernel without cgroups or namespaces shows here.
	if ! dockerd_reason=$(dock run --rm "$web_image" /bin/busybox true 2>&1); then
		dockerd_reason="no container can be started: $dockerd_reason"
		return 1
	fi
}

# web_start NAME DOCKER-OPTION…
web_start() {
	local name=$1
	shift
	dock run -d --name "$name" --label udtest=1 "$@" "$web_image" /bin/web "$name" >>"$dockerd_dir/log" 2>&1
}

web_address() {
	dock inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1"
}

# dockerd_stop [SIGNAL]
dockerd_stop() {
	stop_pid "$dockerd_pid" "${1-TERM}" 30
}

dockerd_end_containerd() {
	local pid
	pid=$(cat "$dockerd_dir/exec/containerd/containerd.pid" 2>/dev/null) || return 0
	if { tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -qF "$dockerd_dir/"; then
		kill -TERM "$pid" 2>/dev/null
		wait_for 10 not_alive "$pid" || kill -KILL "$pid"
	fi
}

# The pids of what containerd started below our directory and nobody waits for.
dockerd_shims() {
	local file
	for file in /proc/[0-9]*/cmdline; do
		if { tr '\0' ' ' <"$file"; } 2>/dev/null | grep -qF -- "-address $dockerd_dir/exec/"; then
			file=${file#/proc/}
			echo "${file%/cmdline}"
		fi
	done
}

# Ends everything that dockerd_start began.
dockerd_clear() {
	local pid mount ids
	if [ -n "$dockerd_pid" ]; then
		if alive "$dockerd_pid"; then
			ids=$(dock ps -aq 2>/dev/null)
			[ -z "$ids" ] || dock rm -f $ids >/dev/null 2>&1
		fi
		dockerd_stop TERM
		dockerd_end_containerd
	fi
	for pid in $(dockerd_shims); do
		kill -KILL "$pid" 2>/dev/null
	done
	awk -v dir="$dockerd_dir/" 'index($2, dir) == 1 {print $2}' /proc/mounts | sort -r |
		while read -r mount; do
			umount "$mount" 2>/dev/null || umount -l "$mount"
		done
	ip link del "$dockerd_bridge" 2>/dev/null
	rm -rf "$dockerd_dir"
}
