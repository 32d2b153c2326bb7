#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Builds and tests everything, as a fresh machine does: tests/run.sh [--quick] [SUITE…]
#
# Installs what is missing (Debian, as root) or names it; builds copies of the source in build/;
# runs the suites below, or those that are named. Each ends with a line
#
#	suite NAME: N passed, N failed, N skipped
#
# and the last line is their sum. The exit status is 0 if nothing failed. A suite that breaks off
# or tests nothing counts as a failure; one that cannot run here is skipped, with the reason.
#
#	FUZZ_SECONDS   for each fuzz target, 30 if not set (5 with --quick)
#	FUZZ_SEED      where the fuzzers' random numbers start, 1 if not set: a second run asks the same
#	JOBS           of make; the number of processors if not set
#	PROPERTY_SEQUENCES  of random failures, 400 if not set (10000 take a minute)
#	SOAK_EVENTS    of the daemon that runs for long, 75000 if not set
#	KEEP           1: keep the scratch directories of the integration suites
#
# --quick: no distcheck and no coverage, the integration suites with one build only.
set -u
cd "$(dirname "$0")/.." || exit 99
top=$PWD
build=$top/build
logs=$build/log
jobs=${JOBS-$(nproc 2>/dev/null || echo 2)}
quick=
fuzz_seconds=${FUZZ_SECONDS-}
fuzz_seed=${FUZZ_SEED-1}
child=
total_passed=0
total_failed=0
total_skipped=0

all_suites="gcc sanitizers coverage install templates errors render transports engine layouts layouts-haproxy engines swarm nginx haproxy demo nginx-release fuzz distcheck"

. "$top/tests/lib/needs.sh"

# --- output ------------------------------------------------------------------

say() {
	printf '%s\n' "== $*"
}

# suite_result NAME PASSED FAILED SKIPPED
suite_result() {
	local failed=$3
	if [ $(($2 + $3 + $4)) -eq 0 ]; then
		echo "$1: no test ran, which counts as a failure"
		failed=1
	fi
	total_passed=$((total_passed + $2))
	total_failed=$((total_failed + failed))
	total_skipped=$((total_skipped + $4))
	echo "suite $1: $2 passed, $failed failed, $4 skipped"
}

# suite_skipped NAME REASON
suite_skipped() {
	echo "$1 CANNOT RUN HERE: $2"
	suite_result "$1" 0 0 1
}

suite_broken() {
	echo "$1: $2"
	[ ! -s "$3" ] || tail -n 40 "$3" | sed 's/^/    /'
	suite_result "$1" 0 1 0
}

# logged NAME COMMAND ARG…: runs it with its output in a log file, so that a signal to this script
# ends it too.
logged() {
	local name=$1 status
	shift
	"$@" >"$logs/$name.log" 2>&1 </dev/null &
	child=$!
	wait "$child"
	status=$?
	child=
	return "$status"
}

on_exit() {
	local status=$?
	trap '' INT TERM HUP
	trap - EXIT
	if [ -n "$child" ]; then
		kill -TERM "$child" 2>/dev/null
		wait "$child" 2>/dev/null
	fi
	needs_allow_services
	exit "$status"
}
trap on_exit EXIT
trap 'echo "ended by SIGHUP"; exit 129' HUP
trap 'echo "ended by SIGINT"; exit 130' INT
trap 'echo "ended by SIGTERM"; exit 143' TERM

# --- building ----------------------------------------------------------------

# A copy of the source, so that a tree that was configured in place does not matter. All files that
# git would add, or all of an unpacked release.
copy_source() {
	rm -rf "$build/src"
	mkdir -p "$build/src" || return 1
	if [ "$(git -C "$top" rev-parse --show-toplevel 2>/dev/null)" = "$top" ]; then
		git -C "$top" ls-files -z --cached --others --exclude-standard |
			while IFS= read -r -d '' file; do
				[ ! -e "$file" ] || printf '%s\0' "$file"
			done | tar --null -T - -cf - | tar -xf - -C "$build/src"
	else
		tar --exclude=./build -cf - . | tar -xf - -C "$build/src" && rm -f "$build/src/config.status"
	fi
	cd "$build/src" && logged autogen ./autogen.sh
	local status=$?
	cd "$top" || exit 99
	return "$status"
}

