/* SHA-256 with a fetched algorithm and a reused context: half of a short hash is set-up else. */
#include "audit/store/chain.h"

#include <openssl/evp.h>
#include <stdlib.h>

enum chain_tag { TAG_CONTENT = 0x02, TAG_CHAIN = 0x03, TAG_GENESIS = 0x04 };

struct chain {
	EVP_MD *algorithm;
	EVP_MD_CTX *context;
};

struct chain *chain_create(struct problem *problem)
{
	struct chain *chain = calloc(1, sizeof(*chain));

	if (chain != NULL) {
		chain->algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
		chain->context = EVP_MD_CTX_new();
	}
	if (chain != NULL && chain->algorithm != NULL && chain->context != NULL)
		return chain;
	chain_destroy(chain);
	problem_set(problem, PROBLEM_MEMORY, 0, "OpenSSL gives no SHA-256");
	return NULL;
}

void chain_destroy(struct chain *chain)
{
	if (chain == NULL)
		return;
	EVP_MD_CTX_free(chain->context);
	EVP_MD_free(chain->algorithm);
	free(chain);
}

static bool hash(struct chain *chain, unsigned char tag, struct span a, struct span b,
                 unsigned char digest[SHA256_BYTES])
{
	return EVP_DigestInit_ex2(chain->context, chain->algorithm, NULL) == 1 &&
	       EVP_DigestUpdate(chain->context, &tag, 1) == 1 &&
	       EVP_DigestUpdate(chain->context, a.ptr, a.len) == 1 &&
	       EVP_DigestUpdate(chain->context, b.ptr, b.len) == 1 &&
	       EVP_DigestFinal_ex(chain->context, digest, NULL) == 1;
}

bool chain_content(struct chain *chain, const unsigned char salt[CHAIN_SALT_BYTES],
                   struct span body, unsigned char digest[SHA256_BYTES])
{
	return hash(chain, TAG_CONTENT, (struct span){ (const char *)salt, CHAIN_SALT_BYTES }, body,
	            digest);
}

bool chain_genesis(struct chain *chain, const unsigned char log_id[CHAIN_LOG_ID_BYTES],
                   struct span genesis, unsigned char digest[SHA256_BYTES])
{
	return hash(chain, TAG_GENESIS, (struct span){ (const char *)log_id, CHAIN_LOG_ID_BYTES },
	            genesis, digest);
}

bool chain_next(struct chain *chain, const unsigned char before[SHA256_BYTES], struct span header,
                unsigned char digest[SHA256_BYTES])
{
	return hash(chain, TAG_CHAIN, (struct span){ (const char *)before, SHA256_BYTES }, header,
	            digest);
}
