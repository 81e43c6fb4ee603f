#!/usr/bin/env bash
# compare_dump.sh [--additions-pass] LIBRARY: its ABI is the stored one. A break fails, and so does an addition that was
# not stored.
set -euo pipefail
export LC_ALL=C
additions=fail
[[ $1 != --additions-pass ]] || { additions=pass && shift; }
library=$(realpath "$1")
cd "$(dirname "$0")"

if ! command -v abidiff >/dev/null; then
  echo "no abidiff here (package abigail-tools)" >&2
  [[ -n ${LBWIRE_ALL_REQUIRED:-} ]] && exit 1 || exit 77
fi

verdict() { echo "$1" >&2 && exit 1; }

changed=$(comm -23 lbwire.constants <(./list_constants.sh))
added=$(comm -13 lbwire.constants <(./list_constants.sh))
if [[ -n $changed ]] || ! abidiff --exported-interfaces-only --no-architecture --no-added-syms lbwire.abi "$library"; then
  verdict "${changed:+$changed$'\n'}The ABI breaks: programs built earlier rely on what changed here."
fi
[[ $additions == fail ]] || exit 0
if [[ -n $added ]] || ! abidiff --exported-interfaces-only --no-architecture lbwire.abi "$library"; then
  verdict "${added:+$added$'\n'}The ABI grew: review the additions, then ./dev abi stores them."
fi
echo "as stored"
