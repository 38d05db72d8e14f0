#!/usr/bin/env bash
# Builds the program for release with this system's FFmpeg, and lays out what a package holds:
#   packaging/stage.sh FOLDER
# The folder gets usr/bin, man pages, completions, samples and the licence. SCRATCH names the build folder.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$1
scratch=${SCRATCH:-.build}
swift=${SWIFT:-swift}

"$swift" build -c release --explicit-target-dependency-import-check error --scratch-path "$scratch" \
  --product stream-detect --static-swift-stdlib
# The generator of man pages is a part of swift-argument-parser, built apart from the program.
"$swift" build --package-path "$scratch/checkouts/swift-argument-parser" \
  --scratch-path "$scratch/tools" --product generate-manual

rm -rf "$root"
install -d "$root/usr/bin" "$root/usr/share/man/man1" "$root/usr/share/doc/stream-detect"
program=$root/usr/bin/stream-detect
install -m 755 "$scratch/release/stream-detect" "$program"
strip --strip-unneeded "$program"

packaging/man-pages.py "$scratch/tools/debug/generate-manual" "$program" "$root/usr/share/man/man1"
gzip -9n "$root"/usr/share/man/man1/*.1

completion() {
  install -d "$root/usr/share/$2"
  "$program" --generate-completion-script "$1" > "$root/usr/share/$2/$3"
}
completion bash bash-completion/completions stream-detect
completion zsh zsh/vendor-completions _stream-detect
completion fish fish/vendor_completions.d stream-detect.fish

doc=$root/usr/share/doc/stream-detect
cp -r samples "$doc/examples"
rm -rf "$doc"/examples/*/.build
install -m 644 README.md "$doc/README.md"
find "$root" -type d -exec chmod 755 {} +
