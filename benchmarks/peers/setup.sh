#!/usr/bin/env bash
# Puts the peers into a virtual environment beside this file: about 4 GB, ten minutes the first time.
# Everything comes by pip; PYTHON and TORCH_INDEX can be set. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")"

python=${PYTHON:-python3}
# Where wheels of PyTorch without CUDA are found; where it can't be reached pip takes its own index.
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
