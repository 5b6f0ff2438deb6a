#!/bin/sh
# The scripts of the project, the tests among them, are shellcheck clean.
set -eu
cd "$SOURCE"

shellcheck .ci/run samples/packages samples/try samples/nightly/all-hosts tests/run tests/fresh tests/as-user tests/cli/bound tests/bench/run tests/check/*.sh
for file in tests/cli/*.bats; do
	[ ! -e "$file" ] || shellcheck --shell=bats "$file"
done
