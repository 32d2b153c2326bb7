/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "model/self.h"

#include "base/buf.h"
#include "base/file.h"
#include "model/container.h"
#include "model/inspect.h"
#include "model/intern.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* What a container saw of itself: files under "# name" lines. */
struct seen {
	struct buf text;
	struct str cgroup, mountinfo, hostname;
};

/* The part of text from the line that begins with head to the next "# " line. */
static struct str section(struct str text, struct str head)
{
	ssize_t at = str_find(text, head), end;

	if (at < 0)
		return STR("");
	text = str_sub(text, (size_t)at + head.len, text.len);
	end = str_find(text, STR("\n# "));
	return end < 0 ? text : str_sub(text, 0, (size_t)end + 1);
}

static void seen_read(struct seen *s, const char *name)
{
	const char *top = getenv("top_srcdir");
	struct error err = ERROR_INIT;
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/captures/self-id/%s.txt", top ? top : ".", name);
	buf_init(&s->text, 1 << 20);
	cr_assert(file_read(path, 1 << 18, &s->text, &err), "%s", error_text(&err));
	s->cgroup = section(buf_str(&s->text), STR("# /proc/self/cgroup\n"));
	s->mountinfo = section(buf_str(&s->text), STR("# /proc/self/mountinfo\n"));
	s->hostname = str_trim(section(buf_str(&s->text), STR("# HOSTNAME=")));
}

static void assert_id(const char *capture, const char *want)
{
	char id[SELF_ID_LEN + 1] = "";
	char own[SELF_ID_LEN + 1];
	struct seen s;

	seen_read(&s, capture);
	cr_assert(self_id_parse(s.mountinfo, s.cgroup, STR("/\n"), s.hostname, id, own), "%s",
		capture);
	cr_assert_str_eq(own, str_find(s.cgroup, str_from(want)) >= 0 ? want : "", "%s", capture);
	cr_assert_str_eq(id, want, "%s: %s", capture, id);
	/* Mounts alone say the same. */
	cr_assert(self_id_parse(s.mountinfo, STR(""), STR(""), STR(""), id, own));
	cr_assert_str_eq(own, "");
	cr_assert_str_eq(id, want, "%s: %s", capture, id);
	buf_release(&s.text);
}

Test(self, finds_the_id_in_every_captured_container)
{
	assert_id("docker-20.10.24-cgroup1-cgroupnsprivate",
		"c24caa15fb16bdcfd04a1cca0889c32ae55be909e7690b693d97f959398fab80");
	assert_id("docker-20.10.24-cgroup1-default",
		"5165f56621ca2152ad3eed8c4481c5fbf99df66e51a4797a83bea6bbcd8b1ce8");
	assert_id("docker-20.10.24-cgroup1-hostnamecustom",
		"944f2ec1295ba2c42da53c55246697e405dff68b11399498ab216911cb149f13");
	assert_id("docker-20.10.24-cgroup1-networkhost",
		"355905c8094fecc8cdad798d5d93081702e2759ab7ae5a48f58d30295e4d71e4");
	assert_id("docker-20.10.24-cgroup2-cgroupnshost",
		"626b2b700f1f3a7defb36c448a53fd23dd66504cbd3f03124770e9e919250389");
	assert_id("docker-20.10.24-cgroup2-default",
		"06ee0e2fb81674c949ffb644eb8d6b3aec7b05da8d1f161ac5eb6466d9414052");
	assert_id("docker-28.5.2-cgroup1-cgroupnsprivate",
		"b4caeb754384b3d275ad10c92f2cffd4a0018b093e32837cabd9f3f62c1494d7");
	assert_id("docker-28.5.2-cgroup2-cgroupnshost",
		"fd8159376c0a8c902e87722134a7f107c547fc53721e46caa355a6f1d20469ba");
	assert_id("podman-4.3.1-cgroup1-default",
		"03556a01b7e710cf60b72d8815a3a7fa22e0fae32cc53879a9babcc96065e70e");
	assert_id("podman-5.8.6-cgroup1-default",
		"67098ef73ab61d2230fe8ec0d072b2f1eeb7bcd61d6d349e4e6f9639a9e33ca4");
}

/* With the control group hidden, only the other container's files are there to be seen. */
Test(self, takes_the_container_whose_network_it_shares_for_itself)
{
	assert_id("docker-20.10.24-cgroup2-networkcontainer",
		"be83e184a1c4b1948c4692ed46fbca8303cb60509da4044ddcfa0a128fad235c");
}

#define ID_1 "1111111111111111111111111111111111111111111111111111111111111111"
#define ID_2 "2222222222222222222222222222222222222222222222222222222222222222"
#define MOUNT(id, file)                                                                            \
	"1 2 254:0 /var/lib/docker/containers/" id "/" file " /etc/" file " rw - ext4 /dev/vda rw\n"

