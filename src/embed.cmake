# Writes OUTPUT, a C file that holds the bytes of INPUT as SYMBOL_text and their number as
# SYMBOL_length, both declared in HEADER.
# An array of characters, because the standard only promises 4095 for a literal.
file(READ "${INPUT}" bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR length "${digits} / 2")
string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
string(REPEAT "'.x..'," 12 row)
string(REGEX REPLACE "(${row})" "\\1\n\t" bytes "${bytes}")
get_filename_component(name "${INPUT}" NAME)
file(WRITE "${OUTPUT}"
"/* Made from ${name} by embed.cmake; do not edit. */
#include \"${HEADER}\"

const char ${SYMBOL}_text[] = {
	${bytes}'\\0'
};

const size_t ${SYMBOL}_length = ${length};
")
