#!/bin/sh
# filters.sh SECCOMP-EXPORT FILTERS: what is committed is what the generator writes.
if "$1" | cmp -s - "$2"; then
	echo "ok 1 - filters.inc is what tools/seccomp-export.c makes"
else
	echo "not ok 1 - filters.inc is what tools/seccomp-export.c makes"
	echo "# build/full/tests/unit/sandbox/seccomp-export > src/sandbox/filters.inc"
fi
echo 1..1
