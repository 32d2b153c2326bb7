#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Shows what upstreamd does: containers come and go, a file changes, nginx answers.
#
#	packaging/demo.sh [--local | --private | --emulator] [--fast]
#
# Takes the container engine of this machine if there is one (it gets containers labelled
# upstreamd.demo, and an image, which are removed at the end), else a private dockerd, else an
# emulated engine. --fast does not pause for the reader. UPSTREAMD=PROGRAM shows that one; without
# it, the one that is built here, or built now. All else is below one temporary directory.
top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
top_srcdir=$top
engine=
pause=1.5
for argument in "$@"; do
	case $argument in
	--local | --private | --emulator) engine=${argument#--} ;;
	--fast) pause= ;;
	*) sed -n '4,13s/^# \{0,1\}//p' "$0"; [ "$argument" = --help ]; exit ;;
	esac
done

# --- output ------------------------------------------------------------------

bold='' dim='' plain=''
if [ -t 1 ]; then
	bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
fi

title() {
	printf '\n%s%s%s\n' "$bold" "$*" "$plain"
	[ -z "$pause" ] || sleep "$pause"
}

say() {
	printf '%s\n' "$*"
}

shown() {
	printf '%s    $ %s%s\n' "$dim" "$*" "$plain"
}

give_up() {
	say "The demo cannot go on: $*"
	exit 1
}

# --- building ----------------------------------------------------------------

. "$top/tests/lib/tap.sh"
. "$top/tests/lib/needs.sh"
at_exit needs_allow_services

quietly() {
	local log=$scratch/$1.log
	shift
	"$@" >"$log" 2>&1 </dev/null && return
	tail -n 20 "$log"
	return 1
}

# Copies the source, as the tree may be configured already, for other purposes.
build() {
	local copy=$top/build/demo-src
	rm -rf "$copy" "$top/build/demo"
	mkdir -p "$copy" "$top/build/demo" &&
		tar -C "$top" --exclude=./build --exclude=./.git --exclude='*.o' --exclude='*.a' -cf - . | tar -C "$copy" -xf - &&
		rm -f "$copy/config.status" "$copy/Makefile" || return
	cd "$copy" && quietly autogen ./autogen.sh && cd ../demo &&
		quietly configure ../demo-src/configure CFLAGS=-O2 &&
		quietly make make -j"$(nproc)" upstreamd tests/engine/enginesim
}

scratch_new
if [ -n "${UPSTREAMD-}" ]; then
	top_builddir=${top_builddir-$(dirname "$UPSTREAMD")}
elif [ -x "$top/upstreamd" ] && [ -x "$top/tests/engine/enginesim" ]; then
	top_builddir=$top
else
	needs_install quietly build
	say "Building upstreamd (about half a minute) …"
	(build) || give_up "the build failed; see above"
	top_builddir=$top/build/demo
fi
needs_install quietly demo

. "$top/tests/lib/upstreamd.sh"
. "$top/tests/lib/enginesim.sh"
. "$top/tests/lib/dockerd.sh"
. "$top/tests/lib/nginx.sh"
on_failure() { :; }

# --- an engine -----------------------------------------------------------------

# Each kind of engine gives: engine_KIND (starts it; sets $endpoint), and KIND_run, KIND_kill and
# KIND_hostile NAME.
endpoint=
run_label=upstreamd.demo=$$
web=web


engine_local() {
	command -v docker >/dev/null && docker info >/dev/null 2>&1 || return 1
	endpoint=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null)
	endpoint=${DOCKER_HOST:-${endpoint:-unix:///var/run/docker.sock}}
	case $endpoint in
	unix://* | tcp://*) ;;
	*) return 1 ;;
	esac
	at_exit local_clear
	web=upstreamd-demo
	web_image=upstreamd-demo:$$
	dockerd_dir=$scratch/image
	mkdir -p "$dockerd_dir"
	dock() { docker "$@"; }
	dockerd_make_image || return 1
	# A rootless or remote engine's containers cannot be reached at their own addresses.
	web_start "$web-probe-$$" --label "$run_label" &&
		wait_for 5 curl -sf --max-time 1 "http://$(web_address "$web-probe-$$")/" || return 1
	docker rm -f "$web-probe-$$" >/dev/null 2>&1
}

local_clear() {
	local ids
	ids=$(docker ps -aq --filter "label=$run_label" 2>/dev/null)
	# shellcheck disable=SC2086 # words are wanted
	[ -z "$ids" ] || docker rm -f $ids >/dev/null 2>&1
	docker rmi "$web_image" >/dev/null 2>&1
}

engine_private() {
	dockerd_start || return 1
	endpoint=unix://$dockerd_dir/docker.sock
}

engine_emulator() {
	enginesim_start || return 1
	endpoint=unix://$enginesim_socket
}

docker_run() {
	shown docker run -d --name "$1" --label upstreamd.host=demo.example …
	web_start "$1" --label "$run_label" --label upstreamd.host=demo.example
}

docker_kill() {
	shown docker rm -f "$1"
	dock rm -f "$1" >/dev/null
}

docker_hostile() {
	shown docker run -d --name "$web-hostile" --label "'upstreamd.host=x; } server { listen 666; }'" …
	web_start "$web-hostile" --label "$run_label" --label 'upstreamd.host=x; } server { listen 666; }'
}