static const char *parse(const char *mountinfo, const char *cgroup, const char *cpuset,
	const char *hostname)
{
	static char id[SELF_ID_LEN + 1];
	char own[SELF_ID_LEN + 1];

	return self_id_parse(str_from(mountinfo), str_from(cgroup), str_from(cpuset),
		       str_from(hostname), id, own) ? id : "none";
}

Test(self, believes_its_control_group_more_than_mounts)
{
	cr_assert_str_eq(parse(MOUNT(ID_1, "hostname"), "4:memory:/docker/" ID_2 "\n", "", "custom"),
		ID_2);
	cr_assert_str_eq(
		parse(MOUNT(ID_1, "hostname"), "4:memory:/docker/" ID_2 "\n", "", "111111111111"),
		ID_1, "unless the hostname confirms them");
	cr_assert_str_eq(parse("", "0::/docker/" ID_1 "/docker/" ID_2 "\n", "", ""), ID_2);
	cr_assert_str_eq(parse("", "0::/system.slice/docker-" ID_1 ".scope\n", "", ""), ID_1);
	cr_assert_str_eq(parse("", "0::/\n", "/docker/" ID_1 "\n", ""), ID_1);
}

Test(self, lets_the_hostname_choose_between_mounts)
{
	const char *mounts = MOUNT(ID_1, "hosts") MOUNT(ID_2, "hostname");

	cr_assert_str_eq(parse(mounts, "", "", "222222222222"), ID_2);
	cr_assert_str_eq(parse(mounts, "", "", "custom"), ID_1);
	cr_assert_str_eq(parse(mounts, "", "", "333333333333"), ID_1);
}

Test(self, finds_nothing_where_no_id_stands)
{
	cr_assert_str_eq(parse("", "", "", ""), "none");
	cr_assert_str_eq(parse("22 1 0:5 / /dev rw - devtmpfs udev rw\n", "0::/init.scope\n", "/\n",
		"host"), "none");
	/* Other files of a container, longer and shorter digit strings, broken lines. */
	cr_assert_str_eq(parse(MOUNT(ID_1, "data"), "", "", ""), "none");
	cr_assert_str_eq(parse(MOUNT(ID_1 "1", "hostname"), "", "", ""), "none");
	cr_assert_str_eq(parse("", "0::/docker/" ID_1 "1", "", ""), "none");
	cr_assert_str_eq(parse("1 2 254:0", "", "", "111111111111"), "none");
	cr_assert_str_eq(parse("", "0::/1111111111111111", "", ""), "none");
}

/* --- which of the containers ------------------------------------------------------------ */

#define ID_3 "3333333333333333333333333333333333333333333333333333333333333333"

/* A container that writes to /o/UPPER and has a mount at each of the paths, which may be NULL. */
static struct container *container(struct intern_pool *pool, const char *id, const char *name,
	const char *mode, const char *upper, const char *mount)
{
	struct inspect_host_config host = {.network_mode = str_from(mode)};
	struct inspect_mount m = {.destination = str_from(mount)};
	struct inspect in = {.id = str_from(id), .name = str_from(name), .host_config = &host};
	struct container *c;

	in.state.running = true;
	in.driver.data.upper_dir = str_from(upper);
	if (mount)
		in.mounts = (struct shape_list){.v = &m, .n = 1, .cap = 1, .set = true};
	c = container_new(&in, pool, STR("e"));
	container_seal(c);
	return c;
}

/* 1 is the proxy, 2 and 3 may be in its network. */
struct three {
	struct intern_pool *pool;
	struct container *v[3];
};

static void three_init(struct three *t, const char *upper_2, const char *mount_2)
{
	t->pool = intern_pool_new();
	t->v[0] = container(t->pool, ID_1, "proxy", "front", "/o/1", "/etc/nginx");
	t->v[1] = container(t->pool, ID_2, "side", "container:" ID_1, upper_2, mount_2);
	t->v[2] = container(t->pool, ID_3, "other", "front", "/o/3", NULL);
}

static void three_release(struct three *t)
{
	for (size_t i = 0; i < 3; i++)
		container_unref(t->v[i]);
	intern_pool_free(t->pool);
}

static const char *chosen(const struct self *self, const struct three *t)
{
	static char name[64];
	const struct container *c = self_choose(self, t->v, 3);

	snprintf(name, sizeof(name), "%.*s", c ? (int)c->rec.name.len : 4,
		c ? c->rec.name.p : "none");
	return name;
}

#define ROOT(options) "559 523 0:91 / / rw,relatime master:20 - overlay overlay rw," options "\n"
#define AT(path)      "571 559 254:0 /some/where " path " rw - ext4 /dev/vda rw\n"

static struct self seen_as(const char *id, const char *hostname, const char *mountinfo)
{
	struct self self = {.hostname = str_from(hostname), .mountinfo = str_from(mountinfo)};

