# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A private Podman service: own storage, state and socket. Sourced after tap.sh; needs root.
#
#	podman_start || skip …             the socket is $scratch/p/sock; cleared away at exit
#	pod_start NAME; pod kill NAME      a container that sleeps; the podman command there
#	stop_pid "$podman_pid"; podman_serve

podman_pid=
pod_options=()

pod() {
	podman "${pod_options[@]}" "$@"
}

# Without a network, and within limits that a container in a container may set.
pod_run() {
	pod run --network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$@"
}

podman_start() {
	# runc where it is there: crun refuses the two versions of cgroups that some machines have at once.
	pod_options=(--root "$scratch/p/root" --runroot "$scratch/p/run" --tmpdir "$scratch/p/tmp"
		--storage-driver vfs --cgroup-manager cgroupfs --events-backend file)
	command -v runc >/dev/null && pod_options+=(--runtime runc)
	mkdir -p "$scratch/p" "$scratch/p/image/bin"
	cp "$(command -v busybox)" "$scratch/p/image/bin/busybox"
	tar -C "$scratch/p/image" -c . | pod import - udtest-web >/dev/null 2>&1 || return 1
	pod_run --rm udtest-web /bin/busybox true || return 1
	at_exit podman_clear
	podman_serve
}

# Starts the service, also after it was stopped.
podman_serve() {
	spawn "$scratch/p/log" podman "${pod_options[@]}" system service --time 0 "unix://$scratch/p/sock"
	podman_pid=$spawned
	wait_for 20 curl -sf --unix-socket "$scratch/p/sock" http://d/_ping
}

podman_clear() {
	pod rm -f -a -t 0 >/dev/null 2>&1
	stop_pid "$podman_pid"
	awk -v dir="$scratch/p/" 'index($2, dir) == 1 {print $2}' /proc/mounts | sort -r | xargs -r -n 1 umount
}

pod_start() {
	pod_run -d --name "$1" udtest-web /bin/busybox sleep 600 >/dev/null
}
