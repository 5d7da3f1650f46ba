/*
 * Entries and redaction.  Property: an entry of any bytes is valid JSON within its limit, and no key that was in a
 * text (with blanks around it) is in the entry.
 */
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "base/json.h"
#include "fuzz.h"

static void put_key(struct outbuf *text)
{
	outbuf_put(text, SPAN(" ghp_"));
	outbuf_put(text, SPAN("abcdefghijklmnopqrstuvwxyz0123456789 "));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct audit_entry entry = { .event = AUDIT_TOOL_EXECUTE };
	struct outbuf text, out;
	struct arena arena;
	struct json_value *value;
	struct problem problem;

	/* One that is glued to a word is not known as a key. */
	if (span_find((struct span){ (const char *)data, size }, SPAN("ghp_"), NULL))
		return 0;
	outbuf_init(&text, size + 256);
	outbuf_put(&text, (struct span){ (const char *)data, size / 2 });
	put_key(&text);
	outbuf_put(&text, (struct span){ (const char *)data + size / 2, size - size / 2 });
	entry.input = entry.action = entry.reason = entry.cwd = entry.status = outbuf_span(&text);
	entry.session = entry.tool = (struct span){ (const char *)data, size };
	outbuf_init(&out, audit_limits.body_bytes);
	audit_entry_json(&entry, &out);
	arena_init(&arena, 64 << 20);
	if (!outbuf_ok(&out) || !json_parse(outbuf_span(&out), NULL, &arena, &value, &problem))
		abort();
	entry.session = entry.tool = SPAN("");
	outbuf_reset(&out);
	audit_entry_json(&entry, &out);
	if (span_find(outbuf_span(&out), SPAN("ghp_abcdefghijklmnop"), NULL))
		abort();
	arena_release(&arena);
	outbuf_release(&out);
	outbuf_release(&text);
	return 0;
}
