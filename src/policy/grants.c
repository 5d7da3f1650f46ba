/* Grants as files: read, written and taken back. */
#include "policy/grants.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/outbuf.h"

enum { GRANTS_BYTES = 1 << 20, GRANTS_MOST = 4096, SESSION_NAME = 80, SESSIONS_MOST = 4096 };

static const struct json_limits grants_json_limits = { .source_bytes = GRANTS_BYTES, .depth = 6 };

static bool refuse(struct policy_fault *fault, struct span file, enum problem_kind kind,
                   const char *what)
{
	*fault = (struct policy_fault){ .at = { .layer = POLICY_SAVED_GRANT, .file = file } };
	return problem_set(&fault->problem, kind, 0, what);
}

static bool refuse_system(struct policy_fault *fault, struct span file, const char *what)
{
	*fault = (struct policy_fault){ .at = { .layer = POLICY_SAVED_GRANT, .file = file } };
	return problem_system(&fault->problem, what);
}

/* A session's file: its id where that is a plain name, else a digest of it. */
static void session_file(struct span session, char name[SESSION_NAME])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[SHA256_BYTES];
	bool plain = session.len > 0 && session.len <= 64 && session.ptr[0] != '.';
	size_t len = 0;

	for (size_t i = 0; i < session.len && plain; i++) {
		char byte = session.ptr[i];

		plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		        (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.';
	}
	if (plain) {
		memcpy(name, session.ptr, session.len);
		len = session.len;
	} else {
		sha256_of(session, digest);
		name[len++] = '=';
		for (size_t i = 0; i < sizeof(digest); i++) {
			name[len++] = digits[digest[i] >> 4];
			name[len++] = digits[digest[i] & 15];
		}
	}
	memcpy(name + len, ".json", sizeof(".json"));
}

static bool join(struct arena *arena, struct span folder, struct span name, struct span *path)
{
	struct outbuf out;
	bool good;

	outbuf_init(&out, 1 << 16);
	outbuf_put(&out, folder);
	outbuf_put_byte(&out, '/');
	outbuf_put(&out, name);
	good = outbuf_ok(&out) && arena_copy(arena, outbuf_span(&out), path);
	outbuf_release(&out);
	return good;
}

/* ---- JSON to grants ---- */

/* The times of a grant are whole nanoseconds; a number that is none is a fault of the file. */
static bool read_time(const struct json_value *value, uint64_t *ns)
{
	int64_t number;

	if (!value) {
		*ns = 0;
		return true;
	}
	if (!json_int(value, &number) || number < 0)
		return false;
	*ns = (uint64_t)number;
	return true;
}

static bool read_grant(const struct json_value *value, struct grant *grant, const char **what)
{
	static const struct span members[] = { SPAN_INIT("id"), SPAN_INIT("rule"),
		                               SPAN_INIT("session"), SPAN_INIT("workspace"),
		                               SPAN_INIT("who") };
	struct span *fields[] = { &grant->id, &grant->rule, &grant->session, &grant->workspace,
		                  &grant->who };
	struct uuid uuid;

	*what = "a grant must be an object";
	if (value->kind != JSON_OBJECT)
		return false;
	for (size_t i = 0; i < 5; i++) {
		const struct json_value *member = json_get(value, members[i]);

		*what = "a grant's id, rule, session, workspace and who must be strings";
		if (member ? !json_string(member, fields[i]) : i < 2)
			return false;
	}
	*what = "a grant's id must be a UUID";
	if (!uuid_parse(grant->id, &uuid))
		return false;
	*what = "a grant's times must be whole numbers of nanoseconds";
	return read_time(json_get(value, SPAN("createdNs")), &grant->created_ns) &&
	       read_time(json_get(value, SPAN("expiresNs")), &grant->expires_ns);
}

static bool read_grants(const struct policy_file *file, struct arena *arena, struct grant ***last,
                        struct policy_fault *fault)
{
	struct json_value *object;
	const struct json_value *list;
	const char *what;

