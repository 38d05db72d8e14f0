#!/usr/bin/env bash
# Builds the library's documentation into generated/docs out of the release build, counts its public
# names, and fails where one is not documented: scripts/make-docs.sh
set -euo pipefail
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
tools=$(dirname "$(readlink -f "$(command -v "$swift")")")
out=generated/docs
mkdir -p generated

bin=$("$swift" build -c release --show-bin-path)
graph=$(mktemp -d)
trap 'rm -rf "$graph"' EXIT

# The module names C modules, which the extractor has to find as the compiler does.
flags=()
for map in "$bin"/*.build/module.modulemap Sources/C*/module.modulemap; do
  flags+=(-Xcc "-fmodule-map-file=$map")
done
for flag in $(pkg-config --cflags-only-I libavformat libavcodec libswscale libavutil freetype2); do
  flags+=(-Xcc "$flag")
done
target=$("$swift" -print-target-info | python3 -c \
  'import json, sys; print(json.load(sys.stdin)["target"]["triple"])')
"$tools/swift-symbolgraph-extract" -module-name StreamDetect -I "$bin/Modules" "${flags[@]}" \
  -target "$target" -minimum-access-level public -skip-synthesized-members -output-dir "$graph"

scripts/public-api.py "$graph/StreamDetect.symbols.json" --check
rm -rf "$out"
"$tools/docc" convert Sources/StreamDetect/StreamDetect.docc \
  --additional-symbol-graph-dir "$graph" --output-path "$out" --warnings-as-errors \
  --fallback-display-name StreamDetect --fallback-bundle-identifier stream-detect.StreamDetect \
  --transform-for-static-hosting --hosting-base-path /
scripts/public-api.py "$graph/StreamDetect.symbols.json"
echo "$out: serve it with python3 -m http.server --directory $out, page documentation/streamdetect"
