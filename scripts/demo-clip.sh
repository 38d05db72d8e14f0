#!/usr/bin/env bash
# Prints the path of a clip of real footage to try the program on: scripts/demo-clip.sh
#
# The clip is vtest.avi of OpenCV's samples (768 x 576, 80 seconds: people and cars in a street, seen
# from above). It is taken out of Debian's package opencv-doc, which is fetched (96 MB) and unpacked but
# not installed, and kept in the user's cache. Prints nothing, and ends with 1, where that can't be had.
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
  say "this is no Debian or Ubuntu, so $package cannot be fetched."
  exit 1
fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
# apt drops its rights for downloads and then has to write here.
chmod 755 "$work"

fetch() { (cd "$work" && timeout 600 apt-get -qq -o APT::Sandbox::User=root download "$package" >&2); }

say "fetching Debian's $package (96 MB, once) for OpenCV's sample vtest.avi"
# Without package lists there is nothing to fetch from; only root may get them.
fetch || { [ "$(id -u)" -eq 0 ] && apt-get -qq update >&2 && fetch; } || {
  say "$package could not be fetched."
  exit 1
}
dpkg-deb --fsys-tarfile "$work"/"$package"_*.deb | tar -x -C "$work" "./$inside" || {
  say "$package holds no vtest.avi any more."
  exit 1
}
# Renamed last, so that an interrupted run leaves no half of it.
mv "$work/$inside" "$clip"
echo "$clip"
