/* What the files of this module share. */
#ifndef BAILIFF_POLICY_PRIVATE_H
#define BAILIFF_POLICY_PRIVATE_H

#include "policy/policy.h"

enum policy_kind {
	KIND_IGNORED = 0, /* accepted and not read: $schema */
	KIND_TEXT,        /* one layer's text stands: locked, else the nearest to the user */
	KIND_MODE,
	KIND_ENUM, /* words in order, the strictest first */
	KIND_BOOL,
	KIND_NUMBER,     /* not below 0; the lowest stands */
	KIND_ALLOW_LIST, /* what is allowed is in the list of every file that has one */
	KIND_DENY_LIST,  /* all lists together */
	KIND_RULES,      /* [{pattern, action}] */
	KIND_RULE_LIST,  /* permissions.allow, .ask, .deny */
	KIND_SERVERS     /* mcpServers */
};

enum {
	FROM_MANAGED = 1 << 0,
	FROM_PROJECT = 1 << 1,
	FROM_USER = 1 << 2, /* settings.json, environment, command line */
	FROM_ALL = FROM_MANAGED | FROM_PROJECT | FROM_USER
};

struct policy_row {
	struct span name; /* as in the file, sections joined by dots */
	enum policy_key key;
	enum policy_kind kind;
	unsigned from; /* whose files may set it */
	bool lock;     /* a managed value that nobody below can change, in any direction */
	bool strict;   /* of KIND_BOOL: the restrictive value */
	const char *const *words; /* of KIND_ENUM, ends with NULL */
};

extern const struct policy_row policy_rows[];
extern const size_t policy_row_count;

/* The row called `name`, or NULL. */
const struct policy_row *policy_row_find(struct span name);
/* Whether some row lies in the section `name` ("locked", "security"). */
bool policy_row_section(struct span name);
/* FROM_MANAGED, FROM_PROJECT or FROM_USER. */
unsigned policy_layer_from(enum policy_layer layer);

/* One thing that one layer says about one key. */
struct policy_statement {
	const struct policy_row *row;
	struct policy_source source;
	struct span text;
	double number;
	bool truth;
	unsigned order; /* of modes and enums: 0 is the strictest */
	bool safe;      /* of modes: "safe" */
	unsigned group;
	struct policy_statement *next;
};

/* What policy_merge() works with. */
struct policy_builder {
	struct arena *arena;
	struct policy *policy;
	struct policy_fault *fault;
	struct policy_statement *first, **last;
	struct policy_note **last_note;
	size_t rule_room;
	/* of the layer that is being read */
	struct span bytes;
	struct policy_source place; /* layer and file; line and column are per value */
	unsigned group;
};

/* Fills builder->fault for a place in the file that is being read; returns false. */
bool policy_refuse(struct policy_builder *builder, enum problem_kind kind, size_t offset,
                   const char *what, struct span detail);
/* The same for memory. */
bool policy_no_memory(struct policy_builder *builder);
struct policy_source policy_source_at(const struct policy_builder *builder, size_t offset);
/* About a statement; `against` may be NULL. */
bool policy_note(struct policy_builder *builder, enum policy_note_kind kind,
                 const struct policy_statement *statement, const struct policy_source *against,
                 const char *what);
/* About a place. */
bool policy_warn(struct policy_builder *builder, enum policy_note_kind kind,
                 const struct policy_source *source, struct span key, const char *what);
/* Adds a rule, and a warning where it can never match. */
bool policy_put_rule(struct policy_builder *builder, const struct policy_rule *rule,
                     struct span key);

/* Reads one JSON object of settings into statements, rules and servers. */
bool policy_read_object(struct policy_builder *builder, const struct json_value *object);
/* Reads {allow, ask, deny}; of permissions that come with an action. */
bool policy_read_permissions(struct policy_builder *builder, const struct json_value *object);
/* One value for one key, given as text by a flag or variable. */
bool policy_read_override(struct policy_builder *builder, const struct policy_override *override);
/* Statements to effective values. */
bool policy_settle(struct policy_builder *builder);
/* Statements and lists that are rules in another form. */
bool policy_derive_rules(struct policy_builder *builder);

#endif
