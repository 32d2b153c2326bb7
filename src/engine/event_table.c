/* SPDX-License-Identifier: MIT
 *
 * The vocabulary of events, see event_table.h. Rows are sorted by type and action, and groups says
 * which of them belong to a type; the kinds' words for logs are beside them.
 */
#include "config.h"

#include "engine/event_table.h"

#define WORD(t, a, k) {STR_INIT(t), STR_INIT(a), k}

static const struct event_word words[] = {
	WORD("container", "create", ENGINE_CONTAINER_CREATE),
	WORD("container", "destroy", ENGINE_CONTAINER_DESTROY),
	WORD("container", "die", ENGINE_CONTAINER_DIE),
	WORD("container", "died", ENGINE_CONTAINER_DIE),
	WORD("container", "health_status", ENGINE_CONTAINER_HEALTH),
	WORD("container", "kill", ENGINE_CONTAINER_KILL),
	WORD("container", "oom", ENGINE_CONTAINER_OOM),
	WORD("container", "pause", ENGINE_CONTAINER_PAUSE),
	WORD("container", "remove", ENGINE_CONTAINER_DESTROY),
	WORD("container", "rename", ENGINE_CONTAINER_RENAME),
	WORD("container", "restart", ENGINE_CONTAINER_RESTART),
	WORD("container", "start", ENGINE_CONTAINER_START),
	WORD("container", "stop", ENGINE_CONTAINER_STOP),
	WORD("container", "unpause", ENGINE_CONTAINER_UNPAUSE),
	WORD("container", "update", ENGINE_CONTAINER_UPDATE),
	WORD("network", "connect", ENGINE_NETWORK_CONNECT),
	WORD("network", "destroy", ENGINE_NETWORK_DESTROY),
	WORD("network", "disconnect", ENGINE_NETWORK_DISCONNECT),
	WORD("network", "remove", ENGINE_NETWORK_DESTROY),
	WORD("node", "create", ENGINE_NODE_CREATE),
	WORD("node", "remove", ENGINE_NODE_REMOVE),
	WORD("node", "update", ENGINE_NODE_UPDATE),
	WORD("service", "create", ENGINE_SERVICE_CREATE),
	WORD("service", "remove", ENGINE_SERVICE_REMOVE),
	WORD("service", "update", ENGINE_SERVICE_UPDATE),
};

static const char *const texts[ENGINE_EVENT_KINDS] = {
	[ENGINE_CONTAINER_CREATE] = "create",
	[ENGINE_CONTAINER_DESTROY] = "destroy",
	[ENGINE_CONTAINER_DIE] = "die",
	[ENGINE_CONTAINER_HEALTH] = "health_status",
	[ENGINE_CONTAINER_KILL] = "kill",
	[ENGINE_CONTAINER_OOM] = "oom",
	[ENGINE_CONTAINER_PAUSE] = "pause",
	[ENGINE_CONTAINER_RENAME] = "rename",
	[ENGINE_CONTAINER_RESTART] = "restart",
	[ENGINE_CONTAINER_START] = "start",
	[ENGINE_CONTAINER_STOP] = "stop",
	[ENGINE_CONTAINER_UNPAUSE] = "unpause",
	[ENGINE_CONTAINER_UPDATE] = "update",
	[ENGINE_NETWORK_CONNECT] = "network connect",
	[ENGINE_NETWORK_DISCONNECT] = "network disconnect",
	[ENGINE_NETWORK_DESTROY] = "network destroy",
	[ENGINE_NODE_CREATE] = "node create",
	[ENGINE_NODE_REMOVE] = "node remove",
	[ENGINE_NODE_UPDATE] = "node update",
	[ENGINE_SERVICE_CREATE] = "service create",
	[ENGINE_SERVICE_REMOVE] = "service remove",
	[ENGINE_SERVICE_UPDATE] = "service update",
};

const char *engine_event_text(enum engine_event_kind kind)
{
	return texts[kind];
}

const struct event_word *event_table_at(size_t i)
{
	return i < ARRAY_LEN(words) ? &words[i] : NULL;
}

/* The rows of one type. A lookup comes with every event, so the common types come first. */
static const struct group {
	struct str type;
	size_t begin, end;
} groups[] = {
	{STR_INIT("container"), 0, 15},
	{STR_INIT("network"), 15, 19},
	{STR_INIT("service"), 22, 25},
	{STR_INIT("node"), 19, 22},
};

/* As str_eq; most words differ in length or first byte already. */
static bool is_word(struct str word, struct str text)
{
	return word.len == text.len && word.p[0] == text.p[0] &&
		memcmp(word.p, text.p, word.len) == 0;
}

static const struct group *find_group(struct str type)
{
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		if (is_word(groups[i].type, type))
			return &groups[i];
	return NULL;
}

bool event_table_has_type(struct str type)
{
	return find_group(type);
}

bool event_table_has_action(struct str action)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (is_word(words[i].action, action))
			return true;
	return false;
}

const struct event_word *event_table_find(struct str type, struct str action)
{
	const struct group *group = find_group(type);
	const char *colon = action.len ? memchr(action.p, ':', action.len) : NULL;

	if (!group)
		return NULL;
	if (colon)
		action.len = (size_t)(colon - action.p);
	for (size_t i = group->begin; i < group->end; i++)
		if (is_word(words[i].action, action))
			return &words[i];
	return NULL;
}

static bool has_word(const char *const *types, size_t n, struct str type)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqz(type, types[i]))
			return true;
	return false;
}

/* An action is named once, by the first row that has it. */
static bool is_named_before(size_t row, const char *const *types, size_t n)
{
	for (size_t i = 0; i < row; i++)
		if (str_eq(words[i].action, words[row].action) && has_word(types, n, words[i].type))
			return true;
	return false;
}

void event_table_add_filter(struct buf *b, const char *const *types, size_t n)
{
	const char *comma = "";

	buf_add_cstr(b, "{\"type\":[");
	for (size_t i = 0; i < n; i++)
		buf_add_fmt(b, "%s\"%s\"", i ? "," : "", types[i]);
	buf_add_cstr(b, "],\"event\":[");
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!has_word(types, n, words[i].type) || is_named_before(i, types, n))
			continue;
		buf_add_fmt(b, "%s\"%.*s\"", comma, STR_ARG(words[i].action));
		comma = ",";
	}
	buf_add_cstr(b, "]}");
}