	snprintf(self.id, sizeof(self.id), "%s", id);
	return self;
}

Test(self, is_who_the_user_says)
{
	struct self self = seen_as(ID_3, "", "");
	struct three t;

	three_init(&t, "", NULL);
	cr_assert_str_eq(chosen(&self, &t), "other");
	self.given = STR("side");
	cr_assert_str_eq(chosen(&self, &t), "side");
	self.given = STR(ID_1);
	cr_assert_str_eq(chosen(&self, &t), "proxy");
	self.given = STR("222");
	cr_assert_str_eq(chosen(&self, &t), "side");
	self.given = STR("nobody");
	cr_assert_str_eq(chosen(&self, &t), "none");
	three_release(&t);
}

Test(self, is_known_by_its_hostname_where_nothing_else_shows)
{
	struct self self = seen_as("", "222222222222", "");
	struct three t;

	three_init(&t, "", NULL);
	cr_assert_str_eq(chosen(&self, &t), "side");
	self = seen_as("", "side", "");
	cr_assert_str_eq(chosen(&self, &t), "none", "a name that looks like no id proves nothing");
	self = seen_as("", "444444444444", "");
	cr_assert_str_eq(chosen(&self, &t), "none");
	three_release(&t);
}

Test(self, is_the_one_whose_network_it_shares_unless_told_apart)
{
	struct self self = seen_as(ID_1, "", ROOT("lowerdir=/o/l,upperdir=/o/2,workdir=/o/w"));
	struct three t;

	three_init(&t, "/o/2", NULL);
	cr_assert_str_eq(chosen(&self, &t), "proxy", "as docker-gen sees it");
	self.apart = true;
	cr_assert_str_eq(chosen(&self, &t), "side");
	snprintf(self.own, sizeof(self.own), "%s", ID_3);
	cr_assert_str_eq(chosen(&self, &t), "other", "its control group is the truth");
	self.apart = false;
	cr_assert_str_eq(chosen(&self, &t), "proxy");
	three_release(&t);
}

Test(self, is_told_apart_by_where_it_writes)
{
	struct self self = seen_as(ID_1, "", ROOT("lowerdir=/o/l,upperdir=/o/1"));
	struct three t;

	self.apart = true;
	three_init(&t, "/o/2", NULL);
	cr_assert_str_eq(chosen(&self, &t), "proxy", "the other one writes elsewhere");
	three_release(&t);
}

Test(self, is_told_apart_by_what_is_mounted)
{
	struct self side = seen_as(ID_1, "", AT("/") AT("/run/docker"));
	struct self proxy = seen_as(ID_1, "", AT("/") AT("/etc/nginx"));
	struct self both = seen_as(ID_1, "", AT("/") AT("/etc/nginx") AT("/run/docker"));
	struct three t;

	side.apart = proxy.apart = both.apart = true;
	three_init(&t, "", "/run/docker");
	cr_assert_str_eq(chosen(&side, &t), "side");
	cr_assert_str_eq(chosen(&proxy, &t), "proxy");
	cr_assert_str_eq(chosen(&both, &t), "proxy", "who cannot be told apart is the other");
	three_release(&t);
}

/* The capture of a container that shares another one's network. */
Test(self, is_told_apart_in_a_real_container)
{
	struct intern_pool *pool = intern_pool_new();
	const char *owner = "be83e184a1c4b1948c4692ed46fbca8303cb60509da4044ddcfa0a128fad235c";
	char *mode = NULL;
	struct container *v[2];
	struct self self;
	struct seen s;

	cr_assert_gt(asprintf(&mode, "container:%s", owner), 0);
	seen_read(&s, "docker-20.10.24-cgroup2-networkcontainer");
	self = seen_as(owner, "be83e184a1c4", "");
	self.mountinfo = s.mountinfo;
	self.apart = true;
	v[0] = container(pool, owner, "proxy", "bridge", "/elsewhere", NULL);
	v[1] = container(pool, ID_2, "side", mode,
		"/srv/engines/capt/r/20v/data/overlay2/"
		"dfb503c5f04b65880d9a35723a3fb4d8ddb550a208b27699d32c4105e8bb889a/diff",
		NULL);
	cr_assert_eq(self_choose(&self, v, 2), v[1]);
	container_unref(v[0]);
	container_unref(v[1]);
	intern_pool_free(pool);
	buf_release(&s.text);
	free(mode);
}

Test(self, is_copied_whole)
{
	struct self self = seen_as(ID_1, "host", "mounts"), copy;

	self.given = STR("given");
	self_copy(&copy, &self);
	cr_assert(str_eq(copy.given, STR("given")) && copy.given.p != self.given.p);
	cr_assert(str_eq(copy.hostname, STR("host")));
	cr_assert(str_eq(copy.mountinfo, STR("mounts")));
	cr_assert_str_eq(copy.id, ID_1);
	self_release(&copy);
}
