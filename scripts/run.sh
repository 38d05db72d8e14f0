#!/usr/bin/env bash
# The main job from end to end: scripts/run.sh PROGRAM
#
# With the project's reference data beside the checkout (../shared), imports a trained detector and
# runs it over a street clip. Without, runs the program on a rendered clip with whatever model the
# user has; with none the program ends with exit 5 and says how to get one.
set -euo pipefail

program=$1
shared=../shared
weights=$shared/models/ssdlite_mobilenet_v2_voc20
clip=$shared/media/vtest.avi
out=generated

mkdir -p "$out/models"

if [ ! -f "$weights/weights_corrected.safetensors" ] || [ ! -f "$clip" ]; then
  [ -f "$out/clip.mp4" ] || samples/make-clip.sh "$out/clip.mp4"
  exec "$program" "$out/clip.mp4" --jsonl "$out/clip.jsonl"
fi

model=$out/models/ssdlite-voc.safetensors
if [ ! -f "$model" ] || [ "$program" -nt "$model" ]; then
  "$program" models import "$weights/weights_corrected.safetensors" \
    --labels "$weights/labels.json" --license "Apache-2.0 and MIT" -o "$model"
fi

"$program" "$clip" --model "$model" --video "$out/vtest-annotated.mp4" --jsonl "$out/vtest.jsonl"

echo
echo "annotated video: $out/vtest-annotated.mp4"
echo "one line a frame: $out/vtest.jsonl"
