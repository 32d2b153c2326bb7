#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Templates that take long, or ask for what they may not have: everything else goes on, and the old
# file stays.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
. "$(dirname "$0")/lib.sh"

slow=$scratch/slow.conf
# Runs for minutes, and is known to be slow.
endless='{{ range until 100000 }}{{ bcrypt "x" }}{{ end }}'

# The daemon's child processes.
children() {
	cat "/proc/$upstreamd_pid/task/$upstreamd_pid/children"
}

renders_apart() {
	[ -n "$(children)" ]
}

# use_template TEXT LINE…: an output called slow with this template and these lines.
use_template() {
	printf '%s' "$1" >"$scratch/slow.tmpl"
	shift
	sed -i '/^\[output slow\]/,$d' "$upstreamd_ini"
	printf '%s\n' "[output slow]" "template = $scratch/slow.tmpl" "dest = $slow" \
		"min_interval = 0s" "$@" >>"$upstreamd_ini"
	upstreamd_mark
	upstreamd_hup
}

begin
use_template "$endless"
wait_check 20 "a slow template is rendered in a process of its own" renders_apart
pid=$(children)
sim run web-3
wait_check 20 "other files are written meanwhile" lists web-1 web-2 web-3
is "the render still runs" "$(children)" "$pid"
check_not "its file is not there yet" test -e "$slow"

# A render that is killed is an error of that render.
printf '{{ genPrivateKey "ecdsa" }}' >"$scratch/slow.tmpl"
kill -9 $pid
wait_check 20 "a render that is killed is an error" \
	upstreamd_logged 'too early: killed by signal 9'
wait_check 20 "the next one is good" grep -q 'BEGIN EC PRIVATE KEY' "$slow"
key=$(cat "$slow")
sim run web-4
wait_check 20 "a key is made anew when containers change" \
	eval '[ "$(cat "$slow")" != "$key" ] && grep -q "END EC" "$slow"'

# One that does not end is ended.
use_template "$endless" "render_timeout = 200ms"
wait_check 20 "a render that takes too long is ended" \
	upstreamd_logged 'ended after 0.2 s \(render_timeout\)'
check "the old file stays" grep -q 'BEGIN EC PRIVATE KEY' "$slow"
use_template '{{ range . }}{{ bcrypt "x" | trunc 4 }} {{ .Name }};{{ end }}'
wait_check 20 "and all is well with a template that ends" grep -qF '$2a$ web-1;' "$slow"

# One that nobody could know to be slow.
use_template '{{ range until 10000 }}{{ range until 10000 }}{{ end }}{{ end }}'
wait_check 20 "a render that takes long all the same goes on in a process of its own" renders_apart
sim run web-5
wait_check 20 "and holds nobody" lists web-5

# Neither an end nor a crash leaves a render behind.
use_template "$endless"
wait_check 20 "a render runs" renders_apart
pid=$(children)
finish
wait_check 20 "the end takes it along" not_alive $pid
begin
use_template "$endless"
wait_check 20 "another runs" renders_apart
pid=$(children)
{
	kill -9 "$upstreamd_pid"
	wait "$upstreamd_pid"
} 2>/dev/null
wait_check 20 "so does a crash" not_alive $pid
upstreamd_stop
enginesim_stop

# What templates may ask for.
begin
use_template 'path={{ env "PATH" }} {{ exists "/" }} {{ len (dir "/") }}' "template_sandbox = yes"
wait_check 20 "a template in a sandbox sees neither environment nor files" \
	grep -qx 'path= false 0' "$slow"
mkdir "$scratch/certs"
printf 'certificate' >"$scratch/certs/web.crt"
ln -s /etc/passwd "$scratch/certs/out"
use_template "{{ include \"$scratch/certs/web.crt\" }}" "template_files = certs"
wait_check 20 "it sees what lies in a directory that is allowed" grep -qx certificate "$slow"
use_template "{{ include \"$scratch/certs/out\" }}" "template_files = certs"
wait_check 20 "what lies elsewhere is an error that names it" upstreamd_logged \
	'certs/out leads to /etc/passwd, .*none of the directories that template_files allows'
check "and the old file stays" grep -qx certificate "$slow"
finish

# What the engine counts is asked for where a template reads it, and only there.
begin
info=$(requests info)
sim run web-3
wait_check 20 "a container comes" lists web-3
is "nobody asked how many there are" "$(requests info)" "$info"
use_template '{{ .Docker.NumContainers }}'
wait_check 20 "a template that reads the number has it" grep -qx 3 "$slow"
sim run web-4
wait_check 20 "it follows the containers" grep -qx 4 "$slow"
info=$(requests info)
sim run web-5
wait_check 20 "and goes on doing so" grep -qx 5 "$slow"
is "for one request" "$(requests info)" $((info + 1))
printf '{{ .Docker.Name }}' >"$scratch/slow.tmpl"
wait_check 20 "a template that does not" grep -qv '^[0-9]*$' "$slow"
info=$(requests info)
sim run web-6
wait_check 20 "costs nothing" lists web-6
is "but the containers' own" "$(requests info)" "$info"
printf '{{ json .Docker }}' >"$scratch/slow.tmpl"
wait_check 20 "one that shows all has it, too" grep -q '"NumContainers":6' "$slow"
finish

tap_done
