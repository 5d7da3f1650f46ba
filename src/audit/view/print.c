/* Entries for people: a table that fits 80 columns, and a whole entry, one field a line. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "audit/view/view.h"
#include "base/utf8.h"

enum { WIDTH_DEFAULT = 80, WIDTH_MAX = 400, OUT_BYTES = 1 << 22, LABEL_WIDTH = 14 };

/* Column widths; the last one takes what is left. */
enum {
	SEQ_WIDTH = 6,
	TIME_WIDTH = 8,
	EVENT_WIDTH = 18,
	TOOL_WIDTH = 9,
	DECISION_WIDTH = 5,
	GAPS = 5
};

void view_printer_init(struct view_printer *printer, const struct view_options *options)
{
	const char *no_colour = getenv("NO_COLOR");
	struct winsize size;

	memset(printer, 0, sizeof(*printer));
	outbuf_init(&printer->out, OUT_BYTES);
	printer->json = options->json || options->fields != NULL;
	printer->fields = options->fields;
	printer->width = WIDTH_DEFAULT;
	if (isatty(STDOUT_FILENO)) {
		printer->colour = no_colour == NULL || no_colour[0] == 0;
		if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_DEFAULT)
			printer->width = size.ws_col < WIDTH_MAX ? size.ws_col : WIDTH_MAX;
	}
}

void view_printer_release(struct view_printer *printer)
{
	outbuf_release(&printer->out);
}

/* Sends what was put together; a reader that has gone (`| head`) ends the output quietly. */
static bool flush(struct view_printer *printer)
{
	struct span text = outbuf_span(&printer->out);

	if (!outbuf_ok(&printer->out) || fwrite(text.ptr, 1, text.len, stdout) != text.len)
		printer->failed = true;
	outbuf_reset(&printer->out);
	return !printer->failed;
}

/* A cell of so many columns: shown, never sent; cut, then filled with blanks where `fill`. */
static void put_cell(struct outbuf *out, struct span text, size_t width, bool fill)
{
	struct outbuf shown;
	size_t columns = 0, at = 0, keep = 0;
	struct span line;

	outbuf_init(&shown, OUT_BYTES);
	outbuf_put_visible(&shown, utf8_cut(text, 4 * WIDTH_MAX), false);
	line = outbuf_span(&shown);
	while (at < line.len && columns < width) {
		uint32_t code_point;
		size_t bytes = utf8_decode(line, at, &code_point);

		if (columns + 1 < width)
			keep = at + (bytes ? bytes : 1);
		at += bytes ? bytes : 1;
		columns++;
	}
	if (at < line.len) {
		outbuf_put(out, span_slice(line, 0, keep));
		outbuf_put(out, SPAN("\xE2\x80\xA6"));
	} else {
		outbuf_put(out, line);
	}
	for (; fill && columns < width; columns++)
		outbuf_put_byte(out, ' ');
	outbuf_release(&shown);
}

static void put_colour(struct view_printer *printer, const char *code)
{
	if (!printer->colour)
		return;
	outbuf_put(&printer->out, SPAN("\x1b["));
	outbuf_put(&printer->out, span_of(code));
	outbuf_put_byte(&printer->out, 'm');
}

static const char *decision_colour(const struct record_header *header)
{
	if (header->decision == AUDIT_DENY)
		return "31";
	if (header->decision == AUDIT_ASK)
		return "33";
	return header->decision == AUDIT_ALLOW ? "32" : "0";
}

/* What a line ends with: what was done, and why not where it was refused. */
static struct span story(const struct json_value *body, const struct record_header *header)
{
	static const struct span refused[] = { SPAN_INIT("reason"), SPAN_INIT("inputSummary"),
		                               SPAN_INIT("action") };
	static const struct span done[] = { SPAN_INIT("inputSummary"), SPAN_INIT("action"),
		                            SPAN_INIT("reason") };
	bool denied = header->decision == AUDIT_DENY;
	struct span text = { 0 };

	for (size_t i = 0; i < 3; i++)
		if (json_string(json_get(body, denied ? refused[i] : done[i]), &text) &&
		    text.len > 0)
			return text;
	return text;
}

