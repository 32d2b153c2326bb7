/* SPDX-License-Identifier: MIT
 *
 * Random bytes and numbers from the kernel, fit for secrets.
 */
#ifndef UD_TEMPLATE_RANDOM_H
#define UD_TEMPLATE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void random_bytes(void *p, size_t n);
/* A number below n, each as likely; n > 0. */
uint64_t random_below(uint64_t n);

#endif
