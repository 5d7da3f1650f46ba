/*
 * From what the tables say of an invocation to its effects: targets are placed, what is run is
 * followed, and it is noted what the command reads that is secret or came by the network.
 */
#include "base/path.h"
#include "effect/engine.h"
#include "effect/feed.h"

/* ---- what a verb is here ---- */

struct verb_row {
	enum effect_kind kind;
	bool path;
	unsigned flags;
};

/* clang-format off */
static const struct verb_row rows[] = {
	[COMMAND_LIST]           = { EFFECT_LIST,           true,  0 },
	[COMMAND_READ]           = { EFFECT_READ,           true,  0 },
	[COMMAND_WRITE]          = { EFFECT_WRITE,          true,  0 },
	[COMMAND_APPEND]         = { EFFECT_WRITE,          true,  EFFECT_APPEND },
	[COMMAND_MODIFY]         = { EFFECT_WRITE,          true,  0 },
	[COMMAND_CREATE]         = { EFFECT_WRITE,          true,  EFFECT_CREATE },
	[COMMAND_DELETE]         = { EFFECT_DELETE,         true,  0 },
	[COMMAND_MOVE]           = { EFFECT_MOVE,           true,  0 },
	[COMMAND_MODE]           = { EFFECT_MODE,           true,  0 },
	[COMMAND_OWNER]          = { EFFECT_OWNER,          true,  0 },
	[COMMAND_LINK]           = { EFFECT_LINK,           true,  0 },
	[COMMAND_DEVICE]         = { EFFECT_DEVICE,         true,  0 },
	[COMMAND_MOUNT]          = { EFFECT_MOUNT,          true,  0 },
	[COMMAND_LISTEN]         = { EFFECT_LISTEN,         false, 0 },
	[COMMAND_PROJECT]        = { EFFECT_PROJECT,        false, 0 },
	[COMMAND_PRIVILEGE]      = { EFFECT_PRIVILEGE,      false, 0 },
	[COMMAND_PACKAGE_ADD]    = { EFFECT_PACKAGE_ADD,    false, 0 },
	[COMMAND_PACKAGE_REMOVE] = { EFFECT_PACKAGE_REMOVE, false, 0 },
	[COMMAND_SERVICE]        = { EFFECT_SERVICE,        false, 0 },
	[COMMAND_FIREWALL]       = { EFFECT_FIREWALL,       false, 0 },
	[COMMAND_CONFIGURE]      = { EFFECT_CONFIGURE,      false, 0 },
	[COMMAND_POWER]          = { EFFECT_POWER,          false, 0 },
	[COMMAND_KERNEL]         = { EFFECT_KERNEL,         false, 0 },
	[COMMAND_ACCOUNT]        = { EFFECT_ACCOUNT,        false, 0 },
	[COMMAND_SIGNAL]         = { EFFECT_SIGNAL,         false, 0 },
	[COMMAND_CONTAINER]      = { EFFECT_CONTAINER,      false, 0 },
	[COMMAND_CLOUD]          = { EFFECT_CLOUD,          false, 0 },
	[COMMAND_DATABASE]       = { EFFECT_DATABASE,       false, 0 },
	[COMMAND_HISTORY]        = { EFFECT_HISTORY,        false, 0 },
	[COMMAND_PUBLISH]        = { EFFECT_PUBLISH,        false, 0 },
	[COMMAND_SCHEDULE]       = { EFFECT_SCHEDULE,       false, 0 },
	[COMMAND_SECRET]         = { EFFECT_SECRET,         false, 0 },
	[COMMAND_SETTING]        = { EFFECT_SETTING,        false, 0 },
};
/* clang-format on */

static unsigned flags_of(const struct command_use *use)
{
	unsigned flags = 0;

	flags |= use->flags & COMMAND_RECURSIVE ? EFFECT_RECURSIVE : 0;
	flags |= use->flags & COMMAND_FORCE ? EFFECT_FORCE : 0;
	flags |= use->flags & COMMAND_SYSTEM ? EFFECT_SYSTEM : 0;
	flags |= use->flags & COMMAND_ALL ? EFFECT_ALL : 0;
	flags |= use->flags & COMMAND_INSECURE ? EFFECT_INSECURE : 0;
	return flags;
}

