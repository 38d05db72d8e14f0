#!/usr/bin/env bash
# What a release consists of: packaging/release.sh, after `make deb`
# Needs a clean checkout at the tag of its version. Writes the checksums of the packages and the notes, which
# are the changelog's section of that version, beside them in generated/packages.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -nE 's/.*text = "(.*)"/\1/p' Sources/StreamDetect/Run/LibraryVersion.swift)
out=generated/packages
refuse() {
  printf 'release: %s\n' "$@" >&2
  exit 1
}

[ -z "$(git status --porcelain)" ] || refuse "the checkout has changes that aren't committed."
[ "$(git tag --points-at HEAD --list "v$version")" ] ||
  refuse "the program says $version, but there is no tag v$version here." "git tag -a v$version makes one."
notes=$(awk -v heading="## $version" '
  index($0, "## ") == 1 { on = index($0 " ", heading " ") == 1; next } on' CHANGELOG.md)
[ -n "${notes//[[:space:]]/}" ] || refuse "CHANGELOG.md has no section '## $version'."
[ "$(find "$out" -name "*_$version+*.deb" | wc -l)" -eq 2 ] || refuse "run make deb first."

printf '%s\n' "$notes" | sed '1{/^$/d}' > "$out/notes.md"
(cd "$out" && sha256sum -- *.deb *.tar.gz > SHA256SUMS)
cat "$out/SHA256SUMS"
echo "$out: ready to be published as v$version"
