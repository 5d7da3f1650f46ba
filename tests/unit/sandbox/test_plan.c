/*
 * What the planner makes of a request and a file system that is a list of lines:
 *
 *     workspace /home/u/p        and home, private, state, path, level, network, read, write,
 *     user root                  with-env
 *     dir /home/u/p              what there is: dir, file, big (a large file), link PATH TEXT, other
 *     ---
 *     the plan as `bailiff run --dry-run` prints it, or "refused: WHY: PATH"
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "golden.h"
#include "sandbox/sandbox.h"

enum { MAX_ENTRIES = 256, ARENA_LIMIT = 16 * 1024 * 1024 };

struct entry {
	const char *path;
	struct sandbox_fact fact;
};

struct table {
	struct entry entries[MAX_ENTRIES];
	size_t count;
	struct sandbox_place readable[16], writable[16];
};

static bool look(void *context, const char *path, struct arena *arena, struct sandbox_fact *fact)
{
	const struct table *table = context;

	(void)arena;
	*fact = (struct sandbox_fact){ .kind = SANDBOX_ABSENT };
	for (size_t i = 0; i < table->count; i++) {
		if (strcmp(table->entries[i].path, path) == 0)
			*fact = table->entries[i].fact;
	}
	return true;
}

static bool list(void *context, const char *path, struct arena *arena, struct sandbox_name **names,
                 size_t *count)
{
	const struct table *table = context;

	*count = 0;
	*names = arena_array(arena, struct sandbox_name, MAX_ENTRIES);
	for (size_t i = 0; *names && i < table->count; i++) {
		struct span entry = span_of(table->entries[i].path), name;

		if (!span_equal(path_dirname(entry), span_of(path)) || entry.len == 1)
			continue;
		name = path_basename(entry);
		(*names)[(*count)++] = (struct sandbox_name){
			.name = name.ptr,
			.directory = table->entries[i].fact.kind == SANDBOX_IS_DIRECTORY,
		};
	}
	return *names != NULL;
}

static enum sandbox_kind kind_of(struct span word, uint64_t *size)
{
	*size = 100;
	if (span_equal(word, SPAN("dir")))
		return SANDBOX_IS_DIRECTORY;
	if (span_equal(word, SPAN("link")))
		return SANDBOX_IS_LINK;
	if (span_equal(word, SPAN("other")))
		return SANDBOX_IS_OTHER;
	if (span_equal(word, SPAN("big")))
		*size = 1000000;
	return span_equal(word, SPAN("file")) || *size > 100 ? SANDBOX_IS_FILE : SANDBOX_ABSENT;
}

static const char *keep(struct arena *arena, struct span text)
{
	struct span copy;

	return arena_copy(arena, text, &copy) ? copy.ptr : "";
}

static void take_request(struct sandbox_request *request, struct table *table, struct span key,
                         const char *value)
{
	const struct {
		const char *key;
		const char **at;
	} texts[] = { { "workspace", &request->workspace }, { "repository", &request->repository },
		      { "home", &request->home },           { "private", &request->private_home },
		      { "state", &request->state },         { "path", &request->search_path } };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (span_equal(key, span_of(texts[i].key)))
			*texts[i].at = value;
	}
	if (span_equal(key, SPAN("level")))
		request->level = *value == '2' ? SANDBOX_LANDLOCK : SANDBOX_FULL;
	if (span_equal(key, SPAN("network")))
		request->network = strcmp(value, "host") == 0 ? SANDBOX_NETWORK_HOST
		                                              : SANDBOX_NETWORK_PROXY;
	if (span_equal(key, SPAN("user")))
		request->root = true;
	if (span_equal(key, SPAN("with-env")))
		request->show_env = true;
	if (span_equal(key, SPAN("read")))
		table->readable[request->readable_count++] = (struct sandbox_place){ value, NULL,
			                                                             "asked for" };
	if (span_equal(key, SPAN("write")))
		table->writable[request->writable_count++] = (struct sandbox_place){ value, NULL,
			                                                             "asked for" };
}

static void take_line(struct sandbox_request *request, struct table *table, struct span line,
                      struct arena *arena)
{
	struct span rest = line, key, word = { 0 };
	uint64_t size;
	enum sandbox_kind kind;

	if (!span_split(&rest, ' ', &key))
		return;
	kind = kind_of(key, &size);
	if (kind == SANDBOX_ABSENT) {
		take_request(request, table, key, keep(arena, rest));
		return;
	}
	span_split(&rest, ' ', &word);
	table->entries[table->count] = (struct entry){
		.path = keep(arena, word),
		.fact = { .kind = kind,
		          .device = 1,
		          .inode = table->count + 1,
		          .size = size,
		          .link = keep(arena, rest) },
	};
	table->count++;
}

static void run(struct span input, FILE *out, void *context)
{
	struct table *table = calloc(1, sizeof *table);
	struct sandbox_world world = { table, look, list };
	struct sandbox_request request = { .level = SANDBOX_FULL,
		                           .home = "/home/u",
		                           .private_home = "/home/u/.bailiff/homes/1",
		                           .state = "/home/u/.bailiff",
		                           .search_path = "/usr/bin" };
	struct problem problem = { 0 };
	struct sandbox_plan plan;
	const char *culprit = NULL;
	struct span line;
	struct arena arena;
	struct outbuf text;

	(void)context;
	arena_init(&arena, ARENA_LIMIT);
	outbuf_init(&text, 1024 * 1024);
	while (span_split(&input, '\n', &line))
		take_line(&request, table, line, &arena);
	request.readable = table->readable;
	request.writable = table->writable;
	if (sandbox_plan(&request, &world, &arena, &plan, &culprit, &problem)) {
		plan.limits = (struct sandbox_limits){ 0 };
		sandbox_plan_text(&plan, &text);
		fwrite(text.ptr, 1, text.len, out);
	} else {
		fprintf(out, "refused: %s: %s\n", problem.what, culprit ? culprit : "");
	}
	outbuf_release(&text);
	arena_release(&arena);
	free(table);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
