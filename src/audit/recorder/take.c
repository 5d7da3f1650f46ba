/*
 * Taking in the spool.  A file is read while it is locked alone, committed, and
 * only then removed; what was committed before a crash is found again by its id.
 * Bytes that are no whole record are counted in an audit_gap, and their file is
 * kept in "damaged" for whoever wants to know.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/bytes.h"
#include "audit/frame.h"
#include "audit/recorder/recorder.h"

enum { FILES_AT_ONCE = 4096, RETRY_NS = 1000000000 };

struct taking {
	struct recorder *recorder;
	int fd;
	struct stat status;
	size_t filled;   /* bytes in the recorder's buffer */
	uint64_t offset; /* of the buffer in the file */
	uint64_t taken, refused, damaged_bytes;
	struct sha256 damage;
	size_t in_batch;
};

static void note_damage(struct taking *taking, struct span bytes)
{
	unsigned char place[8];

	bytes_put(place, taking->offset, sizeof(place));
	sha256_add(&taking->damage, (struct span){ (const char *)place, sizeof(place) });
	sha256_add(&taking->damage, bytes);
}

/* False only where the store failed. */
static bool take_one(struct taking *taking, struct span bytes, struct problem *problem)
{
	struct frame_request request;
	struct store_origin origin = { .flags = HEADER_SPOOLED,
		                       .uid = (uint32_t)taking->status.st_uid };
	struct store_receipt receipt;
	struct span body;

	if (!frame_get_request(bytes, &request, &body) || request.kind != FRAME_RECORD) {
		taking->refused++;
		note_damage(taking, bytes);
		return true;
	}
	origin.id = request.id;
	origin.wall_ns = request.wall_ns;
	origin.mono_ns = request.mono_ns;
	origin.pid = request.pid;
	memcpy(origin.boot, request.boot, sizeof(origin.boot));
	if (recorder_append(taking->recorder, &origin, body, &receipt, problem)) {
		taking->taken++;
		if (++taking->in_batch < BATCH_ENTRIES)
			return true;
		taking->in_batch = 0;
		return recorder_commit(taking->recorder, problem);
	}
	if (problem->kind != PROBLEM_SYNTAX && problem->kind != PROBLEM_REFUSED)
		return false;
	taking->refused++;
	note_damage(taking, bytes);
	return true;
}

/* Takes what the buffer holds; *used bytes of it are done with. */
static bool take_buffer(struct taking *taking, bool at_end, size_t *used, struct problem *problem)
{
	const struct span all = { (const char *)taking->recorder->buffer, taking->filled };

	for (*used = 0; *used < all.len;) {
		struct span rest = span_from(all, *used), bytes;
		size_t step;
		enum spool_step found = spool_next(rest, at_end, &step, &bytes);

		if (found == SPOOL_MORE)
			return true;
		if (found == SPOOL_RECORD) {
			if (!take_one(taking, bytes, problem))
				return false;
		} else {
			taking->damaged_bytes += step;
			note_damage(taking, span_slice(rest, 0, step));
		}
		*used += step;
		taking->offset += step;
	}
	return true;
}

static bool take_bytes(struct taking *taking, struct problem *problem)
{
	unsigned char *buffer = taking->recorder->buffer;
	const size_t size = sizeof(taking->recorder->buffer);
	size_t used;
	ssize_t count;

	do {
		count = read(taking->fd, buffer + taking->filled, size - taking->filled);
		if (count < 0)
			return problem_system(problem, "cannot read the audit spool");
		taking->filled += (size_t)count;
		if (!take_buffer(taking, count == 0, &used, problem))
			return false;
		memmove(buffer, buffer + used, taking->filled - used);
		taking->filled -= used;
	} while (count > 0);
	return true;
}

