/* The database as text: made by the writer, compared by verify.  Fixed format. */
#ifndef BAILIFF_AUDIT_STORE_SCHEMA_H
#define BAILIFF_AUDIT_STORE_SCHEMA_H

#include <stddef.h>

/* Run before anything else by the writer. */
extern const char *const schema_pragmas;

struct schema_object {
	const char *name;
	const char *sql; /* as SQLite keeps it */
};
/* Tables, then indexes. */
extern const struct schema_object schema_objects[];
extern const size_t schema_object_count;

#endif
