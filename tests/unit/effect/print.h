/* Effects as lines that people read: what case files compare. */
#ifndef BAILIFF_TESTS_EFFECT_PRINT_H
#define BAILIFF_TESTS_EFFECT_PRINT_H

#include <stdio.h>

#include "effect/effect.h"

/* One line an effect: "delete /home/u (home-root) recursive, force". */
void print_effects(const struct effects *effects, FILE *out);

#endif
