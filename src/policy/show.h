/* A policy in words: for `bailiff policy show`, and the names and shapes of its keys. */
#ifndef BAILIFF_POLICY_SHOW_H
#define BAILIFF_POLICY_SHOW_H

#include "base/outbuf.h"
#include "policy/policy.h"

enum policy_shape {
	POLICY_SHAPE_TEXT = 0,
	POLICY_SHAPE_TRUTH,
	POLICY_SHAPE_NUMBER,
	POLICY_SHAPE_LIST
};

enum policy_shape policy_key_shape(enum policy_key key);
/* The key that a file's name stands for: "locked.model" and "model" are one. */
bool policy_key_find(struct span name, enum policy_key *key);

/* Whether a file may hold `name` at all: also "permissions.allow" and the like. */
bool policy_key_known(struct span name);

/* The shortest decimal that reads back as `number`. */
void policy_put_number(struct outbuf *out, double number);
/* The value alone: JSON, but a text without quotes. */
void policy_put_value(struct outbuf *out, const struct policy *policy, enum policy_key key);
/* {"key":...,"value":...,"locked":...,"source":{...},"statements":[...]} */
void policy_put_key(struct outbuf *out, const struct policy *policy, enum policy_key key);
/* Everything: values, rules, notes, digest. */
void policy_put_json(struct outbuf *out, const struct policy *policy);

/* data/policy.schema.json, as it was when this was built. */
extern const struct span policy_schema;

#endif
