/*
 * Descriptors and files: what a redirection touches, where output goes, and what this action has
 * written where, so that text that is written and then run is seen.
 */
#include "base/path.h"
#include "effect/engine.h"

/* ---- files written so far ---- */

const struct value *file_contents(const struct engine *engine, struct span path)
{
	return path.len > 0 ? map_get(engine->files, path) : NULL;
}

bool file_store(struct engine *engine, struct span path, const struct value *contents, bool append)
{
	const struct value *old = append ? file_contents(engine, path) : NULL;
	struct value unknown = value_unknown(ORIGIN_FILE);
	struct value_builder builder = { 0 };
	struct value *copy = arena_new(engine->arena, struct value);

	if (path.len == 0)
		return true;
	if (!copy)
		return engine_memory(engine);
	*copy = *contents;
	if (append) {
		if (!builder_add(engine->arena, &builder, old ? old : &unknown) ||
		    !builder_add(engine->arena, &builder, contents))
			return engine_memory(engine);
		*copy = builder_value(&builder);
	}
	return map_put(engine->arena, &engine->files, path, copy) || engine_memory(engine);
}

/* ---- streams ---- */

static struct streams *own_streams(struct engine *engine, struct shell *shell)
{
	struct streams *copy = arena_new(engine->arena, struct streams);

	if (!copy)
		return NULL;
	if (shell->streams)
		*copy = *shell->streams;
	shell->streams = copy;
	return copy;
}

static bool set_stream(struct engine *engine, struct shell *shell, size_t fd,
                       const struct stream *stream)
{
	struct streams *streams;

	if (fd >= FD_COUNT)
		return true;
	streams = own_streams(engine, shell);
	if (!streams)
		return engine_memory(engine);
	streams->fd[fd] = *stream;
	return true;
}

bool shell_set_input(struct engine *engine, struct shell *shell, const struct value *data)
{
	struct stream stream = { .kind = STREAM_DATA, .data = *data };

	return set_stream(engine, shell, 0, &stream);
}

bool shell_set_output(struct engine *engine, struct shell *shell, size_t fd,
                      struct collector *collector)
{
	struct stream stream = { .kind = STREAM_COLLECT, .collector = collector };

	return set_stream(engine, shell, fd, &stream);
}

struct value stream_input(const struct shell *shell, size_t fd)
{
	const struct stream *stream = shell->streams && fd < FD_COUNT ? &shell->streams->fd[fd]
	                                                              : NULL;

	if (!stream)
		return value_unknown(ORIGIN_INPUT);
	switch (stream->kind) {
	case STREAM_DATA:
		return stream->data;
	case STREAM_SOCKET: {
		struct value data = value_unknown(ORIGIN_NET);

		data.source = stream->target;
		return data;
	}
	case STREAM_DEFAULT:
	case STREAM_COLLECT:
	case STREAM_FILE:
	case STREAM_CLOSED:
		break;
	}
	return value_unknown(ORIGIN_INPUT);
}

bool shell_print_value(struct engine *engine, const struct shell *shell, const struct value *value)
{
	const struct stream *stream = shell->streams ? &shell->streams->fd[1] : NULL;
	struct value cut = *value;

	if (!stream)
		return true;
	if (stream->kind == STREAM_FILE)
		return file_store(engine, stream->target, value, true);
	if (stream->kind != STREAM_COLLECT)
		return true;
	if (stream->collector->text.head.len + cut.head.len > MAX_CAPTURE) {
		cut = value_unknown(value->origins | ORIGIN_COMMAND);
		cut.source = value->source;
	}
	return builder_add(engine->arena, &stream->collector->text, &cut) || engine_memory(engine);
}

/* ---- redirections ---- */

bool socket_path(struct span path, struct span *host)
{
	struct span rest;

	if (!span_starts(path, SPAN("/dev/tcp/")) && !span_starts(path, SPAN("/dev/udp/")))
		return false;
	rest = span_from(path, 9);
	*host = rest;
	return rest.len > 0;
}

