#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A real swarm: a private engine becomes a manager, and where a second one can be had in a network
# namespace of its own, that becomes a worker. Tasks of both must be in the file, and go from it when
# they die, are scaled away or drained, though nothing on the worker gives an event here.
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/dockerd.sh"

scratch_new
upstreamd_need
dest=$scratch/tasks
cat >"$scratch/tasks.tmpl" <<'TEMPLATE'
{{range .}}{{.Swarm.Service}}.{{.Swarm.Slot}} {{.Node.Name}} node={{.Swarm.NodeID}} ip={{.IP}} vip={{.Swarm.VIP}} networks={{range .Networks}}{{.Name}},{{end}} label={{index .Labels "lb"}} tier={{index .Labels "tier"}} ports={{range .Addresses}}{{.Port}}:{{.HostPort}},{{end}} id={{.ID}}
{{end}}
TEMPLATE

dockerd_start || skip_all "$dockerd_reason"
cat >"$upstreamd_ini" <<INI
[upstreamd]
log_level = debug
[engine swarm]
endpoint = unix://$dockerd_dir/docker.sock
source = swarm
refresh = 1s
[output tasks]
template = $scratch/tasks.tmpl
dest = $dest
min_interval = 0s
INI

# Lines of the file: how many tasks a service has there.
tasks_of() {
	[ "$(grep -c "^$1\.[0-9]" "$dest")" = "$2" ] || { cat "$dest"; return 1; }
}

lacks_id() {
	! grep -q "id=$1" "$dest"
}

has_line() {
	grep -Eq "$1" "$dest" || { cat "$dest"; return 1; }
}

# --- no swarm yet -----------------------------------------------------------------

upstreamd_start
wait_check 20 "an engine that is no manager is an error" \
	upstreamd_logged "listing the swarm's services failed.*source = swarm needs the endpoint of a manager"
check_not "and nothing is written" test -e "$dest"

# --- one node -----------------------------------------------------------------------

# The second node's end of the wire, or why it has none.
node_ns=udt$$
node_dir=$scratch/n
node_pid=
node_reason=

wire() {
	ip netns add "$node_ns" && at_exit ip netns del "$node_ns" &&
		ip link add "${node_ns}a" type veth peer name "${node_ns}b" &&
		at_exit ip link del "${node_ns}a" && ip link set "${node_ns}b" netns "$node_ns" &&
		ip addr add 10.99.77.1/24 dev "${node_ns}a" && ip link set "${node_ns}a" up &&
		ip -n "$node_ns" addr add 10.99.77.2/24 dev "${node_ns}b" &&
		ip -n "$node_ns" link set "${node_ns}b" up && ip -n "$node_ns" link set lo up
}

if ! attempt wire; then
	node_reason="no network namespace can be made here: $(echo "$attempt_output" | tail -n 1)"
	ip addr add 10.99.77.1/32 dev "$dockerd_bridge"
fi
attempt dock swarm init --advertise-addr 10.99.77.1 --listen-addr 10.99.77.1 --data-path-port 17946 \
	--default-addr-pool 10.211.0.0/16 ||
	{ skip "the tasks of a swarm are seen" "no swarm can be made here: $attempt_output"; tap_done; }
if ! attempt dock network create --driver overlay ov; then
	skip "the tasks of a swarm are seen" "no overlay network can be made here: $attempt_output"
	tap_done
fi
dock service create -d --name web --network ov --replicas 2 --label lb=yes --container-label tier=web \
	--stop-grace-period 1s --no-resolve-image "$web_image" /bin/web web >>"$dockerd_dir/log" 2>&1
if ! wait_for 90 tasks_of web 2; then
	attempt dock service ps --no-trunc web
	case $attempt_output in
	*Running*) not_ok "the tasks of a service are seen" "$attempt_output" ;;
	*) skip "the tasks of a swarm are seen" "tasks do not run here: $(echo "$attempt_output" | tail -n 1)" ;;
	esac
	tap_done
fi
ok "the tasks of a service are seen"
check "with address and virtual address" \
	has_line '^web\.1 [^ ]+ node=[a-z0-9]+ ip=10\.211\.[0-9.]+ vip=10\.211\.[0-9.]+ networks=ov, label=yes tier=web '
is "which is that of the service" \
	"$(sed -n 's/^web\.1 .* vip=\([0-9.]*\) .*/\1/p' "$dest")" \
	"$(dock service inspect -f '{{range .Endpoint.VirtualIPs}}{{.Addr}} {{end}}' web | tr ' ' '\n' | sed -n 's|/.*||p' | tail -n 1)"
is "the address is the task's" \
	"$(sed -n 's/^web\.1 .* ip=\([0-9.]*\) .*/\1/p' "$dest")" \
	"$(dock inspect -f '{{(index .NetworkSettings.Networks "ov").IPAddress}}' "$(sed -n 's/^web\.1 .*id=//p' "$dest")")"

dock service scale -d web=3 >>"$dockerd_dir/log" 2>&1
wait_check 60 "a service that is scaled up has more" tasks_of web 3
dock service scale -d web=1 >>"$dockerd_dir/log" 2>&1
wait_check 60 "one that is scaled down has less" tasks_of web 1
before=$(sed -n 's/^web\..*id=//p' "$dest")
dock kill "$before" >>"$dockerd_dir/log" 2>&1
wait_check 20 "a task that dies is gone" lacks_id "$before"
wait_check 60 "another one takes its place" tasks_of web 1
dock service update -d --label-add lb=no web >>"$dockerd_dir/log" 2>&1
wait_check 20 "a label of the service changes" has_line '^web\..* label=no '
dock service create -d --name dns --network ov --endpoint-mode dnsrr --no-resolve-image \
	--stop-grace-period 1s "$web_image" /bin/web dns >>"$dockerd_dir/log" 2>&1
