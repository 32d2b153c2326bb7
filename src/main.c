/* SPDX-License-Identifier: MIT
 *
 * main() only; everything else is in the library that the daemon, the tests and the fuzzers share.
 */
#include "config.h"

#include "cli.h"
#include "daemon.h"

int main(int argc, char **argv)
{
	return cli_main(argc, (const char *const *)argv, daemon_run);
}
