/* SPDX-License-Identifier: MIT
 *
 * The configuration that an ini file gives. Calling sequence:
 *
 *      struct config_input in = {.path = path, .docker_host = getenv("DOCKER_HOST")};
 *      struct config_errors errors = CONFIG_ERRORS_INIT;
 *      struct config *config;
 *      if (!config_load(&in, &config, &errors)) {
 *              for (size_t i = 0; i < errors.n; i++)
 *                      log_error("%s", errors.v[i]);
 *              config_errors_release(&errors);
 *      }
 *      …
 *      config_free(config);
 *
 * A file is read and checked whole; all of its errors come at once, each as
 * "FILE:LINE: [section] key: what is wrong, what was expected". A struct config does not change
 * after config_load and owns everything that it points to. To read a file again, load a new one
 * and match engines and outputs by name; what was built from the old one must be gone or moved
 * over before the old one is freed.
 *
 * The structs are public because most rooms above read a few members. Their keys, types, defaults
 * and limits are rows of keys.def.
 */
#ifndef UD_CONFIG_H
#define UD_CONFIG_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/log.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CONFIG_DEFAULT_PATH     UPSTREAMD_SYSCONFDIR "/upstreamd/upstreamd.ini"
#define CONFIG_DEFAULT_ENDPOINT "auto"
/* The name of an [engine] section that gives none, and of the engine when there is no section. */
#define CONFIG_DEFAULT_ENGINE "default"

#define CONFIG_FILE_MAX    ((size_t)1 << 20) /* bytes */
#define CONFIG_NAME_MAX    32                /* bytes in the name of an engine or output */
#define CONFIG_HOST_MAX    150               /* bytes in the name of a host */
#define CONFIG_ENGINES_MAX 16                /* sections */
#define CONFIG_OUTPUTS_MAX 256               /* sections */
#define CONFIG_LIST_MAX    64                /* values of one repeated key */
#define CONFIG_ERRORS_MAX  100               /* messages kept; one more says that there were more */

/* Owned strings, in the order of the file. */
struct config_list {
	char **v;
	size_t n, cap;
};

/* A command, ready to be run: split into words as a shell would and run without one. Only a text
 * that uses, outside of quotes, what a shell alone understands (pipes, variables, globs …, see
 * base/argv.h) has become {"/bin/sh", "-c", text}. */
struct config_command {
	char *text;  /* as written; NULL if there is no command */
	char **argv; /* ends with NULL; argv[0] without a slash is looked up in PATH */
	bool shell;  /* argv is a shell's; a word put into the text must be quoted for it */
};

/* One container_filter: key=value. */
struct config_filter {
	char *key, *value;
	unsigned line;
};

struct config_filters {
	struct config_filter *v;
	size_t n, cap;
};

/* wait = MIN:MAX: quiet for min, but no longer than max after the first change. */
struct config_wait {
	int64_t min_ns, max_ns;
};

/* mode = 0644; bits count when set, otherwise the file that is replaced gives the mode. */
struct config_mode {
	bool set;
	mode_t bits;
};

enum config_source { SOURCE_CONTAINERS, SOURCE_SWARM };

/* address = container, or published HOST. */
struct config_address {
	char *published; /* the HOST; NULL: container */
};

struct config_engine {
	char *name;
	char *endpoint;
	char *endpoint_origin; /* for messages: "FILE:LINE", "DOCKER_HOST" or "default" */
	unsigned line;         /* of the section, 0 if there is none */
	bool tls;
	char *tls_ca, *tls_cert, *tls_key; /* absolute paths, or NULL */
	char *tls_name;                    /* NULL: the endpoint's host */
	int64_t connect_timeout_ns;
	int64_t request_timeout_ns;
	int64_t liveness_ns;
	int64_t resync_ns;
	int64_t engine_ttl_ns, exit_after_ns;
	unsigned max_connections;
	enum config_source source;
	int64_t refresh_ns;
	struct config_address address;
	char *host_address; /* NULL: as the engine says */
	bool follow_network;
};

/* How dest gets its bytes; in the order of the key's words. */
enum config_write { CONFIG_WRITE_AUTO, CONFIG_WRITE_RENAME, CONFIG_WRITE_INPLACE };

