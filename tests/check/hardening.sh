#!/bin/sh
# A release build is hardened: position independent, its tables read-only and bound at
# start, stack protected, the C library's checks called, no executable stack.
set -eu

cache() {
	sed -n "s/^$1:[A-Z]*=//p" "$BUILD/CMakeCache.txt"
}

if [ "$(cache CMAKE_BUILD_TYPE)" != Release ] || [ -n "$(cache JGANNOTATE_SANITIZE)" ]; then
	echo 'no release build'
	exit 0
fi

about=$(mktemp)
trap 'rm -f "$about"' EXIT
LC_ALL=C readelf -W --file-header --program-headers --dynamic --dyn-syms "$JGANNOTATE" >"$about"

failed=0
holds() {
	grep -qE -e "$2" "$about" && return
	echo "$1: nothing like '$2'"
	failed=1
}
holds 'position independent' 'Type: +DYN'
holds 'read-only tables' 'GNU_RELRO'
holds 'bound at start' '\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*NOW'
holds 'stack protector' '__stack_chk_fail'
holds 'no executable stack' 'GNU_STACK.* RW  '
# what the compiler proves safe is not checked, so there may be few
holds 'fortified functions' '__v?(snprintf|memcpy|memmove|read|fprintf)_chk'
exit $failed
