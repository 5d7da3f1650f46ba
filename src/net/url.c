/*
 * URLs and hosts.  What readers of the two standards would send to different hosts
 * is not repaired but refused.
 */
#include <arpa/inet.h>
#include <string.h>

#include "base/utf8.h"
#include "net/net.h"

enum { LONGEST_HOST = 253, LONGEST_LABEL = 63 };

static bool refuse(struct net_target *target, const char *why)
{
	target->reach = NET_UNKNOWN;
	target->why = why;
	return true; /* judged: see net.h */
}

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool hex(char byte, unsigned *value)
{
	byte = lower(byte);
	if (byte >= '0' && byte <= '9')
		*value = (unsigned)(byte - '0');
	else if (byte >= 'a' && byte <= 'f')
		*value = (unsigned)(byte - 'a' + 10);
	else
		return false;
	return true;
}

/* ---- names ---- */

/*
 * What IDNA maps to ASCII before anything else (UTS 46): full-width letters and
 * digits, and the three other full stops.  0: maps to nothing we know.
 */
static char ascii_of(uint32_t code_point)
{
	if (code_point >= 0xff01 && code_point <= 0xff5e)
		return lower((char)(code_point - 0xff01 + '!'));
	if (code_point == 0x3002 || code_point == 0xff61)
		return '.';
	return 0;
}

/* Percent-decodes, maps and lowers a host; false where something in it is no host's. */
static bool canonical(struct span written, char *out, size_t *len, bool *foreign)
{
	*len = 0;
	*foreign = false;
	for (size_t at = 0; at < written.len;) {
		unsigned char byte = (unsigned char)written.ptr[at];
		uint32_t code_point;
		size_t taken;
		unsigned high, low;

		if (byte == '%') {
			if (written.len - at < 3 || !hex(written.ptr[at + 1], &high) ||
			    !hex(written.ptr[at + 2], &low))
				return false;
			byte = (unsigned char)(high << 4 | low);
			*foreign = *foreign || byte >= 0x80;
			out[(*len)++] = lower((char)byte);
			at += 3;
			continue;
		}
		taken = utf8_decode(written, at, &code_point);
		if (taken == 0)
			return false;
		if (byte < 0x80) {
			out[(*len)++] = lower((char)byte);
		} else if (ascii_of(code_point)) {
			out[(*len)++] = ascii_of(code_point);
		} else {
			*foreign = true;
			memcpy(out + *len, written.ptr + at, taken);
			*len += taken;
		}
		at += taken;
	}
	return true;
}

/* One number of an IPv4 address as inet_aton(3) and WHATWG read it: decimal, 0octal, 0xhex. */
static bool number(struct span text, uint64_t *value)
{
	unsigned base = 10;

	*value = 0;
	if (text.len == 0)
		return false;
	if (text.len >= 2 && text.ptr[0] == '0' && text.ptr[1] == 'x') {
		base = 16;
		text = span_from(text, 2);
	} else if (text.len >= 2 && text.ptr[0] == '0') {
		base = 8;
		text = span_from(text, 1);
	}
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit;

		if (!hex(text.ptr[i], &digit) || digit >= base)
			return false;
		*value = *value * base + digit;
		if (*value > UINT32_MAX)
			*value = (uint64_t)UINT32_MAX + 1;
	}
	return true;
}

enum v4_reading { V4_NONE, V4_ADDRESS, V4_BROKEN };

/* A host whose last label is a number is an IPv4 address, or nothing (WHATWG, 3.5). */
static enum v4_reading read_v4(struct span host, struct net_address *address)
{
	uint64_t parts[4] = { 0 }, value = 0;
	size_t count = 0, at = host.len;
	struct span part, last;

	while (at > 0 && host.ptr[at - 1] != '.')
		at--;
	last = span_from(host, at);
	if (!number(last, &value)) {
		for (size_t i = 0; i < last.len; i++) {
			if (last.ptr[i] < '0' || last.ptr[i] > '9')
				return V4_NONE;
		}
		return last.len ? V4_BROKEN : V4_NONE;
	}
	while (span_split(&host, '.', &part)) {
		if (count == 4 || !number(part, &parts[count++]))
			return V4_BROKEN;
	}
	value = 0;
	for (size_t i = 0; i + 1 < count; i++) {
		if (parts[i] > 255)
			return V4_BROKEN;
		value |= parts[i] << (24 - 8 * i);
	}
	if (parts[count - 1] >= UINT64_C(1) << (8 * (5 - count)))
		return V4_BROKEN;
	value |= parts[count - 1];
	*address = (struct net_address){ 0 };
	for (size_t i = 0; i < 4; i++)
		address->bytes[i] = (unsigned char)(value >> (24 - 8 * i));
	return V4_ADDRESS;
}

