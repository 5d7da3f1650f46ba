/*
 * Addresses: everything in the IANA special-purpose registries is not public, an
 * IPv6 address is public only inside 2000::/3, and one that carries an IPv4
 * address is judged by that too.
 */
#include <string.h>

#include "net/net.h"

struct block {
	unsigned char prefix[16];
	unsigned bits;
	enum net_reach reach;
	const char *why;
};

/* clang-format off */
static const struct block v4_blocks[] = {
	{ { 169, 254, 169, 254 }, 32, NET_METADATA, "a cloud metadata service" },
	{ { 169, 254, 170, 2 },   32, NET_METADATA, "a container metadata service" },
	{ { 169, 254, 170, 23 },  32, NET_METADATA, "a container metadata service" },
	{ { 100, 100, 100, 200 }, 32, NET_METADATA, "a cloud metadata service" },
	{ { 168, 63, 129, 16 },   32, NET_METADATA, "a cloud platform service" },
	{ { 192, 0, 0, 192 },     32, NET_METADATA, "a cloud metadata service" },
	{ { 127 },                8,  NET_LOOPBACK, "this machine (RFC 1122)" },
	{ { 0 },                  8,  NET_LOOPBACK, "\"this\" network (RFC 791)" },
	{ { 10 },                 8,  NET_PRIVATE,  "a private network (RFC 1918)" },
	{ { 172, 16 },            12, NET_PRIVATE,  "a private network (RFC 1918)" },
	{ { 192, 168 },           16, NET_PRIVATE,  "a private network (RFC 1918)" },
	{ { 169, 254 },           16, NET_PRIVATE,  "link-local (RFC 3927)" },
	{ { 100, 64 },            10, NET_PRIVATE,  "shared address space (RFC 6598)" },
	{ { 192, 0, 0 },          24, NET_PRIVATE,  "protocol assignments (RFC 6890)" },
	{ { 192, 0, 2 },          24, NET_PRIVATE,  "documentation (RFC 5737)" },
	{ { 192, 31, 196 },       24, NET_PRIVATE,  "AS112 (RFC 7535)" },
	{ { 192, 52, 193 },       24, NET_PRIVATE,  "AMT (RFC 7450)" },
	{ { 192, 88, 99 },        24, NET_PRIVATE,  "6to4 relay (RFC 7526)" },
	{ { 192, 175, 48 },       24, NET_PRIVATE,  "AS112 (RFC 7534)" },
	{ { 198, 18 },            15, NET_PRIVATE,  "benchmarking (RFC 2544)" },
	{ { 198, 51, 100 },       24, NET_PRIVATE,  "documentation (RFC 5737)" },
	{ { 203, 0, 113 },        24, NET_PRIVATE,  "documentation (RFC 5737)" },
	{ { 224 },                4,  NET_PRIVATE,  "multicast (RFC 5771)" },
	{ { 240 },                4,  NET_PRIVATE,  "reserved (RFC 1112)" },
};

static const struct block v6_blocks[] = {
	{ { 0xfd, 0, 0x0e, 0xc2 }, 32, NET_METADATA, "a cloud metadata service" },
	{ { 0xfd, 0x20, 0, 0xce }, 32, NET_METADATA, "a cloud metadata service" },
	{ { [15] = 1 },          128, NET_LOOPBACK, "this machine (RFC 4291)" },
	{ { 0 },                 128, NET_LOOPBACK, "the unspecified address (RFC 4291)" },
	{ { 0xfc },              7,   NET_PRIVATE,  "unique local (RFC 4193)" },
	{ { 0xfe, 0x80 },        10,  NET_PRIVATE,  "link-local (RFC 4291)" },
	{ { 0xfe, 0xc0 },        10,  NET_PRIVATE,  "site-local (RFC 3879)" },
	{ { 0xff },              8,   NET_PRIVATE,  "multicast (RFC 4291)" },
	{ { 0x20, 0x01, 0, 0 },  32,  NET_PRIVATE,  "Teredo (RFC 4380)" },
	{ { 0x20, 0x01 },        23,  NET_PRIVATE,  "protocol assignments (RFC 2928)" },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, NET_PRIVATE, "documentation (RFC 3849)" },
	{ { 0x26, 0x20, 0, 0x4f, 0x80 }, 48, NET_PRIVATE, "AS112 (RFC 7534)" },
	{ { 0x3f, 0xff },        20,  NET_PRIVATE,  "documentation (RFC 9637)" },
	{ { 0x5f },              16,  NET_PRIVATE,  "segment routing (RFC 9602)" },
};

