/* SPDX-License-Identifier: MIT
 *
 * The table of transports, see dial.h, and what they have in common.
 */
#include "config.h"

#include "engine/dial_impl.h"

#include "base/alloc.h"
#include "engine/record.h"
#include "engine/replay.h"
#include "engine/tls.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/dns.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

#define RESOLV_CONF "/etc/resolv.conf"

static const struct transport *const transports[ENDPOINT_KINDS] = {
	[ENDPOINT_UNIX] = &transport_unix,
	[ENDPOINT_SEARCH] = &transport_search,
	[ENDPOINT_TCP] = &transport_tcp,
	[ENDPOINT_TLS] = &transport_tls,
	[ENDPOINT_SSH] = &transport_ssh,
	[ENDPOINT_REPLAY] = &transport_replay,
};

static const struct transport *transport_of(const struct wire *w)
{
	return transports[w->dialer->endpoint.kind];
}

struct dialer *dialer_new(struct event_base *base, struct endpoint *ep,
	const struct dialer_options *options)
{
	struct dialer *d = xcalloc(1, sizeof(*d));

	d->base = base;
	d->endpoint = *ep;
	*ep = (struct endpoint){.path = NULL};
	d->options = *options;
	/* A peer that closes while we write is an error of that connection, not the end of us. */
	signal(SIGPIPE, SIG_IGN);
	return d;
}

void dialer_refresh(struct dialer *d)
{
	free(d->found);
	d->found = NULL;
	if (d->options.tls)
		tls_refresh(d->options.tls);
	if (!d->dns)
		return;
	/* Look-ups under way stay and are asked anew. */
	evdns_base_clear_nameservers_and_suspend(d->dns);
	evdns_base_clear_host_addresses(d->dns);
	evdns_base_resolv_conf_parse(d->dns, DNS_OPTIONS_ALL, RESOLV_CONF);
	evdns_base_resume(d->dns);
}

void dialer_free(struct dialer *d)
{
	if (!d)
		return;
	/* Connections whose name is being looked up are held by the look-up: end it. */
	if (d->dns)
		evdns_base_free(d->dns, 1);
	tls_free(d->options.tls);
	replay_free(d->options.replay);
	recorder_free(d->options.recorder);
	endpoint_release(&d->endpoint);
	free(d->found);
	free(d);
}

struct event_base *dialer_base(const struct dialer *d)
{
	return d->base;
}

struct recorder *dialer_recorder(const struct dialer *d)
{
	return d->options.recorder;
}

const char *dialer_name(const struct dialer *d)
{
	return d->found ? d->found : d->endpoint.text;
}

struct wire *dial(struct dialer *d, struct error *err)
{
	struct wire *w = xcalloc(1, sizeof(*w));

	w->dialer = d;
	if (transport_of(w)->dial(w, err))
		return w;
	free(w);
	return NULL;
}

void wire_free(struct wire *w)
{
	if (!w)
		return;
	bufferevent_free(w->bev);
	if (transport_of(w)->close)
		transport_of(w)->close(w);
	free(w->words);
	free(w);
}

struct bufferevent *wire_bev(const struct wire *w)
{
	return w->bev;
}

bool wire_is_connected(const struct wire *w)
{
	return w->connected;
}

bool wire_is_slow(const struct wire *w)
{
	return transport_of(w)->slow;
}

size_t wire_send(const struct wire *w, const char *bytes, size_t len)
{
	ssize_t n = -1;

	/* What waits there goes first. */
	if (w->connected && transport_of(w)->bare &&
		evbuffer_get_length(bufferevent_get_output(w->bev)) == 0)
		n = send(bufferevent_getfd(w->bev), bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	return n > 0 ? (size_t)n : 0;
}

ssize_t wire_recv(const struct wire *w, char *bytes, size_t len)
{
	ssize_t n;

	if (!w->connected || !transport_of(w)->bare)
		return 0;
	n = recv(bufferevent_getfd(w->bev), bytes, len, MSG_DONTWAIT);
	return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : n;
}

void wire_connected(struct wire *w)
{
	w->connected = true;
	if (transport_of(w)->connected)
		transport_of(w)->connected(w);
}

void wire_explain(struct wire *w, int code, struct error *err)
{
	transport_of(w)->explain(w, code, err);
}

bool wire_explain_end(struct wire *w, int code, struct error *err)
{
	if (transport_of(w)->explain_end && transport_of(w)->explain_end(w, code, err))
		return true;
	if (code)
		error_errno(err, code, "the connection broke");
	return code != 0;
}
