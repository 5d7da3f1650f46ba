/* A request's head, by RFC 9112 without its leniencies: what two readers could read differently is refused. */
#include "broker/broker.h"

static bool bad(struct problem *problem, struct span text, const char *at, const char *what)
{
	return problem_set(problem, PROBLEM_SYNTAX, (size_t)(at - text.ptr), what);
}

size_t broker_head_end(struct span text)
{
	size_t at;

	return span_find(text, SPAN("\r\n\r\n"), &at) ? at + 4 : 0;
}

/* A token of RFC 9110, 5.6.2. */
static bool is_token(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];

		if (byte <= 0x20 || byte >= 0x7f ||
		    span_find_byte(SPAN("\"(),/:;<=>?@[\\]{}"), (char)byte, NULL))
			return false;
	}
	return text.len > 0;
}

/* Cuts the line at the front of *rest, without its CR LF; a bare CR, LF or NUL in it is a fault. */
static bool take_line(struct span *rest, struct span *line)
{
	size_t at;

	if (!span_find(*rest, SPAN("\r\n"), &at))
		return false;
	*line = span_slice(*rest, 0, at);
	*rest = span_from(*rest, at + 2);
	return !span_find_byte(*line, '\r', NULL) && !span_find_byte(*line, '\n', NULL) &&
	       !span_find_byte(*line, '\0', NULL);
}

static bool read_request_line(struct span line, struct broker_head *head)
{
	struct span version;
	size_t at;

	if (!span_find_byte(line, ' ', &at))
		return false;
	head->method = span_slice(line, 0, at);
	line = span_from(line, at + 1);
	if (!span_find_byte(line, ' ', &at))
		return false;
	head->target = span_slice(line, 0, at);
	version = span_from(line, at + 1);
	for (size_t i = 0; i < head->target.len; i++) {
		unsigned char byte = (unsigned char)head->target.ptr[i];

		if (byte <= 0x20 || byte >= 0x7f)
			return false;
	}
	return is_token(head->method) && head->target.len > 0 &&
	       (span_equal(version, SPAN("HTTP/1.1")) || span_equal(version, SPAN("HTTP/1.0")));
}

static bool read_length(struct span text, uint64_t *length)
{
	*length = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' || *length > UINT64_MAX / 10 - 10)
			return false;
		*length = *length * 10 + (uint64_t)(text.ptr[i] - '0');
	}
	return text.len > 0;
}

/* The fields that say where the request ends and whom it is for; each at most once. */
static const char *note_field(struct broker_head *head, const struct broker_field *field)
{
	if (span_equal_nocase(field->name, SPAN("Host"))) {
		if (head->host.len)
			return "two Host fields";
		head->host = field->value;
	} else if (span_equal_nocase(field->name, SPAN("Content-Length"))) {
		if (head->has_length || !read_length(field->value, &head->length))
			return "a Content-Length that is no single number";
		head->has_length = true;
	} else if (span_equal_nocase(field->name, SPAN("Transfer-Encoding"))) {
		if (head->chunked || !span_equal_nocase(field->value, SPAN("chunked")))
			return "a Transfer-Encoding other than chunked";
		head->chunked = true;
	} else if (span_equal_nocase(field->name, SPAN("Expect"))) {
		head->expects = span_equal_nocase(field->value, SPAN("100-continue"));
	}
	return NULL;
}

bool broker_head_read(struct span text, struct broker_head *head, struct problem *problem)
{
	struct span rest = text, line;

	*head = (struct broker_head){ 0 };
	if (!take_line(&rest, &line) || !read_request_line(line, head))
		return bad(problem, text, text.ptr, "the request line is wrong");
	for (;;) {
		const char *start = rest.ptr, *fault;
		struct broker_field *field = &head->fields[head->field_count];
		size_t colon;

		if (!take_line(&rest, &line))
			return bad(problem, text, start, "a header line is wrong");
		if (line.len == 0)
			break;
		if (head->field_count == BROKER_MAX_FIELDS)
			return problem_set(problem, PROBLEM_LIMIT, 0, "too many header fields");
		if (!span_find_byte(line, ':', &colon))
			return bad(problem, text, start, "a header line without a colon");
		field->name = span_slice(line, 0, colon);
		field->value = span_trim(span_from(line, colon + 1));
		if (!is_token(field->name))
			return bad(problem, text, start, "a header name is wrong");
		fault = note_field(head, field);
		if (fault)
			return bad(problem, text, start, fault);
		head->field_count++;
	}
	if (head->chunked && head->has_length)
		return bad(problem, text, text.ptr, "both Content-Length and Transfer-Encoding");
	if (rest.len)
		return bad(problem, text, rest.ptr, "something stands behind the head");
	return true;
}