/* Where an IPv4 address lies in an IPv6 one. */
static const struct {
	struct block block;
	unsigned at; /* first byte of the IPv4 address */
	unsigned char mask; /* xor of every byte */
} embedded[] = {
	{ { { [10] = 0xff, [11] = 0xff }, 96, NET_UNKNOWN, "IPv4-mapped (RFC 4291)" }, 12, 0 },
	{ { { 0 }, 96, NET_UNKNOWN, "IPv4-compatible (RFC 4291)" }, 12, 0 },
	{ { { [8] = 0xff, [9] = 0xff }, 96, NET_UNKNOWN, "IPv4-translated (RFC 2765)" }, 12, 0 },
	{ { { 0, 0x64, 0xff, 0x9b }, 96, NET_UNKNOWN, "NAT64 (RFC 6052)" }, 12, 0 },
	{ { { 0x20, 0x02 }, 16, NET_UNKNOWN, "6to4 (RFC 3056)" }, 2, 0 },
	{ { { 0x20, 0x01, 0, 0 }, 32, NET_UNKNOWN, "Teredo (RFC 4380)" }, 12, 0xff },
};
/* clang-format on */

static bool in_block(const unsigned char *bytes, const struct block *block)
{
	unsigned whole = block->bits / 8, rest = block->bits % 8;

	if (memcmp(bytes, block->prefix, whole) != 0)
		return false;
	return rest == 0 || ((bytes[whole] ^ block->prefix[whole]) >> (8 - rest)) == 0;
}

static const struct block *find(const unsigned char *bytes, const struct block *blocks,
                                size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (in_block(bytes, &blocks[i]))
			return &blocks[i];
	}
	return NULL;
}

static enum net_reach judge_v4(const unsigned char *bytes, const char **why)
{
	const struct block *block = find(bytes, v4_blocks, sizeof v4_blocks / sizeof v4_blocks[0]);

	*why = block ? block->why : NULL;
	return block ? block->reach : NET_PUBLIC;
}

static bool all_zero(const unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

/* The interface identifier of RFC 5214, section 6.1, behind any prefix. */
static bool isatap(const unsigned char *bytes)
{
	return (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
}

static enum net_reach judge_v6(const unsigned char *bytes, const char **why)
{
	const struct block *block;

	/* ::1 and :: are no IPv4 addresses, though they look compatible with one. */
	if (!all_zero(bytes, 15) || bytes[15] > 1) {
		for (size_t i = 0; i < sizeof embedded / sizeof embedded[0]; i++) {
			unsigned char inner[4];

			if (!in_block(bytes, &embedded[i].block))
				continue;
			for (size_t b = 0; b < sizeof inner; b++)
				inner[b] = bytes[embedded[i].at + b] ^ embedded[i].mask;
			if (judge_v4(inner, why) != NET_PUBLIC)
				return judge_v4(inner, why);
			*why = embedded[i].block.why;
			return NET_PRIVATE;
		}
	}
	if (isatap(bytes)) {
		enum net_reach inner = judge_v4(bytes + 12, why);

		*why = inner == NET_PUBLIC ? "ISATAP (RFC 5214)" : *why;
		return inner == NET_PUBLIC ? NET_PRIVATE : inner;
	}
	block = find(bytes, v6_blocks, sizeof v6_blocks / sizeof v6_blocks[0]);
	*why = block ? block->why : NULL;
	if (block)
		return block->reach;
	if ((bytes[0] & 0xe0) == 0x20)
		return NET_PUBLIC;
	*why = "outside the global unicast block 2000::/3";
	return NET_PRIVATE;
}

enum net_reach net_judge_address(const struct net_address *address, const char **why)
{
	const char *unused;

	return address->v6 ? judge_v6(address->bytes, why ? why : &unused)
	                   : judge_v4(address->bytes, why ? why : &unused);
}

struct span net_reach_name(enum net_reach reach)
{
	switch (reach) {
	case NET_UNKNOWN:
		return SPAN("unknown");
	case NET_METADATA:
		return SPAN("metadata");
	case NET_LOOPBACK:
		return SPAN("loopback");
	case NET_PRIVATE:
		return SPAN("private");
	case NET_SPECIAL:
		return SPAN("special-use");
	case NET_PUBLIC:
		return SPAN("public");
	}
	return SPAN("unknown");
}
