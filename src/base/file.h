/* Whole files, bounded.  For the doors and the readers of settings. */
#ifndef BAILIFF_BASE_FILE_H
#define BAILIFF_BASE_FILE_H

#include "base/arena.h"
#include "base/problem.h"

/* Reads `fd` to its end into the arena; LIMIT where it holds more than `max` bytes. */
bool file_read_fd(int fd, size_t max, struct arena *arena, struct span *bytes,
                  struct problem *problem) __attribute__((warn_unused_result));
/* Opens and reads; follows links, and waits for the writer of a FIFO. */
bool file_read(const char *path, size_t max, struct arena *arena, struct span *bytes,
               struct problem *problem) __attribute__((warn_unused_result));
/* Writes all of `bytes`, whatever write(2) takes at a time. */
bool file_write_fd(int fd, struct span bytes, struct problem *problem)
	__attribute__((warn_unused_result));
/*
 * Replaces the file at `path` in one step: a temporary file beside it, fsync,
 * rename, fsync of the directory.  Whoever reads sees the old or the new.  A
 * link at `path` is itself replaced.  False: the old file is still there, or (where
 * only the directory could not be synced) the new one may not outlive a power cut.
 */
bool file_replace(const char *path, struct span bytes, unsigned mode, struct problem *problem)
	__attribute__((warn_unused_result));
/* Makes a directory and its missing parents; a directory that is there is fine. */
bool file_make_directory(const char *path, unsigned mode, struct problem *problem)
	__attribute__((warn_unused_result));

#endif