	*fault = (struct policy_fault){ .at = { .layer = file->layer, .file = file->path } };
	if (!json_parse(file->bytes, &grants_json_limits, arena, &object, &fault->problem))
		goto placed;
	list = json_get(object, SPAN("grants"));
	if (!list || list->kind != JSON_ARRAY || list->count > GRANTS_MOST) {
		(void)problem_set(&fault->problem, PROBLEM_SYNTAX, object->start,
		                  "must be an object with a list of grants");
		goto placed;
	}
	for (const struct json_value *value = list->first; value; value = value->next) {
		struct problem_place place = problem_place(file->bytes, value->start);
		struct grant *grant = arena_new(arena, struct grant);

		if (!grant)
			return refuse(fault, file->path, PROBLEM_MEMORY, "out of memory");
		grant->source = (struct policy_source){ .layer = file->layer,
			                                .file = file->path,
			                                .line = place.line,
			                                .column = place.column };
		if (!read_grant(value, grant, &what)) {
			(void)problem_set(&fault->problem, PROBLEM_SYNTAX, value->start, what);
			goto placed;
		}
		/* A session's file speaks for that session alone, whatever it says. */
		if ((file->layer == POLICY_SESSION_GRANT) != (grant->session.len > 0)) {
			(void)problem_set(&fault->problem, PROBLEM_REFUSED, value->start,
			                  "a grant of another scope than its file");
			goto placed;
		}
		**last = grant;
		*last = &grant->next;
	}
	return true;
placed:;
	struct problem_place place = problem_place(file->bytes, fault->problem.offset);

	fault->at.line = place.line;
	fault->at.column = place.column;
	return false;
}

/* ---- files ---- */

static struct policy_places places_of(const struct grants_place *place)
{
	return (struct policy_places){ .user_state = place->state,
		                       .user_owner = place->owner,
		                       .vouched = place->vouched };
}

static bool read_file(const struct grants_place *place, enum policy_layer layer, const char *name,
                      struct arena *arena, struct grant ***last, struct policy_fault *fault)
{
	struct policy_places places = places_of(place);
	struct policy_wanted wanted = { .layer = layer, .folder = place->state, .name = name };
	struct policy_file *file;

	if (layer == POLICY_SESSION_GRANT &&
	    !join(arena, place->state, SPAN("sessions"), &wanted.folder))
		return refuse(fault, place->state, PROBLEM_MEMORY, "out of memory");
	if (!policy_read_one(&places, &wanted, arena, &file, fault))
		return false;
	return !file || read_grants(file, arena, last, fault);
}

static void drop_expired(struct grant **grants, uint64_t now_ns)
{
	while (now_ns > 0 && *grants) {
		if ((*grants)->expires_ns > 0 && (*grants)->expires_ns <= now_ns)
			*grants = (*grants)->next;
		else
			grants = &(*grants)->next;
	}
}

bool grants_read(const struct grants_place *place, struct span session, uint64_t now_ns,
                 struct arena *arena, struct grant **grants, struct policy_fault *fault)
{
	struct grant **last = grants;
	char name[SESSION_NAME];

	*grants = NULL;
	if (!read_file(place, POLICY_SAVED_GRANT, "grants.json", arena, &last, fault))
		return false;
	if (session.len > 0) {
		session_file(session, name);
		if (!read_file(place, POLICY_SESSION_GRANT, name, arena, &last, fault))
			return false;
	}
	drop_expired(grants, now_ns);
	return true;
}

/* The names in STATE/sessions that are files of grants. */
static bool list_sessions(const struct grants_place *place, struct arena *arena,
                          struct span **names, size_t *count, struct policy_fault *fault)
{
	struct span folder, terminated;
	struct dirent *entry;
	size_t room = 0;
	DIR *list;

	*names = NULL;
	*count = 0;
	if (!join(arena, place->state, SPAN("sessions"), &folder) ||
	    !arena_copy(arena, folder, &terminated))
		return refuse(fault, place->state, PROBLEM_MEMORY, "out of memory");
	list = opendir(terminated.ptr);
	if (!list)
		return errno == ENOENT || refuse_system(fault, folder, "cannot be listed");
	while ((entry = readdir(list)) && *count < SESSIONS_MOST) {
		if (!span_ends(span_of(entry->d_name), SPAN(".json")))
			continue;
		if (!arena_grow(arena, (void **)names, &room, *count, sizeof(**names)) ||
		    !arena_copy(arena, span_of(entry->d_name), &(*names)[*count])) {
			closedir(list);
			return refuse(fault, folder, PROBLEM_MEMORY, "out of memory");
		}
		(*count)++;
	}
	closedir(list);
	return true;
}

bool grants_read_all(const struct grants_place *place, struct arena *arena, struct grant **grants,
                     struct policy_fault *fault)
{
	struct grant **last = grants;
	struct span *names;
	size_t count;

	*grants = NULL;
	if (!read_file(place, POLICY_SAVED_GRANT, "grants.json", arena, &last, fault) ||
	    !list_sessions(place, arena, &names, &count, fault))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!read_file(place, POLICY_SESSION_GRANT, names[i].ptr, arena, &last, fault))
			return false;
	return true;
}

