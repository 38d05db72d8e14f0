#!/usr/bin/env bash
# Renders small clips with the properties that break media code. Needs only the ffmpeg program.
#
#   scripts/make-media.sh OUTDIR
#
# One version of FFmpeg always writes the same bytes. Works with FFmpeg 4.4 and later.
set -euo pipefail

out=${1:?"usage: make-media.sh OUTDIR"}
mkdir -p "$out"
cd "$out"

ff() { ffmpeg -hide_banner -loglevel error -nostdin -y -threads 1 "$@"; }

# Output options that make the bytes independent of version strings and threads.
exact=(-fflags +bitexact -flags:v +bitexact -flags:a +bitexact -map_metadata -1 -threads 1)
h264=(-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25 -bf 2 -x264-params "threads=1:sliced-threads=0")

major=$(ffmpeg -version | sed -n '1s/^ffmpeg version n\{0,1\}\([0-9]*\).*/\1/p')
if [ "${major:-5}" -ge 6 ]; then passthrough=(-fps_mode passthrough); else passthrough=(-vsync passthrough); fi

test_picture="testsrc2=size=320x240:rate=25"
# Black with a red top left corner.
marker="color=black:size=128x96:rate=25,drawbox=x=0:y=0:w=48:h=36:color=red:t=fill"

plain() {
  ff -f lavfi -i "$test_picture" -f lavfi -i sine=frequency=440:sample_rate=48000 -t 2 \
    "${h264[@]}" -c:a aac "${exact[@]}" plain.mp4
  ff -i plain.mp4 -c copy "${exact[@]}" -movflags +faststart faststart.mp4
  ff -i plain.mp4 -c copy "${exact[@]}" plain.mkv
  ff -i plain.mp4 -c copy "${exact[@]}" plain.ts
  ff -f lavfi -i "$test_picture" -t 2 -c:v mpeg4 -q:v 5 "${exact[@]}" plain.avi
}

# turned DEGREES-CLOCKWISE: rotates the matrix in the container, not the picture.
turned() {
  if [ "${major:-5}" -ge 6 ]; then
    ff -display_rotation:v:0 "-$1" -i marker.mp4 -c copy "${exact[@]}" "rotated-$1.mp4"
  else
    # In these versions the tag counts anticlockwise.
    ff -i marker.mp4 -c copy "${exact[@]}" -metadata:s:v "rotate=$((360 - $1))" "rotated-$1.mp4"
  fi
}

rotations() {
  ff -f lavfi -i "$marker" -frames:v 10 "${h264[@]}" "${exact[@]}" marker.mp4
  for degrees in 90 180 270; do turned "$degrees"; done
}

times() {
  # Ten frames 40 ms apart, then ten 100 ms apart, with a gap of a second between them.
  ff -f lavfi -i "$test_picture" -frames:v 20 \
    -vf "settb=1/1000,setpts='if(lt(N,10),N*40,1400+(N-10)*100)'" "${passthrough[@]}" \
    -enc_time_base 1/1000 "${h264[@]}" "${exact[@]}" vfr.mkv
  # The second half starts again at zero.
  ff -f lavfi -i "$test_picture" -frames:v 25 "${h264[@]}" -bf 0 "${exact[@]}" part.ts
  cat part.ts part.ts > jump-back.ts
  rm part.ts
}

shapes() {
  ff -f lavfi -i testsrc=size=321x239:rate=25 -frames:v 5 -c:v ffv1 -pix_fmt yuv444p \
    "${exact[@]}" odd.mkv
  ff -f lavfi -i testsrc=size=321x239:rate=25 -frames:v 5 -c:v mjpeg -pix_fmt yuvj420p \
    "${exact[@]}" odd.avi
  ff -f lavfi -i "$test_picture" -frames:v 5 -c:v libx264 -preset ultrafast -pix_fmt yuv420p10le \
    "${exact[@]}" ten-bit.mkv 2> /dev/null ||
    ff -f lavfi -i "$test_picture" -frames:v 5 -c:v ffv1 -pix_fmt yuv420p10le "${exact[@]}" \
      ten-bit.mkv
}

# color NAME MATRIX RANGE FORMAT [OPTIONS]: four patches, converted and tagged with the matrix.
color() {
  local name=$1 matrix=$2 range=$3 format=$4
  shift 4
  local patches="color=0xC83214:size=64x48:rate=25,format=gbrp[a];\
color=0x14C832:size=64x48:rate=25,format=gbrp[b];\
color=0x3214C8:size=64x48:rate=25,format=gbrp[c];\
color=0xB4B4B4:size=64x48:rate=25,format=gbrp[d];[a][b]hstack[t];[c][d]hstack[u];[t][u]vstack"
  local tag=$matrix
  if [ "$matrix" = bt601 ]; then tag=smpte170m; fi
  if [ "$matrix" = bt2020 ]; then tag=bt2020nc; fi
  ff -f lavfi -i "$patches,scale=out_color_matrix=$matrix:out_range=$range:flags=accurate_rnd+full_chroma_int,format=$format${tags:-}" \
    -frames:v 2 -c:v ffv1 -colorspace "$tag" -color_range "$range" "$@" "${exact[@]}" \
    "color-$name.mkv"
}

