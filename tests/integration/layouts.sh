#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where people run nginx, and what is done for them there: on this host, and as a stock container
# that shares a directory with upstreamd. A bad file is refused and the old one stays, and what is
# said to be live is live.
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/dockerd.sh"
. "$here/../lib/nginx.sh"

scratch_new
upstreamd_need
dockerd_start || skip_all "$dockerd_reason"
nginx_start || skip_all "$nginx_reason"

# The label "port" of each container becomes a server of its own; "text" is put into it as it is.
template=$scratch/lb.tmpl
cat >"$template" <<'TMPL'
{{ range . }}{{ if index .Labels "port" }}
server {
	listen {{ index .Labels "port" }};
	location / { return 200 "{{ .Name }}\n"; }
	{{ index .Labels "text" }}
}
{{ end }}{{ end }}
TMPL

# write_ini DEST LINE…: proxy = nginx with the lines.
write_ini() {
	cat >"$upstreamd_ini" <<INI
[engine local]
endpoint = unix://$dockerd_dir/docker.sock

[output lb]
template = $template
dest = $1
proxy = nginx
min_interval = 100ms
reload_timeout = 10s
INI
	shift
	printf '%s\n' "$@" >>"$upstreamd_ini"
}

# answers NAME URL
answers() {
	[ "$(curl -s --max-time 2 "$2")" = "$1" ]
}

# --- on this host ------------------------------------------------------------------

site=$nginx_dir/conf.d/lb.conf
port=$(free_port) port2=$(free_port)
here_lines=("proxy_command = nginx -p $nginx_dir -c $nginx_dir/nginx.conf"
	"proxy_pid_file = $nginx_dir/nginx.pid" "proxy_log = $nginx_dir/error.log")
write_ini "$site" "${here_lines[@]}"
web_start web-1 --label "port=127.0.0.1:$port"
upstreamd_start
wait_check 20 "the first file goes live" answers web-1 "http://127.0.0.1:$port/" || tap_done
wait_check 5 "and is said to be checked, written and reloaded" \
	upstreamd_logged 'output lb: checked, written, reloaded'

upstreamd_mark
cp "$site" "$scratch/good"
before=$(stat -c %i "$site")
web_start bad --label "port=127.0.0.1:$port2" --label "text=no_such_directive;"
wait_check 10 "a broken file is refused with nginx's own words" \
	upstreamd_logged 'refused by the check.*unknown directive "no_such_directive"'
check "the error names the file that it would have been" upstreamd_logged "in $site:"
check "the file in place is the old one" cmp "$scratch/good" "$site"
is "it was not even touched: the candidate was checked in its place elsewhere" \
	"$(stat -c %i "$site")" "$before"
check "and is served" answers web-1 "http://127.0.0.1:$port/"
dock rm -f bad >/dev/null

# nginx -t does not see that a port is taken by somebody else: the reload tells.
spawn /dev/null busybox httpd -f -p "127.0.0.1:$port2"
holder=$spawned
at_exit stop_pid "$holder"
wait_for 5 curl -s -o /dev/null "http://127.0.0.1:$port2/"
upstreamd_mark
web_start taken --label "port=127.0.0.1:$port2"
wait_check 20 "a file that nginx does not take at the reload is noticed" \
	upstreamd_logged 'not taken by the reload, the old file is back.*bind\(\) to .*Address already in use'
wait_check 5 "the old one is back" cmp "$scratch/good" "$site"
check "and is served" answers web-1 "http://127.0.0.1:$port/"
stop_pid "$holder"
port3=$(free_port)
web_start web-2 --label "port=127.0.0.1:$port3"
wait_check 20 "with another change it is tried again, and goes live" \
	answers taken "http://127.0.0.1:$port2/"
dock rm -f taken web-2 >/dev/null
wait_check 10 "removed containers are gone" eval \
	"! curl -so /dev/null http://127.0.0.1:$port2/ && ! curl -so /dev/null http://127.0.0.1:$port3/"

