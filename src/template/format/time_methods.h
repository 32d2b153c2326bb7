/* SPDX-License-Identifier: MIT
 *
 * What templates can call on moments, {{ .Created.Format "2006" }}, and the types of the results
 * that are no plain numbers and strings: time.Duration, time.Month, time.Weekday, *time.Location.
 */
#ifndef UD_TEMPLATE_FORMAT_TIME_METHODS_H
#define UD_TEMPLATE_FORMAT_TIME_METHODS_H

#include "template/format/zone.h"
#include "value/value.h"

/* Integers of nanoseconds (.i); months from 1 and weekdays from 0 (.i). */
extern const struct type type_duration, type_month, type_weekday;
/* time.Location and the pointer to it, whose .rec is a struct location. */
extern const struct type type_location, type_location_pointer;

static inline struct value value_duration(int64_t ns)
{
	return (struct value){.head = TYPE_HEAD(&type_duration), .i = ns};
}

/* The method of time.Time called name, NULL if there is none. type_time itself, which lower rooms
 * know, has no table. */
const struct method *time_method(struct str name);

#endif
