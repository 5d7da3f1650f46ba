/* SHA-256 and CRC-32C by known answers. */
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

static bool is_digest(const unsigned char digest[SHA256_BYTES], const char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < SHA256_BYTES; i++) {
		if (hex[2 * i] != digits[digest[i] >> 4] ||
		    hex[2 * i + 1] != digits[digest[i] & 15])
			return false;
	}
	return true;
}

static void test_sha256(void)
{
	/* FIPS 180-2, appendix B, and NIST's example values. */
	static const struct {
		struct span text;
		const char *hex;
	} table[] = {
		{ { NULL, 0 }, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ SPAN_INIT("abc"),
		  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ SPAN_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
		{ SPAN_INIT("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		            "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
		  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
		{ SPAN_INIT("\xbd"),
		  "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b" },
	};
	unsigned char digest[SHA256_BYTES];

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		sha256_of(table[i].text, digest);
		OK(is_digest(digest, table[i].hex), "SHA-256 of %zu bytes", table[i].text.len);
	}
}

static void test_million(void)
{
	static const char expected[] =
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
	enum { SIZE = 1000000 };
	static const size_t steps[] = { 1, 3, 55, 56, 63, 64, 65, 127, 1000, SIZE };
	unsigned char digest[SHA256_BYTES];
	char *text = malloc(SIZE);

	if (!OK(text != NULL, "memory"))
		return;
	memset(text, 'a', SIZE);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct sha256 hash;

		sha256_init(&hash);
		for (size_t at = 0; at < SIZE; at += steps[i])
			sha256_add(&hash,
			           span_slice((struct span){ text, SIZE }, at, at + steps[i]));
		sha256_end(&hash, digest);
		OK(is_digest(digest, expected), "a million letters, %zu at a time", steps[i]);
	}
	free(text);
}

/* Around the length where the padding needs one more block, one piece and many must agree. */
static void test_lengths(void)
{
	char text[200];
	bool same = true;

	memset(text, 0x5a, sizeof text);
	for (size_t len = 0; len <= sizeof text; len++) {
		unsigned char whole[SHA256_BYTES], parts[SHA256_BYTES];
		struct sha256 hash;

		sha256_of((struct span){ text, len }, whole);
		sha256_init(&hash);
		sha256_add(&hash, (struct span){ text, len / 3 });
		sha256_add(&hash, (struct span){ NULL, 0 });
		sha256_add(&hash, span_slice((struct span){ text, len }, len / 3, len));
		sha256_end(&hash, parts);
		same = same && memcmp(whole, parts, SHA256_BYTES) == 0;
	}
	OK(same, "one piece and several give the same");
}

static void test_crc32c(void)
{
	/* RFC 3720, B.4. */
	char bytes[32];

	OK(crc32c_of(SPAN("123456789")) == 0xe3069283, "CRC-32C of the digits");
	memset(bytes, 0, sizeof bytes);
	OK(crc32c_of((struct span){ bytes, 32 }) == 0x8a9136aa, "CRC-32C of zeroes");
	memset(bytes, 0xff, sizeof bytes);
	OK(crc32c_of((struct span){ bytes, 32 }) == 0x62a8ab43, "CRC-32C of ones");
	for (int i = 0; i < 32; i++)
		bytes[i] = (char)i;
	OK(crc32c_of((struct span){ bytes, 32 }) == 0x46dd794e, "CRC-32C counting up");
	for (int i = 0; i < 32; i++)
		bytes[i] = (char)(31 - i);
	OK(crc32c_of((struct span){ bytes, 32 }) == 0x113fdb5c, "CRC-32C counting down");
	OK(crc32c_of((struct span){ NULL, 0 }) == 0, "CRC-32C of nothing");
}

static void test_equal(void)
{
	OK(hash_equal(SPAN("ab\0c"), SPAN("ab\0c")) &&
	           hash_equal(SPAN(""), (struct span){ NULL, 0 }),
	   "equal secrets");
	OK(!hash_equal(SPAN("abc"), SPAN("abd")) && !hash_equal(SPAN("bbc"), SPAN("abc")) &&
	           !hash_equal(SPAN("ab"), SPAN("abc")) && !hash_equal(SPAN("\x80"), SPAN("\x00")),
	   "secrets that differ");
}

int main(void)
{
	test_sha256();
	test_million();
	test_lengths();
	test_crc32c();
	test_equal();
	return tap_done();
}
