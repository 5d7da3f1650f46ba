/*
 * A fuzz target: one function over hostile bytes, which aborts where its property fails.
 *
 * tests/fuzz/fuzz_NAME.c is built twice without more ado: with replay.c by any compiler (every file of
 * tests/fuzz/corpus/NAME/, and small damages of each, are an ordinary test), and with libFuzzer
 * by `./dev fuzz NAME SECONDS`.
 */
#ifndef BAILIFF_TESTS_FUZZ_H
#define BAILIFF_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