bool grants_apply(const struct grant *grants, struct span workspace, struct arena *arena,
                  struct policy *policy)
{
	for (const struct grant *grant = grants; grant; grant = grant->next) {
		struct policy_rule rule = { .source = grant->source,
			                    .id = grant->id,
			                    .session = grant->session,
			                    .expires_ns = grant->expires_ns,
			                    .grant = true };

		if (grant->workspace.len > 0 && !span_equal(grant->workspace, workspace))
			continue;
		/* One that this version cannot read grants nothing. */
		if (!rule_read(grant->rule, RULE_ALLOW, &rule.rule, NULL) ||
		    rule.rule.kind == RULE_NEVER)
			continue;
		if (!policy_add_rule(policy, &rule, arena))
			return false;
	}
	return true;
}

/* ---- what may be granted ---- */

static bool has_hidden_component(struct span path)
{
	return span_starts(path, SPAN(".")) || span_find(path, SPAN("/."), NULL);
}

static bool is_pattern(struct span path)
{
	return span_find_byte(path, '*', NULL) || span_find_byte(path, '?', NULL) ||
	       span_find_byte(path, '[', NULL);
}

bool grants_acceptable(const struct policy *policy, struct span text, bool saved, const char **why)
{
	static const struct span writing[] = { SPAN_INIT("Edit"), SPAN_INIT("Write"),
		                               SPAN_INIT("MultiEdit"), SPAN_INIT("NotebookEdit") };
	struct problem problem;
	struct rule rule;

	if (!rule_read(text, RULE_ALLOW, &rule, &problem)) {
		*why = problem.what;
		return false;
	}
	*why = rule.kind == RULE_NEVER ? rule.why : NULL;
	if (policy->safe)
		*why = "in safe mode nothing is granted beforehand";
	if (policy->values[POLICY_MANAGED_RULES_ONLY].truth)
		*why = "the policy lets only managed rules allow anything";
	for (size_t i = 0; i < 4 && !*why; i++) {
		if (!span_equal_nocase(rule.tool, writing[i]))
			continue;
		if (rule.kind != RULE_PATH || saved)
			*why = "writing is granted for one session and a path at most: Edit(PATH) "
			       "with --session";
		else if (has_hidden_component(rule.pattern) && is_pattern(rule.pattern))
			*why = "writing to hidden files is granted path by path, without stars";
	}
	return *why == NULL;
}

/* ---- writing ---- */

static void put_member(struct outbuf *out, const char *name, struct span text, bool first)
{
	if (!first)
		outbuf_put(out, SPAN(", "));
	outbuf_put_json(out, span_of(name));
	outbuf_put(out, SPAN(": "));
	outbuf_put_json(out, text);
}

static void put_grant(struct outbuf *out, const struct grant *grant)
{
	outbuf_put_byte(out, '{');
	put_member(out, "id", grant->id, true);
	put_member(out, "rule", grant->rule, false);
	put_member(out, "session", grant->session, false);
	put_member(out, "workspace", grant->workspace, false);
	put_member(out, "who", grant->who, false);
	outbuf_put(out, SPAN(", \"createdNs\": "));
	outbuf_put_u64(out, grant->created_ns);
	outbuf_put(out, SPAN(", \"expiresNs\": "));
	outbuf_put_u64(out, grant->expires_ns);
	outbuf_put_byte(out, '}');
}

/* Replaces one file; a session without grants has none. */
static bool write_file(const struct grants_place *place, enum policy_layer layer, const char *name,
                       const struct grant *grants, struct arena *arena, struct policy_fault *fault)
{
	struct span folder = place->state, path, terminated;
	struct outbuf out;
	bool good;

	if ((layer == POLICY_SESSION_GRANT &&
	     !join(arena, place->state, SPAN("sessions"), &folder)) ||
	    !join(arena, folder, span_of(name), &path) || !arena_copy(arena, folder, &terminated))
		return refuse(fault, place->state, PROBLEM_MEMORY, "out of memory");
	if (!grants && layer == POLICY_SESSION_GRANT)
		return unlink(path.ptr) == 0 || errno == ENOENT ||
		       refuse_system(fault, path, "cannot be removed");
	*fault = (struct policy_fault){ .at = { .layer = layer, .file = path } };
	if (!file_make_directory(terminated.ptr, 0700, &fault->problem))
		return false;
	outbuf_init(&out, GRANTS_BYTES);
	outbuf_put(&out, SPAN("{\"version\": 1, \"grants\": ["));
	for (const struct grant *grant = grants; grant; grant = grant->next) {
		outbuf_put(&out, grant == grants ? SPAN("\n  ") : SPAN(",\n  "));
		put_grant(&out, grant);
	}
	outbuf_put(&out, SPAN("\n]}\n"));
	good = outbuf_ok(&out) ? file_replace(path.ptr, outbuf_span(&out), 0600, &fault->problem)
	                       : problem_set(&fault->problem, PROBLEM_LIMIT, 0,
	                                     "would grow past 1 MiB: take back what is not needed");
	outbuf_release(&out);
	return good;
}