upstreamd_mark
nginx_stop
web_start web-3 --label "port=127.0.0.1:$port2"
wait_check 10 "without a running nginx the reload is owed" upstreamd_logged 'reload failed.*nginx'
rm -f "$nginx_dir/nginx.pid"
nginx_start || diag "$nginx_reason"
wait_check 20 "and done when it runs" upstreamd_logged 'output lb: reloaded'
check "what it serves is the newest" answers web-3 "http://127.0.0.1:$port2/"
dock rm -f web-3 >/dev/null
upstreamd_stop
is "it ends in order" "$stop_status" 0

# --- a stock container, a shared directory --------------------------------------------

# An image of this machine's nginx.
root=$scratch/lb-image
mkdir -p "$root"/{bin,etc/nginx/conf.d,tmp,var/log/nginx,var/lib/nginx,run,usr/sbin}
cp "$(command -v busybox)" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
cp "$(command -v nginx)" "$root/usr/sbin/nginx"
for lib in $(ldd "$(command -v nginx)" | grep -o '/[^ ]*'); do
	mkdir -p "$root$(dirname "$lib")"
	cp -L "$lib" "$root$lib"
done
echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
cat >"$root/etc/nginx/nginx.conf" <<'CONF'
user root;
worker_processes 2;
error_log stderr notice;
pid /run/nginx.pid;
events { worker_connections 64; }
http { access_log off; include /etc/nginx/conf.d/*.conf; }
CONF
tar -C "$root" -c . | dock import - udtest-lb >/dev/null
shared=$scratch/shared
mkdir "$shared"
run_lb() {
	dock run -d --name lb -v "$shared:/etc/nginx/conf.d" udtest-lb \
		/usr/sbin/nginx -c /etc/nginx/nginx.conf -g 'daemon off;' >/dev/null
}
run_lb
lb=$(web_address lb)
site=$shared/lb.conf
dock rm -f web-1 >/dev/null
web_start web-1 --label port=80
write_ini "$site" "proxy_container = lb" "proxy_command = /usr/sbin/nginx -c /etc/nginx/nginx.conf"
upstreamd_mark
upstreamd_start
wait_check 20 "the first file goes live in another container" answers web-1 "http://$lb/" || tap_done
wait_check 5 "checked by exec, reloaded by a signal, and seen to be live" \
	upstreamd_logged 'output lb: checked, written, reloaded'

cp "$site" "$scratch/good"
upstreamd_mark
web_start bad --label port=81 --label "text=no_such_directive;"
wait_check 10 "the nginx in the container refuses a broken file" \
	upstreamd_logged 'refused by the check.*unknown directive "no_such_directive"'
wait_check 5 "the old file is back" cmp "$scratch/good" "$site"
check "and is served" answers web-1 "http://$lb/"
is "nothing is left beside it" "$(ls -A "$shared")" lb.conf
dock rm -f bad >/dev/null

dock exec -d lb /bin/busybox httpd -f -p 8099
wait_for 5 curl -s -o /dev/null "http://$lb:8099/"
upstreamd_mark
web_start taken --label port=8099
wait_check 20 "a port that is taken in the container shows at the reload, by its log" \
	upstreamd_logged 'not taken by the reload, the old file is back.*Address already in use'
wait_check 5 "and the old file is back" cmp "$scratch/good" "$site"
check "and is served" answers web-1 "http://$lb/"
dock rm -f taken >/dev/null

web_start web-2 --label port=82
wait_check 20 "the next change goes live" answers web-2 "http://$lb:82/"

upstreamd_mark
dock kill lb >/dev/null
web_start web-3 --label port=83
wait_check 10 "without the container nothing is lost" upstreamd_logged 'output lb: .*failed'
dock start lb >/dev/null
lb=$(web_address lb)
wait_check 40 "and when it runs again the newest state goes live" answers web-3 "http://$lb:83/"
upstreamd_stop
is "it ends in order here too" "$stop_status" 0

upstreamd_mark
write_ini "$site" "proxy_container = lb" "proxy_pid_file = /run/nginx.pid"
upstreamd_run
is "keys that contradict each other end the start" "$stop_status" 3
check "with file, line and what to do" \
	upstreamd_logged 'upstreamd.ini:[0-9]+: \[output lb\] proxy_pid_file: .*remove one of the two'
tap_done
