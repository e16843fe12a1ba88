#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes the Python environment of the reference scripts in the user's cache and prints its python.
# Safe to repeat: a complete environment is left alone, an interrupted run starts over.
#
#   Benchmarks/Reference/install.sh
#   KOINE_REFERENCE_TORCH=torch==2.13.0+cpu Benchmarks/Reference/install.sh
#
# The published Linux x86-64 wheel of torch 2.11.0 needs about 3 GB of CUDA libraries before Python
# can import it, GPU or not. Where pip can see a CPU build (PIP_FIND_LINKS, an extra index), name it
# in KOINE_REFERENCE_TORCH: it is a fraction of the size and computes the same on a CPU.
set -euo pipefail

torch=${KOINE_REFERENCE_TORCH:-torch==2.11.0}
home=${KOINE_CACHE:-$HOME/.cache/koine}/reference
packages=(numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 safetensors==0.8.0 tokenizers==0.23.3
  transformers==5.23.0 sentence-transformers==6.2.0 ctranslate2==4.8.5 peft==0.18.1)
wanted="$torch ${packages[*]}"

fail() { printf 'koine: %s\n' "$1" >&2; exit 1; }

if [ "$(cat "$home/.complete" 2>/dev/null)" = "$wanted" ]; then
  printf '%s\n' "$home/bin/python"
  exit 0
fi
command -v python3 >/dev/null || fail "python3 (3.10 or later) is needed for the reference; install it"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
  fail "the reference needs python3 3.10 or later, found $(python3 --version)"
python3 -c 'import ensurepip, venv' 2>/dev/null ||
  fail "python3 cannot make environments; install its venv package (Debian: python3-venv)"

mkdir -p "$(dirname "$home")"
exec 9>"$home.lock"
flock 9 # another clone may be installing the same environment
if [ "$(cat "$home/.complete" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$home"
  python3 -m venv "$home"
  # One resolution for all, so that nothing pulls in a second torch.
  "$home/bin/python" -m pip install --quiet --disable-pip-version-check \
    "$torch" "${packages[@]}" >&2 || fail "pip could not install the reference; its message is above"
  "$home/bin/python" -c 'import torch, transformers, sentence_transformers, sklearn, ctranslate2, peft' ||
    fail "the reference is installed in $home but cannot be imported; its message is above"
  printf '%s\n' "$wanted" >"$home/.complete"
fi
printf '%s\n' "$home/bin/python"
