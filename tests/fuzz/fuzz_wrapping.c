/*
 * The shapes that agents give a command: any shape and any text end, and a command that is
 * quoted as agents do it is found again, whatever it holds.
 *
 * Input: the shape, a zero byte, the text.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "run/wrapping.h"

#define BEFORE "eval "
#define AFTER  " < /dev/null"

/* `command` as a word, with every ' in one of two spellings, between BEFORE and AFTER. */
static size_t wrap(struct span command, char *to)
{
	char *at = to;

	memcpy(at, BEFORE "'", sizeof BEFORE);
	at += sizeof BEFORE;
	for (size_t i = 0; i < command.len; i++) {
		const char *quote = i % 2 ? "'\\''" : "'\"'\"'";

		if (command.ptr[i] != '\'') {
			*at++ = command.ptr[i];
			continue;
		}
		memcpy(at, quote, strlen(quote));
		at += strlen(quote);
	}
	memcpy(at, "'" AFTER, sizeof AFTER);
	return (size_t)(at - to) + sizeof AFTER;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span whole = { (const char *)data, size }, shape = whole, text = whole;
	unsigned char found[SHA256_BYTES] = { 0 }, wanted[SHA256_BYTES];
	char *wrapped = malloc(5 * size + sizeof BEFORE + sizeof AFTER + 1);
	size_t zero, len;

	if (wrapped == NULL)
		return 0;
	if (span_find_byte(whole, '\0', &zero)) {
		shape = span_slice(whole, 0, zero);
		text = span_from(whole, zero + 1);
	}
	(void)!wrapping_match(shape, text, found);
	sha256_of(text, wanted);
	if (wrapping_match(SPAN("{text}"), text, found) != WRAPPING_COMMAND ||
	    memcmp(found, wanted, sizeof wanted) != 0)
		abort();
	len = wrap(text, wrapped);
	memset(found, 0, sizeof found);
	if (wrapping_match(SPAN(BEFORE "{word}" AFTER), (struct span){ wrapped, len }, found) !=
	            WRAPPING_COMMAND ||
	    memcmp(found, wanted, sizeof wanted) != 0)
		abort();
	/* a byte more at the end is another text */
	wrapped[len] = 'x';
	if (wrapping_match(SPAN(BEFORE "{word}" AFTER), (struct span){ wrapped, len + 1 }, found) !=
	    WRAPPING_NONE)
		abort();
	free(wrapped);
	return 0;
}
