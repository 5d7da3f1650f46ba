/* The inside of fold_output(): one function a program. */
#ifndef BAILIFF_EFFECT_FOLD_H
#define BAILIFF_EFFECT_FOLD_H

#include "effect/engine.h"

struct folding {
	struct engine *engine;
	struct running *run;
	const struct fields *words;
	struct value_builder out;
	bool gathered; /* what it reads is known of */
	bool done;     /* `out` is what it prints */
};

/* The word where it is wholly known. */
bool fold_word(const struct folding *f, size_t i, struct span *word);
bool fold_put(struct folding *f, struct span text) __attribute__((warn_unused_result));

/* fold_decode.c */
bool fold_tr(struct folding *f);
bool fold_base64(struct folding *f);
bool fold_xxd(struct folding *f);
bool fold_awk(struct folding *f);

#endif
