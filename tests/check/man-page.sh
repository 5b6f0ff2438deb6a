#!/bin/sh
# mandoc finds nothing to say about the man page.
set -eu

mandoc -Tlint -W style "$SOURCE/src/jgannotate.1"
