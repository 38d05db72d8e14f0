#!/usr/bin/env bash
# Runs the program on a clip: scripts/run.sh PROGRAM
#
# Detects people and cars in real footage with the built-in model, and writes the annotated video
# and the JSON lines into generated/. If the footage can't be downloaded, a clip is rendered
# instead, which shows that everything works, but nothing of what the model can do.
set -euo pipefail

program=$1
out=generated
mkdir -p "$out"

if clip=$(scripts/demo-clip.sh); then
  name=vtest
else
  name=clip
  clip=$out/clip.mp4
  [ -f "$clip" ] || samples/make-clip.sh "$clip"
  echo "no real footage available: using a rendered clip, in which there is nothing to find" >&2
fi

"$program" "$clip" --video "$out/$name-annotated.mp4" --jsonl "$out/$name.jsonl"

echo
echo "clip:             $clip"
echo "annotated video:  $out/$name-annotated.mp4"
echo "JSON lines:       $out/$name.jsonl"
