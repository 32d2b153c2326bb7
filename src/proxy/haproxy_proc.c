/* SPDX-License-Identifier: MIT
 *
 * The process table of HAProxy's master, see haproxy_proc.h:
 *
 *	#<PID>          <type>          <reloads>       <uptime>        <version>
 *	18509           master          2 [failed: 1]   0d00h00m07s     2.6.12
 *	# workers
 *	25032           worker          1               0d00h00m04s     2.6.12
 *	# old workers
 *	18706           worker          2               0d00h01m04s     2.6.12
 *	# programs
 */
#include "config.h"

#include "proxy/haproxy_proc.h"

static struct str take_word(struct str *rest)
{
	struct str all = str_trim(*rest);
	size_t n = 0;

	while (n < all.len && all.p[n] != ' ' && all.p[n] != '\t')
		n++;
	*rest = str_sub(all, n, all.len);
	return str_sub(all, 0, n);
}

static bool read_number(struct str *rest, uint64_t *ret)
{
	return str_to_u64(take_word(rest), INT32_MAX, ret);
}

/* "[failed: 1]", which older versions leave out when there are none. */
static uint64_t read_failed(struct str rest)
{
	static const struct str mark = STR_INIT("[failed: ");
	ssize_t at = str_find(rest, mark);
	struct str number, tail;
	uint64_t failed;

	if (at < 0)
		return 0;
	str_cut(str_sub(rest, (size_t)at + mark.len, rest.len), ']', &number, &tail);
	return str_to_u64(number, INT32_MAX, &failed) ? failed : 0;
}

static void read_worker(struct haproxy_proc *p, uint64_t pid, struct str rest)
{
	uint64_t reloads;

	if (p->n_workers == HAPROXY_WORKERS_MAX || !read_number(&rest, &reloads))
		return;
	p->workers[p->n_workers].pid = (int64_t)pid;
	p->workers[p->n_workers++].reloads = reloads;
}

bool haproxy_proc_read(struct str text, struct haproxy_proc *ret, struct error *err)
{
	struct haproxy_proc p = {.master = 0};
	bool are_old = false;
	struct str line;

	while (text.len) {
		struct str rest, type;
		uint64_t pid;

		if (!str_cut(text, '\n', &line, &text))
			text = STR("");
		if (str_has_prefix(line, STR("# old")))
			are_old = true;
		rest = line;
		if (!read_number(&rest, &pid))
			continue;
		type = take_word(&rest);
		if (str_eqz(type, "master")) {
			p.master = (int64_t)pid;
			if (!read_number(&rest, &p.reloads))
				break;
			p.failed = read_failed(rest);
		} else if (str_eqz(type, "worker") && !are_old) {
			read_worker(&p, pid, rest);
		}
	}
	if (!p.master)
		return error_set(err, "HAProxy's socket gives no table of processes: it is not the "
				      "master's (option -S)");
	*ret = p;
	return true;
}

static bool is_in(const struct haproxy_proc *p, int64_t pid)
{
	for (size_t i = 0; i < p->n_workers; i++)
		if (p->workers[i].pid == pid)
			return true;
	return false;
}

bool haproxy_proc_has_new(const struct haproxy_proc *before, const struct haproxy_proc *now)
{
	for (size_t i = 0; i < now->n_workers; i++)
		if (now->workers[i].reloads == 0 && !is_in(before, now->workers[i].pid))
			return now->failed == 0;
	return false;
}

bool haproxy_proc_has_failed(const struct haproxy_proc *before, const struct haproxy_proc *now)
{
	return now->reloads > before->reloads && now->failed > 0;
}
