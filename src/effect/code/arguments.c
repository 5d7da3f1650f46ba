/* See arguments.h.  An expression is literals joined by + . and calls that only pass a path on. */
#include "effect/code/arguments.h"

struct reader {
	struct lexer lexer;
	const struct names *names;
	struct arguments *out;
	struct value_builder builder;
	struct token token;
	unsigned depth;   /* parentheses within one argument */
	bool any;         /* something was added to the builder */
	bool joins;       /* a comma within is a slash: os.path.join */
	bool list;        /* inside [ ] */
	bool environment; /* the next string names a variable */
	bool shell_key;   /* `shell` was read */
	size_t left;
};

static bool is_any(struct span name, const char *const *list)
{
	for (; *list; list++) {
		struct span row = span_of(*list);

		if (span_equal(name, row) ||
		    (name.len > row.len && span_ends(name, row) &&
		     span_find_byte(SPAN(".:>"), name.ptr[name.len - row.len - 1], NULL)))
			return true;
	}
	return false;
}

static const char *const homes[] = { "process.env.HOME", "os.homedir", "Dir.home", "Path.home",
	                             "homedir",          "$HOME",      NULL };
static const char *const environments[] = { "os.environ", "os.getenv",   "getenv",      "ENV",
	                                    "$ENV",       "environ.get", "process.env", "env.get",
	                                    "$_ENV",      "$_SERVER",    "ENV.fetch",   NULL };
/* Calls that give their argument back, as a path. */
static const char *const wrappers[] = { "expanduser",       "Path",        "path",   "abspath",
	                                "resolve",          "str",         "String", "realpath",
	                                "expand_path",      "normalize",   "fspath", "Pathname.new",
	                                "File.expand_path", "shlex.split", "Array",  NULL };
static const char *const joiners[] = { "join", "File.join", "joinpath", "Path.join", NULL };

static bool add(struct reader *r, const struct value *value)
{
	r->any = true;
	return builder_add(r->lexer.code->engine->arena, &r->builder, value) ||
	       engine_memory(r->lexer.code->engine);
}

static bool add_unknown(struct reader *r)
{
	struct value unknown = value_unknown(ORIGIN_FILE);

	return add(r, &unknown);
}

static bool add_home(struct reader *r)
{
	struct value home = shell_value(r->lexer.code->engine, r->lexer.code->run->shell,
	                                SPAN("HOME"));

	return add(r, &home);
}

/* "~/x" at the start of a path. */
static bool add_string(struct reader *r)
{
	struct value value = r->token.value;

	if (r->environment) {
		r->environment = false;
		return span_equal(value.head, SPAN("HOME")) ? add_home(r) : add_unknown(r);
	}
	if (!r->any && !r->list &&
	    (span_equal(value.head, SPAN("~")) || span_starts(value.head, SPAN("~/")))) {
		value.head = span_from(value.head, 1);
		return add_home(r) && add(r, &value);
	}
	return add(r, &value);
}

static bool add_name(struct reader *r)
{
	struct span name = r->token.text;
	const struct argument *held = map_get(r->names->map, name);

	r->environment = false;
	if (span_equal(name, SPAN("shell"))) {
		r->shell_key = true;
		return true;
	}
	if (r->shell_key && (span_equal(name, SPAN("True")) || span_equal(name, SPAN("true"))))
		r->out->shell = true;
	if (held && held->list && !r->any && r->depth == 0 && r->out->count < MAX_ARGUMENTS) {
		r->out->items[r->out->count] = *held;
		r->list = true; /* closed with the argument */
		return true;
	}
	if (held)
		return add(r, &held->value);
	if (is_any(name, homes))
		return add_home(r);
	if (is_any(name, environments)) {
		r->environment = true;
		return true;
	}
	if (is_any(name, joiners)) {
		r->joins = true;
		return true;
	}
	if (is_any(name, wrappers))
		return true;
	return add_unknown(r);
}

static void close_item(struct reader *r)
{
	struct argument *argument = &r->out->items[r->out->count];

	if (r->any && argument->count < MAX_ITEMS)
		argument->items[argument->count++] = builder_value(&r->builder);
	r->builder = (struct value_builder){ 0 };
	r->any = false;
}

static void close_argument(struct reader *r)
{
	struct argument *argument = &r->out->items[r->out->count];

	if (r->list || argument->list) {
		close_item(r);
		argument->list = true;
		argument->value = argument->count > 0 ? argument->items[0] : value_unknown(0);
	} else {
		argument->value = r->any ? builder_value(&r->builder) : value_unknown(ORIGIN_FILE);
	}
	if (r->out->count + 1 < MAX_ARGUMENTS)
		r->out->count++;
	r->builder = (struct value_builder){ 0 };
	r->any = r->list = r->joins = r->environment = r->shell_key = false;
}

static bool comma(struct reader *r)
{
	struct value slash = value_of(SPAN("/"));

	if (r->depth == 0) {
		if (r->list)
			close_item(r);
		else
			close_argument(r);
		return true;
	}
	if (r->joins)
		return add(r, &slash);
	/* ("host", 80): the first is what counts */
	return r->any ? add_unknown(r) : true;
}

/* *over: the call's end was read. */
static bool sign(struct reader *r, bool open, bool *over)
{
	char byte = r->token.text.ptr[0];

	switch (byte) {
	case '(':
		r->depth++;
		return true;
	case ')':
		if (r->depth == 0) {
			*over = open;
			return true;
		}
		r->depth--;
		return true;
	case '[':
		if (r->depth == 0 && !r->any && !r->environment)
			r->list = true;
		return true;
	case ']':
		if (r->depth == 0 && r->list) {
			close_item(r);
			r->out->items[r->out->count].list = true;
		}
		return true;
	case ',':
		return comma(r);
	case ';':
		*over = !open;
		return true;
	case '/': /* pathlib's operator */
		return !language_is(r->lexer.code, "python") || !r->any ||
		       builder_add_text(r->lexer.code->engine->arena, &r->builder, SPAN("/")) ||
		       engine_memory(r->lexer.code->engine);
	default:
		return true;
	}
}

bool arguments_read(struct lexer lexer, const struct names *names, bool open,
                    struct arguments *arguments)
{
	struct reader r = { .lexer = lexer, .names = names, .out = arguments, .left = MAX_AHEAD };
	bool over = false;

	*arguments = (struct arguments){ 0 };
	while (!over && r.left-- > 0) {
		bool good = true;

		if (!lexer_next(&r.lexer, &r.token))
			return false;
		if (r.token.kind == TOKEN_END || (!open && r.token.line_before && r.any))
			break;
		switch (r.token.kind) {
		case TOKEN_STRING:
			good = add_string(&r);
			break;
		case TOKEN_NAME:
			good = add_name(&r);
			break;
		case TOKEN_NUMBER:
			good = r.any || r.depth > 0 || add_unknown(&r);
			break;
		case TOKEN_SIGN:
			good = sign(&r, open, &over);
			break;
		case TOKEN_END:
			break;
		}
		if (!good)
			return false;
	}
	if (r.any || r.list || arguments->items[arguments->count].list)
		close_argument(&r);
	return true;
}
