/*
 * Known answers: the hashed format is fixed for ever, so that a record of today is verified in ten years.
 * The expected bytes were computed from the text of header.h and chain.h with another implementation
 * (Python's struct and hashlib).  LK-015, LK-072.
 */
#include <stdio.h>
#include <string.h>

#include "audit/store/chain.h"
#include "audit/store/header.h"
#include "tap.h"

static const char genesis_hex[] =
	"e51615f63c1285448e2b9c67b0c1befad4a669d720457614d019d8aa3737e926";
static const char content_hex[] =
	"b9d9b7c941b7e0c514ad489d3c9a8e16643559f3ad620c7c41367d5b12f13ac8";
static const char header_hex[] =
	"000000fc01000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f0000000000"
	"000000101112131415161718191a1b1c1d1e1f18e9c7cab9e58001000000000000004d20212223242526"
	"2728292a2b2c2d2e2f02010301000003e8000012670000000000000063303132333435363738393a3b3c"
	"3d3e3f0008746f6f6c755f3031000b636c617564652d636f6465000442617368001366732e7265637572"
	"736976652d64656c657465606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e"
	"7f00076d6f64c3a86c65b9d9b7c941b7e0c514ad489d3c9a8e16643559f3ad620c7c41367d5b12f13ac8"
	"0000001c";
static const char first_hex[] = "1843c9c17d7ed9447e543cdbd76b79cdd07525dc10abdf56f7fc3978232894a2";
static const char second_hex[] = "f4eee4f2cae44754af7b67669484c9f6ae7416ba0a271fc74c946807d3829ea7";

static bool is_hex(const unsigned char *bytes, size_t count, const char *hex)
{
	char digits[3];

	if (strlen(hex) != 2 * count)
		return false;
	for (size_t i = 0; i < count; i++) {
		snprintf(digits, sizeof(digits), "%02x", bytes[i]);
		if (memcmp(digits, hex + 2 * i, 2) != 0)
			return false;
	}
	return true;
}

static void count_up(unsigned char *bytes, size_t count, unsigned first)
{
	for (size_t i = 0; i < count; i++)
		bytes[i] = (unsigned char)(first + i);
}

static void make(struct record_header *header, uint64_t seq, const unsigned char *content)
{
	*header = (struct record_header){
		.seq = seq,
		.wall_ns = 1795185600000000001,
		.mono_ns = 77,
		.type = AUDIT_TOOL_BLOCKED,
		.decision = AUDIT_DENY,
		.severity = AUDIT_HIGH,
		.flags = HEADER_SPOOLED,
		.uid = 1000,
		.pid = 4711,
		.start = 99,
		.tool_use_id = SPAN_INIT("toolu_01"),
		.agent = SPAN_INIT("claude-code"),
		.tool = SPAN_INIT("Bash"),
		.rule = SPAN_INIT("fs.recursive-delete"),
		.model = SPAN_INIT("mod\xC3\xA8le"),
		.body_bytes = 28,
	};
	count_up(header->log_id, sizeof(header->log_id), 0);
	count_up(header->event_id.bytes, 16, 0x10);
	count_up(header->boot, sizeof(header->boot), 0x20);
	count_up(header->session, sizeof(header->session), 0x30);
	count_up(header->policy_sha256, sizeof(header->policy_sha256), 0x60);
	memcpy(header->content, content, SHA256_BYTES);
}

static void test_hashes(struct chain *chain)
{
	unsigned char log_id[32], salt[16], content[32], head[32], bytes[HEADER_MAX];
	struct record_header header;
	size_t len;

	count_up(log_id, sizeof(log_id), 0);
	count_up(salt, sizeof(salt), 0x40);
	OK(chain_genesis(chain, log_id, SPAN("bailiff audit 1\n1795185600000000000\n"), head) &&
	           is_hex(head, sizeof(head), genesis_hex),
	   "genesis");
	OK(chain_content(chain, salt, SPAN("{\"eventType\":\"tool_blocked\"}"), content) &&
	           is_hex(content, sizeof(content), content_hex),
	   "content commitment");
	make(&header, 0, content);
	len = header_put(&header, bytes);
	OK(is_hex(bytes, len, header_hex), "header, byte for byte");
	OK(chain_next(chain, head, (struct span){ (const char *)bytes, len }, head) &&
	           is_hex(head, sizeof(head), first_hex),
	   "the first link");
	make(&header, 1, content);
	len = header_put(&header, bytes);
	OK(chain_next(chain, head, (struct span){ (const char *)bytes, len }, head) &&
	           is_hex(head, sizeof(head), second_hex),
	   "the second link, over the first");
}

/* A header is read back as it was written; nothing shorter, longer or other is a header. */
static void test_reading(void)
{
	unsigned char content[32] = { 1 }, bytes[HEADER_MAX + 1] = { 0 };
	struct record_header header, read;
	size_t len, shorter = 0;

	make(&header, 42, content);
	len = header_put(&header, bytes);
	OK(header_get((struct span){ (const char *)bytes, len }, &read) && read.seq == 42 &&
	           read.uid == 1000 && read.start == 99 && span_equal(read.tool, header.tool) &&
	           span_equal(read.model, header.model) && read.body_bytes == 28 &&
	           memcmp(read.content, content, 32) == 0,
	   "read back");
	for (size_t cut = 0; cut < len; cut++)
		shorter += header_get((struct span){ (const char *)bytes, cut }, &read);
	OK(shorter == 0, "no part of it is a header");
	OK(!header_get((struct span){ (const char *)bytes, len + 1 }, &read),
	   "nor with a byte behind it");
	bytes[4] = 2;
	OK(!header_get((struct span){ (const char *)bytes, len }, &read), "nor another format");
}

static void test_session(void)
{
	static const unsigned char uuid[16] = { 0x01, 0x98, 0xf1, 0xc2, 0x7d, 0x1e, 0x7a, 0xaa,
		                                0xbb, 0xbb, 0,    0,    0,    0,    0,    1 };
	static const unsigned char none[16];
	unsigned char key[16], other[16];

	header_session(SPAN("0198f1c2-7d1e-7aaa-bbbb-000000000001"), key);
	OK(memcmp(key, uuid, 16) == 0, "a session that is a UUID is its own key");
	header_session(SPAN("s1"), key);
	header_session(SPAN("s2"), other);
	OK(memcmp(key, none, 16) != 0 && memcmp(key, other, 16) != 0,
	   "another text has a key of its own");
	header_session(SPAN(""), key);
	OK(memcmp(key, none, 16) == 0, "no session, no key");
}

int main(void)
{
	struct problem problem;
	struct chain *chain = chain_create(&problem);

	if (OK(chain != NULL, "OpenSSL gives SHA-256"))
		test_hashes(chain);
	test_reading();
	test_session();
	chain_destroy(chain);
	return tap_done();
}