# configured DIR CONFIGURE-ARG…: configures and builds build/DIR; once.
configured() {
	local name=$1
	shift
	[ ! -e "$build/$name/.built" ] || return 0
	[ ! -e "$build/$name/.failed" ] || return 1
	rm -rf "${build:?}/$name"
	mkdir -p "$build/$name"
	say "$name: configure, make"
	touch "$build/$name/.failed"
	logged "$name-configure" in_dir "$name" ../src/configure "$@" || return 1
	logged "$name-make" in_dir "$name" make -j"$jobs" || return 1
	mv "$build/$name/.failed" "$build/$name/.built"
}

in_dir() {
	cd "$build/$1" || return 99
	shift
	exec "$@"
}

build_gcc() {
	configured gcc --enable-werror CC=gcc CFLAGS="-O2 -g"
}

build_sanitizers() {
	configured sanitizers --enable-sanitizers --enable-werror CC=clang CFLAGS="-O1 -g"
}

build_log() {
	if [ -s "$logs/$1-make.log" ]; then
		echo "$logs/$1-make.log"
	else
		echo "$logs/$1-configure.log"
	fi
}

# --- suites ------------------------------------------------------------------

# Counts what automake's test drivers wrote below build/DIR: one line for each single test.
count_trs() {
	local pattern=$1 dir=$2
	find "$dir" -name '*.trs' -exec cat {} + | grep -Ec "^:test-result: ($pattern)( |\$)"
}

# make_check NAME DIR: `make check` there, counted test by test.
make_check() {
	local name=$1 dir=$build/$2 status failed passed skipped
	say "$name: make check"
	logged "$name-check" in_dir "$2" make -j"$jobs" check
	status=$?
	passed=$(count_trs 'PASS|XFAIL' "$dir")
	failed=$(count_trs 'FAIL|XPASS|ERROR' "$dir")
	skipped=$(count_trs SKIP "$dir")
	if [ "$failed" -gt 0 ]; then
		find "$dir" -name '*.log' -path '*/tests/*' -exec grep -hE -A 15 '^not ok|^Bail out|ERROR: |runtime error' {} + |
			head -n 100 | sed 's/^/    /'
		find "$dir" -name '*.trs' -exec grep -lE '^:test-result: (FAIL|XPASS|ERROR)' {} + | sed 's/^/    see /'
	elif [ "$status" -ne 0 ]; then
		echo "make check ended with status $status"
		tail -n 30 "$logs/$name-check.log" | sed 's/^/    /'
		failed=1
	fi
	suite_result "$name" "$passed" "$failed" "$skipped"
}

suite_gcc() {
	build_gcc || { suite_broken gcc "the build failed" "$(build_log gcc)"; return; }
	make_check gcc gcc
}

suite_sanitizers() {
	have_clang_runtime || { suite_skipped sanitizers "clang or its runtime libraries are missing"; return; }
	build_sanitizers || { suite_broken sanitizers "the build failed" "$(build_log sanitizers)"; return; }
	make_check sanitizers sanitizers
}

# What the unit tests, the corpus and the fuzzers' seeds reach of the template language.
suite_coverage() {
	[ -z "$quick" ] || return
	configured coverage --enable-coverage CC=gcc CFLAGS="-g" ||
		{ suite_broken coverage "the build failed" "$(build_log coverage)"; return; }
	say "coverage: make check, gcov"
	if ! logged coverage-check in_dir coverage make -j"$jobs" check ||
		! logged coverage-corpus in_dir coverage make check-conformance; then
		suite_broken coverage "make check failed" "$logs/coverage-check.log"
		return
	fi
	if logged coverage in_dir coverage sh ../src/tests/coverage.sh; then
		tail -n 1 "$logs/coverage.log"
		suite_result coverage 1 0 0
	else
		suite_broken coverage "too little of src/template is reached" "$logs/coverage.log"
	fi
}

