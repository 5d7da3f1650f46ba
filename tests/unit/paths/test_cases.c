/*
 * Paths and the places they are, from the case files.  A line is a path, or one of
 *     tree PATH     with everything below it
 *     cwd PATH, home PATH, workspace PATH, state PATH
 */
#include <stdio.h>

#include "golden.h"
#include "paths/paths.h"

struct scene {
	struct paths_context context;
	struct span workspace;
	struct arena arena;
};

static bool takes(struct span *line, const char *word)
{
	struct span name = span_of(word);

	if (!span_starts(*line, name))
		return false;
	*line = span_from(*line, name.len);
	return true;
}

static void show(struct scene *scene, struct span line, bool tree, FILE *out)
{
	struct span normal;
	struct path_facts facts;

	if (!paths_normalise(scene->context.cwd, line, &scene->arena, &normal)) {
		fprintf(out, "out of memory\n");
		return;
	}
	facts = tree ? paths_classify_tree(&scene->context, normal)
	             : paths_classify(&scene->context, normal);
	struct span name = place_name(facts.place);

	fprintf(out, "%.*s: %.*s", (int)normal.len, normal.ptr, (int)name.len, name.ptr);
	fprintf(out, facts.why != NULL ? " (%s)\n" : "\n", facts.why);
}

static void show_line(struct scene *scene, struct span line, FILE *out)
{
	bool tree = takes(&line, "tree ");

	show(scene, line, tree, out);
}

static void run(struct span input, FILE *out, void *context)
{
	struct scene scene = { .context = { .cwd = SPAN("/home/u/proj"),
		                            .home = SPAN("/home/u") } };
	struct span line;

	(void)context;
	scene.workspace = SPAN("/home/u/proj");
	scene.context.workspace = &scene.workspace;
	scene.context.workspace_count = 1;
	arena_init(&scene.arena, 1 << 20);
	while (span_split(&input, '\n', &line)) {
		if (takes(&line, "cwd "))
			scene.context.cwd = line;
		else if (takes(&line, "home "))
			scene.context.home = line;
		else if (takes(&line, "workspace "))
			scene.workspace = line;
		else if (takes(&line, "state "))
			scene.context.state = line;
		else
			show_line(&scene, line, out);
	}
	arena_release(&scene.arena);
}

int main(int argc, char **argv)
{
	return golden_main(argc, argv, run, NULL);
}
