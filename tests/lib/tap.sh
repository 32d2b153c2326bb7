# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Test output for people and for tests/run.sh (TAP), conditions with a deadline, and a clean end.
# Sourced by the integration suites and the demo (bash). Calling sequence:
#
#	. "$(dirname "$0")/../lib/tap.sh"
#	check "curl is answered by web-1" answers_by web-1
#	wait_check 10 "the file names web-1" grep -q web-1 "$file"
#	tap_done
#
# at_exit COMMAND… registers what undoes a step; the commands run in reverse order however the
# script ends, SIGINT and SIGTERM included. Nothing here waits without a deadline.

set -u
tap_count=0
tap_failed=0
tap_skipped=0
at_exit_commands=()

# at_exit COMMAND ARG…: runs when the script ends.
at_exit() {
	local quoted
	printf -v quoted '%q ' "$@"
	at_exit_commands+=("$quoted")
}

run_at_exit() {
	local status=$? i
	trap '' INT TERM HUP
	trap - EXIT
	for ((i = ${#at_exit_commands[@]} - 1; i >= 0; i--)); do
		eval "${at_exit_commands[i]}"
	done
	exit "$status"
}
trap run_at_exit EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

diag() {
	[ $# -eq 0 ] || printf '%s\n' "$*" | sed 's/^/# /'
}

# ok SENTENCE / not_ok SENTENCE [WHY]
ok() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

not_ok() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
	[ $# -lt 2 ] || diag "$2"
	if declare -F on_failure >/dev/null; then
		on_failure | tail -n 60 | sed 's/^/# /'
	fi
}

# skip SENTENCE REASON
skip() {
	tap_count=$((tap_count + 1))
	tap_skipped=$((tap_skipped + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# skip_all REASON: a suite that cannot run here says so and ends.
skip_all() {
	echo "# this suite cannot run here: $1"
	skip "$(basename "$0" .sh)" "$1"
	tap_done
}

# attempt COMMAND ARG…: runs it in this shell; what it printed is in $attempt_output.
attempt() {
	local file status
	file=$(mktemp "${TMPDIR:-/tmp}/udtest-out.XXXXXX") || exit 99
	"$@" >"$file" 2>&1
	status=$?
	attempt_output=$(head -c 10000 "$file" | tr -d '\0')
	rm -f "$file"
	return "$status"
}

# check SENTENCE COMMAND ARG…: passes if the command does; its output is shown if not.
check() {
	local sentence=$1
	shift
	if attempt "$@"; then
		ok "$sentence"
	else
		not_ok "$sentence" "failed: $*
$attempt_output"
		return 1
	fi
}

# check_not SENTENCE COMMAND ARG…: passes if the command fails.
check_not() {
	local sentence=$1
	shift
	if attempt "$@"; then
		not_ok "$sentence" "succeeded: $*
$attempt_output"
		return 1
	fi
	ok "$sentence"
}

# is SENTENCE GOT WANTED
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "got: $2
wanted: $3"
		return 1
	fi
}

# wait_for SECONDS COMMAND ARG…: polls until the command succeeds; fails after the deadline.
wait_for() {
	local deadline=$((${EPOCHREALTIME/[^0-9]/} + $1 * 1000000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "${EPOCHREALTIME/[^0-9]/}" -lt "$deadline" ] || return 1
		sleep 0.05
	done
}

# wait_check SECONDS SENTENCE COMMAND ARG…: passes if the command succeeds before the deadline.
wait_check() {
	local seconds=$1 sentence=$2
	shift 2
	if wait_for "$seconds" "$@"; then
		ok "$sentence"
	else
		not_ok "$sentence" "not within $seconds s: $*
$("$@" 2>&1)"
		return 1
	fi
}

# Prints the plan and ends the script with the status that it earned.
tap_done() {
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ] || exit 1
	[ "$tap_count" -gt 0 ] || exit 99
	exit 0
}

# scratch_new: $scratch is a new directory, removed at the end (kept with KEEP=1). Short, because
# socket paths have 107 bytes.
scratch_new() {
	scratch=$(mktemp -d "${TMPDIR:-/tmp}/udtest.XXXXXX") || exit 99
	at_exit scratch_remove "$scratch"
}

scratch_remove() {
	if [ -n "${KEEP-}" ]; then
		diag "kept: $1"
	else
		rm -rf "$1"
	fi
}

# alive PID: runs, and is no zombie.
alive() {
	local state
	state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null)
	[ -n "$state" ] && [ "$state" != Z ]
}

not_alive() {
	! alive "$1"
}

# spawn LOG COMMAND ARG…: starts a program in the background and sets $spawned to its pid.
spawn() {
	local log=$1
	shift
	"$@" </dev/null >>"$log" 2>&1 &
	spawned=$!
}

# stop_pid PID [SIGNAL [SECONDS]]: ends a child of ours; KILL after the deadline. Its exit status is in
# $stop_status.
stop_pid() {
	local pid=$1 signal=${2-TERM} seconds=${3-10}
	stop_status=0
	[ -n "$pid" ] || return 0
	if alive "$pid"; then
		kill "-$signal" "$pid" 2>/dev/null
		wait_for "$seconds" not_alive "$pid" || kill -KILL "$pid" 2>/dev/null
	fi
	wait "$pid" 2>/dev/null
	stop_status=$?
}

# free_port: prints a TCP port on which nobody listens.
free_port() {
	local port hex
	while :; do
		port=$((20000 + RANDOM % 12000))
		printf -v hex ':%04X ' "$port"
		cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '{print $2 " "}' | grep -q "$hex" || break
	done
	echo "$port"
}
