/* The profiles that ship, how one is chosen, and what would switch a guard off. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "run/profile.h"
#include "run/profile_data.h"
#include "tap.h"

enum { ARENA_LIMIT = 1024 * 1024 };

static const struct span *const shipped[] = { &profile_claude_code, &profile_codex };

static void test_shipped(void)
{
	for (size_t i = 0; i < sizeof shipped / sizeof shipped[0]; i++) {
		struct problem problem = { 0 };
		struct profile profile = { 0 };
		struct arena arena;
		bool hooked = false;

		arena_init(&arena, ARENA_LIMIT);
		OK(profile_parse(*shipped[i], &arena, &profile, &problem),
		   "profile %zu can be read", i);
		OK(profile.name.len > 0 && profile.programs.count > 0 && profile.provider_count > 0,
		   "%s has a program and a provider", profile.name.ptr ? profile.name.ptr : "?");
		for (size_t k = 0; k < profile.file_count; k++) {
			struct json_value *value;
			struct span path = profile.files[k].path;

			hooked = hooked || span_find(profile.files[k].content,
			                             SPAN("/run/bailiff/bin/bailiff hook "), NULL);
			if (span_ends(path, SPAN(".json")))
				OK(json_parse(profile.files[k].content, NULL, &arena, &value,
				              &problem),
				   "%s is JSON", path.ptr);
		}
		OK(hooked, "%s: its managed settings lead to the hook", profile.name.ptr);
		arena_release(&arena);
	}
}

static void test_choice(void)
{
	struct problem problem = { 0 };
	struct profile profile;
	struct arena arena;
	bool found = false;

	arena_init(&arena, ARENA_LIMIT);
	OK(profile_by_program(SPAN("claude"), &arena, &profile, &found, &problem) && found &&
	           span_equal(profile.name, SPAN("claude-code")),
	   "claude is Claude Code");
	OK(profile_by_program(SPAN("codex"), &arena, &profile, &found, &problem) && found,
	   "codex is Codex");
	OK(profile_by_program(SPAN("cla"), &arena, &profile, &found, &problem) && !found,
	   "cla is nobody");
	OK(profile_by_name(SPAN("codex"), &arena, &profile, &found, &problem) && found &&
	           span_equal(profile.name, SPAN("codex")),
	   "--agent codex");
	OK(profile_by_name(SPAN("Codex"), &arena, &profile, &found, &problem) && !found,
	   "names are exact");
	arena_release(&arena);
}

struct vetting {
	const char *program;
	char *argv[6];
	char *environ[3];
	const char *refused;
};

#define TEXT(literal) ((char[]){ literal })

static void test_vetting(void)
{
	/* reference: what was found to switch hooks off in these agents (features ⚑24 ff.) */
	struct vetting table[] = {
		{ "claude", { TEXT("claude"), TEXT("-p"), TEXT("x") }, { NULL }, NULL },
		{ "claude", { TEXT("claude"), TEXT("--bare") }, { NULL }, "--bare" },
		{ "claude", { TEXT("claude"), TEXT("--bare=1") }, { NULL }, "--bare=1" },
		{ "claude", { TEXT("claude"), TEXT("--barely") }, { NULL }, NULL },
		{ "claude",
		  { TEXT("claude"), TEXT("--setting-sources"), TEXT("") },
		  { NULL },
		  "--setting-sources" },
		{ "claude",
		  { TEXT("claude") },
		  { TEXT("CLAUDE_CODE_SIMPLE=1") },
		  "CLAUDE_CODE_SIMPLE=1" },
		{ "claude", { TEXT("claude") }, { TEXT("CLAUDE_CODE_SIMPLE=0") }, NULL },
		{ "claude", { TEXT("claude") }, { TEXT("CLAUDE_CODE_SIMPLE=") }, NULL },
		{ "claude", { TEXT("claude") }, { TEXT("XCLAUDE_CODE_SIMPLE=1") }, NULL },
		{ "codex", { TEXT("codex"), TEXT("exec"), TEXT("x") }, { NULL }, NULL },
		{ "codex",
		  { TEXT("codex"), TEXT("--disable"), TEXT("hooks") },
		  { NULL },
		  "--disable" },
		{ "codex",
		  { TEXT("codex"), TEXT("--disable=hooks") },
		  { NULL },
		  "--disable=hooks" },
		{ "codex", { TEXT("codex"), TEXT("--disable"), TEXT("web") }, { NULL }, NULL },
		{ "codex", { TEXT("codex"), TEXT("--disable") }, { NULL }, NULL },
		{ "codex",
		  { TEXT("codex"), TEXT("-c"), TEXT("features.hooks=false") },
		  { NULL },
		  "features.hooks=false" },
		{ "codex",
		  { TEXT("codex"), TEXT("-cfeatures.hooks=false") },
		  { NULL },
		  "-cfeatures.hooks=false" },
		{ "codex",
		  { TEXT("codex"), TEXT("-c"), TEXT("features.hooks = false") },
		  { NULL },
		  "features.hooks = false" },
		{ "codex",
		  { TEXT("codex"), TEXT("--config=features.hooks=false") },
		  { NULL },
		  "--config=features.hooks=false" },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct problem problem = { 0 };
		struct profile profile;
		struct arena arena;
		bool found;
		const char *refused = "unread";

		arena_init(&arena, ARENA_LIMIT);
		if (profile_by_program(span_of(table[i].program), &arena, &profile, &found,
		                       &problem) &&
		    found)
			refused = profile_refuses(&profile, table[i].argv, table[i].environ);
		OK(span_equal(span_of(refused), span_of(table[i].refused)), "%s %s: %s",
		   table[i].program, table[i].argv[1] ? table[i].argv[1] : table[i].environ[0],
		   table[i].refused ? "refused" : "passes");
		arena_release(&arena);
	}
}

static void test_strict(void)
{
	static const struct span wrong[] = {
		SPAN_INIT(""),
		SPAN_INIT("[]"),
		SPAN_INIT("{}"),
		SPAN_INIT("{\"name\":1}"),
		SPAN_INIT("{\"name\":\"x\",\"unknown\":[]}"),
	};

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct problem problem = { 0 };
		struct profile profile;
		struct arena arena;

		arena_init(&arena, ARENA_LIMIT);
		OK(!profile_parse(wrong[i], &arena, &profile, &problem) &&
		           problem.kind == PROBLEM_SYNTAX,
		   "profile '%.*s' is refused", (int)wrong[i].len, wrong[i].ptr);
		arena_release(&arena);
	}
}

static void test_memory(void)
{
	bool only_memory = true, done = false;

	for (size_t limit = 0; !done && limit < ARENA_LIMIT; limit += 64) {
		struct problem problem = { 0 };
		struct profile profile;
		struct arena arena;

		arena_init(&arena, limit);
		done = profile_parse(profile_claude_code, &arena, &profile, &problem);
		only_memory = only_memory && (done || problem.kind == PROBLEM_MEMORY);
		arena_release(&arena);
	}
	OK(done && only_memory, "every short arena reports a lack of memory");
}

int main(void)
{
	test_shipped();
	test_choice();
	test_vetting();
	test_strict();
	test_memory();
	return tap_done();
}