struct redirection {
	struct engine *engine;
	struct shell *shell;
	const struct shell_redirect *redirect;
	struct site site;
	struct field field;
	struct span path; /* where it is known */
	size_t fd;
};

static bool is_digits(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return text.len > 0;
}

static bool open_socket(struct redirection *r, struct span host)
{
	struct stream stream = { .kind = STREAM_SOCKET };
	struct value target = { .complete = r->field.value.complete };
	struct text text = { 0 };
	struct span name;

	/* /dev/tcp/HOST/PORT is said as HOST:PORT. */
	if (!span_split(&host, '/', &name) || !text_add(r->engine->arena, &text, name) ||
	    (host.len > 0 && !text_add(r->engine->arena, &text, SPAN(":"))) ||
	    !text_add(r->engine->arena, &text, host))
		return engine_memory(r->engine);
	stream.target = target.head = text_span(&text);

	if (!effect_on(r->engine, EFFECT_CONNECT, EFFECT_REDIRECT, &target, &r->site))
		return false;
	if ((r->redirect->op == SHELL_REDIRECT_BOTH || r->redirect->op == SHELL_REDIRECT_DUP_OUT) &&
	    !set_stream(r->engine, r->shell, 2, &stream))
		return false;
	return set_stream(r->engine, r->shell, r->fd, &stream);
}

static bool open_read(struct redirection *r)
{
	const struct value *known = file_contents(r->engine, r->path);
	struct value data = known ? *known : value_unknown(ORIGIN_FILE);
	struct effect *effect;
	struct stream stream;

	if (!effect_on_path(r->engine, r->shell, EFFECT_READ, EFFECT_REDIRECT, &r->field, &r->site))
		return false;
	effect = r->engine->last;
	if (is_secret(effect->facts.place)) {
		data.origins |= ORIGIN_SECRET;
		data.source = effect->target;
	}
	stream = (struct stream){ .kind = STREAM_DATA, .target = r->path, .data = data };
	return set_stream(r->engine, r->shell, r->fd, &stream);
}

static bool open_write(struct redirection *r, bool append, bool both)
{
	struct stream stream = { .kind = STREAM_FILE, .target = r->path };
	struct value nothing = value_of(SPAN(""));
	unsigned flags = EFFECT_REDIRECT | (append ? EFFECT_APPEND : 0);

	if (!effect_on_path(r->engine, r->shell, EFFECT_WRITE, flags, &r->field, &r->site))
		return false;
	if (r->engine->last->facts.place == PLACE_SINK)
		stream.target = SPAN("");
	else if (!append && !file_store(r->engine, r->path, &nothing, false))
		return false;
	if (both && !set_stream(r->engine, r->shell, 2, &stream))
		return false;
	return set_stream(r->engine, r->shell, r->fd, &stream);
}

static bool duplicate(struct redirection *r)
{
	struct span text = r->field.value.head;
	struct stream stream = { .kind = STREAM_CLOSED };
	size_t from = 0;

	if (text.len > 0 && text.ptr[text.len - 1] == '-')
		text = span_slice(text, 0, text.len - 1);
	if (text.len == 0 || !r->field.value.complete)
		return set_stream(r->engine, r->shell, r->fd, &stream);
	for (size_t i = 0; i < text.len && from < FD_COUNT; i++)
		from = from * 10 + (size_t)(text.ptr[i] - '0');
	if (from < FD_COUNT && r->shell->streams)
		stream = r->shell->streams->fd[from];
	else
		stream.kind = STREAM_DEFAULT;
	return set_stream(r->engine, r->shell, r->fd, &stream);
}

static bool is_duplicate(const struct redirection *r)
{
	struct span text = r->field.value.head;

	if (text.len > 0 && text.ptr[text.len - 1] == '-')
		text = span_slice(text, 0, text.len - 1);
	return !r->field.value.complete || text.len == 0 || is_digits(text);
}

