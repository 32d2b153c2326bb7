/* SPDX-License-Identifier: MIT
 *
 * Collecting the errors of a file, see problems.h.
 */
#include "config.h"

#include "config/problems.h"

#include "base/alloc.h"

#include <stdlib.h>

void problems_init(struct problems *p, const char *path)
{
	*p = (struct problems){.path = path};
}

void problems_release(struct problems *p)
{
	for (size_t i = 0; i < p->list.n; i++)
		free(p->list.v[i].text);
	vec_release(&p->list);
}

void problem_add(struct problems *p, unsigned line, const char *where, const char *fmt, ...)
{
	va_list ap;
	char *what;

	if (p->list.n == CONFIG_ERRORS_MAX) {
		p->dropped++;
		return;
	}
	va_start(ap, fmt);
	what = xvasprintf(fmt, ap);
	va_end(ap);
	vec_push(&p->list,
		(struct problem){.line = line,
			.order = p->list.n,
			.text = where ? xasprintf("%s: %s", where, what) : xstrdup(what)});
	free(what);
}

static int problem_cmp(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

void problems_report(struct problems *p, struct config_errors *errors)
{
	if (p->list.n)
		qsort(p->list.v, p->list.n, sizeof(*p->list.v), problem_cmp);
	for (size_t i = 0; i < p->list.n; i++) {
		const struct problem *one = &p->list.v[i];

		if (one->line)
			vec_push(errors, xasprintf("%s:%u: %s", p->path, one->line, one->text));
		else
			vec_push(errors, xasprintf("%s: %s", p->path, one->text));
	}
	if (p->dropped)
		vec_push(errors, xasprintf("%s: %zu more errors", p->path, p->dropped));
}
