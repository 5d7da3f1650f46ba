/*
 * The matchers of base/glob.h once more: slow, recursive, and plain enough to be believed.
 * For short patterns only; time is exponential in their stars.
 */
#ifndef BAILIFF_TESTS_GLOB_REFERENCE_H
#define BAILIFF_TESTS_GLOB_REFERENCE_H

#include <stdint.h>

#include "base/glob.h"
#include "base/utf8.h"

enum { REFERENCE_MAX = 64 }; /* bytes of a pattern or text */

enum glob_token_kind { TOKEN_UNIT, TOKEN_ANY, TOKEN_STAR, TOKEN_CLASS, TOKEN_SLASH };

struct glob_token {
	enum glob_token_kind kind;
	uint32_t unit;
	struct span members; /* of a class, without its brackets and its negation */
	bool negated;
};

struct glob_tokens {
	struct glob_token at[REFERENCE_MAX + 1];
	size_t count;
};

static inline size_t reference_unit(struct span text, size_t at, uint32_t *unit)
{
	size_t len = utf8_decode(text, at, unit);

	if (len == 0)
		*unit = 0x110000U + (unsigned char)text.ptr[at];
	return len ? len : 1;
}

/* At a '['; the length of the class, or 0 where it does not end before a slash. */
static inline size_t reference_class(struct span text, size_t at, struct glob_token *token)
{
	size_t start = at + 1, end;

	token->negated = start < text.len && (text.ptr[start] == '!' || text.ptr[start] == '^');
	start += token->negated;
	for (end = start; end < text.len; end++) {
		if (text.ptr[end] == '/')
			return 0;
		if (text.ptr[end] == ']' && end > start)
			break;
		if (text.ptr[end] == '\\' && end + 1 < text.len && text.ptr[end + 1] != '/')
			end++;
	}
	if (end >= text.len)
		return 0;
	token->kind = TOKEN_CLASS;
	token->members = span_slice(text, start, end);
	return end + 1 - at;
}

static inline void reference_tokens(struct span text, bool pattern, struct glob_tokens *tokens)
{
	tokens->count = 0;
	for (size_t at = 0; at < text.len;) {
		struct glob_token *token = &tokens->at[tokens->count++];
		char byte = text.ptr[at];
		size_t len = 0;

		*token = (struct glob_token){ 0 };
		if (pattern && byte == '[')
			len = reference_class(text, at, token);
		if (pattern && byte == '\\' && at + 1 < text.len)
			byte = text.ptr[++at];
		else if (pattern && (byte == '*' || byte == '?'))
			token->kind = byte == '*' ? TOKEN_STAR : TOKEN_ANY;
		if (byte == '/')
			token->kind = TOKEN_SLASH;
		at += len ? len : reference_unit(text, at, &token->unit);
	}
}

static inline bool reference_member(const struct glob_token *token, uint32_t unit)
{
	struct span members = token->members;
	bool found = false;

	for (size_t at = 0; at < members.len;) {
		uint32_t low, high;

		at += members.ptr[at] == '\\' && at + 1 < members.len;
		at += reference_unit(members, at, &low);
		high = low;
		if (at + 1 < members.len && members.ptr[at] == '-') {
			at++;
			at += members.ptr[at] == '\\' && at + 1 < members.len;
			at += reference_unit(members, at, &high);
		}
		found = found || (low <= unit && unit <= high);
	}
	return found != token->negated;
}

/* The tokens up to the next slash; none where the component ends here. */
static inline bool in_component(const struct glob_token *at, const struct glob_token *end)
{
	return at < end && at->kind != TOKEN_SLASH;
}

static inline bool reference_component(const struct glob_token *p, const struct glob_token *p_end,
                                       const struct glob_token *t, const struct glob_token *t_end)
{
	if (!in_component(p, p_end))
		return !in_component(t, t_end);
	if (p->kind == TOKEN_STAR)
		return reference_component(p + 1, p_end, t, t_end) ||
		       (in_component(t, t_end) && reference_component(p, p_end, t + 1, t_end));
	if (!in_component(t, t_end))
		return false;
	if ((p->kind == TOKEN_UNIT && p->unit != t->unit) ||
	    (p->kind == TOKEN_CLASS && !reference_member(p, t->unit)))
		return false;
	return reference_component(p + 1, p_end, t + 1, t_end);
}

static inline const struct glob_token *skip_slashes(const struct glob_token *at,
                                                    const struct glob_token *end)
{
	while (at < end && at->kind == TOKEN_SLASH)
		at++;
	return at;
}

static inline const struct glob_token *skip_component(const struct glob_token *at,
                                                      const struct glob_token *end)
{
	while (in_component(at, end))
		at++;
	return skip_slashes(at, end);
}

static inline bool double_star(const struct glob_token *at, const struct glob_token *end)
{
	return end - at >= 2 && at[0].kind == TOKEN_STAR && at[1].kind == TOKEN_STAR &&
	       !in_component(at + 2, end);
}

static inline bool reference_components(const struct glob_token *p, const struct glob_token *p_end,
                                        const struct glob_token *t, const struct glob_token *t_end)
{
	if (p == p_end)
		return t == t_end;
	if (double_star(p, p_end)) {
		const struct glob_token *rest = skip_component(p, p_end);

		if (rest == p_end)
			return t < t_end;
		return reference_components(rest, p_end, t, t_end) ||
		       (t < t_end &&
		        reference_components(p, p_end, skip_component(t, t_end), t_end));
	}
	return t < t_end && reference_component(p, p_end, t, t_end) &&
	       reference_components(skip_component(p, p_end), p_end, skip_component(t, t_end),
	                            t_end);
}

/* What glob_path() must say; both texts of at most REFERENCE_MAX bytes. */
static inline bool reference_path(struct span pattern, struct span path)
{
	static const struct glob_token none;
	struct glob_tokens p, t;
	const struct glob_token *first = &p.at[0];
	bool absolute, text_absolute;

	p.at[0] = t.at[0] = none;
	reference_tokens(pattern, true, &p);
	reference_tokens(path, false, &t);
	absolute = p.count > 0 && first->kind == TOKEN_SLASH;
	text_absolute = t.count > 0 && t.at[0].kind == TOKEN_SLASH;
	if (absolute && !text_absolute)
		return false;
	if (!absolute && text_absolute && !double_star(p.at, p.at + p.count))
		return false;
	return reference_components(skip_slashes(p.at, p.at + p.count), p.at + p.count,
	                            skip_slashes(t.at, t.at + t.count), t.at + t.count);
}

/* What glob_text() must say. */
static inline bool reference_text(struct span pattern, struct span text, enum glob_case fold)
{
	if (pattern.len == 0)
		return text.len == 0;
	if (pattern.ptr[0] == '*')
		return reference_text(span_from(pattern, 1), text, fold) ||
		       (text.len > 0 && reference_text(pattern, span_from(text, 1), fold));
	if (text.len == 0)
		return false;
	if (fold == GLOB_CASE_FOLD
	            ? !span_equal_nocase(span_slice(pattern, 0, 1), span_slice(text, 0, 1))
	            : pattern.ptr[0] != text.ptr[0])
		return false;
	return reference_text(span_from(pattern, 1), span_from(text, 1), fold);
}

#endif
