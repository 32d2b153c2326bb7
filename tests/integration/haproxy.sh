#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The main job on a real engine and a real HAProxy, with a check of the candidate before it is put
# in place.
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/dockerd.sh"
. "$here/../lib/haproxy.sh"

scratch_new
upstreamd_need
command -v haproxy >/dev/null || skip_all "haproxy is not installed"
dockerd_start || skip_all "$dockerd_reason"
haproxy_prepare

template=$scratch/haproxy.tmpl
config=$haproxy_dir/haproxy.cfg
cp "$top_srcdir/templates/haproxy.tmpl" "$template"
cat >"$upstreamd_ini" <<INI
[engine local]
endpoint = unix://$dockerd_dir/docker.sock

[output haproxy]
template = $template
dest = $config
check = haproxy -c -f {candidate}
reload = test ! -s $haproxy_dir/haproxy.pid || kill -USR2 "\$(head -n 1 $haproxy_dir/haproxy.pid)"
INI

names() {
	local i
	for ((i = 0; i < 16; i++)); do
		haproxy_get "$1" || echo "-"
	done | sort -u | tr '\n' ' '
}

names_are() {
	local host=$1 got
	shift
	got=$(names "$host")
	[ "$got" = "$* " ] || { echo "answers: $got"; return 1; }
}

answer_is() {
	[ "$(haproxy_get "$1" "$2")" = "$3" ]
}

upstreamd_start HTTP_PORT="$haproxy_port"
wait_check 20 "the configuration is written while no container runs" test -s "$config" || tap_done
haproxy_start || skip_all "$haproxy_reason"
is "an unknown host is answered with 503" "$(haproxy_status nobody.example)" 503

for name in web-1 web-2 web-3; do
	web_start "$name" --label upstreamd.host=app.example,www.app.example
done
wait_check 20 "three containers answer through HAProxy" names_are app.example web-1 web-2 web-3 || tap_done
check "under each of their names" names_are www.app.example web-1 web-2 web-3

dock kill web-2 >/dev/null
wait_check 10 "a killed one is gone" names_are app.example web-1 web-3
for name in web-4 web-5 web-6; do
	web_start "$name" -e VIRTUAL_HOST=app.example
done
wait_check 20 "scaled to five" names_are app.example web-1 web-3 web-4 web-5 web-6

web_start api-1 --label upstreamd.host=app.example --label upstreamd.path=/api/
wait_check 10 "a path goes to another container" answer_is app.example /api/ api-1
check "with or without its last slash" eval '[ "$(haproxy_status app.example /api)" = 302 ]'
web_start wild --label 'upstreamd.host=*.wild.example'
wait_check 10 "a wildcard host" answer_is any.wild.example / wild
is "does not match its parent" "$(haproxy_status wild.example)" 503
web_start only-api --label upstreamd.host=paths.example --label upstreamd.path=/api
wait_check 10 "another path of a host that has only paths is not found" \
	eval '[ "$(haproxy_status paths.example /other)" = 404 ]'

web_start hostile --label $'upstreamd.host=x\nfrontend evil\n\tbind :1' --label 'upstreamd.path=/ {' \
	--label 'upstreamd.port=80 check'
dock rm -f api-1 wild only-api >/dev/null
wait_check 10 "a hostile container does not keep others from being served" \
	eval '! grep -q wild.example "$config" && names_are app.example web-1 web-3 web-4 web-5 web-6'
dock rm -f hostile >/dev/null
wait_check 10 "and goes like any other" eval '! grep -q hostile "$config"'

cp "$config" "$scratch/before"
upstreamd_mark
{
	cat "$top_srcdir/templates/haproxy.tmpl"
	echo "	no-such-keyword"
} >"$template"
web_start web-7 --label upstreamd.host=app.example
wait_check 10 "a refused candidate is an error with HAProxy's own words" upstreamd_logged "no-such-keyword"
check "the file was not touched" cmp "$scratch/before" "$config"
check "and HAProxy answers" names_are app.example web-1 web-3 web-4 web-5 web-6
cp "$top_srcdir/templates/haproxy.tmpl" "$template"
wait_check 15 "a corrected template is taken up" eval '! cmp -s "$scratch/before" "$config"'
wait_check 10 "and made live" names_are app.example web-1 web-3 web-4 web-5 web-6 web-7

dockerd_stop KILL
check "without the engine all are served" names_are app.example web-1 web-3 web-4 web-5 web-6 web-7
check "dockerd starts again" dockerd_run
wait_check 20 "containers that its restart ended are gone" \
	eval '[ "$(haproxy_status app.example)" = 503 ]'
dock start web-1 web-3 >/dev/null
wait_check 20 "and back when they are started" names_are app.example web-1 web-3

upstreamd_stop TERM
is "SIGTERM ends it cleanly" "$stop_status" 0
tap_done