struct field use_field(const struct running *run, const struct command_use *use)
{
	struct field field;
	size_t cut = use->offset;

	if (!use->has_target || use->arg >= run->invocation->words.count)
		return field_of(value_of(use->fixed), run->invocation->start, run->invocation->end);
	if (use->fixed.len > 0)
		return field_of(value_of(use->fixed), run->invocation->start, run->invocation->end);
	field = run->invocation->words.items[use->arg];
	field.value.head = span_from(field.value.head, cut);
	if (field.value.complete)
		field.value.head = span_slice(field.value.head, 0,
		                              field.value.head.len - use->trail);
	if (field.glob)
		field.glob_at = field.glob_at > cut ? field.glob_at - cut : 0;
	return field;
}

bool use_text(struct running *run, const struct command_use *use, struct value *text)
{
	struct engine *engine = run->engine;
	struct value_builder builder = { 0 };
	struct field field = use_field(run, use);
	size_t count = use->fixed.len > 0 ? 1 : use->count;

	for (size_t i = 0; i < count; i++) {
		if (i > 0) {
			field = run->invocation->words.items[use->arg + i];
			if (!builder_add_text(engine->arena, &builder, SPAN(" ")))
				return engine_memory(engine);
		}
		if (!builder_add(engine->arena, &builder, &field.value))
			return engine_memory(engine);
	}
	*text = builder_value(&builder);
	return true;
}

/* ---- data ---- */

static void note_data(struct running *run, const struct value *value)
{
	run->data |= value->origins & (ORIGIN_NET | ORIGIN_SECRET);
	if (value->source.len > 0)
		run->source = value->source;
}

static bool is_place_secret(const struct effect *effect)
{
	return is_secret(effect->facts.place);
}

/* What a file that is read brings in: written by this action, or a secret by its place. */
static bool note_file(struct running *run, const struct field *field)
{
	const struct effect *effect = run->engine->last;
	const struct value *contents;
	struct span path;

	if (!path_of(run->engine, run->shell, &field->value, &path))
		return false;
	contents = file_contents(run->engine, path);
	if (contents)
		note_data(run, contents);
	if (effect && is_place_secret(effect)) {
		run->data |= ORIGIN_SECRET;
		run->source = effect->target;
	}
	return true;
}

static bool follow_upload(struct running *run, const struct command_use *use)
{
	struct field field = use_field(run, use);
	struct value host = value_of(run->host);
	struct effect *effect;

	run->network = true;
	if (field.value.complete && span_equal(field.value.head, SPAN("-"))) {
		run->reads_input = true;
		note_data(run, &run->input);
		if (run->input.origins & ORIGIN_SECRET)
			return true; /* said once, with all that goes out */
		if (!effect_on(run->engine, EFFECT_UPLOAD, 0, &host, &run->site))
			return false;
		run->engine->last->source = SPAN("standard input");
		return true;
	}
	if (!effect_on_path(run->engine, run->shell, EFFECT_READ, flags_of(use), &field,
	                    &run->site) ||
	    !note_file(run, &field))
		return false;
	struct span source = run->engine->last->target;
	bool secret = is_place_secret(run->engine->last);
	const struct value *contents = file_contents(run->engine, source);

	effect = effect_add(run->engine, EFFECT_UPLOAD, &run->site);
	if (!effect)
		return engine_memory(run->engine);
	effect->target = run->host;
	effect->source = source;
	if (secret || (contents && (contents->origins & ORIGIN_SECRET)))
		effect->flags |= EFFECT_FROM_SECRET;
	return true;
}

static bool follow_send(struct running *run, const struct command_use *use)
{
	struct field field = use_field(run, use);
	struct value host = value_of(run->host);

	run->network = true;
	if (field.value.complete || (field.value.origins & ORIGIN_SECRET))
		return true;
	if (!effect_on(run->engine, EFFECT_UPLOAD, 0, &host, &run->site))
		return false;
	run->engine->last->source = field.value.origins & ORIGIN_ENVIRONMENT ? SPAN("environment")
	                                                                     : SPAN("text");
	return true;
}

