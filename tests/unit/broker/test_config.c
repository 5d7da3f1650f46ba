/* The broker's configuration, and which hosts it lets through. */
#include "broker/broker.h"
#include "tap.h"

static const char text[] =
	"{\"allow\":[{\"host\":\"api.example.com\"},{\"host\":\"*.mirror.example.org\",\"ports\":["
	"8443]},"
	"{\"host\":\"10.1.2.3\",\"ports\":[80]}],\"deny\":[{\"host\":\"bad.mirror.example.org\"}],"
	"\"providers\":[{\"prefix\":\"/p\",\"upstream\":\"http://127.0.0.1:8700/s/x/"
	"\",\"header\":\"x-api-key\","
	"\"value\":\"k\"}],\"run\":\"r\",\"recorder\":\"/tmp/none\"}";

static void test_hosts(const struct broker_config *config)
{
	static const struct {
		const char *host;
		uint16_t port;
		bool allowed;
	} rows[] = {
		{ "api.example.com", 443, true },
		{ "api.example.com", 80, true },
		{ "API.example.COM", 443, true },
		{ "api.example.com", 22, false },
		{ "evilapi.example.com", 443, false },
		{ "api.example.com.evil.test", 443, false },
		{ "x.mirror.example.org", 8443, true },
		{ "a.b.mirror.example.org", 8443, true },
		{ "x.mirror.example.org", 443, false },
		{ "mirror.example.org", 8443, false },
		{ "bad.mirror.example.org", 8443, false },
		{ "10.1.2.3", 80, true },
		{ "10.1.2.4", 80, false },
		{ "", 443, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *why = NULL;
		bool allowed = broker_allows(config, span_of(rows[i].host), rows[i].port, &why);

		OK(allowed == rows[i].allowed && (allowed || why), "%s:%u", rows[i].host,
		   (unsigned)rows[i].port);
	}
}

static void test_faults(void)
{
	static const char *const faults[] = {
		"",
		"[]",
		"{\"allow\":{}}",
		"{\"allow\":[{}]}",
		"{\"allow\":[{\"host\":\"a\",\"ports\":[0]}]}",
		"{\"allow\":[{\"host\":\"a\",\"ports\":[65536]}]}",
		"{\"providers\":[{\"prefix\":\"p\"}]}",
		"{\"providers\":[{\"prefix\":\"/p/\",\"upstream\":\"http://a.b\"}]}",
		"{\"providers\":[{\"prefix\":\"/p\",\"upstream\":\"ftp://a.b\"}]}",
		"{\"providers\":[{\"prefix\":\"/p\",\"upstream\":\"http://a.b/?q\"}]}",
		("{\"providers\":[{\"prefix\":\"/p\",\"upstream\":\"http://"
		 "a.b\",\"header\":\"h\",\"value\":\"a\\r\\nb\"}]}"),
	};

	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct broker_config config;
		struct problem problem = { 0 };
		struct arena arena;

		arena_init(&arena, 1 << 20);
		OK(!broker_config_read(span_of(faults[i]), &arena, &config, &problem) &&
		           problem.kind == PROBLEM_SYNTAX,
		   "refused: %s", faults[i]);
		arena_release(&arena);
	}
}

static void test_memory(void)
{
	bool only_memory = true, read = false;

	for (size_t limit = 0; !read && limit < 1 << 20; limit += 16) {
		struct broker_config config;
		struct problem problem = { 0 };
		struct arena arena;

		arena_init(&arena, limit);
		read = broker_config_read(span_of(text), &arena, &config, &problem);
		only_memory = only_memory && (read || problem.kind == PROBLEM_MEMORY);
		arena_release(&arena);
	}
	OK(read && only_memory, "every short arena is a memory problem");
}

int main(void)
{
	struct broker_config config;
	struct problem problem = { 0 };
	struct arena arena;

	arena_init(&arena, 1 << 20);
	if (OK(broker_config_read(span_of(text), &arena, &config, &problem),
	       "a whole configuration")) {
		OK(config.provider_count == 1 && config.providers[0].port == 8700 &&
		           !config.providers[0].tls,
		   "the upstream's port and scheme");
		OK(span_equal(config.providers[0].path, SPAN("/s/x")),
		   "the upstream's path without its last slash");
		test_hosts(&config);
	}
	arena_release(&arena);
	test_faults();
	test_memory();
	return tap_done();
}
