/* An entry as JSON: the body that is stored, hashed and shown. */
#include "audit/audit.h"

#include "base/utf8.h"

const struct audit_limits audit_limits = {
	.summary_characters = 200,
	.id_bytes = 128,
	.text_bytes = 1024,
	.list_items = 16,
	.body_bytes = 98304,
	.wait_ms = 50,
};

enum { CUT_BACK = 256, LIST_TEXT_BYTES = 256, MICRO = 1000000, MILLI = 1000 };

static bool ends_word(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * The part of a text that is looked at: enough to fill `max` bytes.  A secret
 * that the cut would shorten past recognition goes with it, back to a blank.
 */
static struct span window(struct span text, size_t max)
{
	size_t end = 4 * max + CUT_BACK, lowest = end - CUT_BACK;

	if (text.len <= end)
		return text;
	while (end > lowest && !ends_word(text.ptr[end - 1]))
		end--;
	return span_slice(text, 0, end);
}

static void put_key(struct outbuf *out, struct span key)
{
	outbuf_put_byte(out, out->len > 0 && out->ptr[out->len - 1] == '{' ? '"' : ',');
	if (out->len > 0 && out->ptr[out->len - 1] == ',')
		outbuf_put_byte(out, '"');
	outbuf_put(out, key);
	outbuf_put(out, SPAN("\":"));
}

/* An identifier: not redacted, so that it still joins entries. */
static void put_id(struct outbuf *out, struct span key, struct span text, size_t max)
{
	if (text.len == 0)
		return;
	put_key(out, key);
	outbuf_put_json(out, utf8_cut(text, max));
}

static void put_redacted(struct outbuf *out, struct span text, size_t max)
{
	struct outbuf clean;

	outbuf_init(&clean, 32 * max + 4096);
	audit_redact(window(text, max), &clean);
	if (!outbuf_ok(&clean))
		out->failed = true;
	outbuf_put_json(out, utf8_cut(outbuf_span(&clean), max));
	outbuf_release(&clean);
}

static void put_text(struct outbuf *out, struct span key, struct span text)
{
	if (text.len == 0)
		return;
	put_key(out, key);
	put_redacted(out, text, audit_limits.text_bytes);
}

static void put_name(struct outbuf *out, struct span key, const char *name)
{
	put_id(out, key, span_of(name), audit_limits.id_bytes);
}

/* `number` thousandths or millionths as a decimal fraction, without trailing zeros. */
static void put_fraction(struct outbuf *out, struct span key, struct audit_number number,
                         uint64_t unit)
{
	if (!number.known)
		return;
	put_key(out, key);
	outbuf_put_u64(out, number.value / unit);

	uint64_t rest = number.value % unit;

	if (rest > 0)
		outbuf_put_byte(out, '.');
	for (; rest > 0; rest = rest * 10 % unit)
		outbuf_put_byte(out, (char)('0' + rest * 10 / unit));
}

/* At most `max` characters; the last one shows where more was cut. */
static struct span cut_characters(struct span text, size_t max, bool *cut)
{
	size_t at = 0, keep = 0, count = 0;

	for (; at < text.len && count < max; count++) {
		uint32_t code_point;
		size_t width = utf8_decode(text, at, &code_point);

		if (count + 1 < max)
			keep = at + (width ? width : 1);
		at += width ? width : 1;
	}
	*cut = at < text.len;
	return span_slice(text, 0, *cut ? keep : at);
}

/* What is kept of an input: a redacted summary, the hash and the length (reading 17, KC-055). */
static void put_input(struct outbuf *out, struct span input)
{
	unsigned char digest[SHA256_BYTES];
	struct outbuf clean, summary;
	struct span seen = window(input, 8 * audit_limits.summary_characters);
	bool cut;

	if (input.len == 0)
		return;
	outbuf_init(&clean, 1 << 20);
	outbuf_init(&summary, 1 << 13);
	audit_redact(seen, &clean);
	outbuf_put(&summary,
	           cut_characters(outbuf_span(&clean), audit_limits.summary_characters, &cut));
	if (cut || (seen.len < input.len && outbuf_span(&summary).len == outbuf_span(&clean).len))
		outbuf_put(&summary, SPAN("\xE2\x80\xA6"));
	if (!outbuf_ok(&clean) || !outbuf_ok(&summary))
		out->failed = true;
	put_key(out, SPAN("inputSummary"));
	outbuf_put_json(out, outbuf_span(&summary));
	outbuf_release(&summary);
	outbuf_release(&clean);

	sha256_of(input, digest);
	put_key(out, SPAN("inputSha256"));
	outbuf_put_byte(out, '"');
	outbuf_put_hex(out, (struct span){ (const char *)digest, sizeof(digest) });
	outbuf_put_byte(out, '"');
	put_key(out, SPAN("inputBytes"));
	outbuf_put_u64(out, input.len);
}

static void put_lists(const struct audit_entry *entry, struct outbuf *out)
{
	size_t most = audit_limits.list_items;

	if (entry->degraded_count > 0) {
		put_key(out, SPAN("degraded"));
		for (size_t i = 0; i < entry->degraded_count && i < most; i++) {
			outbuf_put_byte(out, i == 0 ? '[' : ',');
			put_redacted(out, entry->degraded[i], LIST_TEXT_BYTES);
		}
		outbuf_put_byte(out, ']');
	}
	if (entry->detail_count == 0)
		return;
	put_key(out, SPAN("details"));
	for (size_t i = 0; i < entry->detail_count && i < most; i++) {
		outbuf_put_byte(out, i == 0 ? '{' : ',');
		outbuf_put_json(out, utf8_cut(entry->details[i].name, 64));
		outbuf_put_byte(out, ':');
		put_redacted(out, entry->details[i].value, LIST_TEXT_BYTES);
	}
	outbuf_put_byte(out, '}');
}

static void put_texts(const struct audit_entry *entry, struct outbuf *out)
{
	const size_t max = audit_limits.id_bytes;

	put_id(out, SPAN("sessionId"), entry->session, max);
	put_id(out, SPAN("toolUseId"), entry->tool_use_id, max);
	put_id(out, SPAN("agent"), entry->agent, max);
	put_id(out, SPAN("orgId"), entry->org, max);
	put_id(out, SPAN("user"), entry->user, max);
	put_id(out, SPAN("model"), entry->model, max);
	put_id(out, SPAN("toolName"), entry->tool, max);
	put_text(out, SPAN("action"), entry->action);
	if (entry->status.len > 0)
		put_text(out, SPAN("status"), entry->status);
	else
		put_name(out, SPAN("status"), audit_outcome_name(entry->outcome));
	put_text(out, SPAN("reason"), entry->reason);
	put_id(out, SPAN("rule"), entry->rule, max);
	put_text(out, SPAN("source"), entry->source);
	put_id(out, SPAN("risk"), entry->risk, max);
	put_id(out, SPAN("level"), entry->level, max);
	put_id(out, SPAN("door"), entry->door, max);
	put_id(out, SPAN("runId"), entry->run, max);
	put_text(out, SPAN("cwd"), entry->cwd);
}

void audit_entry_json(const struct audit_entry *entry, struct outbuf *out)
{
	outbuf_put_byte(out, '{');
	put_name(out, SPAN("eventType"), audit_event_name(entry->event));
	put_name(out, SPAN("decision"), audit_decision_name(entry->decision));
	put_name(out, SPAN("outcome"), audit_outcome_name(entry->outcome));
	put_name(out, SPAN("severity"), audit_severity_name(entry->severity));
	put_texts(entry, out);
	put_input(out, entry->input);
	put_fraction(out, SPAN("cost"), entry->cost, MICRO);
	put_fraction(out, SPAN("tokenCount"), entry->tokens, 1);
	put_fraction(out, SPAN("duration"), entry->duration_us, MILLI);
	if (entry->has_policy) {
		put_key(out, SPAN("policySha256"));
		outbuf_put_byte(out, '"');
		outbuf_put_hex(out,
		               (struct span){ (const char *)entry->policy_sha256, SHA256_BYTES });
		outbuf_put_byte(out, '"');
	}
	put_lists(entry, out);
	outbuf_put_byte(out, '}');
}
