/* bailiff doctor: what works here, what does not, why, and what to do. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/outbuf.h"
#include "base/terminal.h"
#include "cli/cli.h"
#include "door/door.h"
#include "sandbox/sandbox.h"

enum { ARENA_LIMIT = 16 * 1024 * 1024, OUTPUT_LIMIT = 1024 * 1024, OWN_CHECKS = 8 };

struct doctor {
	struct arena arena;
	struct sandbox_check *sandbox;
	size_t sandbox_count;
	struct sandbox_check own[OWN_CHECKS];
	size_t own_count;
};

static const char *keep(struct doctor *doctor, struct span text)
{
	struct span copy;

	return arena_copy(&doctor->arena, text, &copy) ? copy.ptr : "";
}

static void add(struct doctor *doctor, struct sandbox_check check)
{
	if (check.works)
		check.fix = NULL;
	if (doctor->own_count < OWN_CHECKS)
		doctor->own[doctor->own_count++] = check;
}

/* The programs with libraries that the recorder and the agents' network need. */
static void check_program(struct doctor *doctor, const struct door *door, const char *name,
                          const char *what)
{
	char path[PATH_MAX];
	const char *recorder = door->audit.recorder ? door->audit.recorder : "";
	const char *slash = strrchr(recorder, '/');
	bool works;

	snprintf(path, sizeof path, "%.*s/%s", slash ? (int)(slash - recorder) : 0, recorder, name);
	works = slash && access(path, X_OK) == 0;
	add(doctor,
	    (struct sandbox_check){ .name = what,
	                            .works = works,
	                            .detail = works ? keep(doctor, span_of(path)) : "not installed",
	                            .fix = "install all of Bailiff, libexec/bailiff as well" });
}

static void check_policy(struct doctor *doctor)
{
	struct door door;
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	struct door_request request = { .state = getenv("BAILIFF_HOME"), .program = self };
	struct span message = SPAN("");
	int status;
	bool works;

	self[len > 0 ? len : 0] = '\0';
	works = door_open(&request, &doctor->arena, &door, &status, &message);
	add(doctor, (struct sandbox_check){
			    .name = "policy",
			    .works = works,
			    .detail = works ? "loads" : keep(doctor, message),
			    .fix = "correct that place; until then everything is refused" });
	if (!works)
		return;
	check_program(doctor, &door, "recorder", "recorder");
	check_program(doctor, &door, "broker", "broker");
}

/* ---- output ---- */

static void put_check_text(struct outbuf *out, const struct sandbox_check *check, bool colour)
{
	outbuf_put(out, span_of(terminal_style(check->works ? STYLE_GREEN : STYLE_YELLOW, colour)));
	outbuf_put(out, check->works ? SPAN("works    ") : SPAN("missing  "));
	outbuf_put(out, span_of(terminal_style(STYLE_PLAIN, colour)));
	outbuf_put(out, span_of(check->name));
	outbuf_put(out, SPAN(": "));
	outbuf_put_visible(out, span_of(check->detail), false);
	if (check->part && !check->works) {
		outbuf_put(out, SPAN(" ("));
		outbuf_put(out, span_of(check->part));
		outbuf_put_byte(out, ')');
	}
	if (check->fix) {
		outbuf_put(out, SPAN("\n         fix: "));
		outbuf_put(out, span_of(check->fix));
	}
	outbuf_put_byte(out, '\n');
}

static void put_check_json(struct outbuf *out, const struct sandbox_check *check, bool first)
{
	outbuf_put(out, first ? SPAN("{\"name\":") : SPAN(",{\"name\":"));
	outbuf_put_json(out, span_of(check->name));
	if (check->part) {
		outbuf_put(out, SPAN(",\"part\":"));
		outbuf_put_json(out, span_of(check->part));
	}
	outbuf_put(out, check->works ? SPAN(",\"works\":true") : SPAN(",\"works\":false"));
	outbuf_put(out, SPAN(",\"detail\":"));
	outbuf_put_json(out, span_of(check->detail));
	if (check->fix) {
		outbuf_put(out, SPAN(",\"fix\":"));
		outbuf_put_json(out, span_of(check->fix));
	}
	outbuf_put_byte(out, '}');
}

static const struct sandbox_check *check_at(const struct doctor *doctor, size_t i)
{
	return i < doctor->sandbox_count ? &doctor->sandbox[i]
	                                 : &doctor->own[i - doctor->sandbox_count];
}

static int print(const struct doctor *doctor, bool json)
{
	bool colour = terminal_colour(1, getenv("NO_COLOR"), getenv("TERM"));
	size_t count = doctor->sandbox_count + doctor->own_count;
	struct outbuf out;
	bool done;

	outbuf_init(&out, OUTPUT_LIMIT);
	if (json)
		outbuf_put(&out, SPAN("{\"checks\":["));
	for (size_t i = 0; i < count; i++) {
		if (json)
			put_check_json(&out, check_at(doctor, i), i == 0);
		else
			put_check_text(&out, check_at(doctor, i), colour);
	}
	if (json)
		outbuf_put(&out, SPAN("]}\n"));
	done = outbuf_ok(&out) && fwrite(out.ptr, 1, out.len, stdout) == out.len &&
	       fflush(stdout) == 0;
	outbuf_release(&out);
	return done ? 0 : EXIT_STATUS_INTERNAL;
}

int cli_doctor(int argc, char **argv)
{
	struct doctor doctor = { 0 };
	struct problem problem = { 0 };
	const struct args_option *option;
	struct args args;
	bool json = false;
	int status;

	args_init(&args, argc, argv, cli_options("doctor"));
	while (args_next(&args, &option)) {
		if (option->letter == 'h')
			return cli_help_for("doctor");
		json = json || option->letter == 'j';
	}
	if (args.problem || args.at < argc)
		return cli_usage("doctor", &args);
	arena_init(&doctor.arena, ARENA_LIMIT);
	if (sandbox_examine(&doctor.arena, &doctor.sandbox, &doctor.sandbox_count, &problem)) {
		check_policy(&doctor);
		status = print(&doctor, json);
	} else {
		status = cli_fail("doctor", EXIT_STATUS_INTERNAL, "%s", problem.what);
	}
	arena_release(&doctor.arena);
	return status;
}
