#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Whatever is wrong outside of the daemon gives a clear error that names the thing, loses nothing, and
# is made good as soon as the thing is there again. Only a wrong configuration at the start ends it.
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/enginesim.sh"

scratch_new
upstreamd_need
enginesim_start || skip_all "$enginesim_reason"

dir=$scratch/out
dest=$dir/sites.conf
template=$scratch/sites.tmpl

# ini [LINE…]: a configuration that works, but for the keys given; KEY = VALUE replaces or adds,
# a lone KEY removes.
ini() {
	local line key
	cat >"$upstreamd_ini" <<INI
[engine sim]
endpoint = unix://$enginesim_socket
connect_timeout = 2s
request_timeout = 2s
[output sites]
template = $template
dest = $dest
min_interval = 0s
INI
	for line in "$@"; do
		key=${line%% =*}
		sed -i "/^$key = /d" "$upstreamd_ini"
		case $line in
		*=*)
			case $key in
			endpoint) sed -i "s|^\[engine sim\]|&\n$line|" "$upstreamd_ini" ;;
			*) echo "$line" >>"$upstreamd_ini" ;;
			esac
			;;
		esac
	done
}

# A fresh start of every case: a good template, an old file in place, containers one and two.
fresh() {
	upstreamd_stop
	sim unfault >/dev/null 2>&1
	rm -rf "$dir"
	mkdir -p "$dir"
	echo "old" >"$dest"
	printf '{{ range . }}{{ .Name }}\n{{ end }}' >"$template"
	upstreamd_mark
}

# rendered NAME…: the names in the file, sorted.
rendered() {
	[ "$(sort "$dest" | tr '\n' ' ')" = "$* " ] || { cat "$dest"; return 1; }
}

is_old() {
	[ "$(cat "$dest")" = old ]
}

# says SENTENCE REGEX: logged soon, and the daemon goes on.
says() {
	wait_check 10 "$1" upstreamd_logged "$2" || return
	check "$1: the daemon goes on" alive "$upstreamd_pid"
}

# start_refused SENTENCE REGEX: the start fails and says why.
start_refused() {
	upstreamd_mark
	upstreamd_run
	check "$1: is said" upstreamd_logged "$2"
	is "$1: the exit status is that of a wrong configuration" "$stop_status" 3
	check "$1: leaves the old file" is_old
}

sim run one >/dev/null
sim run two >/dev/null

# --- the configuration -----------------------------------------------------------

fresh
rm -f "$upstreamd_ini"
start_refused "a missing configuration" "upstreamd\.ini.*[Nn]o such file"
mkdir "$upstreamd_ini"
start_refused "a directory as configuration" "upstreamd\.ini.*[Dd]irectory"
rmdir "$upstreamd_ini"
ini "wait = often" "no_such_key = 1" "tempalte = /x"
start_refused "a configuration with several errors" "upstreamd\.ini:[0-9]+.*wait"
check "all of them are said" upstreamd_logged "upstreamd\.ini:[0-9]+.*no_such_key"
check "with what was meant" upstreamd_logged "tempalte.*template"
ini "template"
start_refused "an output without a template" "template"
ini "endpoint = carrier-pigeon://home"
start_refused "an endpoint of no known kind" "carrier-pigeon"

# --- the engine's socket -------------------------------------------------------------

fresh
ini
enginesim_stop
rm -f "$enginesim_socket"
upstreamd_start
says "a missing socket is named" "sim\.sock.*[Nn]o such file"
check "the old file stays" is_old
enginesim_start
sim run one >/dev/null && sim run two >/dev/null
wait_check 20 "the file is written when the socket is there" rendered one two
is "the error was said once, whatever the number of attempts" \
	"$(upstreamd_log_count 'cannot connect.*sim\.sock')" 1

fresh
enginesim_stop KILL
upstreamd_start
says "a socket that nobody listens on is named" "sim\.sock.*[Cc]onnection refused"
check "the old file stays" is_old
rm -f "$enginesim_socket"
enginesim_start
sim run one >/dev/null && sim run two >/dev/null
wait_check 20 "the file is written when somebody does" rendered one two

fresh
: >"$scratch/no.sock"
ini "endpoint = unix://$scratch/no.sock"
upstreamd_start
says "a file that is no socket is named" "no\.sock"
check "the old file stays" is_old

fresh
port=$(free_port)
ini "endpoint = tcp://127.0.0.1:$port"
upstreamd_start
says "a refused TCP connection is named" "127\.0\.0\.1:$port.*[Cc]onnection refused"
check "the old file stays" is_old

