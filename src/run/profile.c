/* Agent profiles: read from the JSON that is compiled in, by a table of members. */
#include "run/profile.h"

#include <stddef.h>
#include <string.h>

#include "base/json.h"
#include "run/profile_data.h"

static const struct span *const profile_data[] = { &profile_claude_code, &profile_codex };

enum member_kind { TEXT, WORDS, PROVIDERS, FILES, HOME_FILES };

static const struct {
	struct span key;
	enum member_kind kind;
	size_t at; /* TEXT, WORDS: in struct profile */
} members[] = {
	{ SPAN_INIT("name"), TEXT, offsetof(struct profile, name) },
	{ SPAN_INIT("programs"), WORDS, offsetof(struct profile, programs) },
	{ SPAN_INIT("hosts"), WORDS, offsetof(struct profile, hosts) },
	{ SPAN_INIT("seeds"), WORDS, offsetof(struct profile, seeds) },
	{ SPAN_INIT("pass"), WORDS, offsetof(struct profile, pass) },
	{ SPAN_INIT("set"), WORDS, offsetof(struct profile, set) },
	{ SPAN_INIT("refusedArguments"), WORDS, offsetof(struct profile, refused_arguments) },
	{ SPAN_INIT("refusedVariables"), WORDS, offsetof(struct profile, refused_variables) },
	{ SPAN_INIT("arguments"), WORDS, offsetof(struct profile, arguments) },
	{ SPAN_INIT("shells"), WORDS, offsetof(struct profile, shells) },
	{ SPAN_INIT("providers"), PROVIDERS, 0 },
	{ SPAN_INIT("homeFiles"), HOME_FILES, 0 },
	{ SPAN_INIT("files"), FILES, 0 },
};

enum { MEMBERS = sizeof members / sizeof members[0] };

struct reader {
	struct arena *arena;
	struct problem *problem;
};

static bool wrong(struct reader *reader, const struct json_value *value, const char *what)
{
	return problem_set(reader->problem, PROBLEM_SYNTAX, value ? value->start : 0, what);
}

static bool out_of_memory(struct reader *reader)
{
	return problem_set(reader->problem, PROBLEM_MEMORY, 0, "out of memory");
}

/* A copy, so that it ends with a NUL. */
static bool read_text(struct reader *reader, const struct json_value *value, struct span *text)
{
	struct span found;

	if (!json_string(value, &found))
		return wrong(reader, value, "this must be a string");
	return arena_copy(reader->arena, found, text) || out_of_memory(reader);
}

static bool read_words(struct reader *reader, const struct json_value *list,
                       struct profile_words *words)
{
	if (list->kind != JSON_ARRAY)
		return wrong(reader, list, "this must be a list of strings");
	words->items = arena_array(reader->arena, struct span, list->count);
	if (words->items == NULL)
		return out_of_memory(reader);
	for (const struct json_value *item = list->first; item; item = item->next) {
		if (!read_text(reader, item, &words->items[words->count]))
			return false;
		words->count++;
	}
	return true;
}

static bool read_provider(struct reader *reader, const struct json_value *object,
                          struct profile_provider *provider)
{
	return read_text(reader, json_get(object, SPAN("prefix")), &provider->prefix) &&
	       read_text(reader, json_get(object, SPAN("upstream")), &provider->upstream) &&
	       read_text(reader, json_get(object, SPAN("baseVariable")),
	                 &provider->base_variable) &&
	       read_text(reader, json_get(object, SPAN("keyVariable")), &provider->key_variable) &&
	       read_text(reader, json_get(object, SPAN("header")), &provider->header) &&
	       read_text(reader, json_get(object, SPAN("scheme")), &provider->scheme);
}

static bool read_providers(struct reader *reader, const struct json_value *list,
                           struct profile *profile)
{
	if (list->kind != JSON_ARRAY)
		return wrong(reader, list, "this must be a list");
	profile->providers = arena_array(reader->arena, struct profile_provider, list->count);
	if (profile->providers == NULL)
		return out_of_memory(reader);
	for (const struct json_value *item = list->first; item; item = item->next) {
		if (!read_provider(reader, item, &profile->providers[profile->provider_count++]))
			return false;
	}
	return true;
}

/* A file's lines, each with its end. */
static bool read_content(struct reader *reader, const struct json_value *lines,
                         struct span *content)
{
	struct profile_words words = { 0 };
	size_t size = 0;
	char *text, *at;

	if (lines == NULL)
		return wrong(reader, lines, "a file has lines");
	if (!read_words(reader, lines, &words))
		return false;
	for (size_t i = 0; i < words.count; i++)
		size += words.items[i].len + 1;
	text = at = arena_array(reader->arena, char, size);
	if (text == NULL)
		return out_of_memory(reader);
	for (size_t i = 0; i < words.count; i++) {
		memcpy(at, words.items[i].ptr, words.items[i].len);
		at += words.items[i].len;
		*at++ = '\n';
	}
	*content = (struct span){ text, size };
	return true;
}

