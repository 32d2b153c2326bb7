# SPDX-License-Identifier: MIT
# What tests/run.sh runs besides `make check`: it needs root, a real engine and real proxies.
EXTRA_DIST += \
	.ci/run \
	packaging/demo.sh \
	tests/integration/demo.sh \
	tests/integration/engine.sh \
	tests/integration/errors.sh \
	tests/integration/haproxy.sh \
	tests/integration/layouts-haproxy.sh \
	tests/integration/layouts.sh \
	tests/integration/nginx.sh \
	tests/integration/render.sh \
	tests/integration/engines.sh tests/integration/swarm.sh \
	tests/integration/templates.sh \
	tests/integration/transports.sh \
	tests/lib/dockerd.sh \
	tests/lib/enginesim.sh \
	tests/lib/haproxy.sh \
	tests/lib/needs.sh \
	tests/lib/nginx.sh \
	tests/lib/podman.sh \
	tests/lib/tap.sh \
	tests/lib/upstreamd.sh \
	tests/run.sh