# An emulated container cannot answer: a server of nginx does it in its place.
emulator_run() {
	local port
	port=$(free_port)
	shown enginesim ctl … run "$1" label.upstreamd.host=demo.example
	echo "server { listen 127.0.0.1:$port; return 200 \"$1\\n\"; }" >"$nginx_dir/conf.d/zz-$1.conf"
	sim run "$1" mode=host label.upstreamd.host=demo.example "label.upstreamd.port=$port" \
		"label.$run_label" >/dev/null
}

emulator_kill() {
	shown enginesim ctl … remove "$1"
	sim remove "$1" >/dev/null
}

emulator_hostile() {
	shown enginesim ctl … run "$web-hostile" "'label.upstreamd.host=x; } server { listen 666; }'"
	sim run "$web-hostile" 'label.upstreamd.host=x; } server { listen 666; }' "label.$run_label" >/dev/null
}

choose_engine() {
	local kind
	for kind in ${engine:-local private emulator}; do
		if "engine_$kind"; then
			engine=$kind
			return 0
		fi
	done
	return 1
}

nginx_prepare
say "Looking for a container engine …"
choose_engine || give_up "${dockerd_reason:-no container engine}${enginesim_reason:+; $enginesim_reason}"
case $engine in
local) say "Using the engine of this machine, $endpoint." ;;
private) say "Using a private dockerd, $(dock version --format '{{.Server.Version}}'), below $scratch." ;;
emulator) say "Using an emulated engine: no real one can be had here${dockerd_reason:+ ($dockerd_reason)}." ;;
esac
kind=docker
[ "$engine" != emulator ] || kind=emulator

# --- the show ----------------------------------------------------------------------

site=$nginx_dir/conf.d/00-upstreamd.conf
template=$scratch/nginx.tmpl
upstreamd_ini=$scratch/upstreamd.ini
upstreamd_log=$scratch/upstreamd.log
cp "$top/templates/nginx.tmpl" "$template"
cat >"$upstreamd_ini" <<INI
[engine demo]
endpoint = $endpoint

[output nginx]
template = $template
dest = $site
check = nginx -t -q -p $nginx_dir -c $nginx_dir/nginx.conf
reload = test ! -s $nginx_dir/nginx.pid || kill -HUP "\$(cat $nginx_dir/nginx.pid)"
container_filter = label=$run_label
INI

snapshot() {
	cp "$site" "$scratch/before"
	upstreamd_mark
}

show_log() {
	tail -c "+$((upstreamd_marked + 1))" "$upstreamd_log" | tail -n "${1-3}" | cut -c 1-200 | sed "s/^/    upstreamd: /"
}

# Waits until the file is another one than before and shows in which lines.
show_change() {
	wait_for 20 eval '! cmp -s "$scratch/before" "$site"' ||
		give_up "the file did not change within 20 s: $(tail -n 5 "$upstreamd_log")"
	sleep 0.2
	diff -U0 "$scratch/before" "$site" | sed '1,2d; /^@@/d; s/^/    /' | head -n 30
}

# answers NAME…: all of these, and nobody else.
answers() {
	[ "$(for i in 1 2 3 4 5 6 7 8 9 10; do nginx_get demo.example; done | sort -u | tr '\n' ' ')" = "$* " ]
}

show_answers() {
	wait_for 10 answers "$@" || give_up "nginx does not answer as it should: $(nginx_status demo.example)"
	shown "for i in 1 2 3 4 5 6; do curl http://demo.example/; done"
	say "    $(for i in 1 2 3 4 5 6; do nginx_get demo.example; done | tr '\n' ' ')"
}

start_one() {
	snapshot
	"${kind}_run" "$1" || give_up "no container can be started: $(tail -n 2 "$scratch"/*/log 2>/dev/null)"
	show_change
	show_log 1
}

title "This is the whole configuration:"
sed 's/^/    /' "$upstreamd_ini"

title "upstreamd starts. No container runs, so it writes a file that serves nobody; nginx starts on it."
upstreamd_start HTTP_PORT="$nginx_port"
wait_for 20 test -s "$site" || give_up "no file was written: $(tail -n 5 "$upstreamd_log")"
nginx_start || give_up "$nginx_reason"
show_log 3

title "A container starts. This is what changes in nginx's configuration:"
start_one "$web-1"
show_answers "$web-1"

title "Two more:"
start_one "$web-2"
start_one "$web-3"
show_answers "$web-1" "$web-2" "$web-3"

title "One is killed. It gets no more requests:"
snapshot
"${kind}_kill" "$web-2"
show_change
show_log 1
show_answers "$web-1" "$web-3"

title "A container tries to smuggle a directive into the configuration. It gets a comment:"
snapshot
"${kind}_hostile"
show_change
show_answers "$web-1" "$web-3"

title "Somebody breaks the template. The last good file stays and traffic goes on:"
snapshot
shown "echo '{{ noSuchFunction }}' >>nginx.tmpl"
echo '{{ noSuchFunction }}' >>"$template"
"${kind}_kill" "$web-hostile"
wait_for 20 upstreamd_logged noSuchFunction || give_up "no error was logged"
show_log 1
cmp -s "$scratch/before" "$site" || give_up "the file has changed"
show_answers "$web-1" "$web-3"

title "The template is mended:"
snapshot
cp "$top/templates/nginx.tmpl" "$template"
show_change
show_answers "$web-1" "$web-3"

title "That was it. Everything that was started is ended now."
upstreamd_stop
[ "$stop_status" = 0 ] || give_up "upstreamd ended with status $stop_status"
exit 0
