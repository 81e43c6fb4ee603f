#!/usr/bin/env bash
# The header's constants with their values, which debug information does not hold, one a line.
set -euo pipefail
grep -oE '\bLBW_[A-Z0-9_]+ = -?[0-9]+' "$(dirname "$0")/../../include/lbwire/lbwire.h" | LC_ALL=C sort
