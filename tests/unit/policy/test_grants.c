/* KO-018 KO-030 KO-031 KO-143 KO-144: grants as files. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "policy/grants.h"
#include "tap.h"

static char root[64] = "/tmp/bailiff-grants-XXXXXX";
static struct grants_place place;

static bool add(const char *rule, const char *session, const char *workspace, uint64_t expires)
{
	static char ids[64][37];
	static size_t next;
	struct uuid uuid;
	struct policy_fault fault;
	char *id = ids[next++ % 64];

	if (!uuid_v7(clock_wall_ns(), &uuid, NULL))
		return false;
	uuid_format(&uuid, id);
	struct grant grant = { .id = span_of(id),
		               .rule = span_of(rule),
		               .session = span_of(session),
		               .workspace = span_of(workspace),
		               .who = SPAN("u \"q\""),
		               .created_ns = 5,
		               .expires_ns = expires };
	return grants_add(&place, &grant, &fault);
}

static size_t count(const char *session, uint64_t now)
{
	struct policy_fault fault;
	struct grant *grants = NULL;
	struct arena arena;
	size_t number = 0;

	arena_init(&arena, 1 << 24);
	if (!grants_read(&place, span_of(session), now, &arena, &grants, &fault)) {
		arena_release(&arena);
		return 999;
	}
	for (const struct grant *at = grants; at; at = at->next)
		number++;
	arena_release(&arena);
	return number;
}

static mode_t mode_of(const char *name)
{
	char path[256];
	struct stat info;

	(void)snprintf(path, sizeof path, "%s/%s", root, name);
	return stat(path, &info) == 0 ? info.st_mode & 0777 : 0;
}

static size_t take_back(const char *id, const char *session, bool saved)
{
	struct grants_choice choice = { span_of(id), span_of(session), saved };
	struct policy_fault fault;
	size_t removed;

	return grants_remove(&place, &choice, &removed, &fault) ? removed : 999;
}

static void test_scopes(void)
{
	OK(count("", 0) == 0, "nothing is granted at first");
	OK(add("Bash(npm test *)", "", "/p", 0) && count("", 0) == 1, "a saved grant is kept");
	OK(add("Bash(npm run *)", "s1", "/p", 0) && count("", 0) == 1 && count("s1", 0) == 2,
	   "a session's grant counts in its session");
	OK(count("s2", 0) == 1, "and in no other");
	OK(mode_of("grants.json") == 0600 && mode_of("sessions") == 0700 &&
	           mode_of("sessions/s1.json") == 0600,
	   "files are 0600 and folders 0700");
	OK(add("Bash(npm test *)", "", "/p", 0) && count("", 0) == 1,
	   "the same grant again is one grant");
	OK(add("Bash(npm test *)", "", "/q", 0) && count("", 0) == 2,
	   "in another project it is another");
	OK(add("Bash(ls *)", "../../evil/\x01", "", 0) && count("../../evil/\x01", 0) == 3,
	   "a session's name is no path");
}

static void test_expiry(void)
{
	OK(add("Bash(make *)", "s3", "/p", 1000) && count("s3", 999) == 3,
	   "a grant counts until it expires");
	OK(count("s3", 1000) == 2, "and not afterwards");
}

static void test_apply(void)
{
	struct policy_fault fault;
	struct grant *grants;
	struct policy policy;
	struct arena arena;

	arena_init(&arena, 1 << 24);
	policy_default(&policy);
	OK(grants_read(&place, SPAN("s1"), 0, &arena, &grants, &fault) &&
	           grants_apply(grants, SPAN("/p"), &arena, &policy) && policy.rule_count == 2 &&
	           policy.rules[0].grant && policy.rules[0].rule.action == RULE_ALLOW &&
	           policy.rules[0].source.layer == POLICY_SAVED_GRANT &&
	           policy.rules[1].source.layer == POLICY_SESSION_GRANT &&
	           policy.rules[0].id.len == 36,
	   "grants become allow rules of this project and session");
	arena_release(&arena);
}

static void test_revoke(void)
{
	struct policy_fault fault;
	struct grant *grants;
	struct arena arena;
	char id[37];

	arena_init(&arena, 1 << 24);
	OK(grants_read(&place, SPAN("s1"), 0, &arena, &grants, &fault) && grants->id.len == 36,
	   "ids are UUIDs");
	memcpy(id, grants->id.ptr, 36);
	id[36] = '\0';
	arena_release(&arena);
	OK(take_back(id, "", false) == 1, "KO-143: one is taken back by its id");
	OK(take_back(id, "", false) == 0, "and then it is gone");
	OK(take_back("", "s1", false) == 1 && mode_of("sessions/s1.json") == 0,
	   "a session is forgotten");
	OK(take_back("", "", true) == 1 && count("", 0) == 0 && count("s3", 0) == 1,
	   "the saved ones");
	OK(take_back("", "", false) == 2 && count("s3", 0) == 0, "KO-144: everything");
}

static void test_concurrency(void)
{
	pid_t children[4];

	for (int i = 0; i < 4; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			for (int k = 0; k < 10; k++) {
				char rule[32];

				(void)snprintf(rule, sizeof rule, "Bash(c%d-%d *)", i, k);
				if (!add(rule, "", "/p", 0))
					_exit(1);
			}
			_exit(0);
		}
	}
	for (int i = 0; i < 4; i++)
		(void)waitpid(children[i], NULL, 0);
	OK(count("", 0) == 40, "four at once lose nothing (%zu)", count("", 0));
	(void)take_back("", "", false);
}

static void spoil(const char *text)
{
	char path[256];
	int fd;

	(void)snprintf(path, sizeof path, "%s/grants.json", root);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	(void)!write(fd, text, strlen(text));
	close(fd);
}

static void test_spoiled(void)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"{\"grants\": {}}",
		"{\"grants\": [5]}",
		"{\"grants\": [{}]}",
		"{\"grants\": [{\"id\": \"x\", \"rule\": \"Bash\"}]}",
		"{\"grants\": [{\"id\": \"01a1fd9e-b905-7d08-96a1-b71fa683f96a\", \"rule\": 5}]}",
		("{\"grants\": [{\"id\": \"01a1fd9e-b905-7d08-96a1-b71fa683f96a\", \"rule\": "
		 "\"Bash\", "
		 "\"expiresNs\": \"never\"}]}"),
		("{\"grants\": [{\"id\": \"01a1fd9e-b905-7d08-96a1-b71fa683f96a\", \"rule\": "
		 "\"Bash\", "
		 "\"session\": \"s1\"}]}"),
	};
	char path[256];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		spoil(texts[i]);
		OK(count("", 0) == 999, "refused: %s", texts[i]);
	}
	spoil("{\"grants\": []}");
	(void)snprintf(path, sizeof path, "%s/grants.json", root);
	(void)chmod(path, 0666);
	OK(count("", 0) == 999, "refused: a file that others can write");
	(void)unlink(path);
	(void)!symlink("/dev/null", path);
	OK(count("", 0) == 999, "refused: a link");
	(void)unlink(path);
}

/* Readings 9 and 10. */
static void test_acceptable(void)
{
	static const struct {
		const char *rule;
		bool saved, good;
	} rows[] = {
		{ "Bash(npm test *)", true, true },
		{ "WebFetch(domain:example.com)", true, true },
		{ "mcp__github__get_*", true, true },
		{ "Read(~/notes/**)", true, true },
		{ "Edit(src/**)", true, false },
		{ "Edit(src/**)", false, true },
		{ "Edit", false, false },
		{ "Write", false, false },
		{ "write", true, false },
		{ "Write(src/a)", false, false },
		{ "Edit(.env)", false, true },
		{ "Edit(.github/**)", false, false },
		{ "Edit(a/.x/*)", false, false },
		{ "mcp__*", true, false },
		{ "Bash(", true, false },
		{ "", true, false },
		{ "Agent(model:opus)", true, false },
	};
	struct policy policy;
	const char *why;

	policy_default(&policy);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool good = grants_acceptable(&policy, span_of(rows[i].rule), rows[i].saved, &why);

		OK(good == rows[i].good && (good || why), "%s of %s: %s", rows[i].rule,
		   rows[i].saved ? "always" : "a session", good ? "may be granted" : why);
	}
	policy.safe = true;
	OK(!grants_acceptable(&policy, SPAN("Bash(ls)"), false, &why),
	   "KO-023: nothing in safe mode");
	policy.safe = false;
	policy.values[POLICY_MANAGED_RULES_ONLY].truth = true;
	OK(!grants_acceptable(&policy, SPAN("Bash(ls)"), false, &why),
	   "nothing where managed rules alone count");
}

int main(void)
{
	char path[256];

	if (!mkdtemp(root))
		return 1;
	place = (struct grants_place){ .state = span_of(root), .owner = geteuid() };
	test_scopes();
	test_expiry();
	test_apply();
	test_revoke();
	test_concurrency();
	test_spoiled();
	test_acceptable();
	(void)snprintf(path, sizeof path, "%s/sessions", root);
	(void)rmdir(path);
	(void)snprintf(path, sizeof path, "%s/grants.lock", root);
	(void)unlink(path);
	(void)rmdir(root);
	return tap_done();
}
