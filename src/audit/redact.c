/*
 * Takes obvious secrets out of a text, in one pass from left to right.
 *
 * Three tables say what a secret looks like: keys that betray themselves by
 * their prefix, names whose value is secret, and header lines that are secret
 * to their end.  URLs lose their user info and their query (reading 38).  What
 * is unclear is taken out: a summary that says too little does no harm.
 */
#include "audit/audit.h"

enum { KEY_BYTES_MIN = 6 };

struct key_prefix {
	struct span prefix;
	size_t rest_min; /* characters behind the prefix */
	const char *kind;
};

/* clang-format off */
static const struct key_prefix key_prefixes[] = {
	{ SPAN_INIT("AKIA"),            16, "aws-key" },
	{ SPAN_INIT("ASIA"),            16, "aws-key" },
	{ SPAN_INIT("ghp_"),            16, "github-token" },
	{ SPAN_INIT("gho_"),            16, "github-token" },
	{ SPAN_INIT("ghu_"),            16, "github-token" },
	{ SPAN_INIT("ghs_"),            16, "github-token" },
	{ SPAN_INIT("ghr_"),            16, "github-token" },
	{ SPAN_INIT("github_pat_"),     16, "github-token" },
	{ SPAN_INIT("glpat-"),          16, "gitlab-token" },
	{ SPAN_INIT("sk-"),             16, "api-key" },
	{ SPAN_INIT("sk_live_"),        10, "api-key" },
	{ SPAN_INIT("sk_test_"),        10, "api-key" },
	{ SPAN_INIT("rk_live_"),        10, "api-key" },
	{ SPAN_INIT("whsec_"),          16, "api-key" },
	{ SPAN_INIT("xoxa-"),           10, "slack-token" },
	{ SPAN_INIT("xoxb-"),           10, "slack-token" },
	{ SPAN_INIT("xoxe-"),           10, "slack-token" },
	{ SPAN_INIT("xoxp-"),           10, "slack-token" },
	{ SPAN_INIT("xoxr-"),           10, "slack-token" },
	{ SPAN_INIT("xoxs-"),           10, "slack-token" },
	{ SPAN_INIT("xapp-"),           10, "slack-token" },
	{ SPAN_INIT("AIza"),            30, "google-key" },
	{ SPAN_INIT("ya29."),           16, "google-token" },
	{ SPAN_INIT("npm_"),            20, "npm-token" },
	{ SPAN_INIT("pypi-"),           20, "pypi-token" },
	{ SPAN_INIT("hf_"),             20, "api-key" },
	{ SPAN_INIT("SG."),             20, "api-key" },
	{ SPAN_INIT("dop_v1_"),         20, "api-key" },
	{ SPAN_INIT("shpat_"),          16, "api-key" },
	{ SPAN_INIT("AGE-SECRET-KEY-"), 16, "age-key" },
	{ SPAN_INIT("eyJ"),             32, "jwt" },
};

/* A name that ends so, in any case, holds a secret. */
static const struct span secret_names[] = {
	SPAN_INIT("password"),   SPAN_INIT("passwd"),     SPAN_INIT("passphrase"), SPAN_INIT("passwort"),
	SPAN_INIT("secret"),     SPAN_INIT("token"),      SPAN_INIT("apikey"),     SPAN_INIT("api_key"),
	SPAN_INIT("api-key"),    SPAN_INIT("accesskey"),  SPAN_INIT("access_key"), SPAN_INIT("access-key"),
	SPAN_INIT("secretkey"),  SPAN_INIT("secret_key"), SPAN_INIT("secret-key"), SPAN_INIT("privatekey"),
	SPAN_INIT("private_key"), SPAN_INIT("private-key"), SPAN_INIT("credential"), SPAN_INIT("credentials"),
	SPAN_INIT("_auth"),      SPAN_INIT("_pwd"),       SPAN_INIT("_pass"),
};

/* Header fields that are secret to the end of the line or of the quotes. */
static const struct span secret_headers[] = {
	SPAN_INIT("authorization"), SPAN_INIT("proxy-authorization"), SPAN_INIT("cookie"),
	SPAN_INIT("set-cookie"),
};

