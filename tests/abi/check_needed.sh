#!/usr/bin/env bash
# check_needed.sh LIBRARY: it loads where there is nothing but libc, and answers to its SONAME.
set -euo pipefail
dynamic=$(readelf --dynamic --wide "$1")
needed=$(sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p' <<<"$dynamic")
foreign=$(grep -vE '^(libc|libm)\.so\.6$|^ld-linux.*\.so\.[0-9]+$' <<<"$needed" || true)
[[ -z $foreign ]] || { echo "needs, beside libc:" $foreign >&2 && exit 1; }
grep -q '(SONAME).*\[liblbwire\.so\.1\]' <<<"$dynamic" || { echo "the SONAME is not liblbwire.so.1" >&2 && exit 1; }
grep -q '(FLAGS_1).*NODELETE' <<<"$dynamic" || { echo "dlclose would unload it" >&2 && exit 1; }
echo needs $needed
