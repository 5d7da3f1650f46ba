/* The options of bailiff audit, with the names that others use for them (reading 19). */
#ifndef BAILIFF_AUDIT_VIEW_OPTIONS_H
#define BAILIFF_AUDIT_VIEW_OPTIONS_H

#include "audit/view/view.h"

enum options_result { OPTIONS_WRONG = 0, OPTIONS_HELP, OPTIONS_GOOD };

/* arguments[0] is the command's name.  Says on stderr what is wrong. */
enum options_result view_options_parse(int count, char **arguments, bool takes_argument,
                                       struct view_options *options);
void view_options_usage(FILE *to);

/*
 * A moment: "2026-11-21", "2026-11-21T09:08:07Z" with or without a fraction of up
 * to nine digits, or so long before `now_ns`: "90s", "15m", "2h", "7d".  All in UTC.
 */
bool view_time_parse(struct span text, uint64_t now_ns, uint64_t *wall_ns);
/* SIZE:HEAD, as verify prints it. */
bool view_receipt_parse(struct span text, uint64_t *size, unsigned char head[SHA256_BYTES]);

#endif
