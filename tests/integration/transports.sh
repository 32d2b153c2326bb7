#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The ways to a real engine: mutual TLS, ssh, a socket that is searched for, a GET-only proxy; an
# engine that hangs; Podman. Each ends in the same question: does the file name the containers?
here=$(dirname "$0")
. "$here/../lib/tap.sh"
. "$here/../lib/upstreamd.sh"
. "$here/../lib/dockerd.sh"
. "$here/../lib/podman.sh"

scratch_new
upstreamd_need
for tool in openssl curl; do
	command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done

port=$(free_port)
certs=$scratch/certs
mkdir -p "$certs"

# --- certificates ----------------------------------------------------------------

# ca NAME
ca() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$certs/$1-key.pem" \
		-out "$certs/$1.pem" 2>/dev/null
}

# issue NAME CA EXTENSION
issue() {
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$certs/$1-key.pem" \
		-out "$certs/$1.csr" 2>/dev/null
	echo "$3" >"$certs/$1.ext"
	openssl x509 -req -in "$certs/$1.csr" -CA "$certs/$2.pem" -CAkey "$certs/$2-key.pem" \
		-CAcreateserial -days 2 -extfile "$certs/$1.ext" -out "$certs/$1-cert.pem" 2>/dev/null
}

ca ca
ca other
issue server ca "subjectAltName=IP:127.0.0.1"
issue client ca "extendedKeyUsage=clientAuth"
issue stranger other "extendedKeyUsage=clientAuth"

dockerd_run_tls() {
	dockerd_run --tlsverify --tlscacert "$certs/ca.pem" --tlscert "$certs/server-cert.pem" \
		--tlskey "$certs/server-key.pem" -H "tcp://127.0.0.1:$port"
}

# --- the daemon under test -------------------------------------------------------

echo '{{range $}}{{if .State.Running}}{{.Name}} {{end}}{{end}}' >"$scratch/names.tmpl"
dest=$scratch/names

# use LINE…: an ini file whose engine section has these lines; a fresh start.
use() {
	upstreamd_stop
	rm -f "$dest"
	{
		printf '%s\n' "[engine e]" "$@"
		printf '%s\n' "" "[output names]" "template = $scratch/names.tmpl" "dest = $dest" \
			"min_interval = 0s"
	} >"$upstreamd_ini"
	upstreamd_mark
}

names_are() {
	[ "$(tr ' ' '\n' <"$dest" | sort | xargs)" = "$*" ] || { cat "$dest"; return 1; }
}

# --- TLS -------------------------------------------------------------------------

dockerd_start || skip_all "$dockerd_reason"
dockerd_stop TERM
dockerd_run_tls || skip_all "dockerd does not run with TLS: $(tail -n 1 "$dockerd_dir/log")"
web_start web-1

use "endpoint = tcp://127.0.0.1:$port" "tls_ca = $certs/ca.pem" "tls_cert = $certs/client-cert.pem" \
	"tls_key = $certs/client-key.pem"
upstreamd_start
wait_check 20 "a container is seen over mutual TLS" names_are web-1 || tap_done
web_start web-2
wait_check 10 "and the next one by its event" names_are web-1 web-2
dock rm -f web-2 >/dev/null
wait_check 10 "and its end" names_are web-1

use
upstreamd_start DOCKER_HOST="tcp://127.0.0.1:$port" DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH="$certs/home"
mkdir -p "$certs/home"
wait_check 10 "without the files that DOCKER_CERT_PATH names there is no start" \
	upstreamd_logged "CA file $certs/home/ca.pem: No such file"
cp "$certs/ca.pem" "$certs/home/ca.pem"
cp "$certs/client-cert.pem" "$certs/home/cert.pem"
cp "$certs/client-key.pem" "$certs/home/key.pem"
upstreamd_start DOCKER_HOST="tcp://127.0.0.1:$port" DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH="$certs/home"
wait_check 10 "DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH are obeyed" names_are web-1

use "endpoint = tls://127.0.0.1:$port" "tls_ca = $certs/ca.pem"
upstreamd_start
wait_check 10 "a missing client certificate is told" \
	upstreamd_logged "client certificate.*none is configured"

use "endpoint = tls://127.0.0.1:$port" "tls_ca = $certs/ca.pem" \
	"tls_cert = $certs/stranger-cert.pem" "tls_key = $certs/stranger-key.pem"
upstreamd_start
wait_check 10 "a client certificate of a strange CA is told" \
	upstreamd_logged "does not (accept|know the CA of) our client certificate"

use "endpoint = tls://127.0.0.1:$port" "tls_ca = $certs/other.pem" \
	"tls_cert = $certs/client-cert.pem" "tls_key = $certs/client-key.pem"
