# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What building and testing need of the machine, and how Debian calls it. Calling sequence:
#
#	needs_install RUN USE…         installs what is missing of these uses, as root on Debian; else
#	                               says what to install. RUN NAME COMMAND ARG… runs a command with
#	                               its output put away under that name.
#	needs_allow_services           in an EXIT trap: takes back what an interrupted install left

made_policy=

have_pkg() {
	command -v pkg-config >/dev/null && pkg-config --exists "$1"
}

have_command() {
	command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ]
}

# Whether clang can build what libFuzzer and the sanitizers run.
have_clang_runtime() {
	command -v clang >/dev/null || return 1
	clang -fsanitize=fuzzer,address,undefined -x c -o /dev/null - >/dev/null 2>&1 <<'PROGRAM'
int LLVMFuzzerTestOneInput(const char *data, unsigned long size);
int LLVMFuzzerTestOneInput(const char *data, unsigned long size) { return data && size > 99; }
PROGRAM
}

# Rows of: what tells that it is there, its argument, the Debian package, what it is for.
needs() {
	cat <<'ROWS'
have_command autoconf autoconf build
have_command automake automake build
have_command make make build
have_command gcc gcc build
have_command awk mawk build
have_command pkg-config pkg-config build
have_command xz xz-utils build
have_pkg libevent_openssl libevent-dev build
have_pkg yajl libyajl-dev build
have_pkg openssl libssl-dev build
have_pkg libpcre2-8 libpcre2-dev build
have_pkg yaml-0.1 libyaml-dev build
have_pkg libcrypt libcrypt-dev build
have_pkg inih libinih-dev build
have_pkg criterion libcriterion-dev build
have_command clang clang sanitizers
have_clang_runtime - libclang-rt-dev sanitizers
have_command llvm-symbolizer llvm sanitizers
have_command curl curl integration
have_command curl curl demo
have_command nginx nginx demo
have_command ip iproute2 integration
have_command busybox busybox-static integration
have_command nginx nginx integration
have_command haproxy haproxy integration
have_command dockerd docker.io integration
have_command docker docker-cli integration
have_command openssl openssl integration
have_command sshd openssh-server integration
have_command ssh openssh-client integration
have_command podman podman integration
have_command strace strace integration
have_command mandoc mandoc integration
have_command man man-db integration
have_command nroff groff-base integration
ROWS
}

# needs_missing USE…: the packages, one a line.
needs_missing() {
	local probe argument package use
	needs | while read -r probe argument package use; do
		case " $* " in
		*" $use "*) "$probe" "$argument" || echo "$package" ;;
		esac
	done | sort -u
}

# The compiler runtime's package has clang's version in its name; Debian 12 has the docker command in
# docker.io.
package_names() {
	local package version
	for package in "$@"; do
		case $package in
		libclang-rt-dev)
			version=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p' | head -n 1)
			package=libclang-rt-${version:-14}-dev
			;;
		docker-cli)
			[ -n "$(apt-cache madison docker-cli 2>/dev/null)" ] || package=docker.io
			;;
		esac
		echo "$package"
	done
}

# Packages may start services; this keeps them from it, unless the machine has a rule of its own.
forbid_services() {
	[ ! -e /usr/sbin/policy-rc.d ] || return 0
	made_policy=/usr/sbin/policy-rc.d
	printf '#!/bin/sh\nexit 101\n' >"$made_policy" && chmod 0755 "$made_policy"
}

needs_allow_services() {
	[ -z "$made_policy" ] || rm -f "$made_policy"
	made_policy=
}

needs_install() {
	local run=$1 missing
	shift
	missing=$(needs_missing "$@" | tr '\n' ' ')
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ] || ! have_command apt-get; then
		echo "== missing: ${missing}(Debian packages; what needs them is skipped)"
		return 0
	fi
	echo "== installing $missing"
	forbid_services
	export DEBIAN_FRONTEND=noninteractive
	"$run" apt-update apt-get update -q ||
		echo "apt-get update failed; going on with the package lists that are there"
	# shellcheck disable=SC2046,SC2086 # words are wanted
	"$run" apt-install apt-get install -q -y --no-install-recommends $(package_names $missing) ||
		echo "apt-get install failed"
	needs_allow_services
	missing=$(needs_missing "$@" | tr '\n' ' ')
	[ -z "$missing" ] || echo "== still missing: $missing"
}
