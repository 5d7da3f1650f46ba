/* Builtins of the shell by job; builtins.c has the table. */
#ifndef BAILIFF_EFFECT_BUILTINS_H
#define BAILIFF_EFFECT_BUILTINS_H

#include "effect/engine.h"

/* builtin_variables.c */
builtin_function builtin_declare, builtin_unset, builtin_set, builtin_shift, builtin_read,
	builtin_mapfile, builtin_let, builtin_getopts, builtin_test;

#endif
