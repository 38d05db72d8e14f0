#!/usr/bin/env bash
# Prints the path of a clip of real footage for trying the program: scripts/demo-clip.sh
#
# The clip is vtest.avi from OpenCV's samples (768 x 576, 80 seconds: people and cars in a street,
# seen from above). It comes from Debian's package opencv-doc (96 MB), which is downloaded and
# unpacked but not installed. The clip is kept in the user's cache. If that fails, prints nothing
# and exits with 1.
set -euo pipefail

package=opencv-doc
inside=usr/share/doc/opencv-doc/examples/data/vtest.avi
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/stream-detect
clip=$cache/vtest.avi

say() { printf 'demo clip: %s\n' "$*" >&2; }

if [ -s "/$inside" ]; then
  echo "/$inside"
  exit
fi
if [ -s "$clip" ]; then
  echo "$clip"
  exit
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
  say "this is not Debian or Ubuntu, so $package can't be downloaded."
  exit 1
fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
# apt downloads as an unprivileged user, which must be able to write here.
chmod 755 "$work"

fetch() { (cd "$work" && timeout 600 apt-get -qq -o APT::Sandbox::User=root download "$package" >&2); }

say "downloading Debian's $package (96 MB, once) for OpenCV's sample vtest.avi"
# Downloading needs package lists, and only root may update them.
fetch || { [ "$(id -u)" -eq 0 ] && apt-get -qq update >&2 && fetch; } || {
  say "$package could not be downloaded."
  exit 1
}
dpkg-deb --fsys-tarfile "$work"/"$package"_*.deb | tar -x -C "$work" "./$inside" || {
  say "$package no longer contains vtest.avi."
  exit 1
}
# Moved last, so that an interrupted run leaves no partial clip.
mv "$work/$inside" "$clip"
echo "$clip"
