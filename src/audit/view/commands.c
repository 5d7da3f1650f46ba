/* list, show, tail and verify. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit/store/verify.h"
#include "audit/view/view.h"

enum { TAIL_LIMIT = 20, POLL_NS = 250000000, PROGRESS_NS = 1000000000, BAR_WIDTH = 40 };

void view_complain(const char *path, const struct problem *problem)
{
	fprintf(stderr, "bailiff: audit: %s: %s%s%s\n", path, problem->what,
	        problem->kind == PROBLEM_SYSTEM ? ": " : "",
	        problem->kind == PROBLEM_SYSTEM ? strerror(problem->sys_errno) : "");
}

static int failure(const char *path, const struct problem *problem)
{
	if (problem->kind == PROBLEM_SYSTEM && problem->sys_errno == ENOENT) {
		fprintf(stderr, "bailiff: audit: nothing is recorded yet: %s does not exist\n",
		        path);
		return EXIT_NONE;
	}
	view_complain(path, problem);
	return problem->kind == PROBLEM_SYNTAX ? EXIT_DATA : EXIT_INTERNAL;
}

static int finish(struct view_printer *printer)
{
	bool good = !printer->failed && fflush(stdout) == 0;

	view_printer_release(printer);
	return good ? EXIT_GOOD : EXIT_INTERNAL;
}

int view_list(const char *path, const struct view_options *options)
{
	struct view_printer printer;
	struct problem problem;
	struct reader *reader = reader_open(path, &problem);
	bool read;

	if (reader == NULL)
		return failure(path, &problem);
	view_printer_init(&printer, options);
	read = reader_read(reader, &options->filter, view_print, &printer, &problem);
	reader_close(reader);
	if (!read) {
		view_printer_release(&printer);
		return failure(path, &problem);
	}
	return finish(&printer);
}

struct showing {
	struct view_printer printer;
	bool found;
};

static bool show_one(const struct reader_row *row, void *context)
{
	struct showing *showing = context;

	showing->found = true;
	if (showing->printer.json)
		return view_print(row, &showing->printer);
	view_print_whole(row, &showing->printer);
	return true;
}

/* A sequence number or an id. */
static bool parse_entry(const char *text, struct reader_filter *filter)
{
	char *end;

	if (uuid_parse(span_of(text), &filter->id)) {
		filter->limit = 1;
		return true;
	}
	if (text[0] < '0' || text[0] > '9')
		return false;
	filter->from = strtoull(text, &end, 10);
	filter->forward = true;
	filter->limit = 1;
	return *end == 0 && filter->from <= INT64_MAX;
}

struct exact {
	struct showing *showing;
	struct reader_filter *filter;
};

static bool show_exact(const struct reader_row *row, void *context)
{
	struct exact *exact = context;

	if (exact->filter->forward && row->seq != exact->filter->from)
		return false;
	return show_one(row, exact->showing);
}

int view_show(const char *path, const struct view_options *options)
{
	struct showing showing = { .found = false };
	struct reader_filter filter = { 0 };
	struct exact exact = { &showing, &filter };
	struct problem problem;
	struct reader *reader;
	bool read;

	if (options->argument == NULL || !parse_entry(options->argument, &filter)) {
		fputs("bailiff: audit show: a sequence number or an id is needed\n", stderr);
		return EXIT_USAGE;
	}
	reader = reader_open(path, &problem);
	if (reader == NULL)
		return failure(path, &problem);
	view_printer_init(&showing.printer, options);
	read = reader_read(reader, &filter, show_exact, &exact, &problem);
	reader_close(reader);
	if (!read) {
		view_printer_release(&showing.printer);
		return failure(path, &problem);
	}
	if (!showing.found) {
		fprintf(stderr, "bailiff: audit show: no entry %s\n", options->argument);
		view_printer_release(&showing.printer);
		return EXIT_NONE;
	}
	return finish(&showing.printer);
}

struct tailing {
	struct view_printer printer;
	uint64_t next;
};

static bool tail_one(const struct reader_row *row, void *context)
{
	struct tailing *tailing = context;

	tailing->next = row->seq + 1;
	return view_print(row, &tailing->printer);
}