static bool read_files(struct reader *reader, const struct json_value *list,
                       struct profile_file **files, size_t *count)
{
	if (list->kind != JSON_ARRAY)
		return wrong(reader, list, "this must be a list");
	*files = arena_array(reader->arena, struct profile_file, list->count);
	if (*files == NULL)
		return out_of_memory(reader);
	for (const struct json_value *item = list->first; item; item = item->next) {
		struct profile_file *file = &(*files)[*count];

		if (!read_text(reader, json_get(item, SPAN("path")), &file->path) ||
		    !read_content(reader, json_get(item, SPAN("lines")), &file->content))
			return false;
		++*count;
	}
	return true;
}

static bool read_member(struct reader *reader, size_t i, const struct json_value *value,
                        struct profile *profile)
{
	void *at = (char *)profile + members[i].at;

	switch (members[i].kind) {
	case TEXT:
		return read_text(reader, value, at);
	case WORDS:
		return read_words(reader, value, at);
	case PROVIDERS:
		return read_providers(reader, value, profile);
	case FILES:
		return read_files(reader, value, &profile->files, &profile->file_count);
	case HOME_FILES:
		return read_files(reader, value, &profile->home_files, &profile->home_file_count);
	}
	return false;
}

bool profile_parse(struct span json, struct arena *arena, struct profile *profile,
                   struct problem *problem)
{
	struct reader reader = { arena, problem };
	struct profile read = { 0 };
	struct json_value *object;

	if (!json_parse(json, NULL, arena, &object, problem))
		return false;
	if (object->kind != JSON_OBJECT || object->count != MEMBERS)
		return wrong(&reader, object, "a profile has every member, and no other");
	for (size_t i = 0; i < MEMBERS; i++) {
		const struct json_value *value = json_get(object, members[i].key);

		if (value == NULL)
			return wrong(&reader, object, "a member of the profile is missing");
		if (!read_member(&reader, i, value, &read))
			return false;
	}
	*profile = read;
	return true;
}

/* ---- choosing ---- */

static bool holds(const struct profile_words *words, struct span word)
{
	for (size_t i = 0; i < words->count; i++) {
		if (span_equal(words->items[i], word))
			return true;
	}
	return false;
}

bool profile_by_name(struct span name, struct arena *arena, struct profile *profile, bool *found,
                     struct problem *problem)
{
	*found = false;
	for (size_t i = 0; i < sizeof profile_data / sizeof profile_data[0] && !*found; i++) {
		if (!profile_parse(*profile_data[i], arena, profile, problem))
			return false;
		*found = span_equal(profile->name, name);
	}
	return true;
}

/* A profile that does not hold the name as a string need not be read: most commands are no agent. */
static bool mentions(struct span json, struct span name)
{
	size_t at, behind;

	while (span_find(json, name, &at)) {
		behind = at + name.len;
		if (at > 0 && json.ptr[at - 1] == '"' && behind < json.len &&
		    json.ptr[behind] == '"')
			return true;
		json = span_from(json, at + 1);
	}
	return false;
}

bool profile_by_program(struct span base_name, struct arena *arena, struct profile *profile,
                        bool *found, struct problem *problem)
{
	*found = false;
	for (size_t i = 0; i < sizeof profile_data / sizeof profile_data[0] && !*found; i++) {
		if (!mentions(*profile_data[i], base_name))
			continue;
		if (!profile_parse(*profile_data[i], arena, profile, problem))
			return false;
		*found = holds(&profile->programs, base_name);
	}
	return true;
}

/* ---- vetting ---- */

/* Whether a setting (KEY=VALUE, wherever an argument ends with it) is given; blanks do not count. */
static bool sets(struct span argument, struct span setting)
{
	while (setting.len > 0 && argument.len > 0) {
		char byte = argument.ptr[--argument.len];

		if (byte == ' ' || byte == '\t')
			continue;
		if (byte != setting.ptr[--setting.len])
			return false;
	}
	return setting.len == 0;
}

/* Whether `argument` (and what follows it) is what `refused` names. */
static bool is_refused(struct span refused, const char *argument, const char *next)
{
	struct span word = span_of(argument), first = refused, second = { NULL, 0 };
	size_t blank;

	if (refused.len > 0 && refused.ptr[0] != '-')
		return sets(word, refused);
	if (span_find_byte(refused, ' ', &blank)) {
		first = span_slice(refused, 0, blank);
		second = span_from(refused, blank + 1);
		return span_equal(word, first) && next != NULL && span_equal(span_of(next), second);
	}
	return span_starts(word, first) && (word.len == first.len || word.ptr[first.len] == '=');
}

static const char *refused_argument(const struct profile *profile, char *const *argv)
{
	for (size_t i = 1; argv[i]; i++) {
		for (size_t k = 0; k < profile->refused_arguments.count; k++) {
			if (is_refused(profile->refused_arguments.items[k], argv[i], argv[i + 1]))
				return argv[i];
		}
	}
	return NULL;
}

static bool is_off(struct span value)
{
	return value.len == 0 || span_equal(value, SPAN("0"));
}

const char *profile_refuses(const struct profile *profile, char *const *argv, char *const *environ)
{
	const char *argument = refused_argument(profile, argv);

	if (argument)
		return argument;
	for (size_t i = 0; environ[i]; i++) {
		struct span variable = span_of(environ[i]);
		size_t equals;

		if (span_find_byte(variable, '=', &equals) &&
		    holds(&profile->refused_variables, span_slice(variable, 0, equals)) &&
		    !is_off(span_from(variable, equals + 1)))
			return environ[i];
	}
	return NULL;
}
