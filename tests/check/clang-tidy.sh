#!/bin/sh
# clang-tidy finds nothing. It takes long, so what was clean and did not change
# since is not looked at again.
set -eu
cd "$SOURCE"

state=$(cat .clang-tidy "$BUILD/compile_commands.json" src/*/*.[ch] | sha256sum)
stamp=$BUILD/clang-tidy.clean
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then
	echo 'unchanged since it was clean'
	exit 0
fi
printf '%s\n' src/*/*.c | xargs -P "$(nproc)" -n 3 clang-tidy --quiet -p "$BUILD" \
	--extra-arg=-Wno-ignored-optimization-argument
echo "$state" >"$stamp"