# What `make install` must put in place, below DESTDIR.
installed_files() {
	cat <<'FILES'
usr/sbin/upstreamd
usr/share/upstreamd/templates/nginx.tmpl
usr/share/upstreamd/templates/haproxy.tmpl
usr/share/man/man5/upstreamd.ini.5
usr/share/man/man8/upstreamd.8
usr/share/man/man7/upstreamd-templates.7
FILES
}

suite_install() {
	local dest=$build/dest file passed=0 failed=0
	configured install --prefix=/usr --sysconfdir=/etc CC=gcc CFLAGS="-O2 -g" ||
		{ suite_broken install "the build failed" "$(build_log install)"; return; }
	rm -rf "$dest"
	if ! logged install in_dir install make install DESTDIR="$dest"; then
		suite_broken install "make install failed" "$logs/install.log"
		return
	fi
	for file in $(installed_files); do
		if [ -s "$dest/$file" ]; then
			passed=$((passed + 1))
		else
			echo "not installed: $file"
			failed=$((failed + 1))
		fi
	done
	if ! logged uninstall in_dir install make uninstall DESTDIR="$dest" ||
		[ -n "$(find "$dest" -type f)" ]; then
		echo "left by make uninstall: $(find "$dest" -type f)"
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
	suite_result install "$passed" "$failed" 0
}