wait_check 60 "a service without a virtual address is seen" \
	has_line '^dns\.1 [^ ]+ node=[a-z0-9]+ ip=10\.211\.[0-9.]+ vip= '
dock service rm web >>"$dockerd_dir/log" 2>&1
wait_check 60 "a service that is removed is gone" tasks_of web 0

# --- a second node -------------------------------------------------------------------

node() {
	DOCKER_CONFIG=$dockerd_dir/config docker -H "unix://$node_dir/docker.sock" "$@"
}

node_run() {
	spawn "$node_dir/log" nsenter --net="/var/run/netns/$node_ns" dockerd \
		--config-file "$dockerd_dir/daemon.json" -H "unix://$node_dir/docker.sock" \
		--data-root "$node_dir/data" --exec-root "$node_dir/exec" --pidfile "$node_dir/pid" \
		--bridge none --iptables=false --ip6tables=false --ip-masq=false --ip-forward=false \
		--userland-proxy=false --storage-driver "$dockerd_driver" --shutdown-timeout 5
	node_pid=$spawned
	wait_for 60 node version
}

# The engine, what it started, and what is mounted for it.
node_clear() {
	local pid mount
	stop_pid "$node_pid" TERM 30
	for pid in $(cat "$node_dir/exec/containerd/containerd.pid" 2>/dev/null) \
		$(grep -lsF -- "$node_dir/exec/" /proc/[0-9]*/cmdline | cut -d/ -f3); do
		[ "$pid" = $$ ] || kill -KILL "$pid" 2>/dev/null
	done
	awk -v dir="$node_dir/" 'index($2, dir) == 1 {print $2}' /proc/mounts | sort -r |
		while read -r mount; do
			umount "$mount" 2>/dev/null || umount -l "$mount"
		done
}

node_join() {
	mkdir -p "$node_dir/exec"
	at_exit node_clear
	node_run || { tail -n 1 "$node_dir/log"; return 1; }
	dock save "$web_image" | node load || return 1
	node swarm join --advertise-addr 10.99.77.2 --listen-addr 10.99.77.2 \
		--token "$(dock swarm join-token -q worker)" 10.99.77.1:2377
}

# The lines of the service each are those of its tasks on the second node.
node_tasks() {
	[ "$(grep -c "^each\.0 .* node=$node_id " "$dest")" = "$1" ] || { cat "$dest"; return 1; }
}

node_task() {
	sed -n "s/^each\.0 .* node=$node_id .*id=//p" "$dest"
}

second_node() {
	local before
	node_id=$(node info -f '{{.Swarm.NodeID}}')
	dock service create -d --name each --mode global --network ov --no-resolve-image \
		--stop-grace-period 1s "$web_image" /bin/web each >>"$dockerd_dir/log" 2>&1
	wait_check 90 "a service of each node has its tasks" tasks_of each 2 || return
	check "one of them on the second node" node_tasks 1
	before=$(node_task)
	is "which has the container there" "$(node inspect -f '{{.Id}}' "$before")" "$before"
	node kill "$before" >>"$dockerd_dir/log" 2>&1
	wait_check 20 "one that dies on the other node is gone" lacks_id "$before"
	wait_check 60 "and another one takes its place" node_tasks 1
	dock node update --availability drain "$node_id" >>"$dockerd_dir/log" 2>&1
	wait_check 20 "a drained node has none" node_tasks 0
	check "the other one keeps its own" tasks_of each 1
	dock node update --availability active "$node_id" >>"$dockerd_dir/log" 2>&1
	wait_check 60 "it has one again when it is back" node_tasks 1

	upstreamd_mark
	sed "s|^endpoint = .*|endpoint = unix://$node_dir/docker.sock|; s|^dest = .*|dest = $scratch/none|" \
		"$upstreamd_ini" >"$scratch/worker.ini"
	spawn "$upstreamd_log" "$upstreamd_program" -c "$scratch/worker.ini"
	wait_check 20 "a worker is no manager" \
		upstreamd_logged "not a swarm manager.*source = swarm needs the endpoint of a manager"
	stop_pid "$spawned"

	stop_pid "$node_pid" KILL
	wait_check 60 "a node that is lost has no tasks" node_tasks 0
	check "the other one keeps its own, again" tasks_of each 1
}

if [ -n "$node_reason" ]; then
	skip "tasks of a second node are seen" "$node_reason"
elif ! attempt node_join; then
	skip "tasks of a second node are seen" "no second node can be had here: $(echo "$attempt_output" | tail -n 1)"
else
	second_node
fi

# --- a manager that hangs ---------------------------------------------------------------

kill -STOP "$dockerd_pid"
upstreamd_mark
wait_check 40 "a manager that hangs is noticed" upstreamd_logged 'does not answer|no answer'
check "and takes nothing away" tasks_of dns 1
kill -CONT "$dockerd_pid"
wait_check 40 "it answers again" upstreamd_logged 'engine is connected'

upstreamd_stop
is "the daemon ends cleanly" "$stop_status" 0
check_not "and without a sanitizer's report" grep -E 'Sanitizer|runtime error' "$upstreamd_log"
tap_done
