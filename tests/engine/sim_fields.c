/* SPDX-License-Identifier: MIT
 *
 * The members of a container's inspect and list entry that are its own. Where engines differ, a
 * member of struct flavour says so; which values a container in each state shows was read from
 * inspect-created, inspect-exited, inspect-paused, inspect-restarting, inspect-host, inspect-none,
 * inspect-shared, inspect-web and containers-json-all of every engine.
 */
#include "config.h"

#include "engine/sim_fields.h"
#include "engine/sim_fields_table.h"

#include "base/clock.h"
#include "engine/sim_flavour.h"
#include "engine/sim_json.h"
#include "engine/sim_model.h"
#include "engine/sim_write.h"

#include <stdio.h>
#include <string.h>

static const char *const status_names[] = {
	[SIM_CREATED] = "created",
	[SIM_RUNNING] = "running",
	[SIM_PAUSED] = "paused",
	[SIM_RESTARTING] = "restarting",
	[SIM_EXITED] = "exited",
};

const char *sim_status_name(enum sim_status status)
{
	return status_names[status];
}

static bool html(const struct render *r)
{
	return r->list && r->sim->fl->list_escapes_html;
}

static void put_id(const struct render *r)
{
	json_cstring(r->out, r->c->id, false);
}

static void put_created(const struct render *r)
{
	if (r->list)
		buf_add_fmt(r->out, "%lld", (long long)(r->c->created / NS_PER_S));
	else
		write_time(r->out, r->c->created);
}

static void put_name(const struct render *r)
{
	buf_add_fmt(r->out, r->list ? "[\"/%s\"]" : "\"/%s\"", r->c->name);
}

static void put_image(const struct render *r)
{
	json_cstring(r->out, r->c->image, html(r));
}

static void put_status(const struct render *r)
{
	json_cstring(r->out, status_names[r->c->status], false);
}

static void put_running(const struct render *r)
{
	write_bool(r->out, sim_container_is_up(r->c) || r->c->status == SIM_RESTARTING);
}

static void put_paused(const struct render *r)
{
	write_bool(r->out, r->c->status == SIM_PAUSED);
}

static void put_restarting(const struct render *r)
{
	write_bool(r->out, r->c->status == SIM_RESTARTING);
}

static void put_pid(const struct render *r)
{
	buf_add_fmt(r->out, "%u", sim_container_is_up(r->c) ? r->c->pid : 0);
}

static void put_exit_code(const struct render *r)
{
	buf_add_fmt(r->out, "%d", r->c->exit_code);
}

static void put_started(const struct render *r)
{
	write_time(r->out, r->c->started);
}

static void put_finished(const struct render *r)
{
	write_time(r->out, r->c->finished);
}

static bool has_health(const struct render *r)
{
	return r->c->health || r->sim->fl->health_always;
}

static void put_health(const struct render *r)
{
	const char *none =
		r->list ? "none" : ""; /* containers-json-all (29), inspect-created (4.3) */

	json_cstring(r->out, r->c->health ? r->c->health : none, false);
}

static void put_health_log(const struct render *r)
{
	buf_add_cstr(r->out, r->c->health ? "[]" : "null");
}

static void put_failing_streak(const struct render *r)
{
	bool bad = r->c->health && strcmp(r->c->health, "unhealthy") == 0;

	buf_add_cstr(r->out, bad ? "3" : "0");
}

static bool has_health_check(const struct render *r)
{
	return r->c->health != NULL;
}

/* Files of a container exist once it was started. */
static void put_file(const struct render *r, const char *name)
{
	if (r->c->status == SIM_CREATED)
		buf_add_cstr(r->out, "\"\"");
	else
		buf_add_fmt(r->out, "\"/var/lib/containers/%s/%s\"", r->c->id, name);
}

static void put_resolv_conf(const struct render *r)
{
	put_file(r, "resolv.conf");
}

