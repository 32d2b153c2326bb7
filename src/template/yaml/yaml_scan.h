/* SPDX-License-Identifier: MIT
 *
 * Runs libyaml's scanner over a text before its parser does, and finds two things: what must be
 * mended so that both scanners take the text the same way (see yaml_mend.h), and the first fault
 * that go-yaml finds where libyaml finds none, or finds it later:
 *
 *	- go-yaml's parser is given a token when two more are scanned, so that a fault in one of
 *	  those comes first
 *	- a plain scalar in a flow collection ends at a question mark, which begins a key where none
 *	  can be
 *	- a slash cannot be escaped
 *	- there is no version of YAML but 1.1
 */
#ifndef UD_TEMPLATE_YAML_SCAN_H
#define UD_TEMPLATE_YAML_SCAN_H

#include "base/base.h"
#include "base/buf.h"

#include <stddef.h>

#define YAML_NO_FAULT SIZE_MAX

struct yaml_mend;

/* Mends the text and returns the number of the token, counted from 0, at which go-yaml's parser
 * meets the fault; the fault's text is appended to out, which is empty. YAML_NO_FAULT if there is
 * none. */
size_t yaml_scan(struct yaml_mend *mend, struct buf *out);

#endif
