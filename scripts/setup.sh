#!/usr/bin/env bash
# Installs the system packages that are needed to build, run and test. Safe to run again: if all are
# installed it only says so. Checks for a Swift toolchain before it changes anything. Arguments are
# further packages: CI adds the RTSP server for a live test, which isn't installed on other
# machines.
set -euo pipefail

minimum_swift=6.2

# Libraries that the program uses, the font for labels, and the programs that scripts and tests
# call.
packages=(
  make git pkg-config
  libavformat-dev libavcodec-dev libswscale-dev libavutil-dev libavdevice-dev
  libfreetype-dev fonts-dejavu-core libssl-dev
  ffmpeg procps python3 openssl
)
# On other processors the NEON kernels are cross-compiled and tested under an emulator.
if [ "$(uname -m)" != aarch64 ] && [ "$(uname -m)" != arm64 ]; then
  packages+=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user)
fi
packages+=("$@")
libraries=(libavformat libavcodec libswscale libavutil libavdevice freetype2)
# macOS has the checksums itself.
[ "$(uname -s)" = Darwin ] || libraries+=(libcrypto)

say() { printf 'setup: %s\n' "$*"; }
refuse() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

check_swift() {
  command -v swift >/dev/null || refuse \
    "no Swift toolchain found; nothing was installed." \
    "Install Swift $minimum_swift or newer from https://www.swift.org/install/ (on Linux its" \
    "installer is called swiftly), check that 'swift --version' works, then run this again."
  local version
  version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+(\.[0-9]+)*).*/\1/p' |
    head -n 1)
  [ -n "$version" ] || refuse "'swift --version' prints no version; is the toolchain complete?"
  if [ "$(printf '%s\n' "$minimum_swift" "$version" | sort -V | head -n 1)" != "$minimum_swift" ]; then
    refuse "Swift $version is too old; nothing was installed." \
      "Install Swift $minimum_swift or newer from https://www.swift.org/install/."
  fi
  swift_version=$version
}

missing_libraries() {
  command -v pkg-config >/dev/null || { echo pkg-config; return; }
  local library
  for library in "${libraries[@]}"; do
    pkg-config --exists "$library" || echo "$library"
  done
}

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      echo "$package"
  done
}

install_with_apt() {
  local missing
  mapfile -t missing < <(missing_packages)
  if [ "${#missing[@]}" -eq 0 ]; then
    say "Swift $swift_version and all ${#packages[@]} system packages are installed."
    return
  fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || refuse \
      "these packages are missing: ${missing[*]}" \
      "Run this as root, or install sudo."
    as_root=(sudo)
  fi
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0)
  say "installing ${missing[*]}"
  # Updating the package lists takes a while, so only if they are missing or too old.
  apt-cache show --no-all-versions "${missing[@]}" >/dev/null 2>&1 || "${apt[@]}" update -qq
  "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}" || {
    "${apt[@]}" update -qq
    "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}"
  }
  say "done."
}

require_libraries() { # how to install them
  local missing
  missing=$(missing_libraries | tr '\n' ' ')
  [ -z "$missing" ] || refuse "these libraries are missing: $missing" "$1"
  say "Swift $swift_version and all libraries are installed."
}

check_swift
if [ "$(uname -s)" = Darwin ]; then
  require_libraries "Run: brew install ffmpeg freetype pkg-config"
elif command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  install_with_apt
else
  require_libraries "Install the development packages of FFmpeg, FreeType and OpenSSL; only Debian and Ubuntu are automatic."
fi