# --- a template -------------------------------------------------------------------------

fresh
ini
rm -f "$template"
start_refused "a missing template" "upstreamd\.ini:[0-9]+.*sites\.tmpl.*[Nn]o such file"
mkdir "$template"
start_refused "a directory as template" "upstreamd\.ini:[0-9]+.*sites\.tmpl.*directory"
rmdir "$template"

fresh
upstreamd_start
wait_check 15 "a template works" rendered one two
upstreamd_mark
rm -f "$template"
sim run three >/dev/null
says "until it is removed, which is said" "sites\.tmpl.*[Nn]o such file"
check "the file from before stays" grep -q one "$dest"
printf '{{ range . }}{{ .Name }}\n{{ end }}' >"$template"
wait_check 15 "when it is back, it is used" rendered one three two
sim remove three >/dev/null

fresh
printf 'line one\n{{ noSuchFunction }}\n' >"$template"
upstreamd_start
says "an unknown function is named with file and line" "sites\.tmpl:2.*function \"noSuchFunction\" not defined"
check "the old file stays" is_old
printf '{{ range . }}{{ .Name }}\n{{ end }}' >"$template"
wait_check 15 "the file is written when it is gone" rendered one two

fresh
printf '{{ range . }}{{ .Name }}\n{{ end }}{{ if' >"$template"
upstreamd_start
says "a template that ends too early is an error with its line" "sites\.tmpl:2"
check "the old file stays" is_old

fresh
printf '{{ range . }}{{ .Name }}\n{{ if eq .Name "bad" }}{{ index .Networks 99 }}{{ end }}{{ end }}' >"$template"
upstreamd_start
wait_check 15 "a template works" rendered one two
upstreamd_mark
sim run bad >/dev/null
says "until a container makes it fail; the error has file and line" "sites\.tmpl:2.*index"
check "the file from before stays" rendered one two
sim remove bad >/dev/null
sim run three >/dev/null
wait_check 15 "without that container it goes on" rendered one three two
sim remove three >/dev/null

fresh
printf '{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}' >"$template"
upstreamd_start
says "endless recursion is an error" "sites\.tmpl.*depth"
check "the old file stays" is_old

# --- one output's error is not another's ----------------------------------------------------

fresh
ini
printf '{{ nope }}' >"$scratch/broken.tmpl"
cat >>"$upstreamd_ini" <<INI
[output broken]
template = $scratch/broken.tmpl
dest = $dir/broken.conf
INI
upstreamd_start
wait_check 15 "the good one of two outputs is written" rendered one two
says "the error of the other is said" "broken\.tmpl:1.*nope"
check "with the line of the template" upstreamd_logged '\| +1 \| \{\{ nope \}\}$'
check "and the place in it" upstreamd_logged '\| +\|    \^$'
check_not "its file is not made" test -e "$dir/broken.conf"

# --- the destination ---------------------------------------------------------------------------

fresh
ini "dest = $dir/missing/sites.conf"
start_refused "a missing directory" "upstreamd\.ini:[0-9]+.*$dir/missing.*[Nn]o such file"
mkdir "$dir/directory"
ini "dest = $dir/directory"
start_refused "a destination that is a directory" "upstreamd\.ini:[0-9]+.*$dir/directory.*is a directory"
check "it is still one" test -d "$dir/directory"

fresh
ini
upstreamd_start
wait_check 15 "a directory is there" rendered one two
upstreamd_mark
mv "$dir" "$dir.away"
sim run three >/dev/null
says "until it is gone, which is said" "$dir.*[Nn]o such file"
check "what is in it stays as it was" eval '[ "$(sort "$dir.away/sites.conf" | tr "\n" " ")" = "one two " ]'
mv "$dir.away" "$dir"
wait_check 30 "when it is back, the file is written" rendered one three two
sim remove three >/dev/null

# --- commands -------------------------------------------------------------------------------------

fresh
ini "check = $scratch/no-such-command {candidate}"
upstreamd_start
says "a check that cannot be run is named" "no-such-command.*[Nn]o such file"
check "the old file stays" is_old

fresh
ini "check = echo this is wrong >&2; exit 3"
upstreamd_start
says "a check that refuses is quoted" "this is wrong"
wait_check 10 "the old file is in place" is_old

fresh
ini "check = sleep 60" "check_timeout = 200ms"
upstreamd_start
says "a check that hangs is ended" "[Tt]ime"
wait_check 10 "the old file is in place" is_old

