# Writes OUTPUT, a C file that holds the bytes of INPUT: see catalog/builtin.h.
# An array of characters, because the standard only promises 4095 for a literal.
file(READ "${INPUT}" bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR length "${digits} / 2")
string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
string(REPEAT "'.x..'," 12 row)
string(REGEX REPLACE "(${row})" "\\1\n\t" bytes "${bytes}")
file(WRITE "${OUTPUT}"
"/* Made from codes.tsv by embed.cmake; do not edit. */
#include \"catalog/builtin.h\"

const char catalog_builtin_text[] = {
	${bytes}'\\0'
};

const size_t catalog_builtin_length = ${length};
")
