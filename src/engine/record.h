/* SPDX-License-Identifier: MIT
 *
 * Recordings of what goes between us and an engine, to be played again (replay.h). A file has a
 * first line and then records:
 *
 *	upstreamd recording 1
 *	MS CONNECTION > LENGTH          a request of that many bytes, which follow, and a newline
 *	MS CONNECTION < LENGTH          a part of an answer, likewise
 *	MS CONNECTION x                 the engine closed the connection
 *
 * MS is milliseconds since the recording began. A recording holds what the engine tells of its
 * containers, their environment included: only its owner may read the file.
 */
#ifndef UD_ENGINE_RECORD_H
#define UD_ENGINE_RECORD_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#define RECORD_FIRST_LINE "upstreamd recording 1\n"
/* Longest line before a record's bytes. */
#define RECORD_LINE_MAX 64
/* Largest recording; what comes after is left out. */
#define RECORD_BYTES_MAX ((size_t)256 << 20)

struct recorder;

/* Makes or empties the file at path. */
struct recorder *recorder_new(const char *path, struct error *err) MUSTCHECK;
void recorder_free(struct recorder *r);
/* A number for a new connection. */
unsigned recorder_connection(struct recorder *r);
void recorder_request(struct recorder *r, unsigned connection, struct str bytes);
void recorder_answer(struct recorder *r, unsigned connection, struct str bytes);
void recorder_end(struct recorder *r, unsigned connection);

#endif
