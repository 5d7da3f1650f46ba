/* A small audit database in a scratch folder, for tests of the store. */
#ifndef BAILIFF_TESTS_AUDIT_LOG_H
#define BAILIFF_TESTS_AUDIT_LOG_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/store/store.h"

struct log {
	char directory[64];
	char path[80];
};

static inline bool log_make(struct log *log)
{
	snprintf(log->directory, sizeof(log->directory), "/tmp/bailiff-audit-XXXXXX");
	if (mkdtemp(log->directory) == NULL)
		return false;
	snprintf(log->path, sizeof(log->path), "%s/audit.db", log->directory);
	umask(077);
	return true;
}

static inline void log_remove(const struct log *log)
{
	const char *const names[] = { "audit.db", "audit.db-wal", "audit.db-shm" };
	char path[128];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", log->directory, names[i]);
		unlink(path);
	}
	rmdir(log->directory);
}

/* Entry `number` of a story in which each differs from the next. */
static inline bool log_append(struct store *store, unsigned number, struct store_receipt *receipt,
                              struct problem *problem)
{
	struct store_origin origin = { .wall_ns = 1795185600000000000ULL + number,
		                       .mono_ns = number,
		                       .uid = 1000,
		                       .pid = 4711,
		                       .start = 99 };
	struct outbuf body;
	bool appended;

	origin.id.bytes[0] = 0x77;
	origin.id.bytes[12] = (unsigned char)(number >> 16);
	origin.id.bytes[14] = (unsigned char)(number >> 8);
	origin.id.bytes[15] = (unsigned char)number;
	outbuf_init(&body, 4096);
	outbuf_put(&body,
	           number % 5 == 4
	                   ? SPAN("{\"eventType\":\"tool_blocked\",\"decision\":\"deny\",")
	                   : SPAN("{\"eventType\":\"tool_execute\",\"decision\":\"allow\","));
	outbuf_put(&body,
	           SPAN("\"sessionId\":\"s1\",\"toolName\":\"Bash\",\"inputSummary\":\"command "));
	outbuf_put_u64(&body, number);
	outbuf_put(&body, SPAN("\"}"));
	appended = store_append(store, &origin, outbuf_span(&body), receipt, problem);
	outbuf_release(&body);
	return appended;
}

static inline bool log_fill(const struct log *log, unsigned count, struct store_receipt *last)
{
	struct problem problem;
	struct store *store = store_open(log->directory, &problem);
	bool filled = store != NULL;

	for (unsigned i = 0; filled && i < count; i++)
		filled = log_append(store, i, last, &problem);
	filled = filled && store_commit(store, &problem);
	store_close(store);
	return filled;
}

#endif
