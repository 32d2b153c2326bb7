#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The demo runs to its end, with a private engine and with the emulated one, and leaves nothing.
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/dockerd.sh"

scratch_new
upstreamd_need
command -v nginx >/dev/null || skip_all "nginx is not installed"
demo=$top_srcdir/packaging/demo.sh
export TMPDIR=$scratch UPSTREAMD=$upstreamd_program top_builddir

run_demo() {
	timeout -k 30 240 bash "$demo" --fast "$1" </dev/null >"$scratch/$1.out" 2>&1
}

# demo_test ENGINE: the sentences are those of the steps that only a right daemon gets past.
demo_test() {
	local engine=$1
	if run_demo "--$engine"; then
		ok "the demo runs with the $engine engine"
		check "it shows what changed" grep -q '^    +[[:space:]]*server .* weight=1; # "[a-z-]*-1"' "$scratch/--$engine.out"
		check "and who answers" grep -Eq '^    [a-z-]*-[13] [a-z-]*-[13] [a-z-]*-[13]' "$scratch/--$engine.out"
	elif grep -q "^The demo cannot go on: .*\(needs root\|not installed\|does not run here\|no bridge\)" "$scratch/--$engine.out"; then
		skip "the demo runs with the $engine engine" "$(tail -n 1 "$scratch/--$engine.out")"
	else
		not_ok "the demo runs with the $engine engine" "$(tail -n 30 "$scratch/--$engine.out")"
	fi
	check "nothing is left of it" eval '[ -z "$(ls -d "$scratch"/udtest.* 2>/dev/null)" ]'
	check_not "not even a mount" grep -q "$scratch/udtest" /proc/mounts
}

demo_test emulator
demo_test private
if dockerd_start; then
	DOCKER_HOST=unix://$dockerd_dir/docker.sock DOCKER_CONFIG=$dockerd_dir/config
	export DOCKER_HOST DOCKER_CONFIG
	dock rmi "$web_image" >/dev/null
	others=$(dock ps -aq | wc -l)
	demo_test local
	is "the engine has the containers that it had" "$(dock ps -aq | wc -l)" "$others"
	is "and no image of the demo's" "$(dock images -q | wc -l)" 0
else
	skip "the demo runs with the local engine" "$dockerd_reason"
fi

# Ctrl-C
bash -c 'trap - INT; exec setsid bash "$0" --emulator </dev/null >"$1" 2>&1' "$demo" "$scratch/interrupted.out" &
pid=$!
wait_check 60 "the demo is under way" grep -q "A container starts" "$scratch/interrupted.out"
stop_pid "$pid" TERM 30
is "an interrupted demo ends at once" "$stop_status" 143
check "and leaves nothing" eval '[ -z "$(ls -d "$scratch"/udtest.* 2>/dev/null)" ]'
tap_done