/* Secrets in the arguments or on the input of what talks to the network. */
static bool check_leak(struct running *run)
{
	struct value host = value_of(run->host);
	struct span source = SPAN("");
	bool leaks = false;

	if (!run->network)
		return true;
	if (run->reads_input && (run->input.origins & ORIGIN_SECRET)) {
		leaks = true;
		source = run->input.source;
	}
	for (size_t i = 1; i < run->invocation->words.count; i++) {
		const struct value *value = &run->invocation->words.items[i].value;

		if (!(value->origins & ORIGIN_SECRET))
			continue;
		leaks = true;
		source = value->source;
	}
	if (!leaks)
		return true;
	if (!effect_on(run->engine, EFFECT_UPLOAD, EFFECT_FROM_SECRET, &host, &run->site))
		return false;
	run->engine->last->source = source;
	return true;
}

/* ---- single verbs ---- */

/* chmod's MODE: whether everybody may write after it, or a program gets its owner's rights. */
static bool opens_to_all(struct span mode)
{
	bool octal = mode.len > 0, who_all = false, adds = false;
	unsigned bits = 0;

	for (size_t i = 0; i < mode.len; i++)
		octal = octal && mode.ptr[i] >= '0' && mode.ptr[i] <= '7';
	if (octal) {
		for (size_t i = 0; i < mode.len && i < 5; i++)
			bits = bits * 8 + (unsigned)(mode.ptr[i] - '0');
		return (bits & 06002) != 0;
	}
	for (size_t i = 0; i < mode.len; i++) {
		char byte = mode.ptr[i];

		if (byte == ',')
			who_all = adds = false;
		else if (byte == '+' || byte == '=')
			adds = true;
		else if (byte == '-')
			adds = false;
		else if (!adds && (byte == 'a' || byte == 'o'))
			who_all = true;
		else if (adds && ((byte == 'w' && who_all) || byte == 's'))
			return true;
	}
	return false;
}

static bool follow_path(struct running *run, const struct command_use *use)
{
	const struct verb_row *row = &rows[use->verb];
	unsigned flags = flags_of(use) | row->flags;
	struct field field = use_field(run, use);
	bool narrowed = false;

	if (!use->has_target)
		return effect_unknown(run->engine, &run->site, run->command->name,
		                      "a path that is not given");
	if (use->verb == COMMAND_MOUNT && feed_is_container(run))
		feed_outside(&field);
	if (use->verb == COMMAND_DELETE && !feed_narrow(run, &field, &narrowed))
		return false;
	if (narrowed)
		flags &= ~(unsigned)EFFECT_RECURSIVE;
	if (use->verb == COMMAND_MODE && use->by > 0 && use->by < run->invocation->words.count) {
		const struct value *by = &run->invocation->words.items[use->by].value;

		flags |= opens_to_all(span_from(by->head, use->by_offset)) ? EFFECT_ALL : 0;
	}
	if (!effect_on_path(run->engine, run->shell, row->kind, flags, &field, &run->site))
		return false;
	if (use->verb == COMMAND_READ)
		return note_file(run, &field);
	return true;
}

static bool follow_connect(struct running *run, const struct command_use *use)
{
	struct field field = use_field(run, use);

	if (span_starts(field.value.head, SPAN("file:"))) {
		field.value.head = span_from(field.value.head, 5);
		while (span_starts(field.value.head, SPAN("//")))
			field.value.head = span_from(field.value.head, 1);
		return effect_on_path(run->engine, run->shell, EFFECT_READ, 0, &field,
		                      &run->site) &&
		       note_file(run, &field);
	}
	if (span_starts(field.value.head, SPAN("ext::")))
		return feed_transport(run, span_from(field.value.head, 5));
	run->network = true;
	if (use->has_target)
		run->host = field.value.head;
	if (!use->has_target)
		field.value = value_unknown(ORIGIN_INPUT);
	return effect_on(run->engine, EFFECT_CONNECT, flags_of(use), &field.value, &run->site);
}

