/*
 * A latching output buffer: put without checking, ask once at the end.
 *
 * After the first failure (limit or memory) nothing more is stored and
 * outbuf_ok() says false.  The bytes live on the heap until outbuf_release().
 */
#ifndef BAILIFF_BASE_OUTBUF_H
#define BAILIFF_BASE_OUTBUF_H

#include <stdint.h>

#include "base/span.h"

struct outbuf {
	char *ptr;
	size_t len;
	size_t cap;
	size_t limit; /* bytes it may hold in all */
	bool failed;
};

void outbuf_init(struct outbuf *out, size_t limit);
void outbuf_release(struct outbuf *out);
/* Empties it and clears the failure; keeps the memory. */
void outbuf_reset(struct outbuf *out);

void outbuf_put(struct outbuf *out, struct span text);
void outbuf_put_byte(struct outbuf *out, char byte);
void outbuf_put_u64(struct outbuf *out, uint64_t number);
void outbuf_put_i64(struct outbuf *out, int64_t number);
/* Two lower-case hexadecimal digits a byte. */
void outbuf_put_hex(struct outbuf *out, struct span bytes);
/* A quoted JSON string (RFC 8259); bytes that are not UTF-8 become U+FFFD. */
void outbuf_put_json(struct outbuf *out, struct span text);
/*
 * Text for a terminal: control bytes, escape sequences, bidirectional marks and
 * bytes that are not UTF-8 are shown as \xNN or <U+NNNN>, never sent.
 * Line ends stay where `lines` is true.
 */
void outbuf_put_visible(struct outbuf *out, struct span text, bool lines);

bool outbuf_ok(const struct outbuf *out);
/* What is held so far; valid until the next put. */
struct span outbuf_span(const struct outbuf *out);

#endif