static void put_hostname_path(const struct render *r)
{
	put_file(r, "hostname");
}

static void put_hosts_path(const struct render *r)
{
	put_file(r, "hosts");
}

static void put_log_path(const struct render *r)
{
	put_file(r, "container.log");
}

static void put_hostname(const struct render *r)
{
	const struct sim_container *other = r->sim->fl->podman ? NULL : sim_joined(r);

	if (r->c->mode == SIM_MODE_HOST)
		buf_add_cstr(r->out, "\"vm\"");
	else
		buf_add_fmt(r->out, "\"%.*s\"", SIM_SHORT_ID_LEN, other ? other->id : r->c->id);
}

static void put_env(const struct render *r)
{
	const sim_pairs *env = &r->c->env;
	const char *comma = "";

	if (env->n == 0 && !r->sim->fl->podman) {
		buf_add_cstr(r->out, "null");
		return;
	}
	buf_add_char(r->out, '[');
	if (r->sim->fl->podman) {
		buf_add_cstr(r->out,
			"\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:"
			"/bin\",\"container=podman\"");
		comma = ",";
	}
	for (size_t i = 0; i < env->n; i++) {
		char *both = xasprintf("%s=%s", env->v[i].key, env->v[i].value);

		buf_add_cstr(r->out, comma);
		json_cstring(r->out, both, false);
		comma = ",";
		free(both);
	}
	buf_add_char(r->out, ']');
}

static void put_labels(const struct render *r)
{
	write_pairs(r->out, &r->c->labels, html(r));
	/* docker has StopSignal only where an image or a user set one, podman always */
	if (!r->list && r->c->stop_signal && !r->sim->fl->podman) {
		buf_add_cstr(r->out, ",\"StopSignal\":");
		json_cstring(r->out, r->c->stop_signal, false);
	}
}

static void put_stop_signal(const struct render *r)
{
	json_cstring(r->out, r->c->stop_signal ? r->c->stop_signal : "15", false);
}

static void put_network_mode(const struct render *r)
{
	const struct sim_container *c = r->c;
	const char *own = c->endpoints.n ? c->endpoints.v[0].net->name : "none";

	switch (c->mode) {
	case SIM_MODE_HOST:
		buf_add_cstr(r->out, "\"host\"");
		return;
	case SIM_MODE_NONE:
		buf_add_cstr(r->out, "\"none\"");
		return;
	case SIM_MODE_CONTAINER:
		buf_add_fmt(r->out, "\"container:%s\"", c->joined);
		return;
	case SIM_MODE_NETWORK:
		break;
	}
	if (r->sim->fl->podman || strcmp(own, r->sim->fl->default_network) == 0)
		own = r->sim->fl->default_mode;
	json_cstring(r->out, own, false);
}

/* Only volumes are emulated, no bind mounts. */
static void put_binds(const struct render *r)
{
	const sim_pairs *volumes = &r->c->volumes;

	if (volumes->n == 0) {
		buf_add_cstr(r->out, r->sim->fl->podman ? "[]" : "null");
		return;
	}
	buf_add_char(r->out, '[');
	for (size_t i = 0; i < volumes->n; i++)
		buf_add_fmt(r->out, "%s\"%s:%s%s\"", i ? "," : "", volumes->v[i].key,
			volumes->v[i].value,
			r->sim->fl->podman ? ":rw,rprivate,nosuid,nodev,rbind" : "");
	buf_add_char(r->out, ']');
}

static void put_mounts(const struct render *r)
{
	struct render one = *r;

	buf_add_char(r->out, '[');
	for (size_t i = 0; i < r->c->volumes.n; i++) {
		one.volume = &r->c->volumes.v[i];
		if (i)
			buf_add_char(r->out, ',');
		program_write(r->sim->templates->mount, &one);
	}
	buf_add_char(r->out, ']');
}

static void put_volume_name(const struct render *r)
{
	json_cstring(r->out, r->volume->key, false);
}

