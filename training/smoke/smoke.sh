#!/usr/bin/env bash
# Runs the whole recipe on data that it draws itself: smoke.sh PYTHON FOLDER
set -euo pipefail

python=$1
work=$2
here=$(cd "$(dirname "$0")/.." && pwd)
export PYTHONPATH=$here
rm -rf "$work"
mkdir -p "$work"
# The networks are too small to gain from more threads.
recipe() { "$python" -m stream_detect_training --threads 1 "$@"; }
small=(--width 0.35 --side 160 --batch 4 --log-every 5)

"$python" "$here/smoke/shapes.py" "$work/data" 24 1
"$python" "$here/smoke/shapes.py" "$work/held" 8 2

# Train from scratch, stop half way, and resume.
scratch=(--data "$work/data/data.json" --steps 50 --rate 4e-3 --warmup 5
  --validate-every 25 --averaging 0.9 --augmentation gentle)
recipe train "$work/scratch" "${small[@]}" "${scratch[@]}" --stop-at 25
recipe train "$work/scratch" "${small[@]}" "${scratch[@]}"

# Distil the result into a copy of itself that simulates INT8.
recipe calibrate "$work/scratch/last.safetensors" -o "$work/teacher.safetensors" \
  --data "$work/data/data.json"
recipe label "$work/labels" --model "$work/teacher.safetensors" --data "$work/data/data.json" \
  --tiles none --mirror frame --least-score 0.1 --truth 0.5
recipe train "$work/distilled" --data "$work/labels/data.json" --validation "$work/held/data.json" \
  --initial "$work/teacher.safetensors" --teacher "$work/teacher.safetensors" --teacher-weight 1 \
  --label-weight 0 --quantise --optimiser relative --rate 1e-3 --steps 10 --warmup 2 --batch 4 \
  --log-every 5 --validate-every 5 --augmentation gentle --views 1 --freeze backbone.features.0
recipe export "$work/distilled/last.safetensors" -o "$work/model.safetensors"
recipe evaluate "$work/model.safetensors" --data "$work/held/data.json" --int8
"$python" "$here/smoke/check.py" "$work"
