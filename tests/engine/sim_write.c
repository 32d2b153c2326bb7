/* SPDX-License-Identifier: MIT
 *
 * Times, addresses and maps in the engines' spelling.
 */
#include "config.h"

#include "engine/sim_write.h"

#include "base/clock.h"
#include "engine/sim_json.h"

#include <stdio.h>
#include <time.h>

void write_time(struct buf *out, int64_t ns)
{
	time_t seconds = (time_t)(ns / NS_PER_S);
	char text[SIM_TIME_MAX], fraction[16];
	size_t len;
	struct tm tm;

	if (ns == 0) {
		buf_add_cstr(out, "\"0001-01-01T00:00:00Z\"");
		return;
	}
	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(fraction, sizeof(fraction), ".%09u", (unsigned)(ns % NS_PER_S));
	for (len = strlen(fraction); fraction[len - 1] == '0'; len--)
		;
	if (len == 1)
		len = 0;
	buf_add_fmt(out, "\"%s%.*sZ\"", text, (int)len, fraction);
}

void write_duration(struct buf *out, int64_t ns)
{
	long long seconds = ns / NS_PER_S;

	if (seconds < 1)
		buf_add_cstr(out, "Less than a second");
	else if (seconds == 1)
		buf_add_cstr(out, "1 second");
	else if (seconds < 60)
		buf_add_fmt(out, "%lld seconds", seconds);
	else if (seconds < 120)
		buf_add_cstr(out, "About a minute");
	else if (seconds < 3600)
		buf_add_fmt(out, "%lld minutes", seconds / 60);
	else if (seconds < 7200)
		buf_add_cstr(out, "About an hour");
	else
		buf_add_fmt(out, "%lld hours", seconds / 3600);
}

void write_ip(struct buf *out, uint32_t ip)
{
	if (ip)
		buf_add_fmt(
			out, "%u.%u.%u.%u", ip >> 24, (ip >> 16) & 255, (ip >> 8) & 255, ip & 255);
}

void write_mac(struct buf *out, const struct sim_endpoint *ep)
{
	if (ep->ip)
		buf_add_fmt(out, "02:42:%02x:%02x:%02x:%02x", ep->ip >> 24, (ep->ip >> 16) & 255,
			(ep->ip >> 8) & 255, ep->ip & 255);
}

void write_bool(struct buf *out, bool b)
{
	buf_add_cstr(out, b ? "true" : "false");
}

void write_pairs(struct buf *out, const sim_pairs *pairs, bool html)
{
	buf_add_char(out, '{');
	for (size_t i = 0; i < pairs->n; i++) {
		if (i)
			buf_add_char(out, ',');
		json_cstring(out, pairs->v[i].key, html);
		buf_add_char(out, ':');
		json_cstring(out, pairs->v[i].value, html);
	}
	buf_add_char(out, '}');
}
