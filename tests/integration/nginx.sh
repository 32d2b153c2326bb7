#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The main job on a real engine and a real nginx: containers come and go, and nginx serves those that
# run, through engine restarts, broken templates, refused files and new configurations.
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/dockerd.sh"
. "$here/../lib/nginx.sh"

scratch_new
upstreamd_need
dockerd_start || skip_all "$dockerd_reason"
nginx_start || skip_all "$nginx_reason"

site=$nginx_dir/conf.d/00-upstreamd.conf
template=$scratch/nginx.tmpl
cp "$top_srcdir/templates/nginx.tmpl" "$template"

write_ini() {
	cat >"$upstreamd_ini" <<INI
[upstreamd]
log_level = debug

[engine local]
endpoint = unix://$dockerd_dir/docker.sock
connect_timeout = 2s

[output nginx]
template = $template
dest = $site
check = nginx -t -q -p $nginx_dir -c $nginx_dir/nginx.conf
reload = kill -HUP "\$(cat $nginx_dir/nginx.pid)"
min_interval = 100ms
INI
}

# The names that answer for a host, sorted: enough requests that a round robin reaches each.
names() {
	local i
	for ((i = 0; i < 16; i++)); do
		nginx_get "$1" "${2-/}" || echo "-"
	done | sort -u | tr '\n' ' '
}

names_are() {
	local host=$1 got
	shift
	got=$(names "$host")
	[ "$got" = "$* " ] || { echo "answers: $got"; return 1; }
}

status_is() {
	[ "$(nginx_status "$1" "${3-/}")" = "$2" ]
}

run_web() {
	web_start "$1" --restart always --label upstreamd.host=app.example "${@:2}"
}

# --- containers come and go ----------------------------------------------------

write_ini
upstreamd_start HTTP_PORT="$nginx_port"
wait_check 20 "the file is written while no container runs" test -s "$site" || tap_done
wait_check 5 "an unknown host is answered with 503" status_is nobody.example 503

for name in web-1 web-2 web-3; do
	run_web "$name"
done
wait_check 20 "three containers answer through nginx" names_are app.example web-1 web-2 web-3 || tap_done

dock kill web-2 >/dev/null
wait_check 10 "a killed one is gone" names_are app.example web-1 web-3

for name in web-4 web-5 web-6; do
	run_web "$name"
done
wait_check 20 "scaled to five" names_are app.example web-1 web-3 web-4 web-5 web-6

dock stop -t 2 web-6 >/dev/null
wait_check 10 "a stopped one is gone" names_are app.example web-1 web-3 web-4 web-5
dock start web-6 >/dev/null
wait_check 10 "started again, it is back" names_are app.example web-1 web-3 web-4 web-5 web-6
dock rm -f web-2 web-6 >/dev/null

web_start api-1 --label upstreamd.host=app.example --label upstreamd.path=/api
wait_check 10 "a path of the host goes to another container" \
	eval '[ "$(nginx_get app.example /api/)" = api-1 ]'
check "and other paths do not" names_are app.example web-1 web-3 web-4 web-5

web_start heavy --label upstreamd.host=weight.example --label upstreamd.weight=3
web_start light -e VIRTUAL_HOST=weight.example
wait_check 10 "two containers share a host" names_are weight.example heavy light
# Right after a reload a worker of before may still answer.
shares() {
	local i
	for i in 1 2 3 4 5 6 7 8; do nginx_get weight.example; done | sort | uniq -c | tr -s ' \n' ' '
}
wait_check 10 "a weight of 3 gets three of four requests" eval '[ "$(shares)" = " 6 heavy 2 light " ]'

web_start sick --label upstreamd.host=health.example \
	--health-cmd 'test -e /www/ready' --health-interval 1s --health-timeout 2s
wait_check 10 "a host whose only container is not healthy answers 503" \
	eval 'grep -q "server_name health.example" "$site" && status_is health.example 503'
dock exec sick /bin/busybox touch /www/ready
wait_check 20 "it is served when it gets healthy" names_are health.example sick
dock exec sick /bin/busybox rm /www/ready
wait_check 30 "and no more when it is not" status_is health.example 503
dock rm -f sick heavy light api-1 >/dev/null
wait_check 10 "a host is gone with its last container" eval '! grep -q weight.example "$site"'

dock pause web-5 >/dev/null
wait_check 10 "a paused container gets no requests" names_are app.example web-1 web-3 web-4
dock unpause web-5 >/dev/null
wait_check 10 "until it goes on" names_are app.example web-1 web-3 web-4 web-5

# --- hostile containers ----------------------------------------------------------

run_web hostile --label 'upstreamd.host=x;} server { return 200 INJECTED; }' \
	-e $'VIRTUAL_PATH=/\n} evil {' --label upstreamd.weight='$(id)'
run_web web-7
wait_check 10 "a hostile container does not keep others from being served" \
	names_are app.example web-1 web-3 web-4 web-5 web-7
