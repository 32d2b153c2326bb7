/* SPDX-License-Identifier: MIT
 *
 * main() only; everything else is in the library that the daemon, the tests and the fuzzers share.
 */
#include "config.h"

#include "base/log.h"
#include "cli.h"

static int run(const struct cli_options *options UNUSED)
{
	log_error("not wired yet");
	return CLI_EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	return cli_main(argc, (const char *const *)argv, run);
}
