#!/usr/bin/env bash
# Trains stream-detect's earlier model of twenty classes: voc20-model.sh PROGRAM SHARED WORK
#
# PROGRAM is stream-detect, SHARED the folder of reference data (see its README), WORK the output
# folder. Resumes if it was stopped. Needs the ffmpeg program to extract frames.
set -euo pipefail

program=$1
shared=$(realpath "$2")
mkdir -p "$3"
work=$(realpath "$3")
cd "$(dirname "$0")"
recipe() { python -m stream_detect_training "$@"; }

weights=$shared/models/ssdlite_mobilenet_v2_voc20
initial=$work/initial.safetensors
"$program" models import "$weights/weights_corrected.safetensors" \
  --labels "$weights/labels.json" -o "$work/imported.safetensors"

# Training and validation images; coco_eval is in neither.
recipe split "$shared/data/coco_train/annotations.json" -o "$work/splits" --fraction 0.3
recipe split "$shared/data/indoor/annotations.json" -o "$work/splits" --fraction 0.25
recipe split "$shared/data/traffic_dash/annotations.json" -o "$work/splits" --fraction 0.25 --block 7
recipe split "$shared/data/person_street/annotations.json" -o "$work/splits" --fraction 0.2

frames() { # clip, frames a second
  local folder=$work/frames/${1%.*}
  [ -d "$folder" ] && return
  mkdir -p "$folder"
  ffmpeg -v error -i "$shared/media/$1" -vf "fps=$2" -q:v 2 "$folder/%05d.jpg"
}
frames vtest.avi 2
frames car-detection.mp4 1
frames one-by-one-person-detection.mp4 1
python voc20_model_data.py "$shared" "$work"

recipe calibrate "$work/imported.safetensors" -o "$initial" --data "$work/train.json" --most 250
recipe label "$work/labels" --model "$work/imported.safetensors" --data "$work/train.json" \
  --tiles 2,3 --mirror frame --least-score 0.05 --truth 0.5
recipe train "$work/run" --data "$work/labels/data.json" --validation "$work/validation.json" \
  --initial "$initial" --teacher "$work/imported.safetensors" --teacher-weight 1 --label-weight 0 \
  --quantise --optimiser relative --rate 1e-3 --warmup 20 --steps 200 --batch 8 --averaging 0.98 \
  --augmentation gentle --views 2 --freeze backbone head.regression --validate-every 100 \
  --move-scores 0.5 --move-boxes 0 --lower-scores 0.2
# The last step, not the best on validation: the difference is less than the noise.
recipe calibrate "$work/run/last.safetensors" -o "$work/calibrated.safetensors" \
  --data "$work/train.json"
recipe export "$work/calibrated.safetensors" -o "$work/voc20.safetensors" \
  --name mobilenet_v2_ssdlite300_voc20 --license Apache-2.0 --score-threshold 0.35 --provenance \
  "TensorFlow's ssdlite_mobilenet_v2_coco_2018_05_09, distilled by stream-detect's recipe"