/* The entry's id comes from the damage itself, so that a second reading tells it once. */
static bool tell_damage(struct taking *taking, struct problem *problem)
{
	unsigned char digest[SHA256_BYTES], inode[8];
	struct outbuf numbers[3];
	const uint64_t counts[3] = { taking->damaged_bytes, taking->refused, taking->taken };
	struct audit_entry entry = {
		.event = AUDIT_AUDIT_GAP,
		.severity = AUDIT_HIGH,
		.agent = SPAN_INIT("bailiff-recorder"),
		.action = SPAN_INIT("a spool file held bytes that are no entry; it is kept in the "
		                    "folder damaged"),
		.reason = SPAN_INIT("a writer was cut off while writing, or the file was changed"),
	};
	bool told;

	bytes_put(inode, taking->status.st_ino, sizeof(inode));
	sha256_add(&taking->damage, (struct span){ (const char *)inode, sizeof(inode) });
	sha256_end(&taking->damage, digest);
	memcpy(entry.id.bytes, digest, sizeof(entry.id.bytes));
	entry.id.bytes[6] = (unsigned char)((entry.id.bytes[6] & 0x0F) | 0x80); /* RFC 9562, 5.8 */
	entry.id.bytes[8] = (unsigned char)((entry.id.bytes[8] & 0x3F) | 0x80);
	for (size_t i = 0; i < 3; i++) {
		outbuf_init(&numbers[i], 32);
		outbuf_put_u64(&numbers[i], counts[i]);
	}

	const struct audit_detail details[] = {
		{ SPAN_INIT("damagedBytes"), outbuf_span(&numbers[0]) },
		{ SPAN_INIT("refusedEntries"), outbuf_span(&numbers[1]) },
		{ SPAN_INIT("takenEntries"), outbuf_span(&numbers[2]) },
	};

	entry.details = details;
	entry.detail_count = 3;
	told = recorder_open_batch(taking->recorder, problem) &&
	       recorder_note(taking->recorder, &entry, problem);
	for (size_t i = 0; i < 3; i++)
		outbuf_release(&numbers[i]);
	return told;
}

static bool take_locked(struct taking *taking, const char *name, struct problem *problem)
{
	struct recorder *recorder = taking->recorder;
	bool damaged;
	char kept[300];

	sha256_init(&taking->damage);
	if (!take_bytes(taking, problem))
		return false;
	damaged = taking->damaged_bytes > 0 || taking->refused > 0;
	if (damaged && !tell_damage(taking, problem))
		return false;
	if (!recorder_commit(recorder, problem))
		return false;
	if (!damaged)
		return unlinkat(recorder->spool_fd, name, 0) == 0 ||
		       problem_system(problem, "cannot remove a spool file");
	snprintf(kept, sizeof(kept), "%llu-%.255s", (unsigned long long)taking->status.st_ino,
	         name);
	return renameat(recorder->spool_fd, name, recorder->damaged_fd, kept) == 0 ||
	       problem_system(problem, "cannot put away a damaged spool file");
}

/* False: the store cannot take it now.  A file that a writer has open is left for the next time. */
static bool take_file(struct recorder *recorder, const char *name, struct problem *problem)
{
	struct taking taking = { .recorder = recorder };
	bool taken = true;

	taking.fd = openat(recorder->spool_fd, name,
	                   O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (taking.fd < 0)
		return true;
	if (fstat(taking.fd, &taking.status) == 0 && S_ISREG(taking.status.st_mode) &&
	    taking.status.st_uid == geteuid()) {
		if (flock(taking.fd, LOCK_EX | LOCK_NB) == 0)
			taken = take_locked(&taking, name, problem);
		else
			recorder->look_ns = clock_mono_ns() + RETRY_NS / 100;
	}
	close(taking.fd);
	return taken;
}

void recorder_take_spool(struct recorder *recorder)
{
	struct problem problem = { 0 };
	int fd = openat(recorder->spool_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	bool taken = directory != NULL;

	recorder->look_ns = 0;
	if (directory == NULL && fd >= 0)
		close(fd);
	for (int i = 0; taken && i < FILES_AT_ONCE && (entry = readdir(directory)) != NULL; i++) {
		if (entry->d_name[0] == '.')
			continue;
		recorder->active_ns = clock_mono_ns();
		taken = take_file(recorder, entry->d_name, &problem);
	}
	if (directory != NULL)
		closedir(directory);
	if (!taken) {
		if (recorder->batch_open && !recorder_commit(recorder, &problem))
			recorder_undone(recorder);
		recorder->look_ns = clock_mono_ns() + RETRY_NS;
	}
}