static bool read_v6(struct span text, struct net_address *address)
{
	char copy[INET6_ADDRSTRLEN];

	if (text.len >= sizeof copy || span_find_byte(text, '\0', NULL))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	*address = (struct net_address){ .v6 = true };
	return inet_pton(AF_INET6, copy, address->bytes) == 1;
}

/* The registry of special-use names (RFC 6761), and what leads into clusters and clouds. */
static const struct {
	struct span suffix;
	enum net_reach reach;
	const char *why;
} special_names[] = {
	{ SPAN_INIT("localhost"), NET_LOOPBACK, "this machine (RFC 6761)" },
	{ SPAN_INIT("localdomain"), NET_LOOPBACK, "this machine" },
	{ SPAN_INIT("ip6-localhost"), NET_LOOPBACK, "this machine" },
	{ SPAN_INIT("ip6-loopback"), NET_LOOPBACK, "this machine" },
	{ SPAN_INIT("metadata.google.internal"), NET_METADATA, "a cloud metadata service" },
	{ SPAN_INIT("metadata.goog"), NET_METADATA, "a cloud metadata service" },
	{ SPAN_INIT("instance-data"), NET_METADATA, "a cloud metadata service" },
	{ SPAN_INIT("internal"), NET_SPECIAL, "a private name" },
	{ SPAN_INIT("local"), NET_SPECIAL, "multicast DNS (RFC 6762)" },
	{ SPAN_INIT("lan"), NET_SPECIAL, "a private name" },
	{ SPAN_INIT("intranet"), NET_SPECIAL, "a private name" },
	{ SPAN_INIT("corp"), NET_SPECIAL, "a private name" },
	{ SPAN_INIT("home"), NET_SPECIAL, "a private name" },
	{ SPAN_INIT("private"), NET_SPECIAL, "a private name" },
	{ SPAN_INIT("home.arpa"), NET_SPECIAL, "a home network (RFC 8375)" },
	{ SPAN_INIT("arpa"), NET_SPECIAL, "an infrastructure name (RFC 3172)" },
	{ SPAN_INIT("onion"), NET_SPECIAL, "a Tor name (RFC 7686)" },
	{ SPAN_INIT("alt"), NET_SPECIAL, "no DNS name (RFC 9476)" },
	{ SPAN_INIT("test"), NET_SPECIAL, "a test name (RFC 6761)" },
	{ SPAN_INIT("invalid"), NET_SPECIAL, "an invalid name (RFC 6761)" },
	{ SPAN_INIT("nip.io"), NET_SPECIAL, "a name that resolves to the address written in it" },
	{ SPAN_INIT("sslip.io"), NET_SPECIAL, "a name that resolves to the address written in it" },
	{ SPAN_INIT("xip.io"), NET_SPECIAL, "a name that resolves to the address written in it" },
	{ SPAN_INIT("localtest.me"), NET_LOOPBACK, "a name that resolves to this machine" },
	{ SPAN_INIT("lvh.me"), NET_LOOPBACK, "a name that resolves to this machine" },
};

static bool is_or_below(struct span name, struct span suffix)
{
	if (!span_ends(name, suffix))
		return false;
	return name.len == suffix.len || name.ptr[name.len - suffix.len - 1] == '.';
}

/* Letters, digits, hyphens and underscores; labels of 1 to 63. */
static const char *name_fault(struct span name)
{
	struct span rest = name, label;

	if (name.len > LONGEST_HOST)
		return "the host name is too long";
	while (span_split(&rest, '.', &label)) {
		if (label.len == 0 || label.len > LONGEST_LABEL)
			return "a label of the host name is empty or too long";
		for (size_t i = 0; i < label.len; i++) {
			char byte = label.ptr[i];

			if (!(byte >= 'a' && byte <= 'z') && !(byte >= '0' && byte <= '9') &&
			    byte != '-' && byte != '_')
				return "a character that no host name has";
		}
	}
	return NULL;
}

static bool judge_name(struct net_target *target)
{
	const char *fault = name_fault(target->host);

	if (fault)
		return refuse(target, fault);
	for (size_t i = 0; i < sizeof special_names / sizeof special_names[0]; i++) {
		if (is_or_below(target->host, special_names[i].suffix)) {
			target->reach = special_names[i].reach;
			target->why = special_names[i].why;
			return true;
		}
	}
	if (!span_find_byte(target->host, '.', NULL)) {
		target->reach = NET_SPECIAL;
		target->why = "a name without a dot belongs to the local network";
		return true;
	}
	target->reach = NET_PUBLIC;
	return true;
}

