/* Every row of the tables is reached: some path takes its place from it, or a stricter one. */
#include "../../../src/paths/rules.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

/* A path that the pattern matches: stars become "x". */
static struct span example(struct span pattern, char *bytes, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < pattern.len && len + 2 < size; i++) {
		char byte = pattern.ptr[i];

		if (byte == '*') {
			bytes[len++] = 'x';
			while (i + 1 < pattern.len && pattern.ptr[i + 1] == '*')
				i++;
		} else if (byte == '[' && i + 1 < pattern.len) {
			bytes[len++] = pattern.ptr[i + 1];
			while (i + 1 < pattern.len && pattern.ptr[i] != ']')
				i++;
		} else {
			bytes[len++] = byte;
		}
	}
	return (struct span){ bytes, len };
}

static void test_reached(const struct path_rules *rules, const char *base)
{
	struct span workspace = SPAN("/home/u/proj");
	struct paths_context context = { .cwd = workspace,
		                         .home = SPAN("/home/u"),
		                         .workspace = &workspace,
		                         .workspace_count = 1 };
	char bytes[512];
	size_t start = strlen(base);

	memcpy(bytes, base, start);
	for (size_t i = 0; i < rules->count; i++) {
		const struct path_rule *rule = &rules->rows[i];
		struct span rest = example(rule->pattern, bytes + start, sizeof bytes - start);
		struct path_facts facts = paths_classify(&context,
		                                         (struct span){ bytes, start + rest.len });

		struct path_facts own = { rule->place, NULL };

		/* An earlier row may say something stricter, or make an exception. */
		OK(facts.place == rule->place || path_facts_stricter(own, facts).place != own.place,
		   "%.*s is %.*s", (int)(start + rest.len), bytes, (int)place_name(facts.place).len,
		   place_name(facts.place).ptr);
		OK(rule->source != NULL && rule->source[0] != '\0', "row %zu names its source", i);
	}
}

/* A workspace is looked up among such rows only where it is "/" or lies right in it. */
static void test_roots(void)
{
	for (size_t i = 0; i < paths_system_rules.count; i++) {
		const struct path_rule *rule = &paths_system_rules.rows[i];

		if (rule->place == PLACE_ROOT)
			OK(!span_find_byte(span_from(rule->pattern, 1), '/', NULL),
			   "%s is a top-level folder", rule->pattern.ptr);
	}
}

int main(void)
{
	test_roots();
	test_reached(&paths_home_rules, "/home/u/");
	test_reached(&paths_system_rules, "");
	test_reached(&paths_folder_rules, "/home/u/proj/");
	test_reached(&paths_file_rules, "/home/u/proj/");
	test_reached(&paths_build_rules, "/home/u/proj/");
	return tap_done();
}
