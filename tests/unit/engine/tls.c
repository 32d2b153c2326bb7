/* SPDX-License-Identifier: MIT
 *
 * TLS with certificates made on the spot.
 */
#include "config.h"

#include "base/alloc.h"
#include "engine/certs.h"
#include "engine/fake.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct fake fake;
static struct ca good, other;
static char *cert, *key;

static char *file(const char *name)
{
	return xasprintf("%s/%s", fake.dir, name);
}

/* The engine's side uses the files called server, and wants client certificates. */
static void set_up(void)
{
	fake_init(&fake, false);
	ca_init(&good, fake.dir, "good-ca");
	ca_init(&other, fake.dir, "other-ca");
	ca_issue(&good, fake.dir, "server", "IP:127.0.0.1", -1, 5);
	ca_issue(&good, fake.dir, "client", NULL, -1, 5);
	cert = file("client-cert.pem");
	key = file("client-key.pem");
	fake.options.tls_ca = good.file;
	fake.options.tls_cert = cert;
	fake.options.tls_key = key;
}

static int remove_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return ftw->level ? unlink(path) : 0;
}

static void tear_down(void)
{
	nftw(fake.dir, remove_file, 4, FTW_DEPTH | FTW_PHYS);
	fake_release(&fake);
	SSL_CTX_free(fake.tls);
	ca_release(&good);
	ca_release(&other);
	free(cert);
	free(key);
}

TestSuite(tls, .init = set_up, .fini = tear_down);

static void listen_as(const char *server, const char *client_ca)
{
	fake.tls = server_context(fake.dir, server, client_ca);
	fake_listen(&fake);
}

static void assert_refused(const char *want)
{
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	cr_assert(strstr(buf_cstr(&fake.text), want), "wanted %s in: %s", want, buf_cstr(&fake.text));
	cr_assert_eq(fake.ups, 0);
}

Test(tls, both_sides_show_their_certificates)
{
	struct record r;

	listen_as("server", good.file);
	fake_start_engine(&fake);
	loop_until(&fake, fake.ups, 1);
	fake_event(&fake, "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"a\"}}");
	loop_until(&fake, fake.events, 1);
	record_init(&r, &fake);
	record_get(&r, "/x");
	loop_until(&fake, r.done, 1);
	cr_assert_eq(r.status, 404);
	record_release(&r);
	fake_close(fake.stream);
	loop_until(&fake, fake.ups, 2);
}

Test(tls, a_name_other_than_the_host_can_be_expected)
{
	ca_issue(&good, fake.dir, "named", "DNS:engine.example", -1, 5);
	fake.options.tls_name = "engine.example";
	listen_as("named", good.file);
	fake_start_engine(&fake);
	loop_until(&fake, fake.ups, 1);
}

Test(tls, a_certificate_of_another_ca_is_refused)
{
	ca_issue(&other, fake.dir, "wrong", "IP:127.0.0.1", -1, 5);
	listen_as("wrong", NULL);
	assert_refused("(/CN=wrong) is refused: unable to get local issuer certificate (its CA is "
		       "not in ");
}

Test(tls, an_expired_certificate_is_refused_with_its_date)
{
	ca_issue(&good, fake.dir, "old", "IP:127.0.0.1", -9, -2);
	listen_as("old", NULL);
	assert_refused("(/CN=old) is refused: certificate has expired (");
}

Test(tls, a_certificate_for_another_host_is_refused)
{
	ca_issue(&good, fake.dir, "elsewhere", "IP:127.0.0.2,DNS:elsewhere", -1, 5);
	listen_as("elsewhere", NULL);
	assert_refused("(/CN=elsewhere) is refused: IP address mismatch (it is not for 127.0.0.1)");
}

Test(tls, an_engine_that_wants_a_client_certificate_is_understood)
{
	fake.options.tls_cert = fake.options.tls_key = NULL;
	listen_as("server", good.file);
	assert_refused("the engine wants a client certificate (TLS: tlsv13 alert certificate "
		       "required); none is configured");
}

Test(tls, a_client_certificate_that_is_not_accepted_is_told)
{
	listen_as("server", other.file);
	assert_refused("the engine does not know the CA of our client certificate");
}

Test(tls, a_plain_engine_is_told)
{
	fake_listen(&fake);
	fake.mute = true;
	fake_start_engine(&fake);
	while (!fake.conns.n)
		event_base_loop(fake.base, EVLOOP_ONCE);
	fake_send(fake.conns.v[0], "HTTP/1.1 400 Bad Request\r\n\r\n");
	loop_until(&fake, fake.retries, 1);
	cr_assert(strstr(buf_cstr(&fake.text), "the port does not speak TLS"), "%s",
		buf_cstr(&fake.text));
}

Test(tls, nobody_there_is_told)
{
	fake_listen(&fake);
	fake_deafen(&fake, false);
	assert_refused("Connection refused (nobody listens on port");
}

Test(tls, renewed_files_are_read_at_the_next_connect)
{
	ca_issue(&other, fake.dir, "server2", "IP:127.0.0.1", -1, 5);
	listen_as("server2", NULL);
	assert_refused("its CA is not in");
	rename(other.file, good.file);
	loop_until(&fake, fake.ups, 1);
}

static void assert_bad_options(const char *want)
{
	struct error err = ERROR_INIT;

	fake.options.endpoint = "tcp://127.0.0.1:1";
	cr_assert(!engine_check(&fake.options, &err));
	cr_assert(strstr(error_text(&err), want), "wanted %s in: %s", want, error_text(&err));
	error_clear(&err);
}

Test(tls, files_that_cannot_be_used_are_named)
{
	struct error err = ERROR_INIT;

	fake.options.endpoint = "tls://127.0.0.1:1";
	cr_assert(engine_check(&fake.options, &err), "%s", error_text(&err));
	fake.options.tls_ca = "/nonexistent/ca.pem";
	assert_bad_options("CA file /nonexistent/ca.pem: No such file or directory");
	fake.options.tls_ca = good.file;
	fake.options.tls_cert = "/nonexistent/cert.pem";
	assert_bad_options("client certificate /nonexistent/cert.pem: No such file or directory");
	fake.options.tls_cert = cert;
	fake.options.tls_key = "/nonexistent/key.pem";
	assert_bad_options("client key /nonexistent/key.pem: No such file or directory");
	fake.options.tls_key = NULL;
	assert_bad_options("needs its key");
	ca_issue(&good, fake.dir, "another", NULL, -1, 5);
	fake.options.tls_key = file("another-key.pem");
	assert_bad_options("key values mismatch");
	free((char *)fake.options.tls_key);
}
