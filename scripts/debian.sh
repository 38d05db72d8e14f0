#!/usr/bin/env bash
# Runs a command of this checkout with the libraries of another Debian, 12 (bookworm) or 13 (trixie):
#   scripts/debian.sh bookworm|trixie COMMAND…
#
# That Debian's libraries and compiler lie in a folder of the user's cache, made once by debootstrap
# (root only). This machine's Swift toolchain, and the checkout, are mounted into it.
set -euo pipefail
cd "$(dirname "$0")/.."

release=${1:-}
case $release in
  bookworm) linker=binutils ;;
  trixie) linker=binutils-gold ;;
  *) release= ;;
esac
if [ -z "$release" ] || [ $# -lt 2 ]; then
  echo "usage: scripts/debian.sh bookworm|trixie COMMAND…" >&2
  exit 2
fi
shift

say() { printf '%s: %s\n' "$release" "$*" >&2; }

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}
root=$cache/stream-detect/$release
packages=(
  make git pkg-config ca-certificates openssl python3 procps dpkg-dev
  gcc g++ "$linker" libc6-dev zlib1g-dev tzdata
  libcurl4 libedit2 libncurses6 libsqlite3-0 libxml2
  libavformat-dev libavcodec-dev libswscale-dev libavutil-dev libavdevice-dev
  libfreetype-dev libssl-dev fonts-dejavu-core ffmpeg
)

if [ "$(id -u)" -ne 0 ]; then
  say "only root may make and enter the folder of another Debian."
  exit 1
fi
# What is installed there, so that a longer list installs anew.
if [ "$(cat "$root/ready" 2> /dev/null)" != "${packages[*]}" ]; then
  command -v debootstrap > /dev/null || {
    say "debootstrap is missing: apt-get install debootstrap"
    exit 1
  }
  say "installing Debian's $release into $root (once)"
  rm -rf "$root"
  mkdir -p "$root"
  {
    debootstrap --variant=minbase "$release" "$root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} &&
      DEBIAN_FRONTEND=noninteractive chroot "$root" \
        apt-get install -y -qq --no-install-recommends "${packages[@]}"
  } > "$root.log" 2>&1 || {
    tail -n 20 "$root.log" >&2
    exit 1
  }
  rm -rf "$root"/var/cache/apt/archives/*.deb
  # Certificates are for names, and servers of tests have this one.
  printf '127.0.0.1 localhost\n' > "$root/etc/hosts"
  printf '%s\n' "${packages[*]}" > "$root/ready"
fi

toolchain=$(dirname "$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")")
# What SwiftPM downloaded already.
mkdir -p "$cache/org.swift.swiftpm" "$root/source" "$root/swift" "$root/home/.cache/org.swift.swiftpm"
export root toolchain cache

# Mounts of a namespace of their own are gone when the command ends.
exec unshare --mount --propagation private bash -c '
  set -euo pipefail
  mount --bind "$PWD" "$root/source"
  mount --bind "$toolchain" "$root/swift"
  mount --bind "$cache/org.swift.swiftpm" "$root/home/.cache/org.swift.swiftpm"
  mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/tmp"
  chroot "$root" /usr/bin/env -i HOME=/home PATH=/swift/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 CI="${CI:-}" bash -c "cd /source && $*"
' "$release" "$@"
