/* Programs that feed others: find, fd, xargs, parallel; cp and its like; settings that are commands. */
#include "effect/feed.h"

#include "base/path.h"

enum { MAX_FED = 64 /* words of known input that xargs is given one by one */ };

static bool is(const struct running *run, const char *name)
{
	return span_equal(run->match.name, span_of(name));
}

/* The value of an option among the words: "-name X" gives X; "" where it is not there. */
static struct span option_value(const struct running *run, const char *option)
{
	const struct fields *words = &run->invocation->words;
	struct span name = span_of(option);

	for (size_t i = 1; i < words->count; i++) {
		struct span word = words->items[i].value.head;

		if (span_equal(word, name) && i + 1 < words->count)
			return words->items[i + 1].value.head;
		if (name.len == 2 && word.len > 2 && span_starts(word, name))
			return span_from(word, 2);
	}
	return SPAN("");
}

/* ---- find ---- */

/* Everything below `start` that the name pattern matches, as a field with a pattern. */
static bool below(struct running *run, const struct field *start, struct span pattern,
                  struct field *field)
{
	struct engine *engine = run->engine;
	struct value_builder builder = { 0 };
	bool many = pattern.len == 0;

	if (!builder_add(engine->arena, &builder, &start->value) ||
	    !builder_add_text(engine->arena, &builder, SPAN("/")) ||
	    !builder_add_text(engine->arena, &builder, many ? SPAN("*") : pattern))
		return engine_memory(engine);
	*field = *start;
	field->value = builder_value(&builder);
	field->value.origins |= ORIGIN_GLOB;
	field->glob = field->value.complete;
	field->glob_at = field->value.complete ? start->value.head.len + 1 : 0;
	return true;
}

bool feed_narrow(struct running *run, struct field *field, bool *narrowed)
{
	struct span pattern = option_value(run, "-name");

	*narrowed = false;
	if (!is(run, "find") || pattern.len == 0 || span_equal(pattern, SPAN("*")))
		return true;
	*narrowed = true;
	return below(run, field, pattern, field);
}

/* Words with each "{}" replaced. */
static bool replace(struct running *run, struct span mark, const struct field *name,
                    struct fields *words, bool *found)
{
	struct engine *engine = run->engine;

	*found = false;
	for (size_t i = 0; i < words->count; i++) {
		struct value_builder builder = { 0 };
		struct span rest = words->items[i].value.head;
		size_t at;

		if (!span_find(rest, mark, &at) || mark.len == 0)
			continue;
		*found = true;
		if (span_equal(rest, mark)) {
			struct field whole = *name;

			whole.start = words->items[i].start;
			whole.end = words->items[i].end;
			words->items[i] = whole;
			continue;
		}
		while (span_find(rest, mark, &at)) {
			if (!builder_add_text(engine->arena, &builder, span_slice(rest, 0, at)) ||
			    !builder_add(engine->arena, &builder, &name->value))
				return engine_memory(engine);
			rest = span_from(rest, at + mark.len);
		}
		if (!builder_add_text(engine->arena, &builder, rest))
			return engine_memory(engine);
		words->items[i].value = builder_value(&builder);
		if (name->glob) {
			words->items[i].value.complete = false;
			words->items[i].value.origins |= ORIGIN_GLOB;
		}
	}
	return true;
}

static bool copy_words(struct running *run, size_t first, size_t count, struct fields *words)
{
	for (size_t i = 0; i < count; i++)
		if (!fields_add(run->engine, words, &run->invocation->words.items[first + i]))
			return false;
	return true;
}

static bool run_fed(struct running *run, struct fields *words, bool more)
{
	struct invocation fed = *run->invocation;
	struct running inner = *run;

	fed.words = *words;
	inner.invocation = &fed;
	return run_words(&inner, 0, words->count, more);
}

