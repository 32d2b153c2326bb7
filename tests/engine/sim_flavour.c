/* SPDX-License-Identifier: MIT
 *
 * The emulated engines. Files named in comments are those in tests/captures/ENGINE/ from which the
 * value was read; where a file is not part of the source tree, its name is that of the recording.
 */
#include "config.h"

#include "engine/sim_flavour.h"

#include "base/base.h"

#include <string.h>

/* events-lifecycle, events-kill, events-restart-policy, events-start-fails: dockerd up to 20.10
 * reports the process first, then what became of its network. */
#define SEQUENCES_DOCKER_20                                                                        \
	{                                                                                          \
		[ACT_CREATE] = "create", [ACT_START] = "connect start",                            \
		[ACT_STOP] = "kill die disconnect stop",                                           \
		[ACT_STOP_HARD] = "kill kill9 die disconnect stop",                                \
		[ACT_KILL] = "kill die disconnect", [ACT_DIE] = "die disconnect",                  \
		[ACT_RESTART] = "kill die disconnect stop connect start restart",                  \
		[ACT_RESTART_HARD] = "kill kill9 die disconnect stop connect start restart",       \
		[ACT_RESTART_STOPPED] = "connect start restart", [ACT_REMOVE] = "destroy",         \
		[ACT_REMOVE_RUNNING] = "kill9 die disconnect destroy",                             \
		[ACT_START_FAILS] = "connect disconnect",                                          \
		[ACT_LOOP] = "die disconnect connect start",                                       \
	}

/* The same recordings of 26 to 29: the network goes before the process is reported dead. */
#define SEQUENCES_DOCKER_26                                                                        \
	{                                                                                          \
		[ACT_CREATE] = "create", [ACT_START] = "connect start",                            \
		[ACT_STOP] = "kill disconnect stop die",                                           \
		[ACT_STOP_HARD] = "kill kill9 disconnect stop die",                                \
		[ACT_KILL] = "kill disconnect die", [ACT_DIE] = "disconnect die",                  \
		[ACT_RESTART] = "kill disconnect stop die connect start restart",                  \
		[ACT_RESTART_HARD] = "kill kill9 disconnect stop die connect start restart",       \
		[ACT_RESTART_STOPPED] = "connect start restart", [ACT_REMOVE] = "destroy",         \
		[ACT_REMOVE_RUNNING] = "kill9 disconnect die destroy",                             \
		[ACT_START_FAILS] = "disconnect", [ACT_LOOP] = "disconnect die connect start",     \
	}

/* podman: no network events of its own, restart first, cleanup after die. */
#define SEQUENCES_PODMAN(stop, restart, remove_running)                                            \
	{                                                                                          \
		[ACT_CREATE] = "create", [ACT_START] = "init start", [ACT_STOP] = stop,            \
		[ACT_STOP_HARD] = stop, [ACT_KILL] = "kill die cleanup",                           \
		[ACT_DIE] = "die cleanup", [ACT_RESTART] = restart, [ACT_RESTART_HARD] = restart,  \
		[ACT_RESTART_STOPPED] = "restart init start", [ACT_REMOVE] = "remove",             \
		[ACT_REMOVE_RUNNING] = remove_running, [ACT_START_FAILS] = "cleanup",              \
		[ACT_LOOP] = "die restart init start",                                             \
	}