/* The lock that writers hold; -1 and the fault where it cannot be had. */
static int lock(const struct grants_place *place, struct arena *arena, struct policy_fault *fault)
{
	struct span path, folder;
	int fd;

	if (!join(arena, place->state, SPAN("grants.lock"), &path) ||
	    !arena_copy(arena, place->state, &folder)) {
		(void)refuse(fault, place->state, PROBLEM_MEMORY, "out of memory");
		return -1;
	}
	*fault = (struct policy_fault){ .at = { .layer = POLICY_SAVED_GRANT, .file = path } };
	if (!file_make_directory(folder.ptr, 0700, &fault->problem))
		return -1;
	fd = open(path.ptr, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0 && flock(fd, LOCK_EX) == 0)
		return fd;
	(void)refuse_system(fault, path, "cannot be locked");
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool add_locked(const struct grants_place *place, const struct grant *grant,
                       struct arena *arena, struct policy_fault *fault)
{
	enum policy_layer layer = grant->session.len > 0 ? POLICY_SESSION_GRANT
	                                                 : POLICY_SAVED_GRANT;
	char name[SESSION_NAME] = "grants.json";
	struct grant *grants = NULL, **last = &grants, added = *grant;

	if (layer == POLICY_SESSION_GRANT)
		session_file(grant->session, name);
	if (!read_file(place, layer, name, arena, &last, fault))
		return false;
	for (struct grant **at = &grants; *at;) {
		if (span_equal((*at)->rule, grant->rule) &&
		    span_equal((*at)->workspace, grant->workspace))
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
	for (last = &grants; *last; last = &(*last)->next)
		;
	added.next = NULL;
	*last = &added;
	return write_file(place, layer, name, grants, arena, fault);
}

bool grants_add(const struct grants_place *place, const struct grant *grant,
                struct policy_fault *fault)
{
	struct arena arena;
	bool good = false;
	int fd;

	arena_init(&arena, (size_t)GRANTS_BYTES * 16);
	fd = lock(place, &arena, fault);
	if (fd >= 0) {
		good = add_locked(place, grant, &arena, fault);
		close(fd);
	}
	arena_release(&arena);
	/* The names in the fault were the arena's. */
	if (!good)
		fault->at.file = place->state;
	return good;
}

static bool chosen(const struct grants_choice *choice, const struct grant *grant)
{
	if (choice->id.len > 0)
		return span_equal_nocase(choice->id, grant->id);
	if (choice->session.len > 0)
		return span_equal(choice->session, grant->session);
	return !choice->saved || grant->session.len == 0;
}

struct removal {
	const struct grants_place *place;
	const struct grants_choice *choice;
	struct arena *arena;
	size_t removed;
};

static bool remove_in(struct removal *removal, enum policy_layer layer, const char *name,
                      struct policy_fault *fault)
{
	struct grant *grants = NULL, **last = &grants;
	size_t before = removal->removed;

	if (!read_file(removal->place, layer, name, removal->arena, &last, fault))
		return false;
	for (struct grant **at = &grants; *at;) {
		if (chosen(removal->choice, *at)) {
			*at = (*at)->next;
			removal->removed++;
		} else {
			at = &(*at)->next;
		}
	}
	return removal->removed == before ||
	       write_file(removal->place, layer, name, grants, removal->arena, fault);
}

static bool remove_locked(struct removal *removal, struct policy_fault *fault)
{
	struct span *names;
	size_t count;

	if (!remove_in(removal, POLICY_SAVED_GRANT, "grants.json", fault) ||
	    !list_sessions(removal->place, removal->arena, &names, &count, fault))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!remove_in(removal, POLICY_SESSION_GRANT, names[i].ptr, fault))
			return false;
	return true;
}

bool grants_remove(const struct grants_place *place, const struct grants_choice *choice,
                   size_t *removed, struct policy_fault *fault)
{
	struct arena arena;
	struct removal removal = { .place = place, .choice = choice, .arena = &arena };
	bool good = false;
	int fd;

	*removed = 0;
	arena_init(&arena, (size_t)GRANTS_BYTES * 64);
	fd = lock(place, &arena, fault);
	if (fd >= 0) {
		good = remove_locked(&removal, fault);
		*removed = removal.removed;
		close(fd);
	}
	arena_release(&arena);
	if (!good)
		fault->at.file = place->state;
	return good;
}