static bool judge_literal(struct net_target *target)
{
	target->literal = true;
	target->reach = net_judge_address(&target->address, &target->why);
	return true;
}

/* A host as written, brackets included. */
static bool judge_written(struct span written, struct arena *arena, struct net_target *target)
{
	size_t len;
	bool foreign;
	char *out;

	if (span_starts(written, SPAN("[")) && span_ends(written, SPAN("]"))) {
		target->host = span_slice(written, 1, written.len - 1);
		if (!read_v6(target->host, &target->address))
			return refuse(target, "not an IPv6 address");
		return judge_literal(target);
	}
	out = arena_array(arena, char, written.len + 1);
	if (!out)
		return false;
	if (!canonical(written, out, &len, &foreign))
		return refuse(target, "the host is not UTF-8 or badly escaped");
	if (len > 0 && out[len - 1] == '.')
		len--;
	target->host = (struct span){ out, len };
	if (len == 0)
		return refuse(target, "there is no host");
	if (foreign)
		return refuse(target, "an international name, which may only look like another");
	switch (read_v4(target->host, &target->address)) {
	case V4_ADDRESS:
		return judge_literal(target);
	case V4_BROKEN:
		return refuse(target, "a number that is no address to every reader");
	case V4_NONE:
		break;
	}
	return judge_name(target);
}

/* Cuts ":port" off; false where it is none. */
static bool take_port(struct span *authority, uint16_t *port)
{
	size_t at = authority->len;
	unsigned value = 0;

	while (at > 0 && authority->ptr[at - 1] >= '0' && authority->ptr[at - 1] <= '9')
		at--;
	if (at == 0 || authority->ptr[at - 1] != ':')
		return !span_find_byte(*authority, ':', NULL) || span_ends(*authority, SPAN("]"));
	if (authority->len - at > 5)
		return false;
	for (size_t i = at; i < authority->len; i++)
		value = value * 10 + (unsigned)(authority->ptr[i] - '0');
	if (value > UINT16_MAX || (at < authority->len && value == 0))
		return false;
	if (at < authority->len)
		*port = (uint16_t)value;
	*authority = span_slice(*authority, 0, at - 1);
	return span_ends(*authority, SPAN("]")) || !span_find_byte(*authority, ':', NULL);
}

bool net_judge_host(struct span host, uint16_t default_port, struct arena *arena,
                    struct net_target *target)
{
	*target = (struct net_target){ .port = default_port };
	if (!take_port(&host, &target->port))
		return refuse(target, "the port is no number from 1 to 65535");
	return judge_written(host, arena, target);
}

/* Bytes that readers strip, fold or stop at, each in its own way, before the query. */
static bool ambiguous(struct span url)
{
	for (size_t i = 0; i < url.len && url.ptr[i] != '?' && url.ptr[i] != '#'; i++) {
		unsigned char byte = (unsigned char)url.ptr[i];

		if (byte <= 0x20 || byte == 0x7f || byte == '\\')
			return true;
	}
	return false;
}

static bool take_scheme(struct span *url, struct net_target *target)
{
	static const struct {
		struct span start, scheme;
		uint16_t port;
	} schemes[] = {
		{ SPAN_INIT("http://"), SPAN_INIT("http"), 80 },
		{ SPAN_INIT("https://"), SPAN_INIT("https"), 443 },
	};

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		struct span start = span_slice(*url, 0, schemes[i].start.len);

		if (span_equal_nocase(start, schemes[i].start)) {
			target->scheme = schemes[i].scheme;
			target->port = schemes[i].port;
			*url = span_from(*url, start.len);
			return true;
		}
	}
	return false;
}

bool net_judge_url(struct span url, struct arena *arena, struct net_target *target)
{
	size_t end = 0;
	struct span authority;

	*target = (struct net_target){ 0 };
	if (ambiguous(url))
		return refuse(target, "a blank, control character or backslash before the query");
	if (!take_scheme(&url, target))
		return refuse(target, "only http and https are fetched");
	while (end < url.len && url.ptr[end] != '/' && url.ptr[end] != '?' && url.ptr[end] != '#')
		end++;
	authority = span_slice(url, 0, end);
	if (span_find_byte(authority, '@', NULL))
		return refuse(target, "user information before the host");
	if (!take_port(&authority, &target->port))
		return refuse(target, "the port is no number from 1 to 65535");
	return judge_written(authority, arena, target);
}
