#!/usr/bin/env bash
# The main job from end to end: scripts/run.sh PROGRAM
#
# Finds people and cars in real footage with the model that the program has with it, and writes the
# annotated video and a JSON line for each frame into generated/. Where the footage cannot be had, a
# clip is rendered instead, which shows that everything works and nothing of what the model can do.
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
  echo "no real footage here: using a rendered clip, in which there is nothing to be found" >&2
fi

"$program" "$clip" --video "$out/$name-annotated.mp4" --jsonl "$out/$name.jsonl"

echo
echo "clip:             $clip"
echo "annotated video:  $out/$name-annotated.mp4"
echo "one line a frame: $out/$name.jsonl"
