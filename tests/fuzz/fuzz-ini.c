/* SPDX-License-Identifier: MIT
 *
 * The configuration from arbitrary bytes. What is accepted must be whole and read back from its
 * print to the same; what is refused must have messages of one line each.
 */
#include "config.h"

#include "config/config.h"
#include "fuzz/fuzz.h"

static const struct config_input input = {.path = "/conf/x.ini"};

static void check_errors(struct config_errors *errors)
{
	FUZZ_CHECK(errors->n > 0 && errors->n <= CONFIG_ERRORS_MAX + 1);
	for (size_t i = 0; i < errors->n; i++) {
		FUZZ_CHECK(strncmp(errors->v[i], "/conf/x.ini:", 12) == 0);
		FUZZ_CHECK(!strpbrk(errors->v[i], "\r\n"));
	}
	config_errors_release(errors);
}

static void check_command(const struct config_command *command)
{
	if (!command->text) {
		FUZZ_CHECK(!command->argv);
		return;
	}
	FUZZ_CHECK(command->argv && command->argv[0] && command->argv[0][0]);
	FUZZ_CHECK(!command->shell || strcmp(command->argv[2], command->text) == 0);
}

static void check_output(const struct config_output *o)
{
	FUZZ_CHECK(o->name[0] && strlen(o->name) <= CONFIG_NAME_MAX);
	FUZZ_CHECK(o->dest[0] == '/' && o->dest[strlen(o->dest) - 1] != '/');
	FUZZ_CHECK(o->templates.n > 0 && o->templates.n <= CONFIG_LIST_MAX);
	for (size_t i = 0; i < o->templates.n; i++)
		FUZZ_CHECK(o->templates.v[i][0] == '/');
	FUZZ_CHECK(o->filters.n <= CONFIG_LIST_MAX);
	FUZZ_CHECK(o->wait.min_ns >= 0 && o->wait.min_ns <= o->wait.max_ns);
	check_command(&o->check);
	check_command(&o->reload);
}

static void check_config(const struct config *c)
{
	FUZZ_CHECK(c->outputs.n > 0 && c->outputs.n <= CONFIG_OUTPUTS_MAX);
	FUZZ_CHECK(c->engines.n > 0 && c->engines.n <= CONFIG_ENGINES_MAX);
	for (size_t i = 0; i < c->engines.n; i++)
		FUZZ_CHECK(c->engines.v[i].endpoint && c->engines.v[i].endpoint_origin);
	for (size_t i = 0; i < c->outputs.n; i++)
		check_output(&c->outputs.v[i]);
}

/* Prints c, reads that, and prints again: both prints must be equal. */
static void check_print(const struct config *c)
{
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *again;
	struct buf once, twice;

	buf_init(&once, SIZE_MAX);
	buf_init(&twice, SIZE_MAX);
	config_print(c, &once);
	if (!config_parse(buf_str(&once), &input, &again, &errors)) {
		fprintf(stderr, "%s\n%s", errors.v[0], buf_cstr(&once));
		abort();
	}
	config_print(again, &twice);
	FUZZ_CHECK(str_eq(buf_str(&once), buf_str(&twice)));
	config_free(again);
	buf_release(&once);
	buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config = NULL;

	if (!config_parse(str_n((const char *)data, size), &input, &config, &errors)) {
		FUZZ_CHECK(!config);
		check_errors(&errors);
		return 0;
	}
	FUZZ_CHECK(errors.n == 0);
	check_config(config);
	check_print(config);
	config_free(config);
	return 0;
}
