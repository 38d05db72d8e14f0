#!/usr/bin/env bash
# Feeds the readers of outside data with what libFuzzer makes up: scripts/fuzz.sh [PARSER…]
#
# Each parser of fuzz/Parsers.swift gets FUZZ_SECONDS (60), one on each core at a time. What is
# found lies in generated/fuzz/findings; to run it again:
#   FUZZ_PARSER=onnx .build-fuzz/debug/fuzz generated/fuzz/findings/onnx-crash-…
set -euo pipefail
cd "$(dirname "$0")/.."

out=generated/fuzz
# The target is in Package.swift only with the first; the crash reporter can hang in a sanitized
# process.
export STREAM_DETECT_FUZZ=1 SWIFT_BACKTRACE=enable=no
export LSAN_OPTIONS=suppressions=$PWD/scripts/leaks.supp:print_suppressions=0
flags=(--product fuzz --scratch-path .build-fuzz --sanitize=address --sanitize=fuzzer)

# gold has a hundred warnings about AddressSanitizer's own symbols.
swift build "${flags[@]}" 2>&1 | grep -v 'Cannot export local symbol' >&2
fuzz=$(swift build "${flags[@]}" --show-bin-path)/fuzz
mkdir -p "$out/logs" "$out/findings"
python3 fuzz/seeds.py "$out/seeds"
parsers=("$@")
[ "$#" -gt 0 ] || mapfile -t parsers < <(FUZZ_PARSER=list "$fuzz")

run_one() { # parser
  local log=$out/logs/$1.log
  mkdir -p "$out/corpus/$1" "$out/seeds/$1"
  if FUZZ_PARSER=$1 "$fuzz" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 \
    -max_len=65536 -print_final_stats=1 -artifact_prefix="$out/findings/$1-" \
    "$out/corpus/$1" "$out/seeds/$1" > "$log" 2>&1; then
    printf '%-18s %s\n' "$1" "$(tail -n 20 "$log" | grep '^Done')"
  else
    printf '%-18s failed:\n' "$1"
    grep -B 2 -A 25 -m 1 -E 'ERROR|Fatal error' "$log" || tail -n 30 "$log"
    return 1
  fi
}
export -f run_one
export fuzz out
printf '%s\n' "${parsers[@]}" | xargs -P "$(getconf _NPROCESSORS_ONLN)" -I {} bash -c 'run_one {}'
