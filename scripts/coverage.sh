#!/usr/bin/env bash
# Lists the line coverage of each source file in the last `swift test --enable-code-coverage`.
set -euo pipefail

bin=$(swift build --show-bin-path)
# The toolchain's own llvm-cov, because others may not read its profiles. On macOS xcrun finds it.
if command -v xcrun >/dev/null; then
  cov=(xcrun llvm-cov)
else
  cov=("$(dirname "$(readlink -f "$(command -v swift)")")/llvm-cov")
fi

tests=$bin/stream-detectPackageTests.xctest
if [ -d "$tests" ]; then tests=$tests/Contents/MacOS/stream-detectPackageTests; fi

"${cov[@]}" report "$tests" -instr-profile "$bin/codecov/default.profdata" \
  -ignore-filename-regex='(\.build|Tests)/'
