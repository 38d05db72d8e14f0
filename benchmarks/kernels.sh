#!/bin/sh
# Builds and runs the kernel benchmark. CC chooses the compiler, STREAM_DETECT_ISA limits it to one
# instruction set. usage: benchmarks/kernels.sh [repeats]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
# shellcheck disable=SC2046 # no kernel's path contains a space
${CC:-clang} -O3 -ffp-contract=off -I"$root/Sources/CKernels/include" "$root/benchmarks/kernels.c" \
  $(find "$root/Sources/CKernels" -name '*.c') -lm -o "$build/kernels"
"$build/kernels" "$@"
