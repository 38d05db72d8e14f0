#!/usr/bin/env bash
# Installs a package in a new Debian, uses it, and removes it again: packaging/test-deb.sh RELEASE PACKAGE
# Root only: the Debian lies in a temporary folder, made by debootstrap.
set -euo pipefail
cd "$(dirname "$0")/.."

release=$1
package=$2
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
fail() {
  printf '%s: %s\n' "$package" "$*" >&2
  exit 1
}

{
  debootstrap --variant=minbase "$release" "$root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} > "$root.log" 2>&1 &&
    rm -f "$root.log"
} || {
  tail -n 20 "$root.log" >&2
  exit 1
}
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp "$package" "$root/package.deb"
samples/make-clip.sh "$root/clip.mp4" > /dev/null

inside() {
  unshare --mount --pid --fork --propagation private chroot "$root" /usr/bin/env -i \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive \
    bash -c "mount -t proc proc /proc; $1"
}

inside 'apt-get update -qq && apt-get install -y -qq --no-install-recommends /package.deb' \
  > "$root.log" 2>&1 || {
  tail -n 20 "$root.log" >&2
  fail "could not be installed"
}
rm -f "$root.log"

echo "== $release: doctor"
inside 'stream-detect doctor' || fail "doctor is not content"
echo "== $release: a clip"
inside 'stream-detect /clip.mp4 > /run.jsonl && tail -n 1 /run.jsonl' || fail "the clip was not read"
grep -q '"status":"complete"' "$root/run.jsonl" || fail "the clip was not read to its end"
grep -q '"label":"' "$root/run.jsonl" || fail "nothing was found in the clip"
echo "== $release: what else is in it"
for path in usr/share/man/man1/stream-detect.1.gz usr/share/man/man1/stream-detect-detect.1.gz \
  usr/share/bash-completion/completions/stream-detect usr/share/zsh/vendor-completions/_stream-detect \
  usr/share/fish/vendor_completions.d/stream-detect.fish usr/share/doc/stream-detect/copyright; do
  # Smaller images of Debian leave the documentation out.
  [ -s "$root/$path" ] || fail "$path is missing"
done
inside 'source /usr/share/bash-completion/completions/stream-detect && complete -p stream-detect' ||
  fail "the completion of bash doesn't load"
inside 'dpkg --verify stream-detect' || fail "files differ from those of the package"
du -k "$root/usr/bin/stream-detect"
inside 'apt-get purge -y -qq stream-detect' > /dev/null 2>&1 || fail "could not be removed"
left=$(find "$root/usr" "$root/etc" -name '*stream-detect*' | head)
[ -z "$left" ] || fail "left behind: $left"
echo "$package: ok"