static bool feed_found(struct running *run, size_t first, size_t count)
{
	struct span pattern = option_value(run, "-name");
	bool any = false, found;

	for (size_t i = 0; i < run->match.count; i++) {
		const struct command_use *use = &run->match.uses[i];
		struct field start = use_field(run, use), name = { 0 };
		struct fields words = { 0 };

		if (use->verb != COMMAND_LIST)
			continue;
		any = true;
		if (!below(run, &start, pattern, &name) || !copy_words(run, first, count, &words) ||
		    !replace(run, SPAN("{}"), &name, &words, &found) ||
		    !run_fed(run, &words, false))
			return false;
	}
	return any || run_words(run, first, count, true);
}

/* ---- xargs, parallel ---- */

/* A name on the input, where the input is names of which only the beginning is known. */
static struct field fed_name(struct running *run)
{
	struct value *input = &run->input;
	struct field field = field_of(value_unknown(input->origins), run->invocation->start,
	                              run->invocation->end);
	struct text text = { 0 };

	field.value.source = input->source;
	field.many = true;
	if (!(input->origins & ORIGIN_GLOB))
		return field;
	if (!text_add(run->engine->arena, &text, input->head) ||
	    !text_add(run->engine->arena, &text, SPAN("*")))
		return field;
	field.value = (struct value){ text_span(&text), SPAN(""), true, input->origins,
		                      input->source };
	field.glob = true;
	field.glob_at = input->head.len;
	return field;
}

static bool next_item(struct span *rest, bool lines, struct span *item)
{
	size_t start = 0, end;

	while (start < rest->len &&
	       (rest->ptr[start] == '\n' || rest->ptr[start] == '\0' ||
	        (!lines && (rest->ptr[start] == ' ' || rest->ptr[start] == '\t'))))
		start++;
	end = start;
	while (end < rest->len && rest->ptr[end] != '\n' && rest->ptr[end] != '\0' &&
	       (lines || (rest->ptr[end] != ' ' && rest->ptr[end] != '\t')))
		end++;
	*item = span_slice(*rest, start, end);
	*rest = span_from(*rest, end);
	return item->len > 0;
}

static struct span mark_of(const struct running *run)
{
	struct span mark = option_value(run, "-I");

	if (mark.len == 0 && is(run, "parallel"))
		mark = SPAN("{}");
	if (mark.len > 0)
		return mark;
	for (size_t i = 1; i < run->invocation->words.count; i++) {
		struct span word = run->invocation->words.items[i].value.head;

		if (span_equal(word, SPAN("-i")) || span_equal(word, SPAN("--replace")))
			return SPAN("{}");
		if (span_starts(word, SPAN("--replace=")))
			return span_from(word, 10);
	}
	return mark;
}

static bool feed_item(struct running *run, size_t first, size_t count, const struct field *name,
                      bool more)
{
	struct span mark = mark_of(run);
	struct fields words = { 0 };
	bool found = false;

	if (!copy_words(run, first, count, &words) ||
	    (mark.len > 0 && !replace(run, mark, name, &words, &found)))
		return false;
	if (!found && (mark.len == 0 || is(run, "parallel")) &&
	    !fields_add(run->engine, &words, name))
		return false;
	return run_fed(run, &words, more);
}

static bool feed_input(struct running *run, size_t first, size_t count)
{
	bool lines = mark_of(run).len > 0 || option_value(run, "-d").len > 0 || is(run, "parallel");
	struct span rest = run->input.head, item;
	struct field name = { 0 };

	if (!run->input.complete) {
		name = fed_name(run);
		return feed_item(run, first, count, &name, true);
	}
	for (size_t i = 0; next_item(&rest, lines, &item); i++) {
		if (i == MAX_FED) {
			name = fed_name(run);
			return feed_item(run, first, count, &name, true);
		}
		name = field_of(value_of(item), run->invocation->start, run->invocation->end);
		/* Without a mark the other items follow, as many as fit. */
		if (!feed_item(run, first, count, &name, mark_of(run).len == 0 && rest.len > 1))
			return false;
	}
	return true;
}

