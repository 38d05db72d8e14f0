#!/usr/bin/env bash
# Trains the model that stream-detect ships: default-model.sh PROGRAM SHARED WORK
#
# PROGRAM is stream-detect, SHARED the folder of reference data (see its README), WORK the output
# folder. What an earlier run finished is not computed again.
set -euo pipefail

program=$1
shared=$(realpath "$2")
mkdir -p "$3"
work=$(realpath "$3")
cd "$(dirname "$0")"
recipe() { python -m stream_detect_training "$@"; }
made() { [ -e "$work/$1" ]; }

weights=$shared/models/ssdlite_mobilenet_v2_voc20
made voc20.safetensors || "$program" models import "$weights/weights_corrected.safetensors" \
  --labels "$weights/labels.json" -o "$work/voc20.safetensors"
python default_model_data.py "$shared" "$work"

made labels/data.json || recipe label "$work/labels" --data "$work/fit.json" --least-score 0.12 \
  --teachers "$shared"/models/teachers/*.onnx
made others/data.json || recipe label "$work/others" --data "$work/others.json" \
  --least-score 0.12 --teachers "$shared"/models/teachers/*.onnx
made wide.safetensors || recipe widen "$work/voc20.safetensors" -o "$work/wide.safetensors" \
  --data "$work/fit.json"

# Rows for the 60 new classes; the twenty old ones, boxes and features stay. The mean of four runs,
# with calibrated scores.
fit() { # model to start from, result, options
  made "$2.safetensors" && return
  recipe fit "$work/$1.safetensors" -o "$work/$2.safetensors" --features "$work/features" \
    --views 6 --keep "$work/voc20.safetensors" "${@:3}"
}
coco=$work/labels/data.json
others=$work/others/data.json
fit wide first --data "$coco" --rows-rate 2e-3 --epochs 6
fit first second --data "$coco" --rows-rate 1e-3 --epochs 6 --seed 2
fit second third --data "$coco" "$others" --rows-rate 1e-3 --epochs 4 --seed 5
fit first fourth --data "$coco" "$others" --rows-rate 1e-3 --epochs 3 --seed 6 --power 0.5
recipe average "$work"/{first,second,third,fourth}.safetensors -o "$work/rows.safetensors"
made start.safetensors ||
  recipe scores "$work/rows.safetensors" -o "$work/start.safetensors" --data "$work/held.json" \
    --plot "$work/calibration.png"

# The first map's rows once more, with the small first prior of TensorFlow's network; a third stays.
# Scores keep their calibration: a second one would fit the few images of rare classes.
made more.safetensors ||
  recipe fit "$work/start.safetensors" -o "$work/more.safetensors" --features "$work/features" \
    --views 3 --keep "$work/voc20.safetensors" --data "$coco" --matching halved --maps 0 \
    --cells 0.08 --rows-rate 0.032 --epochs 9 --batch 50 --runs 3 --bf16
recipe average "$work"/{start,more,more}.safetensors -o "$work/mean.safetensors"
recipe evaluate "$work/mean.safetensors" --data "$work/held.json"
recipe calibrate "$work/mean.safetensors" -o "$work/ranged.safetensors" \
  --data "$work/fit.json" --most 200
recipe export "$work/ranged.safetensors" -o "$work/default.safetensors" \
  --name mobilenet_v2_ssdlite300_coco80 --license Apache-2.0 --score-threshold 0.35 --provenance \
  "TensorFlow's ssdlite_mobilenet_v2_coco_2018_05_09, class rows fitted to two teachers by \
stream-detect's recipe"