static const struct flavour flavours[] = {
	{
		.name = "docker-20.10",
		.captures = "docker-20.10.24",
		.api = 141, /* version */
		.api_min = 112,
		.sequence = SEQUENCES_DOCKER_20,
		.disconnect_twice = true, /* events-network */
		.history_max = 256,	  /* events-replay-256-burst */
		.event_prefix_match = true,
		.ports_on_any_ip6 = true, /* containers-json-all, inspect-web */
		.health_in_status = true,
		.alias_short_id = true,
		.default_network = "bridge",
		.default_mode = "default",
		.image_prefix = "",
		.list_json_status = 500, /* containers-filter-invalid-json */
		.events_json_status = 500,
		.filter_status = 400,
		.filter_error = "Invalid filter '%s'",
		.status_error = "Invalid filter 'status=%s'",
	},
	{
		.name = "docker-28",
		.captures = "docker-28.5.2",
		.api = 151,
		.api_min = 124,
		.sequence = SEQUENCES_DOCKER_26,
		.exec_duration = true,
		.null_subnets = true, /* networks */
		.history_max = 256,
		.event_prefix_match = true,
		.ports_on_any_ip6 = true,
		.health_in_status = true,
		.default_network = "bridge",
		.default_mode = "bridge",
		.image_prefix = "",
		.filter_json_error = "invalid filter",
		.list_json_status = 400,
		.events_json_status = 400,
		.filter_status = 400,
		.filter_error = "invalid filter '%s'",
		.status_error =
			"invalid filter 'status=%s': invalid value for state (%s): must be "
			"one of created, running, paused, restarting, removing, exited, dead",
	},
	{
		.name = "docker-29",
		.captures = "docker-29.7.2",
		.api = 155,
		.api_min = 140,
		.sequence = SEQUENCES_DOCKER_26,
		.null_containers = true,
		.null_subnets = true,
		.stop_ends_chunks = true, /* stop-sigterm */
		.modern_api = 152,	  /* events-past-v1.51, events-past-v1.52 */
		.exec_duration = true,
		.history_max = 256,
		.event_prefix_match = true,
		.ports_on_any_ip6 = true,
		.list_ip_always = true, /* containers-json-all */
		.health_in_status = true,
		.default_network = "bridge",
		.default_mode = "bridge",
		.image_prefix = "",
		.filter_json_error = "invalid filter",
		.list_json_status = 400,
		.events_json_status = 400,
		.filter_status = 400,
		.filter_error = "invalid filter '%s'",
		.status_error =
			"invalid filter 'status=%s': invalid value for state (%s): must be "
			"one of created, running, paused, restarting, removing, exited, dead",
	},
	{
		.name = "podman-4.3",
		.captures = "podman-4.3.1",
		.api = 141,
		.podman = true,
		/* events-lifecycle, events-restart, events-kill (r-k4) */
		.sequence = SEQUENCES_PODMAN(
			"stop die cleanup", "restart die cleanup init start", "die cleanup remove"),
		.always_exit_code = true,
		.unknown_event_filter = "", /* events-filter-invalid-name */
		.label_needs_value = true,
		.chunk = 0x800, /* inspect-web, containers-json-all */
		.list_escapes_html = true,
		.any_ip_is_empty = true,
		.bindings_show_exposed = true, /* inspect-web */
		.health_always = true,
		.alias_short_id = true,
		.list_aliases = true,
		.network_id_is_name = true,
		.created_has_network_id = true,
		.list_has_containers = true,
		.default_network = "podman",
		.default_mode = "bridge",
		.image_prefix = "docker.io/library/",
		.list_json_status = 500,
		.events_json_status = 400,
		.filter_status = 500,
		.filter_error = "%s is an invalid filter",
		.status_error = "unknown container state: %s: invalid argument",
	},
	{
		.name = "podman-5",
		.captures = "podman-5.8.6",
		.api = 144,
		.podman = true,
		.sequence = SEQUENCES_PODMAN(
			"stop die cleanup", "restart stop die init start", "die remove"),
		.network_attribute = true,
		.shows_modes = true, /* inspect-host, inspect-none */
		.unknown_event_filter = "%s is an invalid filter",
		.chunk = 0x800,
		.alias_short_id = true,
		.list_aliases = true,
		.created_has_network_id = true,
		.list_has_containers = true,
		.default_network = "podman",
		.default_mode = "bridge",
		.image_prefix = "docker.io/library/",
		.list_json_status = 500,
		.events_json_status = 400,
		.filter_status = 500,
		.filter_error = "%s is an invalid filter",
		.status_error = "unknown container state: %s: invalid argument",
	},
};

const struct flavour *flavour_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(flavours); i++)
		if (strcmp(flavours[i].name, name) == 0)
			return &flavours[i];
	return NULL;
}

const char *flavour_names(void)
{
	return "docker-20.10, docker-28, docker-29, podman-4.3, podman-5";
}