/* parallel COMMAND ::: ITEMS */
static bool feed_listed(struct running *run, size_t first, size_t count, size_t colons)
{
	for (size_t i = colons + 1; i < first + count; i++)
		if (!feed_item(run, first, colons - first, &run->invocation->words.items[i], false))
			return false;
	return true;
}

bool feed_words(struct running *run, size_t first, size_t count, bool more)
{
	if (is(run, "find") || is(run, "fd"))
		return feed_found(run, first, count);
	if (is(run, "parallel"))
		for (size_t i = first; i < first + count; i++)
			if (span_equal(run->invocation->words.items[i].value.head, SPAN(":::")))
				return feed_listed(run, first, count, i);
	if (is(run, "xargs") || is(run, "parallel"))
		return feed_input(run, first, count);
	return run_words(run, first, count, more);
}

bool feed_shell(struct running *run, const struct command_use *use, const struct value *text)
{
	const struct fields *words = &run->invocation->words;
	struct shell *outer = run->shell, inner = *outer;
	size_t first = use->arg + use->count,
	       count = words->count > first ? words->count - first : 0;
	struct value *params;
	bool good;

	if (!use->has_target || use->fixed.len > 0 || !is(run, "bash"))
		return run_shell_value(run, text);
	params = arena_array(run->engine->arena, struct value, count);
	if (!params)
		return engine_memory(run->engine);
	for (size_t i = 0; i < count; i++)
		params[i] = words->items[first + i].value;
	if (count > 0)
		inner.zero = params[0];
	inner.params = count > 0 ? params + 1 : params;
	inner.param_count = count > 0 ? count - 1 : 0;
	inner.params_known = !words->open_ended;
	for (size_t i = 0; i < count; i++)
		inner.params_known = inner.params_known && !words->items[first + i].many &&
		                     !words->items[first + i].glob;
	run->shell = &inner;
	good = run_shell_value(run, text);
	run->shell = outer;
	return good;
}

/* ---- contents that go from file to file ---- */

bool feed_start(struct running *run)
{
	(void)run;
	return true;
}

/* What a written file holds now. */
static struct value contents_of(struct running *run, const struct value *source)
{
	struct value contents = value_unknown(ORIGIN_COMMAND | run->data);

	contents.source = run->source;
	if (is(run, "tee"))
		return run->input;
	return source ? *source : contents;
}

static bool store_at(struct running *run, const struct value *folder, struct span name,
                     const struct value *contents)
{
	struct value_builder builder = { 0 };
	struct value whole;
	struct span path;

	if (!folder->complete)
		return true;
	if (!builder_add(run->engine->arena, &builder, folder) ||
	    (name.len > 0 && !builder_add_text(run->engine->arena, &builder, SPAN("/"))) ||
	    !builder_add_text(run->engine->arena, &builder, name))
		return engine_memory(run->engine);
	whole = builder_value(&builder);
	return path_of(run->engine, run->shell, &whole, &path) &&
	       file_store(run->engine, path, contents, false);
}

static bool is_write(enum command_verb verb)
{
	return verb == COMMAND_WRITE || verb == COMMAND_APPEND || verb == COMMAND_MODIFY ||
	       verb == COMMAND_LINK;
}

/* The last component of a URL, as curl -O and wget name what they fetch. */
static struct span remote_name(struct span url)
{
	size_t at;

	if (span_find_byte(url, '?', &at) || span_find_byte(url, '#', &at))
		url = span_slice(url, 0, at);
	if (span_find(url, SPAN("://"), &at))
		url = span_from(url, at + 3);
	if (!span_find_byte(url, '/', &at))
		return SPAN("index.html");
	url = path_basename(url);
	return url.len > 0 ? url : SPAN("index.html");
}

static bool store_download(struct running *run, const struct command_use *use)
{
	struct value contents = value_unknown(ORIGIN_NET), folder = use_field(run, use).value;

	contents.source = run->host;
	return store_at(run, &folder, remote_name(run->host), &contents);
}

