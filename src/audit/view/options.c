/* Reading the command line. */
#include "audit/view/options.h"

#include <getopt.h>
#include <time.h>

#include "base/clock.h"

enum { LIMIT_DEFAULT = 50, NS_PER_S = 1000000000, HOURS_A_DAY = 24 };

enum option_key {
	KEY_LIMIT = 'n',
	KEY_FOLLOW = 'f',
	KEY_HELP = 'h',
	KEY_EVENT = 256,
	KEY_SESSION,
	KEY_TOOL,
	KEY_DECISION,
	KEY_SINCE,
	KEY_UNTIL,
	KEY_AFTER,
	KEY_ALL,
	KEY_JSON,
	KEY_FIELDS,
	KEY_STATE,
	KEY_DATABASE,
	KEY_QUICK,
	KEY_RECEIPT,
	KEY_ANCHOR
};

static const struct option known[] = {
	{ "limit", required_argument, NULL, KEY_LIMIT },
	{ "follow", no_argument, NULL, KEY_FOLLOW },
	{ "help", no_argument, NULL, KEY_HELP },
	{ "event-type", required_argument, NULL, KEY_EVENT },
	{ "eventType", required_argument, NULL, KEY_EVENT },
	{ "event", required_argument, NULL, KEY_EVENT },
	{ "operation", required_argument, NULL, KEY_EVENT },
	{ "session", required_argument, NULL, KEY_SESSION },
	{ "session-id", required_argument, NULL, KEY_SESSION },
	{ "sessionId", required_argument, NULL, KEY_SESSION },
	{ "tool", required_argument, NULL, KEY_TOOL },
	{ "tool-name", required_argument, NULL, KEY_TOOL },
	{ "toolName", required_argument, NULL, KEY_TOOL },
	{ "decision", required_argument, NULL, KEY_DECISION },
	{ "since", required_argument, NULL, KEY_SINCE },
	{ "until", required_argument, NULL, KEY_UNTIL },
	{ "after", required_argument, NULL, KEY_AFTER },
	{ "all", no_argument, NULL, KEY_ALL },
	{ "json", no_argument, NULL, KEY_JSON },
	{ "fields", required_argument, NULL, KEY_FIELDS },
	{ "state", required_argument, NULL, KEY_STATE },
	{ "database", required_argument, NULL, KEY_DATABASE },
	{ "quick", no_argument, NULL, KEY_QUICK },
	{ "receipt", required_argument, NULL, KEY_RECEIPT },
	{ "require-anchor", no_argument, NULL, KEY_ANCHOR },
	{ NULL, 0, NULL, 0 },
};

void view_options_usage(FILE *to)
{
	fputs("\nWhich entries (list, tail):\n"
	      "  -n, --limit N          the newest N (list 50, tail 20)\n"
	      "      --all              all of them\n"
	      "      --after SEQ        the first N behind this one\n"
	      "      --event-type TYPE  tool_execute, tool_blocked, session_start, ...\n"
	      "      --session ID       --tool NAME       --decision allow|ask|deny\n"
	      "      --since TIME       --until TIME      2026-11-21, 2026-11-21T09:00:00Z, 2h, "
	      "7d\n"
	      "  -f, --follow           go on with what is written (tail)\n"
	      "How:\n"
	      "      --json             one JSON object a line\n"
	      "      --fields A,B,...   only these, as JSON\n"
	      "Checking (verify):\n"
	      "      --receipt SIZE:HEAD  that the record still holds what it once held\n"
	      "      --quick            without comparing indexes with tables\n"
	      "      --require-anchor   status 3 where nothing outside vouches for the record\n"
	      "Where:\n"
	      "      --state DIRECTORY  instead of ~/.bailiff\n"
	      "      --database FILE    a copy that lies elsewhere\n",
	      to);
}

static bool read_digits(struct span *text, size_t count, uint64_t *number)
{
	uint64_t value = 0;

	if (text->len < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		char c = text->ptr[i];

		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (uint64_t)(c - '0');
	}
	*text = span_from(*text, count);
	*number = value;
	return true;
}

static bool skip(struct span *text, char byte)
{
	if (text->len == 0 || text->ptr[0] != byte)
		return false;
	*text = span_from(*text, 1);
	return true;
}

static bool parse_number(struct span text, uint64_t *number)
{
	size_t len = text.len;

	return len > 0 && len <= 18 && read_digits(&text, len, number);
}

/* "90s", "15m", "2h", "7d" before now. */
static bool parse_ago(struct span text, uint64_t now_ns, uint64_t *wall_ns)
{
	uint64_t count, unit_s, ago_ns;
	size_t at;

	if (text.len < 2 || !span_find_byte(SPAN("smhd"), text.ptr[text.len - 1], &at))
		return false;
	unit_s = at == 0 ? 1 : at == 1 ? 60 : at == 2 ? 3600 : 3600 * HOURS_A_DAY;
	if (!parse_number(span_slice(text, 0, text.len - 1), &count) ||
	    __builtin_mul_overflow(count, unit_s * NS_PER_S, &ago_ns))
		return false;
	*wall_ns = ago_ns < now_ns ? now_ns - ago_ns : 0;
	return true;
}