fresh
ini "reload = test -e $scratch/go || { echo cannot reload >&2; exit 1; }"
rm -f "$scratch/go"
upstreamd_start
says "a reload that fails is quoted" "cannot reload"
check "the file is written" rendered one two
upstreamd_mark
: >"$scratch/go"
wait_check 30 "it is tried again though the file does not change" upstreamd_logged "[Rr]eload"
rm -f "$scratch/go"

# --- what the engine says --------------------------------------------------------------------------

# engine_error SENTENCE REGEX FAULT…: while the engine answers so, nothing is lost, and afterwards
# the daemon is right again.
engine_error() {
	local sentence=$1 regex=$2
	shift 2
	fresh
	ini
	upstreamd_start
	wait_check 15 "$sentence: at first all is well" rendered one two
	upstreamd_mark
	sim fault "$@" >/dev/null
	sim run three >/dev/null
	wait_check 15 "$sentence: is said" upstreamd_logged "$regex"
	check "$sentence: the daemon goes on" alive "$upstreamd_pid"
	check "$sentence: nobody is lost" eval 'grep -q one "$dest" && grep -q two "$dest"'
	sim unfault >/dev/null
	sim cut now >/dev/null
	wait_check 30 "$sentence: all is well afterwards" rendered one three two
	sim remove three >/dev/null
}

engine_error "a malformed inspect" "inspect|json|JSON|malformed|three" malformed endpoint=inspect
engine_error "a 500 to inspect" "500" status status=500 endpoint=inspect
engine_error "an inspect that hangs" "inspect.*no answer within" hang endpoint=inspect
engine_error "a header that never ends" "header" header endpoint=inspect bytes=200000

fresh
ini
upstreamd_start
wait_check 15 "at first all is well" rendered one two
upstreamd_mark
sim emit '{"Type":"container","Action":"start","Actor":{"ID":' >/dev/null
sim emit 'this is no event' >/dev/null
sim run three >/dev/null
wait_check 15 "malformed events keep no others from being seen" rendered one three two
sim emit-big three 20000000 >/dev/null
sim remove three >/dev/null
wait_check 30 "an event of 20 MB neither" rendered one two
check "the daemon goes on" alive "$upstreamd_pid"

fresh
upstreamd_start
wait_check 15 "at first all is well" rendered one two
sim fault status status=500 endpoint=list >/dev/null
sim cut now >/dev/null
upstreamd_mark
wait_check 20 "a list that fails at a reconnect is said" upstreamd_logged "500"
check "and takes nobody out" rendered one two
sim unfault >/dev/null
sim run three >/dev/null
wait_check 30 "afterwards all is well" rendered one three two
sim remove three >/dev/null

# --- permissions: as somebody who is not root ------------------------------------------------------

# as_nobody SENTENCE REGEX [STATUS]: STATUS is that of a start that fails; without it, it goes on.
as_nobody() {
	local sentence=$1 regex=$2 status=${3-}
	cp -f "$upstreamd_program" "$scratch/upstreamd"
	chmod 0755 "$scratch/upstreamd"
	chmod 0711 "$scratch"
	chmod 0644 "$upstreamd_ini"
	upstreamd_mark
	spawn "$upstreamd_log" setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$scratch/upstreamd" -c "$upstreamd_ini"
	upstreamd_pid=$spawned
	wait_check 10 "$sentence" upstreamd_logged "$regex"
	if [ -n "$status" ]; then
		check "$sentence: the daemon ends" wait_for 10 not_alive "$upstreamd_pid"
	else
		check "$sentence: the daemon goes on" alive "$upstreamd_pid"
	fi
	check "$sentence: the old file stays" is_old
	upstreamd_stop
	is "$sentence: its exit status" "$stop_status" "${status:-0}"
}

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	fresh
	ini
	chmod 0600 "$enginesim_socket"
	as_nobody "a socket without permission is named" "sim\.sock.*[Pp]ermission denied"
	chmod 0666 "$enginesim_socket"
	fresh
	chmod 0600 "$template"
	as_nobody "a template without permission is named" "sites\.tmpl.*[Pp]ermission denied" 3
	fresh
	chmod 0644 "$template"
	chmod 0755 "$dir"
	as_nobody "a directory without permission is named" "$dir.*[Pp]ermission denied"
else
	skip "permissions" "needs root and setpriv"
fi

upstreamd_stop
tap_done
