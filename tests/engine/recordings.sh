#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Holds the emulator to the recordings: for each engine, the same containers are made and the same
# things done to them, then the shape of each answer is compared with the recorded one.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
top_srcdir=${top_srcdir-$(cd "$(dirname "$0")/../.." && pwd)}
top_builddir=${top_builddir-$top_srcdir}
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/enginesim.sh"

scratch_new

captures=$top_srcdir/tests/captures

# same SENTENCE RECORDING TARGET [FLAG…]: the answer to TARGET has the recorded one's shape.
same() {
	local sentence=$1 recording=$captures/$folder/$2.http target=$3
	shift 3
	[ -f "$recording" ] || return 0
	"$enginesim_program" shape <"$recording" | comparable >"$scratch/want"
	"$enginesim_program" get "$@" "$enginesim_socket" "$target" | "$enginesim_program" shape |
		comparable >"$scratch/got"
	check "$flavour: $sentence" diff -u "$scratch/want" "$scratch/got"
}

# Leaves out what is meant to differ: times of probes, fixed addresses. Members of lists come in
# another order when the items do.
comparable() {
	grep -v -e IPAMConfig -e 'Health.Log' -e DriverOpts |
		if [ "${ordered-yes}" = yes ]; then cat; else sort; fi
}

answers() {
	same "HEAD /_ping has the recorded head" ping-head /_ping -I
	same "GET /_ping is as recorded" ping /_ping
	same "/version is as recorded" version /version
	same "/info is as recorded" info /info
	same "an unknown path is answered as recorded" unknown-path-404 /nosuch
	same "an unknown container is answered as recorded" inspect-404 /containers/nosuch/json
	same "an unknown network is answered as recorded" network-404 /networks/nosuch
	[[ $flavour = podman* ]] || same "a version that is too new is answered as recorded" version-prefix-v9.99 \
		/v9.99/containers/json
	same "a list's filter that is no JSON is answered as recorded" \
		containers-filter-invalid-json "/containers/json?all=1&filters=%7Bbad"
	same "a list's unknown filter is answered as recorded" \
		containers-filter-invalid-name \
		"/containers/json?filters=%7B%22bogus%22%3A%5B%22x%22%5D%7D"
	same "a list's unknown status is answered as recorded" \
		containers-filter-invalid-status \
		"/containers/json?filters=%7B%22status%22%3A%5B%22bogus%22%5D%7D"
}

# The containers of the recordings.
scene() {
	sim network-create front lb.net=front
	sim network-create back
	sim run r-web network=front:web network=back:web-back port=80/tcp@127.0.0.1:18080 \
		port=443/tcp@18443 port=53/udp@1053 port=9090/tcp env.FOO=bar volume=data:/data \
		health=starting label.lb.enable=true label.lb.port=80 "label.lb.rule=Host(\`a\`) && b"
	sim health r-web healthy
	sim create r-created network=back label.lb.enable=true
	sim run r-exited
	sim die r-exited 4
	sim run r-paused
	sim pause r-paused
	sim run r-host mode=host
	sim run r-none mode=none
	sim run r-shared mode=container:r-web
}

inspects() {
	same "a container with everything is inspected as recorded" inspect-web \
		/containers/r-web/json
	same "a created container is inspected as recorded" inspect-created \
		/containers/r-created/json
	same "an exited container is inspected as recorded" inspect-exited \
		/containers/r-exited/json
	same "a paused container is inspected as recorded" inspect-paused \
		/containers/r-paused/json
	same "a container in the host's network is inspected as recorded" inspect-host \
		/containers/r-host/json
	same "a container without network is inspected as recorded" inspect-none \
		/containers/r-none/json
	same "a container in another's network is inspected as recorded" inspect-shared \
		/containers/r-shared/json
	local ordered=no
	same "the list of all containers is as recorded" containers-json-all \
		"/containers/json?all=1"
	same "a network is shown as recorded" network-front /networks/front
	same "the list of networks is as recorded" networks /networks
}

for flavour in docker-20.10:docker-20.10.24 docker-28:docker-28.5.2 docker-29:docker-29.7.2 \
	podman-4.3:podman-4.3.1 podman-5:podman-5.8.6; do
	folder=${flavour#*:} flavour=${flavour%:*}
	enginesim_start --flavour "$flavour" || skip_all "$enginesim_reason"
	scene
	answers
	inspects
	enginesim_stop
	is "$flavour: the emulator ends cleanly" "$stop_status" 0
done
tap_done
