#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes unicode_tables.h from the Unicode character database.

usage: unicode-tables.py /usr/share/unicode >unicode_tables.h

The directory holds UnicodeData.txt, PropList.txt and CaseFolding.txt (Debian package
unicode-data). What is a letter or printable shows in template output, so the version is fixed.
"""
import sys

VERSION = "15.0.0"
END = 0x110000
CATEGORIES = ["Cn", "Cc", "Cf", "Co", "Cs", "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd",
	"Nl", "No", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl", "Zp", "Zs"]


def read_characters(path):
	"""The category of every code point; (upper, lower, title) of those that have a mapping."""
	category, case, first = ["Cn"] * END, {}, None
	with open(path) as lines:
		for line in lines:
			field = line.rstrip("\n").split(";")
			cp = int(field[0], 16)
			if field[1].endswith(", First>"):
				first = cp
				continue
			for c in range(cp if first is None else first, cp + 1):
				category[c] = field[2]
			first = None
			upper, lower, title = (int(x, 16) if x else cp for x in field[12:15])
			if not field[14]:
				title = upper
			if (upper, lower, title) != (cp, cp, cp):
				case[cp] = (upper, lower, title)
	return category, case


def read_white_space(path):
	with open(path) as lines:
		head = next(lines)
		if VERSION not in head:
			sys.exit(f"{path}: {VERSION} wanted, found {head.strip()}")
		for line in lines:
			part = line.split("#")[0].split(";")
			if len(part) == 2 and part[1].strip() == "White_Space":
				lo, _, hi = part[0].strip().partition("..")
				yield int(lo, 16), int(hi or lo, 16)


def category_rows(category):
	rows, last = [], None
	for cp in range(END):
		if category[cp] != last:
			last = category[cp]
			rows.append(cp << 5 | CATEGORIES.index(last))
	return rows


def case_rows(case):
	"""Runs of equal deltas; alternating pairs (upper, lower, upper, …) make one row."""
	rows, cps, i = [], sorted(case), 0

	def is_pair(cp):
		return case.get(cp) == (cp, cp + 1, cp) and case.get(cp + 1) == (cp, cp + 1, cp)

	def delta(cp):
		return tuple(to - cp for to in case[cp]) if cp in case else None

	while i < len(cps):
		lo = hi = cps[i]
		if is_pair(lo):
			while is_pair(hi + 2):
				hi += 2
			hi += 1
			rows.append((lo, hi, "PAIRS", "PAIRS", "PAIRS"))
		else:
			while delta(hi + 1) == delta(lo):
				hi += 1
			rows.append((lo, hi, *delta(lo)))
		while i < len(cps) and cps[i] <= hi:
			i += 1
	return rows


def read_orbits(path, case):
	"""The next of the code points that are equal without case, where the mappings do not tell."""
	classes, rows, after = {}, [], {}
	with open(path) as lines:
		for line in lines:
			part = [p.strip() for p in line.split("#")[0].split(";")]
			if len(part) >= 3 and part[1] in ("C", "S"):
				to = int(part[2], 16)
				classes.setdefault(to, {to}).add(int(part[0], 16))
	for members in classes.values():
		orbit = sorted(members)
		for i, cp in enumerate(orbit):
			after[cp] = orbit[(i + 1) % len(orbit)]
	for cp in sorted(set(after) | set(case)):
		upper, lower, _ = case.get(cp, (cp, cp, cp))
		if after.get(cp, cp) != (lower if lower != cp else upper):
			rows.append((cp, after.get(cp, cp)))
	return rows


def emit(items, per_line):
	for i in range(0, len(items), per_line):
		print("\t" + " ".join(items[i:i + per_line]))
	print("};")


def main():
	if len(sys.argv) != 2:
		sys.exit(__doc__)
	base = sys.argv[1]
	category, case = read_characters(base + "/UnicodeData.txt")
	white = list(read_white_space(base + "/PropList.txt"))
	print(f"""/* SPDX-License-Identifier: MIT
 *
 * Made by unicode-tables.py from the Unicode character database {VERSION}; only unicode.c includes
 * it. Rows are sorted by code point.
 */
#ifndef UD_TEMPLATE_FORMAT_UNICODE_TABLES_H
#define UD_TEMPLATE_FORMAT_UNICODE_TABLES_H

#include <stdint.h>

/* General categories, numbered as in category_runs. */
enum category {{""")
	emit([f"CAT_{c.upper()}," for c in CATEGORIES], 10)
	print("\n/* First code point << 5 | category; a run ends where the next begins. */")
	print("static const uint32_t category_runs[] = {")
	emit([f"0x{r:x}," for r in category_rows(category)], 9)
	print("\nstatic const struct {\n\tuint32_t lo, hi;\n} white_space[] = {")
	emit([f"{{0x{lo:x}, 0x{hi:x}}}," for lo, hi in white], 5)
	print("\n/* Marks a row of alternating upper and lower case letters that begins with an upper one. */")
	print("#define PAIRS INT32_MAX")
	print("\n/* What to add to lo..hi for upper, lower and title case. */")
	print("static const struct case_run {\n\tuint32_t lo, hi;\n\tint32_t delta[3];\n} case_runs[] = {")
	emit([f"{{0x{r[0]:x}, 0x{r[1]:x}, {{{r[2]}, {r[3]}, {r[4]}}}}}," for r in case_rows(case)], 2)
	print("\n/* The next code point that is equal without case, where the mappings do not tell. */")
	print("static const struct {\n\tuint32_t from, to;\n} fold_orbits[] = {")
	emit([f"{{0x{a:x}, 0x{b:x}}}," for a, b in read_orbits(base + "/CaseFolding.txt", case)], 5)
	print("\n#endif")


main()
