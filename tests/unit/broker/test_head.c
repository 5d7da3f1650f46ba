/* Request heads: what is read, and everything that is refused because two readers could differ. */
#include <string.h>

#include "broker/broker.h"
#include "tap.h"

static const struct {
	const char *text;
	bool good;
} rows[] = {
	{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true },
	{ "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", true },
	{ "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", true },
	{ "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", true },
	{ "GET / HTTP/1.0\r\n\r\n", true },
	{ "GET  / HTTP/1.1\r\n\r\n", false },
	{ "GET / HTTP/2\r\n\r\n", false },
	{ "GET / HTTP/1.1 \r\n\r\n", false },
	{ "GET /\x01 HTTP/1.1\r\n\r\n", false },
	{ "GET /\xff HTTP/1.1\r\n\r\n", false },
	{ "G(T / HTTP/1.1\r\n\r\n", false },
	{ " / HTTP/1.1\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nHost : a\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\n folded\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nnocolon\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nX: a\nb\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nX: a\rb\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nContent-Length: +5\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nContent-Length: 5,5\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nContent-Length:\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", false },
	{ "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", false },
};

int main(void)
{
	static const char nul[] = "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n";
	struct broker_head head;
	struct problem problem;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct span text = span_of(rows[i].text);

		OK(broker_head_read(text, &head, &problem) == rows[i].good, "row %zu", i);
		/* Every part of a good head is refused: nothing is taken for complete too early. */
		for (size_t cut = 0; rows[i].good && cut < text.len; cut++) {
			struct span part = span_slice(text, 0, cut);

			if (broker_head_end(part) || broker_head_read(part, &head, &problem))
				OK(false, "row %zu cut at %zu", i, cut);
		}
	}
	OK(!broker_head_read((struct span){ nul, sizeof nul - 1 }, &head, &problem), "a NUL byte");
	OK(broker_head_read(SPAN("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 42\r\nExpect: "
	                         "100-continue\r\n\r\n"),
	                    &head, &problem) &&
	           head.length == 42 && head.has_length && head.expects &&
	           span_equal(head.host, SPAN("h")),
	   "length, host and expectation are read");
	return tap_done();
}