/* ln -s TARGET NAME: NAME leads there from now on. */
static bool feed_link(struct running *run)
{
	const struct command_use *link = NULL;

	for (size_t i = 0; i < run->match.count; i++) {
		const struct command_use *use = &run->match.uses[i];

		if (use->verb == COMMAND_LINK && use->has_target) {
			link = use;
		} else if (is_write(use->verb) && link) {
			struct field to = use_field(run, link), name = use_field(run, use);

			if (!link_store(run->engine, run->shell, &name.value, &to.value))
				return false;
		}
	}
	return true;
}

bool feed_end(struct running *run)
{
	const struct value *source = NULL;
	struct span name = SPAN(""), path;
	size_t sources = 0;

	for (size_t i = 0; i < run->match.count; i++) {
		const struct command_use *use = &run->match.uses[i];
		struct field field = use_field(run, use);

		if (use->verb != COMMAND_READ && use->verb != COMMAND_MOVE)
			continue;
		sources++;
		if (!path_of(run->engine, run->shell, &field.value, &path))
			return false;
		source = file_contents(run->engine, path);
		name = path_basename(path);
	}
	if (sources != 1)
		source = NULL;
	if (!feed_link(run))
		return false;
	for (size_t i = 0; i < run->match.count; i++) {
		const struct command_use *use = &run->match.uses[i];
		struct field field = use_field(run, use);
		struct value contents;

		if (!is_write(use->verb) || !use->has_target)
			continue;
		contents = contents_of(run, source);
		if (run->network)
			contents.origins |= ORIGIN_NET;
		if (run->network && contents.source.len == 0)
			contents.source = run->host;
		if (run->network && !store_download(run, use))
			return false;
		if (!store_at(run, &field.value, SPAN(""), &contents) ||
		    (sources == 1 && !store_at(run, &field.value, name, &contents)))
			return false;
	}
	return true;
}

/* ---- settings ---- */

/* The last part of a key whose value is run: git-config(1), ssh_config(5). */
static const struct span commands[] = {
	SPAN_INIT("pager"),
	SPAN_INIT("editor"),
	SPAN_INIT("sshcommand"),
	SPAN_INIT("fsmonitor"),
	SPAN_INIT("command"),
	SPAN_INIT("external"),
	SPAN_INIT("textconv"),
	SPAN_INIT("helper"),
	SPAN_INIT("program"),
	SPAN_INIT("gitproxy"),
	SPAN_INIT("askpass"),
	SPAN_INIT("driver"),
	SPAN_INIT("clean"),
	SPAN_INIT("smudge"),
	SPAN_INIT("process"),
	SPAN_INIT("cmd"),
	SPAN_INIT("proxycommand"),
	SPAN_INIT("localcommand"),
	SPAN_INIT("knownhostscommand"),
	SPAN_INIT("uploadpack"),
	SPAN_INIT("receivepack"),
	SPAN_INIT("browser"),
	SPAN_INIT("sendemail"),
	SPAN_INIT("exec"),
};

static bool names_command(struct span key)
{
	size_t start = key.len;

	while (start > 0 && key.ptr[start - 1] != '.')
		start--;
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (span_equal_nocase(span_from(key, start), commands[i]))
			return true;
	return span_starts(key, SPAN("pager."));
}

bool feed_setting(struct running *run, const struct value *setting)
{
	struct value text = *setting;
	struct span key;
	size_t at;

	if (!span_find_byte(setting->head, '=', &at) && !span_find_byte(setting->head, ' ', &at))
		return true;
	key = span_trim(span_slice(setting->head, 0, at));
	text.head = span_trim(span_from(setting->head, at + 1));
	if (span_starts(text.head, SPAN("!")))
		text.head = span_from(text.head, 1);
	else if (!names_command(key))
		return true;
	if (text.complete &&
	    (text.head.len == 0 || span_equal(text.head, SPAN("true")) ||
	     span_equal(text.head, SPAN("false")) || span_equal_nocase(text.head, SPAN("none"))))
		return true;
	return run_shell_value(run, &text);
}
