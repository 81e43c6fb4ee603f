#!/usr/bin/env bash
# check_symbols.sh LIBRARY HEADER C_PROGRAM: the library exports exactly the functions that the header declares, under
# the version LBWIRE_1, and the C program names each of them.
set -euo pipefail
library=$1 header=$2 program=$3

declared=$(sed -nE 's/^LBW_API [^(]*[ *](lbw_[a-z0-9_]+)\(.*/\1@@LBWIRE_1/p' "$header" | sort)
# GNU ld shows the version itself as an absolute symbol; other linkers do not.
exported=$(nm -D --defined-only "$library" | awk '!($2 == "A" && $3 == "LBWIRE_1") { print $3 }' | sort)
diff <(echo "$declared") <(echo "$exported") >&2 || {
  echo "< is declared and not exported, > is exported and not declared" >&2
  exit 1
}

for function in ${declared//@@LBWIRE_1/}; do
  grep -q ")$function," "$program" || { echo "$program does not name $function" >&2 && exit 1; }
done
echo "$(wc -l <<<"$declared") functions"
