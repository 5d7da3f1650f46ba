/* The profiles that are compiled in: data/profiles, byte by byte. */
#ifndef BAILIFF_RUN_PROFILE_DATA_H
#define BAILIFF_RUN_PROFILE_DATA_H

#include "base/span.h"

extern const struct span profile_claude_code, profile_codex;

#endif
