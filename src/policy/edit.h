/*
 * One key of a settings file set or removed, with everything else left byte for byte:
 * foreign keys, order, blanks.  Pure.
 */
#ifndef BAILIFF_POLICY_EDIT_H
#define BAILIFF_POLICY_EDIT_H

#include "base/json.h"

/*
 * `key` is "name" or "section.name"; `value` is JSON text, or empty: remove.  A key
 * that is not there is removed by doing nothing (*changed is false).  An empty source
 * counts as an empty object.  SYNTAX: the source is no JSON object, or the section
 * is none.
 */
struct policy_edit {
	struct span key, value;
};
bool policy_edit_apply(struct span source, const struct policy_edit *edit, struct arena *arena,
                       struct span *result, bool *changed, struct problem *problem)
	__attribute__((warn_unused_result));

#endif