bool view_time_parse(struct span text, uint64_t now_ns, uint64_t *wall_ns)
{
	uint64_t year, month, day, hour = 0, minute = 0, second = 0, fraction_ns = 0;
	struct tm broken = { 0 }, again;
	time_t seconds;

	if (parse_ago(text, now_ns, wall_ns))
		return true;
	if (!read_digits(&text, 4, &year) || !skip(&text, '-') || !read_digits(&text, 2, &month) ||
	    !skip(&text, '-') || !read_digits(&text, 2, &day))
		return false;
	if (text.len > 0) {
		if (!skip(&text, 'T') || !read_digits(&text, 2, &hour) || !skip(&text, ':') ||
		    !read_digits(&text, 2, &minute) || !skip(&text, ':') ||
		    !read_digits(&text, 2, &second))
			return false;
		if (skip(&text, '.')) {
			uint64_t digit, weight = NS_PER_S;

			while (weight > 1 && read_digits(&text, 1, &digit))
				fraction_ns += digit * (weight /= 10);
		}
		if (!skip(&text, 'Z') || text.len > 0)
			return false;
	}
	broken = (struct tm){ .tm_year = (int)year - 1900,
		              .tm_mon = (int)month - 1,
		              .tm_mday = (int)day,
		              .tm_hour = (int)hour,
		              .tm_min = (int)minute,
		              .tm_sec = (int)second };
	again = broken;
	seconds = timegm(&again);
	/* What timegm() had to set right (month 13, 31 April) was not a date. */
	if (seconds < 0 || again.tm_mday != broken.tm_mday || again.tm_mon != broken.tm_mon ||
	    again.tm_hour != broken.tm_hour || again.tm_min != broken.tm_min ||
	    again.tm_sec != broken.tm_sec)
		return false;
	return !__builtin_mul_overflow((uint64_t)seconds, (uint64_t)NS_PER_S, wall_ns) &&
	       !__builtin_add_overflow(*wall_ns, fraction_ns, wall_ns) && *wall_ns <= INT64_MAX;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool view_receipt_parse(struct span text, uint64_t *size, unsigned char head[SHA256_BYTES])
{
	struct span number;

	if (!span_split(&text, ':', &number) || !parse_number(number, size) || *size == 0 ||
	    text.len != 2 * (size_t)SHA256_BYTES)
		return false;
	for (size_t i = 0; i < SHA256_BYTES; i++) {
		int high = hex_digit(text.ptr[2 * i]), low = hex_digit(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		head[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* The options that choose entries. */
static bool set_filter(int key, const char *value, struct view_options *options)
{
	struct reader_filter *filter = &options->filter;
	struct span text = span_of(value);

	switch (key) {
	case KEY_LIMIT:
		options->has_limit = true;
		return parse_number(text, &filter->limit);
	case KEY_EVENT:
		return audit_event_parse(text, &filter->event);
	case KEY_SESSION:
		filter->session = text;
		return text.len > 0;
	case KEY_TOOL:
		filter->tool = text;
		return text.len > 0;
	case KEY_DECISION:
		return audit_decision_parse(text, &filter->decision);
	case KEY_SINCE:
		return view_time_parse(text, clock_wall_ns(), &filter->since_ns);
	case KEY_UNTIL:
		return view_time_parse(text, clock_wall_ns(), &filter->until_ns);
	case KEY_AFTER:
		filter->forward = true;
		return parse_number(text, &filter->from) && ++filter->from > 0;
	default:
		return false;
	}
}

static bool set_option(int key, const char *value, struct view_options *options)
{
	struct span unknown;

	switch (key) {
	case KEY_ALL:
		options->has_limit = true;
		options->filter.limit = 0;
		return true;
	case KEY_FOLLOW:
		options->follow = true;
		return true;
	case KEY_JSON:
		options->json = true;
		return true;
	case KEY_FIELDS:
		options->fields = value;
		return view_fields_known(value, &unknown);
	case KEY_STATE:
		options->state = value;
		return true;
	case KEY_DATABASE:
		options->database = value;
		return true;
	case KEY_QUICK:
		options->quick = true;
		return true;
	case KEY_RECEIPT:
		options->has_receipt = true;
		return view_receipt_parse(span_of(value), &options->receipt_size,
		                          options->receipt_head);
	case KEY_ANCHOR:
		options->require_anchor = true;
		return true;
	default:
		return set_filter(key, value, options);
	}
}

enum options_result view_options_parse(int count, char **arguments, bool takes_argument,
                                       struct view_options *options)
{
	int key, index = 0;

	opterr = 0;
	options->filter.limit = LIMIT_DEFAULT;
	while ((key = getopt_long(count, arguments, "n:fh", known, &index)) != -1) {
		if (key == KEY_HELP)
			return OPTIONS_HELP;
		if (key == '?') {
			fprintf(stderr,
			        "bailiff: audit: no such option, or its value is missing: %s\n",
			        arguments[optind - 1]);
			return OPTIONS_WRONG;
		}
		if (!set_option(key, optarg, options)) {
			fprintf(stderr, "bailiff: audit: not understood: %s %s\n",
			        arguments[optind - 1], "(see bailiff audit --help)");
			return OPTIONS_WRONG;
		}
	}
	if (takes_argument && optind < count)
		options->argument = arguments[optind++];
	if (optind < count) {
		fprintf(stderr, "bailiff: audit: one argument too many: %s\n", arguments[optind]);
		return OPTIONS_WRONG;
	}
	return OPTIONS_GOOD;
}
