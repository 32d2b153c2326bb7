/* SPDX-License-Identifier: MIT
 *
 * main() only; everything else is in the library that the daemon, the tests and the fuzzers share.
 */
#include "config.h"

#include "base/log.h"

int main(void)
{
	log_error("not wired yet");
	return 1;
}
