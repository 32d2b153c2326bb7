/* SPDX-License-Identifier: MIT
 *
 * Errors of templates for people, see say.h. Whoever reads JSON gets the error alone.
 */
#include "config.h"

#include "commands/say.h"

#include "base/base.h"
#include "base/buf.h"
#include "base/log.h"
#include "publish/templates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* All lines together. */
#define VIEW_MAX ((size_t)64 * 1024)

/* Colours are for people who look at a terminal and did not ask for none (no-color.org). */
static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDERR_FILENO) && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

void say_template_error(const struct templates *t, const struct error *err)
{
	struct buf view;

	log_error("%s", error_text(err));
	if (log_get_format() == LOG_JSON)
		return;
	buf_init(&view, VIEW_MAX);
	templates_show(t, err, wants_colour(), &view);
	if (!view.full)
		fwrite(view.data, 1, view.len, stderr);
	buf_release(&view);
}

int say_error(struct error *err, int status)
{
	log_error("%s", error_text(err));
	error_clear(err);
	return status;
}
