/* One program each: git's ext transport, containers, database clients, nc and socat, and what runs files by name. */
#include "base/path.h"
#include "effect/feed.h"

static bool is(const struct running *run, const char *name)
{
	return span_equal(run->match.name, span_of(name));
}

/* The words of `text` between blanks, as a command line; `%` hides a blank: gitremote-ext(7). */
static bool split_words(struct running *run, struct span text, char hide, struct fields *words)
{
	struct text word = { 0 };
	bool any = false;

	for (size_t i = 0; i <= text.len; i++) {
		bool end = i == text.len || text.ptr[i] == ' ';
		struct field field;

		if (!end) {
			if (text.ptr[i] == hide && i + 1 < text.len)
				i++;
			if (!text_add(run->engine->arena, &word, span_slice(text, i, i + 1)))
				return engine_memory(run->engine);
			any = true;
			continue;
		}
		if (!any)
			continue;
		field = field_of(value_of(text_span(&word)), run->invocation->start,
		                 run->invocation->end);
		if (!fields_add(run->engine, words, &field))
			return false;
		word = (struct text){ 0 };
		any = false;
	}
	return true;
}

static bool run_line(struct running *run, const struct fields *words)
{
	struct invocation line = *run->invocation;
	struct running inner = *run;

	line.words = *words;
	inner.invocation = &line;
	return run_words(&inner, 0, words->count, false);
}

bool feed_transport(struct running *run, struct span text)
{
	struct fields words = { 0 };

	return split_words(run, text, '%', &words) && run_line(run, &words);
}

/* ---- containers ---- */

bool feed_is_container(const struct running *run)
{
	return is(run, "docker") || is(run, "podman") || is(run, "nerdctl");
}

void feed_outside(struct field *mount)
{
	size_t colon;

	if (span_find_byte(mount->value.head, ':', &colon)) {
		mount->value.head = span_slice(mount->value.head, 0, colon);
		mount->value.complete = true;
	}
}

static bool add_mount(struct running *run, struct span text)
{
	struct mount *mount = arena_new(run->engine->arena, struct mount);
	struct span outside, inside;

	if (!mount)
		return engine_memory(run->engine);
	if (!span_split(&text, ':', &outside) || !span_split(&text, ':', &inside))
		return true;
	if (!paths_normalise(run->shell->cwd.complete ? run->shell->cwd.head : SPAN("/"), outside,
	                     run->engine->arena, &mount->outside) ||
	    !path_normalise(SPAN("/"), inside, run->engine->arena, &mount->inside))
		return engine_memory(run->engine);
	mount->next = run->engine->mounts;
	run->engine->mounts = mount;
	return true;
}

bool feed_container(struct running *run, const struct command_use *use)
{
	struct engine *engine = run->engine;
	const struct mount *mounts = engine->mounts;
	bool contained = engine->contained, good = true;
	struct shell *outer = run->shell, inside = *outer;
	size_t first = use->arg, count = run->invocation->words.count;

	for (size_t i = 0; i < run->match.count && good; i++) {
		const struct command_use *mount = &run->match.uses[i];

		if (mount->verb == COMMAND_MOUNT && mount->has_target)
			good = add_mount(run, use_field(run, mount).value.head);
	}
	/* The image stands in front of the command. */
	if (first < count && !(run->match.sub.len > 0 && use->count > 1))
		first++;
	inside.cwd = value_of(SPAN("/"));
	run->shell = &inside;
	engine->contained = true;
	good = good && first < count ? run_words(run, first, count - first, false) : good;
	engine->contained = contained;
	engine->mounts = mounts;
	run->shell = outer;
	return good;
}

/* ---- statements, projects ---- */

bool feed_statement(struct running *run, const struct value *text)
{
	bool understood;

	return code_scan(run, SPAN("sql"), text->head, &understood);
}

/* Which file a program runs without being told its name. */
bool feed_project(struct running *run)
{
	static const struct {
		const char *program, *file, *language;
	} rows[] = {
		{ "make", "Makefile", "make" },
		{ "make", "makefile", "make" },
		{ "make", "GNUmakefile", "make" },
		{ "direnv", ".envrc", "bash" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct value name = value_of(span_of(rows[i].file));
		const struct value *contents;
		struct span path;

		if (!span_equal(run->command->name, span_of(rows[i].program)))
			continue;
		if (!path_of(run->engine, run->shell, &name, &path))
			return false;
		contents = file_contents(run->engine, path);
		if (!contents)
			continue;
		if (span_equal(span_of(rows[i].language), SPAN("bash"))
		            ? !run_shell_value(run, contents)
		            : !run_code_value(run, span_of(rows[i].language), contents))
			return false;
	}
	return true;
}

/* ---- sockets ---- */

static bool joins_network(const struct running *run)
{
	return is(run, "nc") || is(run, "ncat") || is(run, "netcat") || is(run, "socat");
}

bool feed_socket(struct running *run)
{
	struct value name = value_of(run->command->name);

	if (!joins_network(run))
		return true;
	return effect_on(run->engine, EFFECT_RUN, EFFECT_TO_SOCKET, &name, &run->site);
}

/* TCP:host:port, EXEC:command, OPEN:file: socat(1), ADDRESS TYPES. */
bool feed_address(struct running *run, const struct field *field)
{
	struct span rest = field->value.head, type, options;
	struct value value = field->value;
	struct fields words = { 0 };

	if (!span_split(&rest, ':', &type))
		return true;
	options = rest;
	if (!span_split(&options, ',', &rest))
		rest = SPAN("");
	value.head = rest;
	if (span_equal_nocase(type, SPAN("EXEC")))
		return feed_socket(run) && split_words(run, rest, '\\', &words) &&
		       run_line(run, &words);
	if (span_equal_nocase(type, SPAN("SYSTEM")) || span_equal_nocase(type, SPAN("SHELL")))
		return feed_socket(run) && run_shell_value(run, &value);
	if (span_find(type, SPAN("LISTEN"), NULL) || span_find(type, SPAN("listen"), NULL))
		return effect_on(run->engine, EFFECT_LISTEN, 0, &value, &run->site);
	if (span_equal_nocase(type, SPAN("OPEN")) || span_equal_nocase(type, SPAN("CREATE")) ||
	    span_equal_nocase(type, SPAN("FILE")) || span_equal_nocase(type, SPAN("GOPEN"))) {
		struct field path = *field;

		path.value.head = rest;
		return effect_on_path(run->engine, run->shell, EFFECT_WRITE, 0, &path, &run->site);
	}
	if (span_equal_nocase(type, SPAN("-")) || span_equal_nocase(type, SPAN("STDIO")) ||
	    span_equal_nocase(type, SPAN("STDIN")) || span_equal_nocase(type, SPAN("STDOUT"))) {
		run->reads_input = true;
		return true;
	}
	run->network = true;
	run->host = rest;
	return effect_on(run->engine, EFFECT_CONNECT, 0, &value, &run->site);
}
