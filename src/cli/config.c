/*
 * bailiff config: settings of the user (-g) or of the project.
 *
 * What would be set is judged before it is written: the file as it would be, alone and merged with
 * all other layers.  A key that a managed file decides is refused here, not silently without effect.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "cli/cli.h"
#include "cli/layers.h"
#include "policy/edit.h"
#include "policy/show.h"

enum { OUTPUT_BYTES = 4 * 1024 * 1024 };

struct request {
	bool global, project, json;
	const char *word;
	struct span key;
	const char *value; /* NULL: none was given */
};

static enum policy_layer layer_of(const struct request *request)
{
	return request->global ? POLICY_USER : POLICY_PROJECT;
}

static bool join(struct arena *arena, struct span folder, const char *name, struct span *path)
{
	struct outbuf out;
	bool good;

	outbuf_init(&out, 1 << 16);
	outbuf_put(&out, folder);
	outbuf_put(&out, span_of(name));
	good = outbuf_ok(&out) && arena_copy(arena, outbuf_span(&out), path);
	outbuf_release(&out);
	return good;
}

static const struct policy_file *file_of(const struct layers *layers, enum policy_layer layer)
{
	for (const struct policy_file *file = layers->files; file; file = file->next)
		if (file->layer == layer)
			return file;
	return NULL;
}

/* A word as JSON: texts need no quotes on a command line, one element makes a list. */
static bool value_text(const struct request *request, struct arena *arena, struct span *text)
{
	struct span word = span_of(request->value);
	enum policy_key key;
	enum policy_shape shape = POLICY_SHAPE_LIST;
	struct outbuf out;
	bool good;

	if (policy_key_find(request->key, &key))
		shape = policy_key_shape(key);
	outbuf_init(&out, OUTPUT_BYTES);
	if (shape == POLICY_SHAPE_TEXT) {
		outbuf_put_json(&out, word);
	} else if (shape == POLICY_SHAPE_LIST && !span_starts(span_trim(word), SPAN("[")) &&
	           !span_starts(span_trim(word), SPAN("{"))) {
		outbuf_put_byte(&out, '[');
		outbuf_put_json(&out, word);
		outbuf_put_byte(&out, ']');
	} else {
		outbuf_put(&out, span_trim(word));
	}
	good = outbuf_ok(&out) && arena_copy(arena, outbuf_span(&out), text) && text->len > 0;
	outbuf_release(&out);
	return good;
}

/* What only a repository may not say, its user may. */
static bool repository_alone(const struct policy_note *note)
{
	return note->source.layer == POLICY_PROJECT && note->against.layer == POLICY_BUILT_IN;
}

/* Merges the layers with one file changed; what the change itself tries to loosen is refused. */
static int judge_change(struct layers *layers, const struct policy_file *changed, struct span key)
{
	struct policy_file copies[POLICY_LAYERS + 256];
	struct policy_input input = { .files = changed };
	struct policy_fault fault;
	struct policy policy;
	size_t count = 0;

	for (const struct policy_file *file = layers->files; file; file = file->next) {
		if (file->layer == changed->layer || count == sizeof(copies) / sizeof(copies[0]))
			continue;
		copies[count] = *file;
		copies[count].next = count > 0 ? &copies[count - 1] : NULL;
		count++;
	}
	struct policy_file last = *changed;
	last.next = count > 0 ? &copies[count - 1] : NULL;
	input.files = &last;
	if (!policy_merge(&input, &layers->arena, &policy, &fault))
		return layers_fault(&fault, &layers->arena);
	for (const struct policy_note *note = policy.notes; note; note = note->next) {
		struct span where = SPAN("");

		if (note->source.layer != changed->layer || !span_equal(note->key, key))
			continue;
		if (note->kind == POLICY_VIOLATION && note->against.layer != POLICY_BUILT_IN &&
		    !policy_source_text(&note->against, &layers->arena, &where))
			where = SPAN("");
		if (note->kind == POLICY_VIOLATION)
			return cli_fail("config", EXIT_STATUS_POLICY, "%.*s: %s%s%.*s%s",
			                (int)key.len, key.ptr, note->what,
			                where.len > 0 ? ": see " : "", (int)where.len, where.ptr,
			                repository_alone(note) ? "; with -g it is set for you"
			                                       : "");
		return cli_fail("config", EXIT_STATUS_DATA, "%.*s: %s", (int)key.len, key.ptr,
		                note->what);
	}
	return 0;
}