/* Who reads an output's dest; in the order of the key's words. */
enum config_proxy { CONFIG_PROXY_COMMAND, CONFIG_PROXY_NGINX, CONFIG_PROXY_HAPROXY };

struct config_output {
	char *name;
	unsigned line;                /* of the section */
	struct config_list templates; /* absolute paths, at least one; the first is the main one */
	char *dest;                   /* absolute path */
	struct config_mode mode;
	enum config_write write;
	char *state_dir; /* absolute path, or NULL: beside dest */
	bool backup;
	struct config_command check, reload, verify;
	int64_t check_timeout_ns, reload_timeout_ns, verify_timeout_ns,
		render_timeout_ns;
	enum config_proxy proxy;
	char *proxy_container;		     /* NULL: this host */
	struct config_command proxy_command; /* the program with its options */
	char *proxy_pid_file, *proxy_log;    /* absolute paths, or NULL for the usual ones */
	char *proxy_socket;		     /* absolute path, or NULL */
	struct config_wait wait;
	int64_t min_interval_ns;
	bool only_exposed, only_published, include_stopped;
	bool keep_blank_lines;
	bool template_sandbox;
	struct config_list template_files; /* absolute paths of directories */
	struct config_filters filters;
	struct config_list engines; /* names; empty: all */
};

struct config {
	char *path; /* of the file, as given */
	char *dir;  /* absolute; relative paths of the file start here */
	enum log_level log_level;
	enum log_format log_format;
	int64_t first_render_deadline_ns;
	char *current_container; /* id or name; NULL: found by itself */
	VEC(struct config_engine) engines; /* at least one; the first is the main one */
	VEC(struct config_output) outputs; /* at least one, but of config_defaults */
};

/* What goes into a configuration. Everything is borrowed; NULL where there is nothing. */
struct config_input {
	const char *path;
	/* The environment's, for an engine without an endpoint; as docker's command line reads them. */
	const char *docker_host;       /* DOCKER_HOST */
	const char *docker_tls_verify; /* DOCKER_TLS_VERIFY: TLS if not empty */
	const char *docker_cert_path;  /* DOCKER_CERT_PATH: holds ca.pem, cert.pem, key.pem */
	const char *home;              /* HOME: its .docker, if there is no DOCKER_CERT_PATH */
	/* The command line's say, before the file's. */
	const char *log_level, *log_format;
	const char *endpoint; /* of the first engine */
};

/* Messages for a person, by line. */
struct config_errors {
	char **v;
	size_t n, cap;
};

#define CONFIG_ERRORS_INIT                                                                         \
	{                                                                                          \
		NULL, 0, 0                                                                         \
	}

/* Reads and checks in->path. false: *ret_config is untouched and errors has at least one message.
 */
bool config_load(const struct config_input *in, struct config **ret_config,
	struct config_errors *errors) MUSTCHECK;
/* As config_load with the text of the file at hand; in->path names it in messages. */
bool config_parse(struct str text, const struct config_input *in, struct config **ret_config,
	struct config_errors *errors) MUSTCHECK;
/* A configuration without a file: an engine, no output. in->path is what would stand for its name. */
bool config_defaults(const struct config_input *in, struct config **ret_config,
	struct config_errors *errors) MUSTCHECK;
/* Whether templates can be read and the directories of all dests and those of template_files exist,
 * as of now; adds to errors what is not so. */
bool config_check_files(const struct config *config, struct config_errors *errors);
/* Reads value, as the file would have it, into the member of globals that a key of [upstreamd]
 * stands for. Nothing else of globals is touched. */
bool config_set_global(
	struct config *globals, const char *key, const char *value, struct error *err) MUSTCHECK;
/* NULL is allowed. */
void config_free(struct config *config);
/* Appends the effective configuration as an ini file that reads back to the same. */
void config_print(const struct config *config, struct buf *out);
/* By name; NULL if there is none. Borrowed. */
const struct config_output *config_find_output(const struct config *config, const char *name);
const struct config_engine *config_find_engine(const struct config *config, const char *name);
void config_errors_release(struct config_errors *errors);

#endif
