#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Random sequences of life, death and failure against the emulator: see property.c.
#
#	PROPERTY_SEQUENCES   how many, 400 if not set
#	PROPERTY_SEED        the first one's seed, 1 if not set
#
# They are shared out to as many processes as there are processors.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
top_srcdir=${top_srcdir-$(cd "$(dirname "$0")/../.." && pwd)}
top_builddir=${top_builddir-$top_srcdir}
. "$top_srcdir/tests/lib/tap.sh"
scratch_new
program=$top_builddir/tests/engine/engine-property
[ -x "$program" ] || skip_all "$program is not built"
sequences=${PROPERTY_SEQUENCES-400}
first=${PROPERTY_SEED-1}
shares=$(nproc 2>/dev/null || echo 1)
size=$(((sequences + shares - 1) / shares))

for ((i = 0; i < shares; i++)); do
	from=$((first + i * size)) to=$((first + (i + 1) * size - 1))
	[ "$to" -le $((first + sequences - 1)) ] || to=$((first + sequences - 1))
	[ "$from" -le "$to" ] || break
	spawn "$scratch/$i.log" "$program" "$from" "$to"
	pids[i]=$spawned
	at_exit stop_pid "$spawned"
done
for i in "${!pids[@]}"; do
	wait "${pids[i]}"
	status=$?
	grep -h '^seed .*FAILED' "$scratch/$i.log" | head -n 20
	if [ "$status" -eq 0 ]; then
		ok "the model is the truth after each of $(tail -n 1 "$scratch/$i.log")"
	else
		not_ok "the model is the truth after each sequence (status $status)" \
			"$(grep -v '^seed' "$scratch/$i.log" | tail -n 100)"
	fi
done
tap_done