int view_tail(const char *path, const struct view_options *options)
{
	const struct timespec pause = { .tv_nsec = POLL_NS };
	struct tailing tailing = { .next = 0 };
	struct reader_filter filter = options->filter;
	struct problem problem;
	struct reader *reader = reader_open(path, &problem);
	bool read;

	if (reader == NULL)
		return failure(path, &problem);
	if (!options->has_limit)
		filter.limit = TAIL_LIMIT;
	view_printer_init(&tailing.printer, options);
	read = reader_read(reader, &filter, tail_one, &tailing, &problem);
	while (read && options->follow && !tailing.printer.failed && fflush(stdout) == 0) {
		nanosleep(&pause, NULL);
		filter.forward = true;
		filter.limit = 0;
		filter.from = tailing.next;
		read = reader_read(reader, &filter, tail_one, &tailing, &problem);
	}
	reader_close(reader);
	if (!read) {
		view_printer_release(&tailing.printer);
		return failure(path, &problem);
	}
	return finish(&tailing.printer);
}

struct progress {
	uint64_t begun_ns;
	bool shown;
};

static void show_progress(uint64_t done, uint64_t total, void *context)
{
	struct progress *progress = context;
	char bar[BAR_WIDTH + 1];
	size_t full = total > 0 ? (size_t)(done * BAR_WIDTH / total) : BAR_WIDTH;

	if (clock_mono_ns() - progress->begun_ns < PROGRESS_NS)
		return;
	memset(bar, ' ', BAR_WIDTH);
	memset(bar, '#', full < BAR_WIDTH ? full : BAR_WIDTH);
	bar[BAR_WIDTH] = 0;
	fprintf(stderr, "\rverifying [%s] %llu of %llu", bar, (unsigned long long)done,
	        (unsigned long long)total);
	progress->shown = true;
}

static const char *const verdict_names[] = { "broken", "rolled-back", "forked", "consistent" };

static void put_checks_json(const struct verify_report *report, struct outbuf *out)
{
	outbuf_put(out, SPAN("\"checks\":{"));
	for (int kind = 0; kind < VERIFY_KINDS; kind++) {
		const struct verify_check *check = &report->checks[kind];

		if (kind > 0)
			outbuf_put_byte(out, ',');
		outbuf_put_json(out, span_of(verify_kind_name((enum verify_kind)kind)));
		outbuf_put(out, SPAN(":{\"state\":"));
		outbuf_put_json(out, span_of(!check->done    ? "not-checked"
		                             : check->broken ? "broken"
		                                             : "clean"));
		if (check->broken > 0) {
			outbuf_put(out, SPAN(",\"broken\":"));
			outbuf_put_u64(out, check->broken);
			if (check->has_seq) {
				outbuf_put(out, SPAN(",\"firstSeq\":"));
				outbuf_put_u64(out, check->seq);
			}
			outbuf_put(out, SPAN(",\"what\":"));
			outbuf_put_json(out, span_of(check->what));
		}
		outbuf_put_byte(out, '}');
	}
	outbuf_put_byte(out, '}');
}

static uint64_t answers(const struct verify_report *report)
{
	return report->by_type[AUDIT_TOOL_EXECUTE] + report->by_type[AUDIT_TOOL_BLOCKED] +
	       report->by_type[AUDIT_PERMISSION_DENIED];
}

static void put_report_json(const struct verify_report *report, struct outbuf *out)
{
	const struct {
		struct span name;
		uint64_t value;
	} numbers[] = {
		{ SPAN_INIT("requests"), report->by_type[AUDIT_TOOL_REQUEST] },
		{ SPAN_INIT("answers"), answers(report) },
		{ SPAN_INIT("gaps"), report->by_type[AUDIT_AUDIT_GAP] },
		{ SPAN_INIT("spooled"), report->spooled },
		{ SPAN_INIT("guests"), report->guests },
	};

	outbuf_put(out, SPAN("{\"verdict\":"));
	outbuf_put_json(out, span_of(verdict_names[report->verdict]));
	outbuf_put(out, SPAN(",\"entries\":"));
	outbuf_put_u64(out, report->entries);
	outbuf_put(out, SPAN(",\"logId\":\""));
	outbuf_put_hex(out, (struct span){ (const char *)report->log_id, sizeof(report->log_id) });
	outbuf_put(out, SPAN("\",\"head\":\""));
	outbuf_put_hex(out, (struct span){ (const char *)report->head, sizeof(report->head) });
	outbuf_put(out, SPAN("\","));
	put_checks_json(report, out);
	outbuf_put(out, SPAN(",\"coverage\":{"));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (i > 0)
			outbuf_put_byte(out, ',');
		outbuf_put_json(out, numbers[i].name);
		outbuf_put_byte(out, ':');
		outbuf_put_u64(out, numbers[i].value);
	}
	outbuf_put(out, SPAN("},\"anchored\":null}\n"));
}

