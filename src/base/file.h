/* SPDX-License-Identifier: MIT
 *
 * Reading whole files. Writing goes through publish/, which knows how to do it safely.
 */
#ifndef UD_FILE_H
#define UD_FILE_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"

/* Appends the contents of path to out; a file of more than max bytes, a directory or an unreadable
 * one is an error that names path and leaves out as it was. */
bool file_read(const char *path, size_t max, struct buf *out, struct error *err) MUSTCHECK;
/* The same from where fd, which stays open, is; path is for errors. */
bool file_read_fd(
	int fd, const char *path, size_t max, struct buf *out, struct error *err) MUSTCHECK;
/* The directory part of path ("." if there is none), owned by the caller. */
char *file_dirname(const char *path);
/* The part after the last slash; points into path. */
const char *file_basename(const char *path);

#endif