upstreamd_start
wait_check 10 "an engine's certificate of a strange CA is refused" \
	upstreamd_logged "CN=server. is refused: .*its CA is not in $certs/other.pem"

use "endpoint = tls://localhost:$port" "tls_ca = $certs/ca.pem" \
	"tls_cert = $certs/client-cert.pem" "tls_key = $certs/client-key.pem"
upstreamd_start
wait_check 10 "an engine's certificate for another name is refused" \
	upstreamd_logged "ostname mismatch .it is not for localhost"

use "endpoint = tls://localhost:$port" "tls_ca = $certs/ca.pem" "tls_name = 127.0.0.1" \
	"tls_cert = $certs/client-cert.pem" "tls_key = $certs/client-key.pem"
upstreamd_start
wait_check 10 "unless that name is expected" names_are web-1

use "endpoint = tcp://127.0.0.1:$port"
upstreamd_start
wait_check 10 "plain HTTP on a TLS port is told" \
	upstreamd_logged "Client sent an HTTP request to an HTTPS server"

# --- an engine that hangs, over its socket ------------------------------------------

use "endpoint = unix://$dockerd_dir/docker.sock" "liveness = 2s"
upstreamd_start
wait_check 10 "the engine is reached over its socket" names_are web-1
kill -STOP "$dockerd_pid"
wait_check 6 "an engine that hangs is found within the liveness" \
	upstreamd_logged "the engine does not answer a ping"
check "and its containers stay" names_are web-1
kill -CONT "$dockerd_pid"
web_start web-3
wait_check 20 "when it goes on, so do we" names_are web-1 web-3
dock rm -f web-3 >/dev/null
wait_check 10 "with its events" names_are web-1

# --- a socket that is searched for ----------------------------------------------------

if [ -S /var/run/docker.sock ]; then
	skip "the socket of a rootless engine is found" "this machine has an engine"
else
	mkdir -p "$scratch/run"
	ln -s "$dockerd_dir/docker.sock" "$scratch/run/docker.sock"
	use "endpoint = auto"
	upstreamd_start XDG_RUNTIME_DIR="$scratch/run"
	wait_check 10 "the socket of a rootless engine is found" names_are web-1
	check "and the log says which" upstreamd_logged "endpoint=unix://$scratch/run/docker.sock"
fi

# --- ssh -----------------------------------------------------------------------------

ssh_start() {
	local dir=$scratch/ssh
	mkdir -p "$dir/bin" && chmod 700 "$dir"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/host" && ssh-keygen -q -t ed25519 -N '' -f "$dir/user" || return 1
	cp "$dir/user.pub" "$dir/authorized"
	ssh_port=$(free_port)
	cat >"$dir/sshd_config" <<-CONFIG
		Port $ssh_port
		ListenAddress 127.0.0.1
		HostKey $dir/host
		PidFile $dir/sshd.pid
		AuthorizedKeysFile $dir/authorized
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		UsePAM no
		StrictModes no
		PermitRootLogin yes
	CONFIG
	printf '[127.0.0.1]:%s %s\n' "$ssh_port" "$(cut -d' ' -f1,2 "$dir/host.pub")" >"$dir/known"
	# The user's own ssh settings stay out of it.
	cat >"$dir/bin/ssh" <<-SCRIPT
		#!/bin/sh
		exec $(command -v ssh) -F none -i "\${UDTEST_KEY:-$dir/user}" -oIdentitiesOnly=yes \\
			-oUserKnownHostsFile=$dir/known "\$@"
	SCRIPT
	chmod 755 "$dir/bin/ssh"
	[ -d /run/sshd ] || mkdir -p /run/sshd
	spawn "$dir/log" "$(command -v sshd || echo /usr/sbin/sshd)" -D -e -f "$dir/sshd_config"
	ssh_pid=$spawned
	at_exit stop_pid "$ssh_pid"
	wait_for 10 "$dir/bin/ssh" -p "$ssh_port" -- 127.0.0.1 true
}

ssh_pid=
if ! { [ -x /usr/sbin/sshd ] && command -v ssh ssh-keygen >/dev/null; }; then
	skip "an engine is reached over ssh" "no sshd or ssh is installed (Debian: openssh-server)"
elif ! ssh_start; then
	skip "an engine is reached over ssh" "sshd does not run here: $(tail -n 1 "$scratch/ssh/log")"
