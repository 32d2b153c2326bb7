/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "model/self.h"

#include "base/buf.h"
#include "base/file.h"

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
	struct seen s;

	seen_read(&s, capture);
	cr_assert(self_id_parse(s.mountinfo, s.cgroup, STR("/\n"), s.hostname, id), "%s", capture);
	cr_assert_str_eq(id, want, "%s: %s", capture, id);
	/* Mounts alone say the same. */
	cr_assert(self_id_parse(s.mountinfo, STR(""), STR(""), STR("")  , id));
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

	return self_id_parse(str_from(mountinfo), str_from(cgroup), str_from(cpuset),
		       str_from(hostname), id) ? id : "none";
}

Test(self, believes_its_control_group_more_than_mounts)
{
	cr_assert_str_eq(
		parse(MOUNT(ID_1, "hostname"), "4:memory:/docker/" ID_2 "\n", "", "111111111111"),
		ID_2);
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
