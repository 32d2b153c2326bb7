# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A private nginx: own prefix, pid file, logs and port. Sourced after tap.sh.
#
#	nginx_start || skip_all "$nginx_reason"     $nginx_dir/conf.d/ is included, $nginx_port is free
#	nginx_get HOST [PATH]                       the answer's body; fails unless its status is 200
#	nginx_status HOST [PATH]                    the answer's status

nginx_reason=
nginx_pid=
nginx_dir=
nginx_port=

# Makes $nginx_dir with a configuration like a packaged one. Needs no nginx.
nginx_prepare() {
	nginx_dir=$scratch/nginx
	nginx_port=$(free_port)
	mkdir -p "$nginx_dir/conf.d" "$nginx_dir/tmp"
	cat >"$nginx_dir/nginx.conf" <<CONF
$([ "$(id -u)" != 0 ] || echo "user root;")
worker_processes 1;
pid $nginx_dir/nginx.pid;
error_log $nginx_dir/error.log notice;
events { worker_connections 256; }
http {
	default_type application/octet-stream;
	access_log off;
	client_body_temp_path $nginx_dir/tmp/body;
	proxy_temp_path $nginx_dir/tmp/proxy;
	fastcgi_temp_path $nginx_dir/tmp/fastcgi;
	uwsgi_temp_path $nginx_dir/tmp/uwsgi;
	scgi_temp_path $nginx_dir/tmp/scgi;
	include $nginx_dir/conf.d/*.conf;
}
CONF
}

nginx_test() {
	nginx -t -q -p "$nginx_dir" -c "$nginx_dir/nginx.conf"
}

# Whether the pid file names the master that was started.
nginx_ready() {
	[ "$(cat "$nginx_dir/nginx.pid" 2>/dev/null)" = "$nginx_pid" ]
}

nginx_start() {
	command -v nginx >/dev/null || { nginx_reason="nginx is not installed"; return 1; }
	[ -n "$nginx_dir" ] || nginx_prepare
	spawn "$nginx_dir/out.log" nginx -p "$nginx_dir" -c "$nginx_dir/nginx.conf" -g 'daemon off;'
	nginx_pid=$spawned
	at_exit nginx_stop
	if ! wait_for 10 nginx_ready; then
		nginx_reason="nginx does not start: $(tail -n 1 "$nginx_dir/out.log" "$nginx_dir/error.log")"
		return 1
	fi
}

nginx_stop() {
	stop_pid "$nginx_pid" TERM 10
}

nginx_get() {
	curl -sf --max-time 5 -H "Host: $1" "http://127.0.0.1:$nginx_port${2-/}"
}

nginx_status() {
	curl -s --max-time 5 -o /dev/null -w '%{http_code}' -H "Host: $1" "http://127.0.0.1:$nginx_port${2-/}"
}