static void put_volume_source(const struct render *r)
{
	buf_add_fmt(r->out, "\"/var/lib/containers/volumes/%s/_data\"", r->volume->key);
}

static void put_volume_directory(const struct render *r)
{
	json_cstring(r->out, r->volume->value, false);
}

const struct field sim_mount_fields[] = {
	{"Name", put_volume_name, NULL},
	{"Source", put_volume_source, NULL},
	{"Destination", put_volume_directory, NULL},
};
const size_t sim_mount_fields_n = ARRAY_LEN(sim_mount_fields);

/* The word in parentheses after "Up 3 seconds". */
static void put_status_suffix(const struct render *r)
{
	const char *health = r->c->health;

	if (r->c->status == SIM_PAUSED)
		buf_add_cstr(r->out, " (Paused)");
	else if (health && r->sim->fl->health_in_status)
		buf_add_fmt(r->out, strcmp(health, "starting") == 0 ? " (health: %s)" : " (%s)",
			health);
}

static void put_status_text(const struct render *r)
{
	const struct sim_container *c = r->c;
	int64_t now = clock_real_ns();

	buf_add_char(r->out, '"');
	if (c->status == SIM_CREATED) {
		buf_add_cstr(r->out, "Created");
	} else if (sim_container_is_up(c)) {
		buf_add_cstr(r->out, "Up ");
		write_duration(r->out, now - c->started);
		put_status_suffix(r);
	} else {
		buf_add_fmt(r->out, "%s (%d) ", c->status == SIM_EXITED ? "Exited" : "Restarting",
			c->exit_code);
		write_duration(r->out, now - c->finished);
		buf_add_cstr(r->out, " ago");
	}
	buf_add_char(r->out, '"');
}

static void put_networks(const struct render *r)
{
	const struct sim_container *from = r->sim->fl->podman ? sim_joined(r) : NULL;
	struct render one = *r;

	one.c = from ? from : r->c;
	if (r->list && r->sim->fl->podman && one.c->endpoints.n == 0) {
		buf_add_cstr(r->out, "null"); /* containers-json-all: r-none, r-host */
		return;
	}
	buf_add_char(r->out, '{');
	for (size_t i = 0; i < one.c->endpoints.n; i++) {
		one.ep = &one.c->endpoints.v[i];
		if (i)
			buf_add_char(r->out, ',');
		json_cstring(r->out, one.ep->net->name, false);
		buf_add_char(r->out, ':');
		program_write(
			r->list ? r->sim->templates->list_endpoint : r->sim->templates->endpoint,
			&one);
	}
	buf_add_char(r->out, '}');
}

/* The endpoint that old members of NetworkSettings repeat: that on the default bridge. */
static const struct sim_endpoint *main_endpoint(const struct render *r)
{
	for (size_t i = 0; !r->sim->fl->podman && i < r->c->endpoints.n; i++)
		if (strcmp(r->c->endpoints.v[i].net->name, "bridge") == 0)
			return &r->c->endpoints.v[i];
	return NULL;
}

static void put_main(const struct render *r, void (*write)(const struct render *r))
{
	static const struct sim_network nowhere;
	static const struct sim_endpoint none = {.net = (struct sim_network *)&nowhere};
	struct render one = *r;

	one.ep = main_endpoint(r);
	if (!one.ep)
		one.ep = &none;
	write(&one);
}

static void put_main_id(const struct render *r)
{
	put_main(r, sim_put_endpoint_id);
}

static void put_main_gateway(const struct render *r)
{
	put_main(r, sim_put_gateway);
}

static void put_main_ip(const struct render *r)
{
	put_main(r, sim_put_ip);
}

static void put_main_prefix(const struct render *r)
{
	put_main(r, sim_put_prefix);
}

static void put_main_mac(const struct render *r)
{
	put_main(r, sim_put_mac);
}