static void put_report(const struct verify_report *report, struct outbuf *out)
{
	outbuf_put(out, span_of(verdict_names[report->verdict]));
	outbuf_put(out, SPAN(": "));
	outbuf_put_u64(out, report->entries);
	outbuf_put(out, SPAN(" entries\n"));
	for (int kind = 0; kind < VERIFY_KINDS; kind++) {
		const struct verify_check *check = &report->checks[kind];

		outbuf_put(out, SPAN("  "));
		outbuf_put(out, span_of(verify_kind_name((enum verify_kind)kind)));
		outbuf_put(out, SPAN(": "));
		outbuf_put(out, span_of(!check->done    ? (kind == VERIFY_RECEIPT ? "none given"
		                                                                  : "not checked")
		                        : check->broken ? "BROKEN"
		                                        : "clean"));
		if (check->broken > 0 && check->has_seq) {
			outbuf_put(out, SPAN(" from entry "));
			outbuf_put_u64(out, check->seq);
		}
		if (check->broken > 0) {
			outbuf_put(out, SPAN(": "));
			outbuf_put(out, span_of(check->what));
			outbuf_put(out, SPAN(" (places: "));
			outbuf_put_u64(out, check->broken);
			outbuf_put_byte(out, ')');
		}
		outbuf_put_byte(out, '\n');
	}
	outbuf_put(out, SPAN("  coverage: requests "));
	outbuf_put_u64(out, report->by_type[AUDIT_TOOL_REQUEST]);
	outbuf_put(out, SPAN(", answers "));
	outbuf_put_u64(out, answers(report));
	outbuf_put(out, SPAN(", gaps told "));
	outbuf_put_u64(out, report->by_type[AUDIT_AUDIT_GAP]);
	outbuf_put(out, SPAN("\n  anchored: none; a cut end, an older copy or a record forged anew "
	                     "is not found"
	                     " without a receipt\n  head: "));
	if (report->entries > 0) {
		outbuf_put_u64(out, report->entries);
		outbuf_put_byte(out, ':');
		outbuf_put_hex(out,
		               (struct span){ (const char *)report->head, sizeof(report->head) });
	} else {
		outbuf_put_byte(out, '-');
	}
	outbuf_put_byte(out, '\n');
}

static int verify_status(const struct verify_report *report, const struct view_options *options)
{
	switch (report->verdict) {
	case VERIFY_BROKEN:
		return EXIT_BROKEN;
	case VERIFY_ROLLED_BACK:
		return EXIT_ROLLED_BACK;
	case VERIFY_FORKED:
		return EXIT_FORKED;
	case VERIFY_CONSISTENT:
		break;
	}
	return options->require_anchor ? EXIT_UNANCHORED : EXIT_GOOD;
}

/* The file is mapped; a page that has gone was cut off while we read. */
static void cut_short(int number)
{
	static const char text[] =
		"\nbailiff: audit: broken: the database was cut short while it was read\n";

	(void)number;
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(EXIT_BROKEN);
}

int view_verify(const char *path, const struct view_options *options)
{
	const struct sigaction on_cut = { .sa_handler = cut_short };
	struct progress progress = { .begun_ns = clock_mono_ns() };
	struct verify_options wanted = {
		.quick = options->quick,
		.has_receipt = options->has_receipt,
		.size = options->receipt_size,
		.progress = isatty(STDERR_FILENO) ? show_progress : NULL,
		.context = &progress,
	};
	struct verify_report report;
	struct problem problem;
	struct outbuf out;
	int status;

	(void)sigaction(SIGBUS, &on_cut, NULL);
	memcpy(wanted.head, options->receipt_head, sizeof(wanted.head));
	if (!verify(path, &wanted, &report, &problem)) {
		status = failure(path, &problem);
		return status == EXIT_DATA ? EXIT_BROKEN : status;
	}
	if (progress.shown)
		fputs("\r\033[K", stderr);
	outbuf_init(&out, 1 << 16);
	if (options->json)
		put_report_json(&report, &out);
	else
		put_report(&report, &out);
	status = verify_status(&report, options);
	if (!outbuf_ok(&out) || fwrite(out.ptr, 1, out.len, stdout) != out.len ||
	    fflush(stdout) != 0)
		status = EXIT_INTERNAL;
	outbuf_release(&out);
	return status;
}
