#!/bin/sh
# Compares the AArch64 kernels with the scalar reference: natively on AArch64, elsewhere
# cross-compiled (aarch64-linux-gnu-gcc) and under an emulator (qemu-aarch64); scripts/setup.sh
# installs both.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

case $(uname -m) in
  aarch64 | arm64) compiler="${CC:-cc}" emulator= ;;
  *) compiler="aarch64-linux-gnu-gcc -static" emulator="qemu-aarch64 -cpu max" ;;
esac

# -ffp-contract=off: GCC would fuse multiply and add, which the contracts round separately.
# shellcheck disable=SC2046,SC2086 # word splitting is intended; no kernel's path contains a space
$compiler -std=gnu11 -O2 -ffp-contract=off -Wall -Wextra -Wconversion -Werror \
  -I"$root/Sources/CKernels/include" "$root/Tests/CKernelsNeon/neon_check.c" \
  $(find "$root/Sources/CKernels" -name '*.c') -lm -o "$build/neon_check"
$emulator "$build/neon_check"
