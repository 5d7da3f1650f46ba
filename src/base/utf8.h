/* UTF-8 (RFC 3629): no surrogates, nothing overlong, nothing above U+10FFFF. */
#ifndef BAILIFF_BASE_UTF8_H
#define BAILIFF_BASE_UTF8_H

#include <stdint.h>

#include "base/span.h"

/* Decodes the code point at `at`; returns its length in bytes, or 0 where it is not valid. */
size_t utf8_decode(struct span text, size_t at, uint32_t *code_point);
/* Encodes into out[4]; returns the length, 0 for what UTF-8 cannot hold. */
size_t utf8_encode(uint32_t code_point, char out[4]);
bool utf8_valid(struct span text);
/* At most `max` bytes of `text`, cut between code points. */
struct span utf8_cut(struct span text, size_t max);

#endif