static int write_change(struct layers *layers, const struct request *request,
                        const struct policy_file *file)
{
	struct span folder;
	struct problem problem;

	if (!arena_copy(&layers->arena, path_dirname(file->path), &folder))
		return cli_fail("config", EXIT_STATUS_INTERNAL, "out of memory");
	if (!file_make_directory(folder.ptr, request->global ? 0700 : 0755, &problem) ||
	    !file_replace(file->path.ptr, file->bytes, request->global ? 0600 : 0644, &problem))
		return cli_fail("config", EXIT_STATUS_INTERNAL, "%s: %s%s%s", file->path.ptr,
		                problem.what, problem.sys_errno ? ": " : "",
		                problem.sys_errno ? strerror(problem.sys_errno) : "");
	return 0;
}

static int change(struct layers *layers, const struct request *request)
{
	const struct policy_file *old = file_of(layers, layer_of(request));
	struct policy_file file = { .layer = layer_of(request) };
	struct policy_edit edit = { .key = request->key };
	struct problem problem;
	bool changed;
	int status;

	if (layers->inside)
		return cli_fail("config", EXIT_STATUS_DENY,
		                "inside a guarded run no setting can be changed: do it outside");
	if ((request->value && !value_text(request, &layers->arena, &edit.value)) ||
	    !join(&layers->arena, request->global ? layers->places.user_state : layers->project,
	          request->global ? "/settings.json" : "/.bailiff/settings.json", &file.path))
		return cli_fail("config", EXIT_STATUS_INTERNAL, "out of memory");
	if (!policy_edit_apply(old ? old->bytes : SPAN(""), &edit, &layers->arena, &file.bytes,
	                       &changed, &problem))
		return cli_fail("config", EXIT_STATUS_DATA, "%s: %s", file.path.ptr, problem.what);
	if (!changed)
		return cli_fail("config", EXIT_STATUS_DATA, "%.*s is not set in %s",
		                (int)request->key.len, request->key.ptr, file.path.ptr);
	status = judge_change(layers, &file, request->key);
	if (status == 0)
		status = write_change(layers, request, &file);
	if (status == 0 && !request->value && span_equal(request->key, SPAN("apiKey")))
		fprintf(stderr, "bailiff config: the reference is gone; the key itself stays where "
		                "it was kept\n");
	return status;
}

/* Without a scope what is in force; with one, what that file says. */
static int get(struct layers *layers, const struct request *request)
{
	const struct policy_file *file;
	const struct json_value *value;
	struct json_value *root;
	struct span rest = request->key, part;
	enum policy_key key;
	struct outbuf out;

	outbuf_init(&out, OUTPUT_BYTES);
	if (!request->global && !request->project && policy_key_find(request->key, &key)) {
		if (request->json)
			policy_put_key(&out, &layers->policy, key);
		else
			policy_put_value(&out, &layers->policy, key);
		outbuf_put_byte(&out, '\n');
		return layers_print(&out, 0);
	}
	file = file_of(layers, layer_of(request));
	if (file && json_parse(file->bytes, NULL, &layers->arena, &root, NULL)) {
		value = root;
		while (span_split(&rest, '.', &part))
			value = json_get(value, part);
		if (value) {
			outbuf_put(&out, span_slice(file->bytes, value->start, value->end));
			outbuf_put_byte(&out, '\n');
			return layers_print(&out, 0);
		}
	}
	outbuf_release(&out);
	return cli_fail("config", EXIT_STATUS_DATA, "%.*s is not set there", (int)request->key.len,
	                request->key.ptr);
}

static bool is_request(struct request *request, int argc, char **argv, int at)
{
	if (argc - at < 2 || argc - at > 3)
		return false;
	request->word = argv[at];
	request->key = span_of(argv[at + 1]);
	request->value = argc - at == 3 ? argv[at + 2] : NULL;
	return strcmp(request->word, "set") == 0
	               ? request->value != NULL
	               : request->value == NULL && (strcmp(request->word, "get") == 0 ||
	                                            strcmp(request->word, "remove") == 0);
}

int cli_config(int argc, char **argv)
{
	struct request request = { 0 };
	const struct args_option *option;
	struct layers layers;
	struct args args;
	int status;

	args_init(&args, argc, argv, cli_options("config"));
	while (args_next(&args, &option)) {
		switch (option->letter) {
		case 'h':
			return cli_help_for("config");
		case 'j':
			request.json = true;
			break;
		case 'g':
			request.global = true;
			break;
		default:
			request.project = true;
		}
	}
	if (args.problem || !is_request(&request, argc, argv, args.at) ||
	    (request.global && request.project))
		return cli_usage("config", &args);
	if (!policy_key_known(request.key))
		return cli_fail("config", EXIT_STATUS_USAGE,
		                "%.*s is no key of settings; see bailiff-policy(5)",
		                (int)request.key.len, request.key.ptr);
	if (!layers_open("config", &layers, &status))
		return status;
	status = strcmp(request.word, "get") == 0 ? get(&layers, &request)
	                                          : change(&layers, &request);
	layers_close(&layers);
	return status;
}
