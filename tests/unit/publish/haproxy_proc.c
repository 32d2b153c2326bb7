/* SPDX-License-Identifier: MIT
 *
 * HAProxy's table of processes. The tables are what HAProxy 2.6 printed.
 */
#include "config.h"

#include "proxy/haproxy_proc.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define HEAD "#<PID>          <type>          <reloads>       <uptime>        <version>      \n"

static const char before_text[] =
	HEAD "18509           master          0 [failed: 0]   0d00h00m02s     2.6.12-1+deb12u4\n"
	     "# workers\n"
	     "18706           worker          0               0d00h00m01s     2.6.12-1+deb12u4\n"
	     "# programs\n\n\n";
static const char good_text[] =
	HEAD "18509           master          1 [failed: 0]   0d00h00m04s     2.6.12-1+deb12u4\n"
	     "# workers\n"
	     "25032           worker          0               0d00h00m01s     2.6.12-1+deb12u4\n"
	     "# old workers\n"
	     "18706           worker          1               0d00h00m04s     2.6.12-1+deb12u4\n"
	     "# programs\n\n\n";
static const char failed_text[] =
	HEAD "18509           master          2 [failed: 1]   0d00h00m07s     2.6.12-1+deb12u4\n"
	     "# workers\n"
	     "25032           worker          1               0d00h00m04s     2.6.12-1+deb12u4\n"
	     "# programs\n\n\n";

static struct haproxy_proc read_table(const char *text)
{
	struct error err = ERROR_INIT;
	struct haproxy_proc p;

	cr_assert(haproxy_proc_read(str_from(text), &p, &err), "%s", error_text(&err));
	return p;
}

Test(haproxy_proc, the_master_and_its_present_workers_are_read)
{
	struct haproxy_proc p = read_table(good_text);

	cr_assert_eq(p.master, 18509);
	cr_assert_eq(p.reloads, 1);
	cr_assert_eq(p.failed, 0);
	cr_assert_eq(p.n_workers, 1);
	cr_assert_eq(p.workers[0].pid, 25032);
	cr_assert_eq(read_table(failed_text).failed, 1);
}

Test(haproxy_proc, a_reload_went_well_when_a_new_worker_runs)
{
	struct haproxy_proc before = read_table(before_text), good = read_table(good_text);

	cr_assert(haproxy_proc_has_new(&before, &good));
	cr_assert_not(haproxy_proc_has_failed(&before, &good));
	cr_assert_not(haproxy_proc_has_new(&good, &good));
}

Test(haproxy_proc, a_reload_failed_when_it_is_counted_so)
{
	struct haproxy_proc good = read_table(good_text), failed = read_table(failed_text);

	cr_assert_not(haproxy_proc_has_new(&good, &failed));
	cr_assert(haproxy_proc_has_failed(&good, &failed));
}

Test(haproxy_proc, a_new_worker_after_a_failure_is_a_success)
{
	struct haproxy_proc failed = read_table(failed_text), now = read_table(good_text);

	now.reloads = 3;
	now.workers[0].pid = 30000;
	cr_assert(haproxy_proc_has_new(&failed, &now));
	cr_assert_not(haproxy_proc_has_failed(&failed, &now));
}

Test(haproxy_proc, what_is_no_table_is_an_error)
{
	static const char *const texts[] = {"", "\n", "Unknown command: 'show proc'\n",
		"x master 1", "99999999999999999999 master 0 [failed: 0]", HEAD};
	struct haproxy_proc p;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct error err = ERROR_INIT;

		cr_assert_not(haproxy_proc_read(str_from(texts[i]), &p, &err), "%s", texts[i]);
		error_clear(&err);
	}
}

Test(haproxy_proc, more_workers_than_there_is_room_for_are_left_out)
{
	static char text[65536];
	size_t n = 0;

	n += (size_t)sprintf(text + n, "1 master 0 [failed: 0]\n# workers\n");
	for (int i = 0; i < 500; i++)
		n += (size_t)sprintf(text + n, "%d worker 0\n", i + 2);
	cr_assert_eq(read_table(text).n_workers, HAPROXY_WORKERS_MAX);
}
