#!/usr/bin/env bash
# Makes a Debian package of the program for the system that this runs on, and an archive of the same for
# other systems with this version of FFmpeg: packaging/deb.sh
# Both lie in generated/packages. `make deb` runs this in Debian 12 and 13.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -nE 's/.*text = "(.*)"/\1/p' Sources/StreamDetect/Run/LibraryVersion.swift)
# shellcheck disable=SC1091 # it is there on every system
release=$(. /etc/os-release && echo "${VERSION_ID%%.*}")
architecture=$(dpkg --print-architecture)
export SCRATCH=.build-debian$release
out=generated/packages
work=$SCRATCH/package
root=$work/debian/stream-detect

packaging/stage.sh "$root"
doc=$root/usr/share/doc/stream-detect

{
  printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n'
  printf 'Upstream-Name: stream-detect\n\nFiles: *\nCopyright: the authors of stream-detect\n'
  printf 'License: Apache-2.0\n On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.\n'
  printf ' .\n The default model is derived from networks of Google (Apache-2.0); the model card tells how.\n'
} > "$doc/copyright"
gzip -9nc CHANGELOG.md > "$doc/changelog.gz"

# The archive: bin and share, to be put anywhere.
ffmpeg=$(pkg-config --modversion libavformat | cut -d. -f1)
name=stream-detect-$version-linux-$(uname -m)-avformat$ffmpeg
install -d "$out"
tar -C "$root/usr" --owner=0 --group=0 --numeric-owner --transform "s,^\.,$name," -czf "$out/$name.tar.gz" \
  ./bin ./share

# Which packages have the libraries that the program is linked with.
install -d "$root/DEBIAN"
printf 'Source: stream-detect\n\nPackage: stream-detect\nArchitecture: any\n' > "$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O debian/stream-detect/usr/bin/stream-detect 2> /dev/null |
  sed -n 's/^shlibs:Depends=//p')
# libavdevice is opened when a camera is; its package is named for its version.
device=$(dpkg-query -W -f '${Package}\n' 'libavdevice[0-9]*' | head -n 1)
cat > "$root/DEBIAN/control" << CONTROL
Package: stream-detect
Version: $version+deb$release
Architecture: $architecture
Maintainer: stream-detect maintainers <maintainers@stream-detect.invalid>
Installed-Size: $(du -ks "$root/usr" | cut -f1)
Depends: $libraries, fonts-dejavu-core
Recommends: $device
Suggests: ffmpeg
Section: video
Priority: optional
Description: find people, cars and other objects in videos and live streams
 Reads videos, photographs and live streams with FFmpeg, finds objects of eighty
 classes in them with MobileNet and SSDLite on the CPU, and writes JSON lines,
 annotated videos, tracks, events and reports. It needs no GPU and no Python.
CONTROL
(cd "$root" && find usr -type f -exec md5sum {} +) > "$root/DEBIAN/md5sums"

package=$out/stream-detect_$version+deb${release}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" > /dev/null
echo "$out/$name.tar.gz: $(du -k "$out/$name.tar.gz" | cut -f1) kB"
echo "$package: $(du -k "$package" | cut -f1) kB, installed $(du -ks "$root/usr" | cut -f1) kB"
