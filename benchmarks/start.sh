#!/bin/sh
# Measures the time from the start of the process to the first frame's JSON line: median and best.
# usage: benchmarks/start.sh PROGRAM CLIP [runs [options of detect]]     (default: 10 runs)
set -eu
program=$1 clip=$2 runs=${3:-10}
[ $# -gt 2 ] && shift 3 || shift 2
i=0
while [ "$i" -lt "$runs" ]; do
  start=$(date +%s%N)
  end=$("$program" detect "$clip" --limit 1 "$@" 2>/dev/null | while read -r line; do
    case $line in *'"type":"frame"'*) date +%s%N ;; esac
  done)
  echo $(((end - start) / 1000))
  i=$((i + 1))
done | sort -n | awk '
  { times[NR] = $1 }
  END { printf "first frame after %.1f ms (median of %d, best %.1f)\n",
        times[int((NR + 1) / 2)] / 1000, NR, times[1] / 1000 }'