static void put_restart_policy(const struct render *r)
{
	json_cstring(r->out, r->c->always ? "always" : "no", false);
}

/* podman mounts a container's files while it runs only. */
static bool has_merged_dir(const struct render *r)
{
	return !r->sim->fl->podman || sim_container_is_up(r->c);
}

static bool was_started(const struct render *r)
{
	return r->c->status != SIM_CREATED;
}

const struct field sim_inspect_fields[] = {
	{"GraphDriver.Data.MergedDir", NULL, has_merged_dir},
	{"HostConfig.Annotations.io.container.manager", NULL, was_started},
	{"HostConfig.Annotations.org.opencontainers.image.stopSignal", NULL, was_started},
	{"HostConfig.Annotations.org.systemd.property.KillSignal", NULL, was_started},
	{"HostConfig.Annotations.org.systemd.property.TimeoutStopUSec", NULL, was_started},
	{"Id", put_id, NULL},
	{"Created", put_created, NULL},
	{"State.Status", put_status, NULL},
	{"State.Running", put_running, NULL},
	{"State.Paused", put_paused, NULL},
	{"State.Restarting", put_restarting, NULL},
	{"State.Pid", put_pid, NULL},
	{"State.ExitCode", put_exit_code, NULL},
	{"State.StartedAt", put_started, NULL},
	{"State.FinishedAt", put_finished, NULL},
	{"State.Health", NULL, has_health},
	{"State.Health.Status", put_health, NULL},
	{"State.Health.FailingStreak", put_failing_streak, NULL},
	{"State.Health.Log", put_health_log, NULL},
	{"ResolvConfPath", put_resolv_conf, NULL},
	{"HostnamePath", put_hostname_path, NULL},
	{"HostsPath", put_hosts_path, NULL},
	{"LogPath", put_log_path, NULL},
	{"Name", put_name, NULL},
	{"HostConfig.Binds", put_binds, NULL},
	{"HostConfig.NetworkMode", put_network_mode, NULL},
	{"HostConfig.RestartPolicy.Name", put_restart_policy, NULL},
	{"HostConfig.PortBindings", sim_put_port_bindings, NULL},
	{"Mounts", put_mounts, NULL},
	{"Config.Hostname", put_hostname, NULL},
	{"Config.ExposedPorts", sim_put_exposed_ports, sim_has_ports},
	{"Config.Env", put_env, NULL},
	{"Config.Healthcheck", NULL, has_health_check},
	{"Config.Image", put_image, NULL},
	{"Config.Labels", put_labels, NULL},
	{"Config.StopSignal", put_stop_signal, NULL},
	{"NetworkSettings.Ports", sim_put_ports, NULL},
	{"NetworkSettings.EndpointID", put_main_id, NULL},
	{"NetworkSettings.Gateway", put_main_gateway, NULL},
	{"NetworkSettings.IPAddress", put_main_ip, NULL},
	{"NetworkSettings.IPPrefixLen", put_main_prefix, NULL},
	{"NetworkSettings.MacAddress", put_main_mac, NULL},
	{"NetworkSettings.Networks", put_networks, NULL},
};
const size_t sim_inspect_fields_n = ARRAY_LEN(sim_inspect_fields);

const struct field sim_list_fields[] = {
	{"Id", put_id, NULL},
	{"Names", put_name, NULL},
	{"Image", put_image, NULL},
	{"Created", put_created, NULL},
	{"Ports", sim_put_list_ports, NULL},
	{"Labels", put_labels, NULL},
	{"State", put_status, NULL},
	{"Status", put_status_text, NULL},
	{"HostConfig.NetworkMode", put_network_mode, NULL},
	{"Health.Status", put_health, NULL},
	{"Health.FailingStreak", put_failing_streak, NULL},
	{"NetworkSettings.Networks", put_networks, NULL},
	{"Mounts", put_mounts, NULL},
};
const size_t sim_list_fields_n = ARRAY_LEN(sim_list_fields);
