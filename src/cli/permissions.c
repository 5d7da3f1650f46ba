/* bailiff permissions: what was granted beforehand, and taking it back. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/layers.h"

enum { OUTPUT_BYTES = 32 * 1024 * 1024 };

struct request {
	const char *session, *expires;
	bool json, everywhere, all;
};

/* "90s", "30m", "8h", "7d" as nanoseconds. */
static bool read_duration(const char *text, uint64_t *ns)
{
	static const struct {
		char unit;
		uint64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	uint64_t number = 0;
	size_t digits = 0;

	for (; digits < 7 && isdigit((unsigned char)text[digits]); digits++)
		number = number * 10 + (uint64_t)(text[digits] - '0');
	if (digits == 0 || digits == 7 || number == 0 || text[digits] == '\0' ||
	    text[digits + 1] != '\0')
		return false;
	for (size_t i = 0; i < 4; i++)
		if (units[i].unit == text[digits]) {
			*ns = number * units[i].seconds * 1000000000U;
			return true;
		}
	return false;
}

static void put_member(struct outbuf *out, const char *name, struct span text)
{
	outbuf_put_byte(out, ',');
	outbuf_put_json(out, span_of(name));
	outbuf_put_byte(out, ':');
	outbuf_put_json(out, text);
}

static void put_json(struct outbuf *out, const struct grant *grant)
{
	char time[28];

	outbuf_put(out, SPAN("{\"id\":"));
	outbuf_put_json(out, grant->id);
	put_member(out, "rule", grant->rule);
	put_member(out, "scope", grant->session.len > 0 ? SPAN("session") : SPAN("always"));
	put_member(out, "session", grant->session);
	put_member(out, "workspace", grant->workspace);
	put_member(out, "who", grant->who);
	clock_format(grant->created_ns, time);
	put_member(out, "created", span_of(time));
	if (grant->expires_ns > 0) {
		clock_format(grant->expires_ns, time);
		put_member(out, "expires", span_of(time));
	}
	outbuf_put_byte(out, '}');
}

static void put_plain(struct outbuf *out, const struct grant *grant)
{
	char time[28];

	outbuf_put_visible(out, grant->id, false);
	outbuf_put(out, SPAN("  "));
	outbuf_put_visible(out, grant->rule, false);
	outbuf_put(out, SPAN("\n    "));
	outbuf_put(out, grant->session.len > 0 ? SPAN("session ") : SPAN("always"));
	outbuf_put_visible(out, grant->session, false);
	outbuf_put(out, grant->workspace.len > 0 ? SPAN(" in ") : SPAN(" everywhere"));
	outbuf_put_visible(out, grant->workspace, false);
	outbuf_put(out, SPAN(", by "));
	outbuf_put_visible(out, grant->who, false);
	clock_format(grant->created_ns, time);
	outbuf_put(out, SPAN(", "));
	outbuf_put(out, span_of(time));
	if (grant->expires_ns > 0) {
		clock_format(grant->expires_ns, time);
		outbuf_put(out, SPAN(", until "));
		outbuf_put(out, span_of(time));
	}
	outbuf_put_byte(out, '\n');
}

static int list(const struct request *request, struct layers *layers)
{
	struct grants_place place = layers_grants(layers);
	struct policy_fault fault;
	struct grant *grants;
	struct outbuf out;
	bool first = true, good;

	good = request->session ? grants_read(&place, span_of(request->session), clock_wall_ns(),
	                                      &layers->arena, &grants, &fault)
	                        : grants_read_all(&place, &layers->arena, &grants, &fault);
	if (!good)
		return layers_fault(&fault, &layers->arena);
	outbuf_init(&out, OUTPUT_BYTES);
	outbuf_put(&out, request->json ? SPAN("[") : SPAN(""));
	for (const struct grant *grant = grants; grant; grant = grant->next) {
		if (grant->expires_ns > 0 && grant->expires_ns <= clock_wall_ns())
			continue;
		if (request->json) {
			outbuf_put(&out, first ? SPAN("") : SPAN(","));
			put_json(&out, grant);
		} else {
			put_plain(&out, grant);
		}
		first = false;
	}
	outbuf_put(&out, request->json ? SPAN("]\n")
	                 : first       ? SPAN("nothing is granted\n")
	                               : SPAN(""));
	if (layers->policy.safe && !first)
		fprintf(stderr, "bailiff: safe mode is on: none of these counts\n");
	return layers_print(&out, 0);
}

static int grant_rule(const struct request *request, struct layers *layers, const char *rule)
{
	struct grants_place place = layers_grants(layers);
	struct policy_fault fault;
	struct problem problem;
	struct uuid uuid;
	char id[37];
	const char *why;
	struct grant grant = { .rule = span_of(rule),
		               .session = span_of(request->session),
		               .workspace = request->everywhere ? SPAN("") : layers->project,
		               .who = layers_user(layers),
		               .created_ns = clock_wall_ns() };

	if (request->expires && !read_duration(request->expires, &grant.expires_ns))
		return cli_fail("permissions", EXIT_STATUS_USAGE,
		                "--expires takes a time such as 30m, 8h or 7d, not %s",
		                request->expires);
	if (grant.expires_ns > 0)
		grant.expires_ns += grant.created_ns;
	if (!grants_acceptable(&layers->policy, grant.rule, grant.session.len == 0, &why))
		return cli_fail("permissions", EXIT_STATUS_DENY, "%s: %s", rule, why);
	if (!uuid_v7(grant.created_ns, &uuid, &problem))
		return cli_fail("permissions", EXIT_STATUS_INTERNAL, "%s", problem.what);
	uuid_format(&uuid, id);
	grant.id = span_of(id);
	if (!grants_add(&place, &grant, &fault))
		return layers_fault(&fault, &layers->arena);
	printf("granted %s: %s\n", id, rule);
	return 0;
}

/* Takes back what is chosen; nothing to take back is an error where something was named. */
static int take_back(struct layers *layers, const struct grants_choice *choice, bool named)
{
	struct grants_place place = layers_grants(layers);
	struct policy_fault fault;
	size_t removed;

	if (!grants_remove(&place, choice, &removed, &fault))
		return layers_fault(&fault, &layers->arena);
	if (removed == 0 && named)
		return cli_fail("permissions", EXIT_STATUS_DATA,
		                "no grant has the id '%.*s'; see bailiff permissions list",
		                (int)choice->id.len, choice->id.ptr);
	printf("%zu taken back\n", removed);
	return 0;
}

static int run(const struct request *request, struct layers *layers, const char *word,
               const char *operand)
{
	struct grants_choice choice = { .session = span_of(request->session) };

	if (strcmp(word, "list") == 0 && !operand)
		return list(request, layers);
	if (layers->inside)
		return cli_fail(
			"permissions", EXIT_STATUS_DENY,
			"inside a guarded run nothing can be granted or taken back: do it outside");
	if (strcmp(word, "grant") == 0 && operand)
		return grant_rule(request, layers, operand);
	if (strcmp(word, "revoke") == 0 && operand) {
		choice.id = span_of(operand);
		return take_back(layers, &choice, true);
	}
	if (strcmp(word, "reset") == 0 && !operand) {
		choice.saved = !request->all && !request->session;
		return take_back(layers, &choice, false);
	}
	return -1;
}

int cli_permissions(int argc, char **argv)
{
	struct request request = { 0 };
	const struct args_option *option;
	struct layers layers;
	struct args args;
	int status;

	args_init(&args, argc, argv, cli_options("permissions"));
	while (args_next(&args, &option)) {
		switch (option->letter) {
		case 'h':
			return cli_help_for("permissions");
		case 'j':
			request.json = true;
			break;
		case 's':
			request.session = args.value;
			break;
		case 'e':
			request.expires = args.value;
			break;
		case 'a':
			request.all = true;
			break;
		default:
			request.everywhere = true;
		}
	}
	if (args.problem || args.at >= argc || argc - args.at > 2)
		return cli_usage("permissions", &args);
	if (!layers_open("permissions", &layers, &status))
		return status;
	status = run(&request, &layers, argv[args.at],
	             argc - args.at == 2 ? argv[args.at + 1] : NULL);
	layers_close(&layers);
	return status < 0 ? cli_usage("permissions", &args) : status;
}
