/* What the recorder itself has to say: starts, stops, gaps, clocks that were set. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/frame.h"
#include "audit/recorder/recorder.h"

enum { SKEW_NS = 1000000000 };

bool recorder_append(struct recorder *recorder, const struct store_origin *origin, struct span body,
                     struct store_receipt *receipt, struct problem *problem)
{
	struct problem own = { 0 };

	if (recorder_open_batch(recorder, &own) &&
	    store_append(recorder->store, origin, body, receipt, &own))
		return true;
	if (own.kind != PROBLEM_SYNTAX && own.kind != PROBLEM_REFUSED)
		recorder_undone(recorder);
	*problem = own;
	return false;
}

bool recorder_note(struct recorder *recorder, const struct audit_entry *entry,
                   struct problem *problem)
{
	struct store_origin origin = { .id = entry->id,
		                       .wall_ns = clock_wall_ns(),
		                       .mono_ns = clock_mono_ns(),
		                       .uid = geteuid(),
		                       .pid = (uint32_t)getpid(),
		                       .flags = HEADER_OWN };
	struct store_receipt receipt;
	struct outbuf body;
	static const struct uuid none;
	bool noted;

	memcpy(origin.boot, recorder->boot, sizeof(origin.boot));
	if (memcmp(&entry->id, &none, sizeof(none)) == 0 &&
	    !uuid_v7(origin.wall_ns, &origin.id, problem))
		return false;
	outbuf_init(&body, FRAME_BODY_MAX);
	audit_entry_json(entry, &body);
	noted = outbuf_ok(&body) ? store_append(recorder->store, &origin, outbuf_span(&body),
	                                        &receipt, problem)
	                         : problem_set(problem, PROBLEM_MEMORY, 0, "out of memory");
	outbuf_release(&body);
	return noted;
}

static bool note_start(struct recorder *recorder, struct problem *problem)
{
	const struct audit_entry entry = {
		.event = AUDIT_DAEMON_START,
		.agent = SPAN_INIT("bailiff-recorder"),
		.action = SPAN_INIT("the recorder begins to write"),
	};

	return recorder_note(recorder, &entry, problem);
}

static bool note_gap(struct recorder *recorder, struct problem *problem)
{
	struct gap *gap = &recorder->gap;
	struct outbuf numbers[2];
	char from[28], to[28];
	bool noted;

	clock_format(gap->first_ns, from);
	clock_format(gap->last_ns, to);
	for (size_t i = 0; i < 2; i++) {
		outbuf_init(&numbers[i], 32);
		outbuf_put_u64(&numbers[i], i == 0 ? gap->entries : gap->bytes);
	}

	const struct audit_detail details[] = {
		{ SPAN_INIT("entries"), outbuf_span(&numbers[0]) },
		{ SPAN_INIT("bytes"), outbuf_span(&numbers[1]) },
		{ SPAN_INIT("from"), span_of(from) },
		{ SPAN_INIT("to"), span_of(to) },
	};
	const struct audit_entry entry = {
		.event = AUDIT_AUDIT_GAP,
		.severity = AUDIT_HIGH,
		.agent = SPAN_INIT("bailiff-recorder"),
		.action = SPAN_INIT("entries were not stored when they arrived; their writers may "
		                    "have spooled them"),
		.reason = span_of(gap->why),
		.details = details,
		.detail_count = sizeof(details) / sizeof(details[0]),
	};

	noted = recorder_note(recorder, &entry, problem);
	for (size_t i = 0; i < 2; i++)
		outbuf_release(&numbers[i]);
	if (noted) {
		recorder->noted = *gap;
		*gap = (struct gap){ 0 };
	}
	return noted;
}

/* The distance of the two clocks changes only when the wall clock is set, or the machine slept. */
static bool note_skew(struct recorder *recorder, struct problem *problem)
{
	int64_t skew_ns = (int64_t)(clock_wall_ns() - clock_mono_ns());
	int64_t change_ns = skew_ns - recorder->skew_ns;
	struct outbuf milliseconds;
	bool noted = true;

	if (recorder->skew_ns != 0 && (change_ns > SKEW_NS || change_ns < -SKEW_NS)) {
		outbuf_init(&milliseconds, 32);
		outbuf_put_i64(&milliseconds, change_ns / 1000000);

		const struct audit_detail detail = { SPAN_INIT("changedMilliseconds"),
			                             outbuf_span(&milliseconds) };
		const struct audit_entry entry = {
			.event = AUDIT_CLOCK_SKEW,
			.severity = AUDIT_MEDIUM,
			.agent = SPAN_INIT("bailiff-recorder"),
			.action = SPAN_INIT("the wall clock was set, or the machine slept"),
			.details = &detail,
			.detail_count = 1,
		};

		noted = recorder_note(recorder, &entry, problem);
		outbuf_release(&milliseconds);
	}
	if (noted)
		recorder->skew_ns = skew_ns;
	return noted;
}

bool recorder_open_batch(struct recorder *recorder, struct problem *problem)
{
	if (recorder->batch_open)
		return true;
	if (!recorder->started && !note_start(recorder, problem))
		return false;
	if (recorder->gap.why != NULL && !note_gap(recorder, problem))
		return false;
	if (!note_skew(recorder, problem))
		return false;
	recorder->batch_open = true;
	return true;
}

bool recorder_commit(struct recorder *recorder, struct problem *problem)
{
	if (!store_commit(recorder->store, problem)) {
		recorder_undone(recorder);
		return false;
	}
	recorder->started = recorder->started || recorder->batch_open;
	recorder->batch_open = false;
	recorder->noted = (struct gap){ 0 };
	return true;
}

void recorder_undone(struct recorder *recorder)
{
	struct gap *gap = &recorder->gap;

	recorder->batch_open = false;
	if (recorder->noted.why == NULL)
		return;
	if (gap->why == NULL) {
		*gap = recorder->noted;
	} else {
		gap->first_ns = recorder->noted.first_ns;
		gap->entries += recorder->noted.entries;
		gap->bytes += recorder->noted.bytes;
	}
	recorder->noted = (struct gap){ 0 };
}

void recorder_missed(struct recorder *recorder, const char *why, uint64_t bytes)
{
	struct gap *gap = &recorder->gap;

	gap->last_ns = clock_wall_ns();
	if (gap->why == NULL)
		gap->first_ns = gap->last_ns;
	gap->why = why;
	gap->entries++;
	gap->bytes += bytes;
}