# tap_suite NAME BUILD-DIR SCRIPT ARG…: runs a script that speaks TAP, with that build's programs.
tap_suite() {
	local name=$1 dir=$2 status log=$logs/$1.log passed failed skipped plan
	shift 2
	say "$name"
	logged "$name" env top_srcdir="$build/src" top_builddir="$build/$dir" bash "$@"
	status=$?
	skipped=$(grep -Ec '^ok [0-9]+ .*# SKIP' "$log")
	passed=$(($(grep -Ec '^ok [0-9]+' "$log") - skipped))
	failed=$(grep -Ec '^not ok [0-9]+' "$log")
	plan=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$log")
	grep -E '# SKIP' "$log" | sed 's/^ok [0-9]* - /    skipped: /'
	if [ "$failed" -gt 0 ]; then
		sed -n '/^not ok/,/^ok/p' "$log" | head -n 150 | sed 's/^/    /'
	fi
	if [ "${plan:--1}" -ne $((passed + failed + skipped)) ]; then
		echo "$name broke off (status $status) after $((passed + failed + skipped)) tests:"
		tail -n 20 "$log" | sed 's/^/    /'
		failed=$((failed + 1))
	elif [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
		echo "$name ended with status $status"
		failed=1
	fi
	suite_result "$name" "$passed" "$failed" "$skipped"
}

# integration_suite NAME: tests/integration/NAME.sh with the sanitized daemon, whose exit status tells
# of leaks; else gcc's.
integration_suite() {
	local name=$1 script=tests/integration/$1.sh
	if [ -z "$quick" ] && have_clang_runtime && build_sanitizers; then
		tap_suite "$name" sanitizers "$script"
	elif build_gcc; then
		tap_suite "$name" gcc "$script"
	else
		suite_broken "$name" "the build failed" "$(build_log gcc)"
	fi
}

suite_nginx-release() {
	if [ -n "$quick" ] || ! have_clang_runtime; then
		return
	fi
	build_gcc || { suite_broken nginx-release "the build failed" "$(build_log gcc)"; return; }
	tap_suite nginx-release gcc tests/integration/nginx.sh
}

# fuzz_one NAME: one target, its seeds read first. Fails on a crash, a leak or a slow input.
fuzz_one() {
	local name=$1 program=$build/fuzz/tests/fuzz/fuzz-$1 source=$build/src/tests/fuzz args=()
	mkdir -p "$build/fuzz-corpus/$name" "$build/fuzz-findings/$name"
	[ ! -f "$source/$name.dict" ] || args+=("-dict=$source/$name.dict")
	args+=("$build/fuzz-corpus/$name")
	[ ! -d "$source/corpus/$name" ] || args+=("$source/corpus/$name")
	exec "$program" -seed="$fuzz_seed" -max_total_time="$fuzz_seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$build/fuzz-findings/$name/" "${args[@]}"
}

# Two targets at a time, or as many as JOBS says.
suite_fuzz() {
	local source name names=() passed=0 failed=0 i
	have_clang_runtime || { suite_skipped fuzz "clang or its libFuzzer is missing"; return; }
	for source in tests/fuzz/fuzz-*.c; do
		[ ! -e "$source" ] || { name=${source##*/fuzz-}; names+=("${name%.c}"); }
	done
	configured fuzz --enable-fuzzer --enable-werror CC=clang CFLAGS="-O1 -g" ||
		{ suite_broken fuzz "the build failed" "$(build_log fuzz)"; return; }
	say "fuzz: ${#names[@]} targets, $fuzz_seconds s each"
	for ((i = 0; i < ${#names[@]}; i++)); do
		name=${names[i]}
		if ! logged "fuzz-$name-make" in_dir fuzz make -j"$jobs" "tests/fuzz/fuzz-$name"; then
			echo "fuzz-$name does not build"
			tail -n 10 "$logs/fuzz-$name-make.log" | sed 's/^/    /'
			failed=$((failed + 1))
			names[i]=
		fi
	done
	logged fuzz fuzz_all "${names[@]}"
	for name in "${names[@]}"; do
		[ -n "$name" ] || continue
		if [ "$(cat "$logs/fuzz-$name.status" 2>/dev/null)" = 0 ] &&
			grep -q '^stat::number_of_executed_units: *[1-9]' "$logs/fuzz-$name.log"; then
			passed=$((passed + 1))
		else
			echo "fuzz-$name found something:"
			tail -n 40 "$logs/fuzz-$name.log" | sed 's/^/    /'
			failed=$((failed + 1))
		fi
	done
	suite_result fuzz "$passed" "$failed" 0
}

# fuzz_all NAME…: runs them, $jobs at a time; each leaves a log and its exit status.
fuzz_all() {
	local name
	trap 'trap "" TERM; kill $(jobs -p) 2>/dev/null; wait; exit 143' TERM
	rm -f "$logs"/fuzz-*.status
	for name in "$@"; do
		[ -n "$name" ] || continue
		while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
			wait -n
		done
		{
			(fuzz_one "$name") >"$logs/fuzz-$name.log" 2>&1
			echo $? >"$logs/fuzz-$name.status"
		} &
	done
	wait
}

suite_distcheck() {
	[ -z "$quick" ] || return
	build_gcc || { suite_broken distcheck "the build failed" "$(build_log gcc)"; return; }
	say "distcheck"
	if logged distcheck in_dir gcc make -j"$jobs" distcheck; then
		suite_result distcheck 1 0 0
	else
		suite_broken distcheck "make distcheck failed" "$logs/distcheck.log"
	fi
}

# --- all together ------------------------------------------------------------

usage() {
	echo "usage: tests/run.sh [--quick] [SUITE…]"
	echo "suites: $all_suites"
}

suites=
for argument in "$@"; do
	case $argument in
	--quick) quick=1 ;;
	-h | --help) usage; exit 0 ;;
	-*) usage >&2; exit 2 ;;
	*)
		case " $all_suites " in
		*" $argument "*) suites="$suites $argument" ;;
		*) echo "no suite '$argument'" >&2; usage >&2; exit 2 ;;
		esac
		;;
	esac
done
: "${fuzz_seconds:=$([ -n "$quick" ] && echo 5 || echo 30)}"
PATH=$PATH:/usr/sbin:/sbin
export PATH

rm -rf "$build"
mkdir -p "$logs"
needs_install logged build sanitizers integration
if copy_source; then
	for suite in ${suites:-$all_suites}; do
		if declare -F "suite_$suite" >/dev/null; then
			"suite_$suite"
		else
			integration_suite "$suite"
		fi
	done
else
	suite_broken source "autogen.sh failed" "$logs/autogen.log"
fi
echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
[ "$total_failed" -eq 0 ]