/* Options whose value is USER:PASSWORD. */
static const struct span user_options[] = { SPAN_INIT("-u"), SPAN_INIT("--user"), SPAN_INIT("--proxy-user") };
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_name(char c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

static bool is_token(char c)
{
	return is_name(c) || c == '+' || c == '/' || c == '=' || c == '~';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* Where an unquoted value ends. */
static bool is_end(char c)
{
	return is_blank(c) || is_quote(c) || c == '&' || c == ';' || c == ',' || c == '|' ||
	       c == ')' || c == '}' || c == '<' || c == '>';
}

static bool is_one_of(struct span name, const struct span *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal_nocase(name, names[i]))
			return true;
	return false;
}

static bool is_secret_name(struct span name)
{
	for (size_t i = 0; i < COUNT(secret_names); i++) {
		struct span end = secret_names[i];

		if (name.len >= end.len &&
		    span_equal_nocase(span_from(name, name.len - end.len), end))
			return true;
	}
	return false;
}

static void put_mark(struct outbuf *out, const char *kind)
{
	outbuf_put(out, SPAN("[redacted:"));
	outbuf_put(out, span_of(kind));
	outbuf_put_byte(out, ']');
}

/* How far the key at `at` goes; `at` where there is none. */
static size_t key_end(struct span text, size_t at, const char **kind)
{
	for (size_t i = 0; i < COUNT(key_prefixes); i++) {
		size_t end = at + key_prefixes[i].prefix.len;

		if (!span_starts(span_from(text, at), key_prefixes[i].prefix))
			continue;
		while (end < text.len && is_name(text.ptr[end]))
			end++;
		if (end - at - key_prefixes[i].prefix.len < key_prefixes[i].rest_min)
			continue;
		*kind = key_prefixes[i].kind;
		return end;
	}
	return at;
}

/* The end of a PEM block that begins at `at` and holds a key; `at` where it does not. */
static size_t pem_end(struct span text, size_t at)
{
	struct span rest = span_from(text, at);
	size_t label, end;

	if (!span_starts(rest, SPAN("-----BEGIN ")))
		return at;
	if (!span_find(span_slice(rest, 0, 80), SPAN("KEY"), &label))
		return at;
	if (!span_find(rest, SPAN("-----END "), &end))
		return text.len;
	for (end += 9; end < rest.len && rest.ptr[end] != '-' && rest.ptr[end] != '\n';)
		end++;
	while (end < rest.len && rest.ptr[end] == '-')
		end++;
	return at + end;
}

/*
 * The value behind a separator: *start is its first byte behind the quotes, the
 * return value its end.  In JSON inside JSON the quotes are escaped (\"): a
 * quote with more backslashes than the opening one is part of the value.
 */
static size_t value_end(struct span text, size_t at, size_t *start)
{
	size_t escapes = 0, run = 0;
	char quote = 0;

	for (; at < text.len && (text.ptr[at] == '\\' || is_quote(text.ptr[at])); at++) {
		if (is_quote(text.ptr[at])) {
			quote = text.ptr[at++];
			break;
		}
		escapes++;
	}
	*start = at;
	if (quote == 0) {
		while (at < text.len && !is_end(text.ptr[at]))
			at++;
		return at;
	}
	for (; at < text.len; at++) {
		if (text.ptr[at] == quote && run <= escapes)
			return at - run;
		run = text.ptr[at] == '\\' ? run + 1 : 0;
	}
	return at;
}

/* Behind a name: skips closing quotes, blanks and one separator; false where there is none. */
static bool skip_separator(struct span text, size_t *at, bool option)
{
	size_t i = *at;
	bool blank = false;

	while (i < text.len && (text.ptr[i] == '\\' || is_quote(text.ptr[i])))
		i++;
	for (; i < text.len && is_blank(text.ptr[i]); i++)
		blank = true;
	if (i < text.len && (text.ptr[i] == '=' || text.ptr[i] == ':')) {
		for (i++; i < text.len && (text.ptr[i] == ' ' || text.ptr[i] == '\t');)
			i++;
	} else if (!option || !blank || i == text.len || text.ptr[i] == '-') {
		return false;
	}
	*at = i;
	return true;
}

/* Copies from *at to before `start`, marks what lies before `end`, and goes on there. */
static void mark(struct span text, size_t *at, size_t start, size_t end, struct outbuf *out)
{
	outbuf_put(out, span_slice(text, *at, start));
	if (end > start)
		put_mark(out, "value");
	*at = end;
}

/* Each of these treats one kind of name, which ends at `end`; true where it and its value were written. */

static bool redact_bearer(struct span text, size_t *at, size_t end, struct outbuf *out)
{
	size_t start = end;

	while (start < text.len && is_blank(text.ptr[start]))
		start++;
	for (end = start; end < text.len && is_token(text.ptr[end]);)
		end++;
	if (end - start < KEY_BYTES_MIN)
		return false;
	mark(text, at, start, end, out);
	return true;
}

static bool redact_user_option(struct span text, size_t *at, size_t end, struct outbuf *out)
{
	size_t start, colon;

	if (!skip_separator(text, &end, true))
		return false;
	end = value_end(text, end, &start);
	if (!span_find_byte(span_slice(text, start, end), ':', &colon))
		return false;
	mark(text, at, start + colon + 1, end, out);
	return true;
}

static bool redact_header(struct span text, size_t *at, size_t end, struct outbuf *out)
{
	size_t start;

	if (!skip_separator(text, &end, false))
		return false;
	for (start = end;
	     start < text.len && (text.ptr[start] == '\\' || is_quote(text.ptr[start]));)
		start++;
	for (end = start; end < text.len && text.ptr[end] != '\n' && !is_quote(text.ptr[end]);)
		end++;
	mark(text, at, start, end, out);
	return true;
}

/* Treats the name that begins at *at; true where it and its value were written. */
static bool redact_named(struct span text, size_t *at, struct outbuf *out)
{
	size_t end = *at, start;

	while (end < text.len && is_name(text.ptr[end]))
		end++;

	struct span name = span_slice(text, *at, end);

	if (span_equal_nocase(name, SPAN("bearer")))
		return redact_bearer(text, at, end, out);
	if (is_one_of(name, user_options, COUNT(user_options)))
		return redact_user_option(text, at, end, out);
	if (is_one_of(name, secret_headers, COUNT(secret_headers)))
		return redact_header(text, at, end, out);
	if (!is_secret_name(name) || !skip_separator(text, &end, span_starts(name, SPAN("-"))))
		return false;
	end = value_end(text, end, &start);
	mark(text, at, start, end, out);
	return true;
}

/* Behind "://": drops user info; *at is behind it. */
static void redact_user_info(struct span text, size_t *at, struct outbuf *out)
{
	size_t end = *at, user_end = *at;

	while (end < text.len && text.ptr[end] != '/' && text.ptr[end] != '?' &&
	       text.ptr[end] != '#' && !is_blank(text.ptr[end]) && !is_quote(text.ptr[end]) &&
	       text.ptr[end] != '\\') {
		if (text.ptr[end] == '@')
			user_end = end;
		end++;
	}
	if (user_end > *at) {
		put_mark(out, "user");
		*at = user_end;
	}
}

/* In a URL, at its '?': drops the query. */
static void redact_query(struct span text, size_t *at, struct outbuf *out)
{
	size_t end = *at + 1;

	while (end < text.len && !is_blank(text.ptr[end]) && !is_quote(text.ptr[end]) &&
	       text.ptr[end] != '#' && text.ptr[end] != '\\' && text.ptr[end] != '>')
		end++;
	outbuf_put_byte(out, '?');
	if (end > *at + 1)
		put_mark(out, "query");
	*at = end;
}

/* Treats what begins a word at *at; true where something was written. */
static bool redact_word(struct span text, size_t *at, struct outbuf *out)
{
	const char *kind = "private-key";
	size_t end = pem_end(text, *at);

	if (end == *at)
		end = key_end(text, *at, &kind);
	if (end > *at) {
		put_mark(out, kind);
		*at = end;
		return true;
	}
	if (*at > 0 && is_name(text.ptr[*at - 1]))
		return false;
	return is_name(text.ptr[*at]) && redact_named(text, at, out);
}

void audit_redact(struct span text, struct outbuf *out)
{
	bool in_url = false;

	for (size_t at = 0; at < text.len;) {
		char c = text.ptr[at];

		if ((at == 0 || !is_alnum(text.ptr[at - 1])) && redact_word(text, &at, out))
			continue;
		if (span_starts(span_from(text, at), SPAN("://"))) {
			outbuf_put(out, SPAN("://"));
			at += 3;
			redact_user_info(text, &at, out);
			in_url = true;
			continue;
		}
		if (in_url && c == '?') {
			redact_query(text, &at, out);
			continue;
		}
		if (is_blank(c) || is_quote(c))
			in_url = false;
		outbuf_put_byte(out, c);
		at++;
	}
}
