#!/usr/bin/env bash
# Runs annotate.sh on clips that it draws, stops it in the middle, runs it again, and compares the results with those
# of a single run: samples/parallel/try.sh PROGRAM
set -euo pipefail
cd "$(dirname "$0")"

export STREAM_DETECT SHARDS=6
STREAM_DETECT=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/media"
for number in $(seq 18); do
  ../make-clip.sh "$work/media/clip$number.mp4" > /dev/null
done
"$STREAM_DETECT" batch "$work/media" -o "$work/alone" --quiet

annotate=$PWD/annotate.sh
cd "$work"
setsid "$annotate" "$work/media" "$work/out" --jobs 2 > /dev/null 2>&1 &
group=$!
for _ in $(seq 400); do
  [ "$(find "$work/out" -name '*.receipt.json' 2> /dev/null | wc -l)" -ge 3 ] && break
  sleep 0.05
done
kill -KILL -- "-$group" 2> /dev/null || true
wait "$group" || true
echo "parallel: killed with $(find "$work/out" -name '*.receipt.json' | wc -l) of 18 done"
"$annotate" "$work/media" "$work/out" --jobs 2

frames() { (cd "$1" && find . -name '*.jsonl' | sort | xargs grep -h '"type":"frame"' | md5sum); }
[ "$(frames "$work/out")" = "$(frames "$work/alone")" ] || {
  echo "parallel: the frame lines differ from those of a single run"
  exit 1
}
echo "parallel: the frame lines are those of a single run, byte by byte"