static bool follow_remote(struct running *run, const struct command_use *use)
{
	struct value host = value_of(run->host), text = { 0 };

	if (feed_is_container(run))
		return feed_container(run, use);
	if (!use_text(run, use, &text) ||
	    !effect_on(run->engine, EFFECT_REMOTE, flags_of(use), &host, &run->site))
		return false;
	run->engine->last->source = text.head;
	if (!text.complete)
		run->engine->last->certainty = CERTAINTY_PARTLY;
	return true;
}

static bool follow_run(struct running *run, const struct command_use *use)
{
	bool more = (use->flags & COMMAND_MORE) != 0;
	struct running fed = *run;
	struct invocation one = { .words = { 0 } };
	struct field field;

	if (!feed_socket(run))
		return false;
	if (use->fixed.len == 0 && use->offset == 0)
		return feed_words(run, use->arg, use->count, more);
	/* A program's name inside an argument: --use-askpass=PROGRAM. */
	field = use_field(run, use);
	one.start = run->invocation->start;
	one.end = run->invocation->end;
	fed.invocation = &one;
	return fields_add(run->engine, &one.words, &field) && run_words(&fed, 0, 1, false);
}

static bool follow_code(struct running *run, const struct command_use *use)
{
	struct value text = { 0 };

	if (!use_text(run, use, &text))
		return false;
	if (span_equal(use->language, SPAN("sh")) || span_equal(use->language, SPAN("bash")))
		return run_shell_value(run, &text);
	return run_code_value(run, use->language, &text);
}

static bool follow_environment(struct running *run, const struct command_use *use)
{
	struct field field = use_field(run, use);
	size_t equal;

	if (!span_find_byte(field.value.head, '=', &equal))
		return true;
	struct value value = field.value;
	struct span name = span_slice(field.value.head, 0, equal);

	value.head = span_from(value.head, equal + 1);
	return shell_set(run->engine, run->shell, name, &value, false) &&
	       environment_set(run->engine, run->shell, name, &value, &run->site);
}

static bool follow_plain(struct running *run, const struct command_use *use)
{
	const struct verb_row *row = &rows[use->verb];
	struct field field = use_field(run, use);
	struct value target = use->has_target ? field.value : value_of(run->command->name);

	if (!effect_on(run->engine, row->kind, flags_of(use), &target, &run->site))
		return false;
	if (use->verb == COMMAND_SECRET) {
		run->data |= ORIGIN_SECRET;
		run->source = run->command->name;
	}
	if (use->verb == COMMAND_SETTING)
		return feed_setting(run, &field.value);
	if (use->verb == COMMAND_DATABASE && use->has_target)
		return feed_statement(run, &field.value);
	if (use->verb == COMMAND_PROJECT)
		return feed_project(run);
	return true;
}

static bool follow_input(struct running *run, const struct command_use *use)
{
	run->reads_input = true;
	note_data(run, &run->input);
	if (use->verb == COMMAND_STDIN_SHELL)
		return run_shell_value(run, &run->input);
	if (use->verb == COMMAND_STDIN_CODE)
		return run_code_value(run, use->language, &run->input);
	return true;
}

/* What the tables themselves leave open; socat's addresses are read here. */
static bool follow_unsaid(struct running *run, const struct command_use *use)
{
	struct field field = use_field(run, use);

	if (span_equal(run->match.name, SPAN("socat")) && use->has_target)
		return feed_address(run, &field);
	return effect_unknown(run->engine, &run->site,
	                      use->has_target ? field.value.head : run->command->name,
	                      "the tables cannot say what it does");
}

static bool follow_fetch(struct running *run, const struct command_use *use)
{
	(void)use;
	run->network = true;
	run->data |= ORIGIN_NET;
	run->source = run->host;
	return true;
}

static bool follow_shell(struct running *run, const struct command_use *use)
{
	struct value text = { 0 };

	return feed_socket(run) && use_text(run, use, &text) && feed_shell(run, use, &text);
}