check_not "and none of its text is a directive" grep -Eq '^[^#]*INJECTED' "$site"
dock rm -f hostile web-7 >/dev/null
wait_check 10 "back to four" names_are app.example web-1 web-3 web-4 web-5

# --- the engine restarts -----------------------------------------------------------

upstreamd_mark
dockerd_stop TERM
wait_check 10 "the engine's end is noticed and named" upstreamd_logged "docker\.sock"
check "the file is there without the engine" test -s "$site"
check "dockerd starts again" dockerd_run
wait_check 40 "after an orderly restart all answer" names_are app.example web-1 web-3 web-4 web-5

cp "$site" "$scratch/before"
dockerd_stop KILL
check "after a kill of the engine the containers are served as before" \
	names_are app.example web-1 web-3 web-4 web-5
check "by the same file" cmp "$scratch/before" "$site"
check "dockerd starts after the kill" dockerd_run
wait_check 40 "after a restart from a kill all answer" names_are app.example web-1 web-3 web-4 web-5
run_web web-8
wait_check 10 "and new ones are seen" names_are app.example web-1 web-3 web-4 web-5 web-8

# --- broken templates and refused files ------------------------------------------------

cp "$site" "$scratch/before"
upstreamd_mark
printf '\n{{ noSuchFunction . }}\n' >>"$template"
run_web web-9
wait_check 10 "a broken template is an error that names file, line and function" \
	upstreamd_logged 'nginx\.tmpl:[0-9]+.*noSuchFunction'
check "the old file stays" cmp "$scratch/before" "$site"
check "and traffic goes on" names_are app.example web-1 web-3 web-4 web-5 web-8
cp "$top_srcdir/templates/nginx.tmpl" "$template"
wait_check 15 "a repaired template is taken up" names_are app.example web-1 web-3 web-4 web-5 web-8 web-9

cp "$site" "$scratch/before"
upstreamd_mark
{
	cat "$top_srcdir/templates/nginx.tmpl"
	echo "no_such_directive on;"
} >"$template"
run_web web-10
wait_check 10 "a refused file is an error with nginx's own words" \
	upstreamd_logged 'unknown directive "no_such_directive"'
wait_check 10 "the file from before is in place" cmp "$scratch/before" "$site"
check "nginx was not told" alive "$nginx_pid"
check "nginx accepts what is in place" nginx_test
check "and answers" names_are app.example web-1 web-3 web-4 web-5 web-8 web-9
cp "$top_srcdir/templates/nginx.tmpl" "$template"
wait_check 15 "a corrected template is taken up" names_are app.example web-1 web-10 web-3 web-4 web-5 web-8 web-9
dock rm -f web-9 web-10 >/dev/null
wait_check 10 "two are removed" names_are app.example web-1 web-3 web-4 web-5 web-8

# --- new configurations ------------------------------------------------------------------

list=$scratch/names.txt
printf '{{ range . }}{{ .Name }}\n{{ end }}' >"$scratch/names.tmpl"
cat >>"$upstreamd_ini" <<INI

[output names]
template = $scratch/names.tmpl
dest = $list
INI
upstreamd_hup
wait_check 10 "SIGHUP reads the file again: a new output appears" grep -qx web-8 "$list"

upstreamd_mark
cp "$upstreamd_ini" "$scratch/good.ini"
echo "no_such_key = 1" >>"$upstreamd_ini"
upstreamd_hup
wait_check 10 "a wrong configuration is refused with its line" \
	upstreamd_logged "upstreamd\.ini:$(wc -l <"$upstreamd_ini").*no_such_key"
run_web web-11
wait_check 10 "and the one from before goes on" names_are app.example web-1 web-11 web-3 web-4 web-5 web-8
check "for all its outputs" wait_for 5 grep -qx web-11 "$list"

write_ini
upstreamd_hup
upstreamd_mark
dock rm -f web-11 >/dev/null
wait_check 10 "a removed output is not written any more" names_are app.example web-1 web-3 web-4 web-5 web-8
check "its file stays as it is" grep -qx web-11 "$list"

# --- the end ----------------------------------------------------------------------------

wait_check 5 "a cycle is one line: event, container, bytes, milliseconds" \
	upstreamd_logged 'output nginx: .* event=[a-z]+ container=web-11 .*bytes=[0-9]+ .*total=[0-9.]+ms'
upstreamd_stop TERM
is "SIGTERM ends it cleanly" "$stop_status" 0
check "the file stays" names_are app.example web-1 web-3 web-4 web-5 web-8
check_not "no candidate is left behind" eval 'ls -A "$nginx_dir/conf.d" | grep -v "^00-upstreamd.conf$"'

upstreamd_mark
dock kill web-8 >/dev/null
upstreamd_start HTTP_PORT="$nginx_port"
wait_check 10 "what changed meanwhile is seen at the next start" names_are app.example web-1 web-3 web-4 web-5
upstreamd_stop INT
is "SIGINT ends it cleanly, too" "$stop_status" 0

tap_done
