#!/usr/bin/env bash
# store_dump.sh LIBRARY [--allow-break]: makes lbwire.abi the description of this library's ABI, and lbwire.constants
# that of the header's constants. What is only added is taken; a change of what is there already has to be meant.
set -euo pipefail
library=$(realpath "$1")
cd "$(dirname "$0")"
if [[ -e lbwire.abi && ${2:-} != --allow-break ]]; then
  ./compare_dump.sh --additions-pass "$library" || {
    echo "--allow-break stores it all the same." >&2
    exit 1
  }
fi

# Nothing of the machine that built it goes into the dump: no paths, no lines, no libraries of the system.
abidw --exported-interfaces-only --type-id-style hash --no-corpus-path --no-comp-dir-path --no-show-locs \
  --no-elf-needed --no-architecture --out-file lbwire.abi "$library"
sed -i "s|path='$(realpath ../..)/|path='|" lbwire.abi
./list_constants.sh >lbwire.constants

symbols=$(grep -c '<elf-symbol ' lbwire.abi)
described=$(grep -o "elf-symbol-id='[^']*'" lbwire.abi | sort -u | wc -l)
((symbols == described)) || {
  echo "$described of $symbols functions are described: is debug information missing?" >&2
  exit 1
}
echo "-- $symbols functions, $(wc -l <lbwire.constants) constants"
