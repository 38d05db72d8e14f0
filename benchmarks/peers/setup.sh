#!/usr/bin/env bash
# Installs the peers with pip into a virtual environment in this folder: about 4 GB, ten minutes the
# first time. PYTHON and TORCH_INDEX override the defaults below. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")"

python=${PYTHON:-python3}
# Wheels of PyTorch without CUDA. If this index can't be reached, pip falls back to its own.
index=${TORCH_INDEX:-https://download.pytorch.org/whl/cpu}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "setup: $python is too old; set PYTHON to Python 3.11 or newer" >&2
  exit 1
}
[ -d venv ] || "$python" -m venv venv
if ! cmp -s requirements.txt venv/installed; then
  mapfile -t torch < <(grep '^torch' requirements.txt)
  venv/bin/pip install --quiet --extra-index-url "$index" --retries 1 "${torch[@]}"
  venv/bin/pip install --quiet -r requirements.txt
  cp requirements.txt venv/installed
fi
mkdir -p generated
"${CC:-cc}" -O3 -march=native -pthread probe.c -o generated/probe
echo "setup: ready"