static bool follow_script(struct running *run, const struct command_use *use)
{
	struct field field = use_field(run, use);

	return run_script_file(run, use->language, &field);
}

static bool follow_listen(struct running *run, const struct command_use *use)
{
	run->network = true;
	return follow_plain(run, use);
}

/* CHDIR is seen before all others, and EXIT is the builtin's. */
static bool follow_nothing(struct running *run, const struct command_use *use)
{
	(void)run;
	(void)use;
	return true;
}

typedef bool use_function(struct running *run, const struct command_use *use);

/* Verbs that are more than one effect on their target. */
static use_function *const special[] = {
	[COMMAND_UNKNOWN] = follow_unsaid,    [COMMAND_CONNECT] = follow_connect,
	[COMMAND_SEND] = follow_send,         [COMMAND_UPLOAD] = follow_upload,
	[COMMAND_FETCH] = follow_fetch,       [COMMAND_RUN] = follow_run,
	[COMMAND_SHELL] = follow_shell,       [COMMAND_SCRIPT] = follow_script,
	[COMMAND_CODE] = follow_code,         [COMMAND_REMOTE] = follow_remote,
	[COMMAND_STDIN_SHELL] = follow_input, [COMMAND_STDIN_CODE] = follow_input,
	[COMMAND_STDIN_READ] = follow_input,  [COMMAND_CHDIR] = follow_nothing,
	[COMMAND_LISTEN] = follow_listen,     [COMMAND_ENVIRONMENT] = follow_environment,
	[COMMAND_EXIT] = follow_nothing,
};

static bool follow_use(struct running *run, const struct command_use *use)
{
	size_t verb = (size_t)use->verb;

	if (verb < sizeof special / sizeof special[0] && special[verb])
		return special[verb](run, use);
	if (verb >= sizeof rows / sizeof rows[0] || rows[verb].kind == EFFECT_UNKNOWN)
		return follow_unsaid(run, use); /* a verb that is newer than this file */
	return rows[verb].path ? follow_path(run, use) : follow_plain(run, use);
}

/* ---- all of them ---- */

static bool change_folder(struct running *run, struct shell *shell)
{
	for (size_t i = 0; i < run->match.count; i++) {
		const struct command_use *use = &run->match.uses[i];
		struct field field;
		struct span path;

		if (use->verb != COMMAND_CHDIR)
			continue;
		field = use_field(run, use);
		if (!path_of(run->engine, shell, &field.value, &path))
			return false;
		shell->cwd = path.len > 0 ? value_of(path) : value_unknown(field.value.origins);
	}
	return true;
}

/* Where it connects to is known before what it sends there is spoken of. */
static void find_host(struct running *run)
{
	for (size_t i = 0; i < run->match.count; i++)
		if (run->match.uses[i].verb == COMMAND_CONNECT && run->match.uses[i].has_target)
			run->host = use_field(run, &run->match.uses[i]).value.head;
}

static bool follow_inside(struct running *run)
{
	find_host(run);
	if (!feed_start(run))
		return false;
	for (size_t i = 0; i < run->match.count && !run->engine->stopped; i++)
		if (!follow_use(run, &run->match.uses[i]))
			return false;
	return check_leak(run) && feed_end(run);
}

bool follow_uses(struct running *run)
{
	struct shell *outer = run->shell, inner = *outer;
	size_t before = run->engine->effects->count;
	bool good;

	if (!change_folder(run, &inner))
		return false;
	run->shell = &inner;
	good = follow_inside(run);
	run->shell = outer;
	if (!good)
		return false;
	if (!run->match.understood) {
		size_t at = run->match.puzzle;
		struct span word = at > 0 && at < run->invocation->words.count
		                           ? run->invocation->words.items[at].value.head
		                           : run->command->name;

		if (!effect_unknown(run->engine, &run->site, word,
		                    "an argument that the tables do not place"))
			return false;
		return follow_unknown(run);
	}
	if (run->engine->effects->count == before &&
	    !effect_add(run->engine, EFFECT_OUTPUT, &run->site))
		return engine_memory(run->engine);
	return true;
}