else
	use "endpoint = ssh://$(id -un)@127.0.0.1:$ssh_port$dockerd_dir/docker.sock"
	upstreamd_start PATH="$scratch/ssh/bin:$PATH"
	wait_check 20 "an engine is reached over ssh" names_are web-1
	web_start web-4
	wait_check 10 "its events too" names_are web-1 web-4
	dock rm -f web-4 >/dev/null
	wait_check 10 "and a container's end" names_are web-1
	upstreamd_stop
	check_not "no ssh stays behind" pgrep -f "IdentitiesOnly=yes -oUserKnownHostsFile=$scratch"

	use "endpoint = ssh://$(id -un)@127.0.0.1:$ssh_port$dockerd_dir/docker.sock"
	upstreamd_start PATH="$scratch/ssh/bin:$PATH" UDTEST_KEY="$scratch/ssh/host"
	wait_check 20 "a key that is not accepted is told in ssh's words" \
		upstreamd_logged "Permission denied"
fi

# --- a proxy that lets only some GETs pass, as docker-socket-proxy does ------------------

proxy_start() {
	cat >"$scratch/proxy.cfg" <<-CONFIG
		defaults
		    mode http
		    timeout connect 5s
		    timeout client 10m
		    timeout server 10m
		frontend dockerfrontend
		    bind 127.0.0.1:$proxy_port
		    http-request deny unless METH_GET
		    http-request allow if { path,url_dec -m reg -i ^(/v[\d\.]+)?/_ping }
		    http-request allow if { path,url_dec -m reg -i ^(/v[\d\.]+)?/events }
		    http-request allow if { path,url_dec -m reg -i ^(/v[\d\.]+)?/containers } { env(CONTAINERS) -m bool }
		    http-request allow if { path,url_dec -m reg -i ^(/v[\d\.]+)?/networks } { env(NETWORKS) -m bool }
		    http-request deny
		    default_backend dockerbackend
		backend dockerbackend
		    server dockersocket unix@$dockerd_dir/docker.sock
	CONFIG
	spawn "$scratch/proxy.log" env "$@" haproxy -f "$scratch/proxy.cfg" -db
	proxy_pid=$spawned
	at_exit stop_pid "$proxy_pid"
	wait_for 10 curl -sf -o /dev/null "http://127.0.0.1:$proxy_port/_ping"
}

proxy_port=$(free_port)
if ! command -v haproxy >/dev/null; then
	skip "a forbidden path is named with what allows it" "haproxy is not installed"
elif ! proxy_start CONTAINERS=0; then
	not_ok "HAProxy runs as a socket proxy" "$(cat "$scratch/proxy.log")"
else
	use "endpoint = tcp://127.0.0.1:$proxy_port"
	upstreamd_start
	wait_check 10 "a forbidden path is named with what allows it" \
		upstreamd_logged "set CONTAINERS=1"
	stop_pid "$proxy_pid"
	proxy_start CONTAINERS=1 NETWORKS=1
	wait_check 20 "once allowed, it works" names_are web-1
	web_start web-5
	wait_check 10 "events pass the proxy" names_are web-1 web-5
	dock rm -f web-5 >/dev/null
	upstreamd_stop
	stop_pid "$proxy_pid"
fi

# --- a recording -------------------------------------------------------------------------

use "endpoint = unix://$dockerd_dir/docker.sock"
spawn "$upstreamd_log" "$upstreamd_program" -c "$upstreamd_ini" --record "$scratch/recording"
upstreamd_pid=$spawned
wait_check 10 "while the engine is recorded its containers are seen" names_are web-1
web_start web-6
wait_check 10 "and started ones" names_are web-1 web-6
upstreamd_stop
dockerd_stop TERM
use "endpoint = replay:$scratch/recording"
upstreamd_start
wait_check 10 "the recording shows the same without the engine" names_are web-1 web-6

# --- Podman --------------------------------------------------------------------------

if ! command -v podman >/dev/null; then
	skip "a Podman engine's containers are seen" "podman is not installed"
elif ! attempt podman_start; then
	skip "a Podman engine's containers are seen" "podman does not run here: $(tail -n 1 <<<"$attempt_output")"
else
	pod_start pod-1
	use "endpoint = unix://$scratch/p/sock"
	upstreamd_start
	wait_check 20 "a Podman engine's containers are seen" names_are pod-1
	check "and the log says what engine it is" upstreamd_logged "Libpod/"
	pod_start pod-2
	wait_check 20 "a started one is seen by its event" names_are pod-1 pod-2
	pod kill pod-1 >/dev/null
	wait_check 20 "a killed one leaves" names_are pod-2
	pod rm -f -t 0 pod-2 >/dev/null
	wait_check 20 "a removed one leaves" names_are ""
fi

upstreamd_stop
is "the daemon ends cleanly" "$stop_status" 0
tap_done
