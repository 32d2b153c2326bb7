#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Two engines whose containers have the same ids and, in part, the same names: whatever happens to one
# of them takes nothing away, of the other nor of itself.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
. "$(dirname "$0")/lib.sh"

# both [DEADLINE]: the daemon against the engines near and far; far may not be there.
both() {
	printf '{{ range . }}{{ .Engine.Name }}/{{ .Name }} {{ .ID }}\n{{ end }}' >"$scratch/names.tmpl"
	cat >"$upstreamd_ini" <<-INI
		[upstreamd]
		first_render_deadline = ${1-60s}
		[engine near]
		endpoint = unix://$scratch/near.sock
		request_timeout = 1s
		connect_timeout = 1s
		liveness = 2s
		[engine far]
		endpoint = unix://$scratch/far.sock
		request_timeout = 1s
		connect_timeout = 1s
		liveness = 2s
		[output names]
		template = $scratch/names.tmpl
		dest = $dest
		min_interval = 0s
		[output far]
		template = $scratch/names.tmpl
		dest = $scratch/far.conf
		engine = far
		min_interval = 0s
	INI
	rm -f "$dest" "$scratch/far.conf"
	: >"$upstreamd_log"
	upstreamd_start
}

on() {
	local name=$1
	shift
	enginesim_use "$name"
	"$@"
}

ends_well() {
	upstreamd_stop
	is "the daemon ends cleanly" "$stop_status" 0
	check_not "and without a sanitizer's report" grep -E 'Sanitizer|runtime error' "$upstreamd_log"
}

for name in near far; do
	on "$name" enginesim_start --seed 1 || skip_all "$enginesim_reason"
	sim run web-1
done
on near sim run web-2
on far sim run web-3

# --- both are there --------------------------------------------------------------

both
wait_check 20 "the file lists the containers of both engines" \
	lists near/web-1 near/web-2 far/web-1 far/web-3
is "containers of one id are two" "$(grep -c web-1 "$dest")" 2
is "which is so here" "$(awk '/web-1/ {print $2}' "$dest" | sort -u | wc -l)" 1
is "an output of one engine lists that one's alone" \
	"$(awk '{print $1}' "$scratch/far.conf" | sort | xargs)" "far/web-1 far/web-3"

upstreamd_mark
on far sim stop web-1
wait_check 20 "one that stops leaves" lacks far/web-1
check "its namesake stays" lists near/web-1
check "the log says whose it was" upstreamd_logged 'container=far/web-1'
on far sim start web-1
wait_check 20 "and is back" lists far/web-1

# outage NAME SENTENCE COMMAND…: what that does to an engine changes nothing, and the other is heard.
outage() {
	local name=$1 other=near what=$2
	[ "$name" = far ] || other=far
	shift 2
	keep
	upstreamd_mark
	on "$name" "$@"
	wait_check 20 "$what: it is noticed" upstreamd_logged "engine=$name"
	check "$what: the file stays" is_kept
	on "$other" sim run meanwhile
	wait_check 20 "$what: the other engine is heard" lists "$other/meanwhile"
	check "$what: all that was known is still there" \
		lists near/web-1 near/web-2 far/web-1 far/web-3
	on "$other" sim remove meanwhile
	wait_check 20 "$what: what goes on the other goes" lacks "$other/meanwhile"
}

outage far "an engine is killed" sim engine-kill
on far sim run while-away
on far sim engine-start
wait_check 20 "it is found when it is back" lists far/while-away near/web-1
on far sim remove while-away
wait_check 20 "and what goes there again goes" lacks far/while-away
outage near "the main engine is killed" sim engine-kill
upstreamd_mark
on near sim engine-start
wait_check 20 "it is connected again" upstreamd_logged 'connected engine=near'

hang() {
	kill -STOP "${enginesim_pids[$enginesim_name]}"
}
outage far "an engine hangs" hang
upstreamd_mark
kill -CONT "${enginesim_pids[far]}"
wait_check 20 "it answers again" upstreamd_logged 'connected engine=far'

# --- the configuration is read again ---------------------------------------------

keep
sed -i 's/^liveness = 2s/liveness = 3s/' "$upstreamd_ini"
on far sim refuse
on far sim cut now
upstreamd_mark
upstreamd_hup
wait_check 20 "new settings of engines are read" upstreamd_logged 'read again'
check "an engine that cannot be reached by them is shown as it was" is_kept
on near sim run web-4
wait_check 20 "while the other is heard" lists near/web-4
check "and takes nothing away" lists far/web-1 far/web-3
on far sim listen
on far sim remove web-3
wait_check 20 "once it answers that counts" lacks far/web-3
sed -i '/^\[engine far\]/,/^\[output names\]/{/^\[output/!d}; s/^engine = far/engine = near/' "$upstreamd_ini"
upstreamd_hup
wait_check 20 "an engine without a section is gone" lacks far/web-1
check "the other is not" lists near/web-1 near/web-4
ends_well

# --- the first file ----------------------------------------------------------------

on far sim refuse
both
upstreamd_mark
wait_check 20 "the first engine has answered" on near sim wait requests.list ge 1
on near sim run web-5
check_not "no file is written while one has not answered" test -e "$dest"
on far sim listen
wait_check 20 "it is once both have" lists near/web-1 near/web-5 far/web-1
ends_well

on far sim refuse
both 500ms
wait_check 20 "after the deadline the file is written without it" lists near/web-1
check "the log says so" upstreamd_logged 'far: no answer yet from unix://'
on far sim listen
wait_check 20 "and with it when it answers" lists far/web-1 near/web-1
ends_well

# --- which container it is --------------------------------------------------------

# current NAME: the daemon is told that it runs there.
current() {
	upstreamd_stop
	both
	upstreamd_stop
	sed -i "s/^\[upstreamd\]/&\ncurrent_container = $1/" "$upstreamd_ini"
	printf '{{ with .CurrentContainer }}{{ .Engine.Name }}/{{ .Name }} {{ end }}' >"$scratch/names.tmpl"
	rm -f "$dest"
	upstreamd_mark
	upstreamd_start
}

current web-1
wait_check 20 "of a name on two engines the first one's container is the current one" lists near/web-1
current web-4
wait_check 20 "a container that is named is the current one" lists near/web-4
check_not "and nothing is wrong" upstreamd_logged 'there is no such container'
current nobody
wait_check 20 "a name that no container has is told" \
	upstreamd_logged 'current_container = nobody: there is no such container'
ends_well
tap_done
