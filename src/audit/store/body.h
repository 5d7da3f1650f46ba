/* What an entry's JSON body says for its header.  Private to audit/. */
#ifndef BAILIFF_AUDIT_STORE_BODY_H
#define BAILIFF_AUDIT_STORE_BODY_H

#include "audit/store/header.h"

/*
 * Reads a body and fills type, decision, severity, session, the texts and the
 * policy's hash of *header.  Texts live in the arena or in `body`.
 *
 * False: SYNTAX (not JSON), REFUSED (not an entry, or one that only the
 * recorder may write and `own` is false), MEMORY.
 */
bool body_read(struct span body, bool own, struct arena *arena, struct record_header *header,
               struct problem *problem) __attribute__((warn_unused_result));

#endif
