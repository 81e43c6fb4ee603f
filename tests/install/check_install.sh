#!/usr/bin/env bash
# check_install.sh BUILD LIBDIR CMAKE CC: installs into an empty prefix, moves that elsewhere, and builds a program with
# it in both ways that the README names.
set -euo pipefail
build=$1 libdir=$2 cmake=$3 cc=$4
here=$(realpath "$(dirname "$0")")
if ! command -v pkg-config >/dev/null; then
  echo "no pkg-config here" >&2
  [[ -n ${LBWIRE_ALL_REQUIRED:-} ]] && exit 1 || exit 77
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$cmake" --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/prefix"
prefix=$work/prefix
ls "$prefix/$libdir/liblbwire.so.1" "$prefix/include/lbwire/lbwire.h" "$prefix/bin/lbwire" >/dev/null

"$cmake" -S "$here/consumer" -B "$work/consumer" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
"$cmake" --build "$work/consumer" >/dev/null
"$work/consumer/consumer"

read -ra flags < <(PKG_CONFIG_PATH=$prefix/$libdir/pkgconfig pkg-config --cflags --libs lbwire)
"$cc" "$here/consumer/consumer.c" "${flags[@]}" -o "$work/by_pkg_config"
LD_LIBRARY_PATH=$prefix/$libdir "$work/by_pkg_config"

"$prefix/bin/lbwire" --version