static bool apply_file(struct redirection *r)
{
	struct span host;

	if (socket_path(r->field.value.head, &host))
		return open_socket(r, host);
	if (!path_of(r->engine, r->shell, &r->field.value, &r->path))
		return false;
	switch (r->redirect->op) {
	case SHELL_REDIRECT_READ:
		return open_read(r);
	case SHELL_REDIRECT_READ_WRITE:
		return open_write(r, true, false) && open_read(r);
	case SHELL_REDIRECT_WRITE:
	case SHELL_REDIRECT_CLOBBER:
		return open_write(r, false, false);
	case SHELL_REDIRECT_APPEND:
		return open_write(r, true, false);
	case SHELL_REDIRECT_BOTH:
		return open_write(r, false, true);
	case SHELL_REDIRECT_BOTH_APPEND:
		return open_write(r, true, true);
	case SHELL_REDIRECT_DUP_IN:
		return open_read(r);
	case SHELL_REDIRECT_DUP_OUT:
		return open_write(r, false, true);
	case SHELL_REDIRECT_HEREDOC:
	case SHELL_REDIRECT_HERESTRING:
		break;
	}
	return true;
}

static size_t default_fd(enum shell_redirect_op op)
{
	bool reads = op == SHELL_REDIRECT_READ || op == SHELL_REDIRECT_READ_WRITE ||
	             op == SHELL_REDIRECT_DUP_IN || op == SHELL_REDIRECT_HEREDOC ||
	             op == SHELL_REDIRECT_HERESTRING;

	return reads ? 0 : 1;
}

static bool apply_text(struct redirection *r)
{
	bool heredoc = r->redirect->op == SHELL_REDIRECT_HEREDOC;
	struct value_builder builder = { 0 };
	struct stream stream = { .kind = STREAM_DATA };

	if (!expand_value(r->engine, r->shell, heredoc ? r->redirect->body : r->redirect->target,
	                  &stream.data))
		return false;
	if (!heredoc) {
		if (!builder_add(r->engine->arena, &builder, &stream.data) ||
		    !builder_add_text(r->engine->arena, &builder, SPAN("\n")))
			return engine_memory(r->engine);
		stream.data = builder_value(&builder);
	}
	return set_stream(r->engine, r->shell, r->fd, &stream);
}

static bool apply_one(struct redirection *r)
{
	const struct shell_redirect *redirect = r->redirect;
	struct fields fields = { 0 };

	r->fd = redirect->fd >= 0 ? (size_t)redirect->fd : default_fd(redirect->op);
	if (redirect->fd_variable.len > 0) {
		struct value number = value_unknown(ORIGIN_TEMP);

		r->fd = FD_COUNT;
		if (!shell_set(r->engine, r->shell, redirect->fd_variable, &number, false))
			return false;
	}
	if (redirect->op == SHELL_REDIRECT_HEREDOC || redirect->op == SHELL_REDIRECT_HERESTRING)
		return apply_text(r);
	if (!expand_word(r->engine, r->shell, redirect->target, &fields))
		return false;
	if (fields.count == 0)
		return true;
	r->field = fields.items[0];
	if ((redirect->op == SHELL_REDIRECT_DUP_IN || redirect->op == SHELL_REDIRECT_DUP_OUT) &&
	    is_duplicate(r))
		return duplicate(r);
	return apply_file(r);
}

bool apply_redirects(struct engine *engine, struct shell *shell,
                     const struct shell_redirect *redirects, struct effect_command *command)
{
	for (; redirects && !engine->stopped; redirects = redirects->next) {
		struct redirection r = { .engine = engine, .shell = shell, .redirect = redirects };

		r.site = site_at(engine, redirects->start, redirects->end,
		                 command ? command : engine->parent);
		if (!apply_one(&r))
			return false;
	}
	return true;
}