colors() {
  for matrix in bt601 bt709; do
    for range in tv pc; do color "$matrix-$range" "$matrix" "$range" yuv444p; done
  done
  # From FFmpeg 7 on the filters' tags count, before it the encoder's.
  tags=,setparams=color_primaries=bt2020:color_trc=smpte2084 \
    color bt2020-tv bt2020 tv yuv420p10le -color_primaries bt2020 -color_trc smpte2084
}

changes() {
  ff -f lavfi -i "$test_picture" -frames:v 10 "${h264[@]}" "${exact[@]}" large.ts
  ff -f lavfi -i testsrc2=size=160x120:rate=25 -frames:v 10 "${h264[@]}" -output_ts_offset 0.6 \
    "${exact[@]}" small.ts
  cat large.ts small.ts > size-change.ts
  # One frame with full-height chroma, then nine with half height, as some cameras record.
  ff -f lavfi -i "$test_picture" -frames:v 1 -c:v mjpeg -pix_fmt yuvj422p "${exact[@]}" -f mjpeg 422
  ff -f lavfi -i "$test_picture" -frames:v 9 -c:v mjpeg -pix_fmt yuvj420p "${exact[@]}" -f mjpeg 420
  cat 422 420 > format-change.mjpeg
  ff -f mjpeg -framerate 25 -i format-change.mjpeg -c copy "${exact[@]}" format-change.avi
  rm large.ts small.ts 422 420
}

# cut_short FILE NEW-FILE: keeps the first 60 per cent.
cut_short() { head -c $(($(wc -c < "$1") * 6 / 10)) "$1" > "$2"; }

damaged() {
  cut_short plain.mp4 cut-moov.mp4
  cut_short faststart.mp4 cut.mp4
  cut_short plain.mkv cut.mkv
  cut_short plain.avi cut.avi
  cut_short plain.ts cut.ts
  cut_short photo.jpg cut.jpg
  cut_short image.png cut.png
  # Overwrites 9000 bytes of picture data and leaves the container intact.
  cp faststart.mp4 corrupt.mp4
  seq 1 3000 | tr -d '\n' | head -c 9000 |
    dd of=corrupt.mp4 bs=1 seek=$(($(wc -c < corrupt.mp4) / 2)) conv=notrunc status=none
  : > zero.mp4
  printf 'This is a letter, not a video.\n%.0s' {1..40} > text.mp4
}

without_video() {
  ff -f lavfi -i sine=frequency=440 -t 1 -c:a aac "${exact[@]}" audio-only.m4a
  ff -i audio-only.m4a -i image.jpg -map 0 -map 1 -c copy -disposition:v:0 attached_pic \
    "${exact[@]}" cover.m4a
  printf '1\n00:00:00,000 --> 00:00:01,000\nHello\n' > subtitles.srt
  ff -i subtitles.srt -c:s srt "${exact[@]}" subtitles.mkv
}

images() {
  ff -f lavfi -i "$marker" -frames:v 1 -c:v mjpeg -pix_fmt yuvj420p "${exact[@]}" \
    -f image2 -update 1 image.jpg
  ff -f lavfi -i "$test_picture" -frames:v 1 -c:v mjpeg -pix_fmt yuvj420p "${exact[@]}" \
    -f image2 -update 1 photo.jpg
  for ending in png bmp tiff; do
    ff -f lavfi -i "$marker" -frames:v 1 -pix_fmt rgb24 "${exact[@]}" -f image2 -update 1 "image.$ending" ||
      ff -f lavfi -i "$marker" -frames:v 1 -pix_fmt bgr24 "${exact[@]}" -f image2 -update 1 "image.$ending"
  done
  ff -f lavfi -i "$marker" -frames:v 1 -c:v libwebp -quality 90 "${exact[@]}" -f image2 -update 1 image.webp
  ff -f lavfi -i "$marker" -frames:v 1 -pix_fmt gray "${exact[@]}" -f image2 -update 1 gray.png
  ff -f lavfi -i "$marker" -frames:v 3 "${exact[@]}" animation.gif
  # A name that FFmpeg would take for a series of files.
  cp image.jpg 'series-%03d*.jpg'
}

names() {
  mkdir -p a b directory.mp4
  cp marker.mp4 a/clip.mp4
  cp rotated-180.mp4 b/clip.mp4
  cp marker.mp4 'with:colon.mp4'
}

plain
rotations
times
shapes
colors
changes
images
damaged
without_video
names
