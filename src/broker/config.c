/* The configuration, from the supervisor: trusted, and read strictly all the same. */
#include <string.h>

#include "base/json.h"
#include "broker/broker.h"

static bool bad(struct problem *problem, const struct json_value *value, const char *what)
{
	return problem_set(problem, PROBLEM_SYNTAX, value ? value->start : 0, what);
}

static bool read_ports(const struct json_value *list, struct arena *arena,
                       struct broker_entry *entry, struct problem *problem)
{
	uint16_t *ports;

	if (!list)
		return true;
	if (list->kind != JSON_ARRAY)
		return bad(problem, list, "ports must be a list");
	ports = arena_array(arena, uint16_t, list->count);
	if (!ports)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	for (const struct json_value *item = list->first; item; item = item->next) {
		int64_t port;

		if (!json_int(item, &port) || port < 1 || port > UINT16_MAX)
			return bad(problem, item, "a port is a number from 1 to 65535");
		ports[entry->port_count++] = (uint16_t)port;
	}
	entry->ports = ports;
	return true;
}

static bool read_entries(const struct json_value *list, struct arena *arena,
                         const struct broker_entry **entries, size_t *count,
                         struct problem *problem)
{
	struct broker_entry *made;

	if (!list)
		return true;
	if (list->kind != JSON_ARRAY || list->count > BROKER_MAX_ENTRIES)
		return bad(problem, list, "the hosts must be a list of at most 1024");
	made = arena_array(arena, struct broker_entry, list->count);
	if (!made)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	for (const struct json_value *item = list->first; item; item = item->next) {
		struct broker_entry *entry = &made[(*count)++];

		if (!json_string(json_get(item, SPAN("host")), &entry->host) ||
		    entry->host.len == 0)
			return bad(problem, item, "an entry needs a host");
		if (!read_ports(json_get(item, SPAN("ports")), arena, entry, problem))
			return false;
	}
	*entries = made;
	return true;
}

/* Scheme, host, port and path of an upstream; its address is the operator's own choice. */
static bool read_upstream(const struct json_value *item, struct arena *arena,
                          struct broker_provider *provider, struct problem *problem)
{
	struct net_target target;
	struct span rest;
	size_t at = 0;

	if (!net_judge_url(provider->upstream, arena, &target))
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	if (target.reach == NET_UNKNOWN || target.host.len == 0)
		return bad(problem, item, "the upstream is no http or https URL");
	provider->tls = span_equal(target.scheme, SPAN("https"));
	provider->host = target.host;
	provider->port = target.port;
	rest = span_from(provider->upstream, target.scheme.len + 3);
	provider->path = span_find_byte(rest, '/', &at) ? span_from(rest, at) : SPAN("");
	while (span_ends(provider->path, SPAN("/")))
		provider->path.len--;
	if (span_find_byte(provider->path, '?', NULL) || span_find_byte(provider->path, '#', NULL))
		return bad(problem, item, "the upstream may have no query");
	return true;
}

static bool read_providers(const struct json_value *list, struct arena *arena,
                           struct broker_config *config, struct problem *problem)
{
	struct broker_provider *made;

	if (!list)
		return true;
	if (list->kind != JSON_ARRAY || list->count > BROKER_MAX_ENTRIES)
		return bad(problem, list, "the providers must be a list");
	made = arena_array(arena, struct broker_provider, list->count);
	if (!made)
		return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	for (const struct json_value *item = list->first; item; item = item->next) {
		struct broker_provider *provider = &made[config->provider_count++];

		if (!json_string(json_get(item, SPAN("prefix")), &provider->prefix) ||
		    provider->prefix.len < 2 || provider->prefix.ptr[0] != '/' ||
		    span_ends(provider->prefix, SPAN("/")))
			return bad(problem, item, "a provider needs a prefix like /name");
		if (!json_string(json_get(item, SPAN("upstream")), &provider->upstream))
			return bad(problem, item, "a provider needs an upstream");
		json_string(json_get(item, SPAN("header")), &provider->header);
		json_string(json_get(item, SPAN("value")), &provider->value);
		for (size_t i = 0; i < provider->value.len; i++) {
			if ((unsigned char)provider->value.ptr[i] < 0x20)
				return bad(problem, item, "the key holds a control character");
		}
		if (!read_upstream(item, arena, provider, problem))
			return false;
	}
	config->providers = made;
	return true;
}

bool broker_config_read(struct span json, struct arena *arena, struct broker_config *config,
                        struct problem *problem)
{
	struct broker_config read = { 0 };
	struct json_value *object;
	struct span recorder;

	if (!json_parse(json, NULL, arena, &object, problem))
		return false;
	if (object->kind != JSON_OBJECT)
		return bad(problem, object, "the configuration must be an object");
	if (!read_entries(json_get(object, SPAN("allow")), arena, &read.allow, &read.allow_count,
	                  problem) ||
	    !read_entries(json_get(object, SPAN("deny")), arena, &read.deny, &read.deny_count,
	                  problem) ||
	    !read_providers(json_get(object, SPAN("providers")), arena, &read, problem))
		return false;
	json_string(json_get(object, SPAN("run")), &read.run);
	if (json_string(json_get(object, SPAN("recorder")), &recorder)) {
		if (!arena_copy(arena, recorder, &recorder))
			return problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
		read.recorder = recorder.ptr;
	}
	*config = read;
	return true;
}

static bool host_matches(struct span pattern, struct span host)
{
	if (!span_starts(pattern, SPAN("*.")))
		return span_equal_nocase(pattern, host);
	pattern = span_from(pattern, 1); /* ".example.com" */
	return host.len > pattern.len &&
	       span_equal_nocase(span_from(host, host.len - pattern.len), pattern);
}

static bool entry_matches(const struct broker_entry *entry, struct span host, uint16_t port)
{
	if (!host_matches(entry->host, host))
		return false;
	if (entry->port_count == 0)
		return port == 80 || port == 443;
	for (size_t i = 0; i < entry->port_count; i++) {
		if (entry->ports[i] == port)
			return true;
	}
	return false;
}

bool broker_allows(const struct broker_config *config, struct span host, uint16_t port,
                   const char **why)
{
	for (size_t i = 0; i < config->deny_count; i++) {
		if (host_matches(config->deny[i].host, host)) {
			*why = "the policy denies this host";
			return false;
		}
	}
	for (size_t i = 0; i < config->allow_count; i++) {
		if (entry_matches(&config->allow[i], host, port))
			return true;
	}
	*why = "this host and port are not on the list of this run; a person can add them: "
	       "bailiff run --allow-host HOST";
	return false;
}
