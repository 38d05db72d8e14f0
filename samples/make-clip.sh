#!/usr/bin/env bash
# Renders a small clip with picture and sound for trying the program: samples/make-clip.sh OUT.mp4
# It is a test pattern, so a detector finds little or nothing in it.
set -euo pipefail

if [ "$#" -ne 1 ]; then
  echo "usage: samples/make-clip.sh OUT.mp4" >&2
  exit 2
fi
mkdir -p "$(dirname "$1")"
ffmpeg -hide_banner -loglevel error -y \
  -f lavfi -i testsrc2=size=640x360:rate=25:duration=4 \
  -f lavfi -i sine=frequency=440:duration=4 \
  -c:v mpeg4 -q:v 4 -c:a aac -shortest "$1"
echo "$1: 100 frames of 640 x 360 pixels, 25 frames/s"