static void put_headings(struct view_printer *printer)
{
	struct outbuf *out = &printer->out;

	put_colour(printer, "1");
	put_cell(out, SPAN("SEQ"), SEQ_WIDTH, true);
	outbuf_put_byte(out, ' ');
	put_cell(out, SPAN("TIME UTC"), TIME_WIDTH, true);
	outbuf_put_byte(out, ' ');
	put_cell(out, SPAN("EVENT"), EVENT_WIDTH, true);
	outbuf_put_byte(out, ' ');
	put_cell(out, SPAN("TOOL"), TOOL_WIDTH, true);
	outbuf_put_byte(out, ' ');
	put_cell(out, SPAN("DECID"), DECISION_WIDTH, true);
	outbuf_put(out, SPAN(" WHAT"));
	put_colour(printer, "0");
	outbuf_put_byte(out, '\n');
	printer->headed = true;
}

static void put_day(struct view_printer *printer, const char *time)
{
	if (memcmp(printer->day, time, 10) == 0)
		return;
	memcpy(printer->day, time, 10);
	outbuf_put(&printer->out, SPAN("-- "));
	outbuf_put(&printer->out, span_of(printer->day));
	outbuf_put(&printer->out, SPAN(" --\n"));
}

static void put_line(struct view_printer *printer, const struct reader_row *row,
                     const struct json_value *body)
{
	const struct record_header *header = &row->header;
	struct outbuf *out = &printer->out, number;
	size_t rest = printer->width - SEQ_WIDTH - TIME_WIDTH - EVENT_WIDTH - TOOL_WIDTH -
	              DECISION_WIDTH - GAPS;
	char time[28];

	clock_format(header->wall_ns, time);
	put_day(printer, time);
	outbuf_init(&number, 32);
	outbuf_put_u64(&number, row->seq);
	put_cell(out, outbuf_span(&number), number.len > SEQ_WIDTH ? number.len : SEQ_WIDTH, true);
	outbuf_release(&number);
	outbuf_put_byte(out, ' ');
	put_cell(out, (struct span){ time + 11, 8 }, TIME_WIDTH, true);
	outbuf_put_byte(out, ' ');
	put_cell(out,
	         span_of(row->readable ? audit_event_name((enum audit_event)header->type)
	                               : "(unreadable)"),
	         EVENT_WIDTH, true);
	outbuf_put_byte(out, ' ');
	put_cell(out, header->tool, TOOL_WIDTH, true);
	outbuf_put_byte(out, ' ');
	put_colour(printer, decision_colour(header));
	put_cell(out, span_of(audit_decision_name((enum audit_decision)header->decision)),
	         DECISION_WIDTH, true);
	put_colour(printer, "0");
	outbuf_put_byte(out, ' ');
	put_cell(out, story(body, header), rest, false);
	outbuf_put_byte(out, '\n');
}

bool view_print(const struct reader_row *row, void *context)
{
	struct view_printer *printer = context;
	struct json_value *body = NULL;
	struct arena arena;

	if (printer->json) {
		view_json(row, printer->fields, &printer->out);
		outbuf_put_byte(&printer->out, '\n');
		return flush(printer);
	}
	arena_init(&arena, 64 << 20);
	if (!json_parse(row->body, NULL, &arena, &body, NULL))
		body = NULL;
	if (!printer->headed)
		put_headings(printer);
	put_line(printer, row, body);
	arena_release(&arena);
	return flush(printer);
}

void view_print_whole(const struct reader_row *row, struct view_printer *printer)
{
	struct outbuf json;
	struct json_value *entry = NULL;
	struct arena arena;

	arena_init(&arena, 64 << 20);
	outbuf_init(&json, OUT_BYTES);
	view_json(row, NULL, &json);
	if (!json_parse(outbuf_span(&json), NULL, &arena, &entry, NULL))
		printer->failed = true;
	for (const struct json_value *part = entry ? entry->first : NULL; part != NULL;
	     part = part->next) {
		struct span text = part->kind == JSON_STRING
		                           ? part->text
		                           : span_slice(outbuf_span(&json), part->start, part->end);

		if (part->kind == JSON_NULL)
			continue;
		put_colour(printer, "1");
		put_cell(&printer->out, part->key, LABEL_WIDTH, true);
		put_colour(printer, "0");
		outbuf_put_visible(&printer->out, text, false);
		outbuf_put_byte(&printer->out, '\n');
	}
	flush(printer);
	outbuf_release(&json);
	arena_release(&arena);
}
