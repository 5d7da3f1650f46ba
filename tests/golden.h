/*
 * Golden cases: what a module makes of an input, in files that people read.
 *
 *     Anything before the first case is a preamble for the reader.
 *
 *     === a substitution inside double quotes is a command too
 *     echo "$(rm -r /tmp/x)"
 *     ---
 *     command "echo" "\"$(rm -r /tmp/x)\""?
 *       command "rm" "-r" "/tmp/x"
 *
 *     =\= a title after this mark: the input is read with \n \t \r \e \\ \xHH
 *     ls \xff\x00
 *     ---
 *     ...
 *
 * The input ends before the line end that precedes `---`.  Empty lines at the end of the expected
 * text do not count.  A test program is one function and one line:
 *
 *     static void run(struct span input, FILE *out, void *context) { ... fprintf(out, ...); }
 *     int main(int argc, char **argv) { return golden_main(argc, argv, run, NULL); }
 *
 * with arguments [--update] PATH..., each a case file or a folder of *.txt files.  In meson:
 *     test('shell-cases', exe, args: meson.project_source_root() / 'tests/cases/shell', protocol: 'tap')
 * A new case or file needs no C and no meson.  `./dev test shell-cases --test-args=--update`
 * rewrites the expected parts; the diff is the review.
 */
#ifndef BAILIFF_TESTS_GOLDEN_H
#define BAILIFF_TESTS_GOLDEN_H

#include <stdio.h>

#include "base/span.h"

/* Writes to `out` what the module makes of `input`; `context` is golden_main()'s. */
typedef void golden_function(struct span input, FILE *out, void *context);

/* Runs every case as one TAP check and returns the status for main(). */
int golden_main(int argc, char **argv, golden_function *run, void *context);

/*
 * For a case with several inputs: cuts off the part before the first line `...` and stores it in *part;
 * false once *rest is used up.  A part ends before the line end that precedes the `...`.
 */
bool golden_part(struct span *rest, struct span *part);

#endif
