/*
 * writer: writes audit entries for the tests, one line a receipt, and nothing before the receipt.
 *
 * usage: writer STATE LIBEXEC COUNT [NAME=VALUE...]
 *   processes=N   so many processes at once, COUNT entries each
 *   first=N       numbers of the entries begin here
 *   socket=PATH   instead of the one below STATE
 *   spool=no      no spool: as in a guarded run
 *   start=no      starts no recorder
 *   bytes=N       length of each input
 *   id=HEX        ends of the entries' ids are fixed: the second run is a replay
 *
 * A line: "committed SEQ HEAD NUMBER", "spooled - - NUMBER" or "refused - WHAT NUMBER".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/audit.h"

struct orders {
	struct audit_target target;
	unsigned long count, processes, first, bytes, id;
};

static void report(unsigned long number, const struct audit_receipt *receipt,
                   const struct problem *problem)
{
	char line[256], head[65];
	int length;

	for (size_t i = 0; i < SHA256_BYTES; i++)
		snprintf(head + 2 * i, 3, "%02x", receipt->head[i]);
	if (receipt->how == AUDIT_COMMITTED)
		length = snprintf(line, sizeof(line), "committed %llu %s %lu\n",
		                  (unsigned long long)receipt->seq, head, number);
	else if (receipt->how == AUDIT_SPOOLED)
		length = snprintf(line, sizeof(line), "spooled - - %lu\n", number);
	else
		length = snprintf(line, sizeof(line), "refused - %s:%s %lu\n", problem->what,
		                  strerror(problem->sys_errno), number);
	if (write(1, line, (size_t)length) != length)
		_exit(1);
}

static int write_all(const struct orders *orders, unsigned long process)
{
	char *input = malloc(orders->bytes + 1);
	int status = 0;

	if (input == NULL)
		return 1;
	memset(input, 'x', orders->bytes);
	for (unsigned long i = 0; i < orders->count; i++) {
		unsigned long number = orders->first + process * orders->count + i;
		char use[32];
		struct audit_receipt receipt = { 0 };
		struct problem problem = { 0 };
		struct audit_entry entry = {
			.event = AUDIT_TOOL_EXECUTE,
			.decision = AUDIT_ALLOW,
			.outcome = AUDIT_SUCCESS,
			.session = SPAN_INIT("0198f1c2-7d1e-7aaa-bbbb-000000000001"),
			.agent = SPAN_INIT("claude-code"),
			.tool = SPAN_INIT("Bash"),
			.action = SPAN_INIT("execute"),
			.rule = SPAN_INIT("builtin.read-only"),
			.input = { input, orders->bytes },
			.duration_us = { true, 1234 },
		};

		snprintf(use, sizeof(use), "use-%lu", number);
		entry.tool_use_id = span_of(use);
		if (orders->id != 0) {
			memset(entry.id.bytes, 0x77, 8);
			for (size_t byte = 0; byte < 8; byte++)
				entry.id.bytes[8 + byte] = (unsigned char)((orders->id + number) >>
				                                           (8 * byte));
		}
		if (!audit_record(&orders->target, &entry, &receipt, &problem))
			status = 1;
		report(number, &receipt, &problem);
	}
	free(input);
	return status;
}

static bool order(struct orders *orders, const char *text)
{
	const char *value = strchr(text, '=');

	if (value++ == NULL)
		return false;
	if (strncmp(text, "processes=", 10) == 0)
		orders->processes = strtoul(value, NULL, 10);
	else if (strncmp(text, "first=", 6) == 0)
		orders->first = strtoul(value, NULL, 10);
	else if (strncmp(text, "bytes=", 6) == 0)
		orders->bytes = strtoul(value, NULL, 10);
	else if (strncmp(text, "id=", 3) == 0)
		orders->id = strtoul(value, NULL, 16);
	else if (strncmp(text, "socket=", 7) == 0)
		orders->target.socket = value;
	else if (strcmp(text, "spool=no") == 0)
		orders->target.spool = NULL;
	else if (strcmp(text, "reach=yes") == 0)
		audit_reach(&orders->target);
	else if (strcmp(text, "start=no") == 0)
		orders->target.recorder = NULL;
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	struct orders orders = { .processes = 1, .bytes = 40 };
	struct arena arena;
	struct problem problem;
	int status = 0, ended;

	arena_init(&arena, 1 << 16);
	if (argc < 4 || !audit_target_in(argv[1], argv[2], &arena, &orders.target, &problem))
		return 64;
	orders.count = strtoul(argv[3], NULL, 10);
	for (int i = 4; i < argc; i++)
		if (!order(&orders, argv[i]))
			return 64;
	if (orders.processes == 1) {
		status = write_all(&orders, 0);
		arena_release(&arena);
		return status;
	}
	for (unsigned long i = 0; i < orders.processes; i++) {
		pid_t child = fork();

		if (child == 0)
			_exit(write_all(&orders, i));
		if (child < 0)
			status = 1;
	}
	while (wait(&ended) > 0 || errno == EINTR)
		if (ended != 0)
			status = 1;
	arena_release(&arena);
	return status;
}
