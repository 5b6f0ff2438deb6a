#ifndef JGANNOTATE_CATALOG_BUILTIN_H
#define JGANNOTATE_CATALOG_BUILTIN_H

#include <stddef.h>

/*
 * The built-in catalog: codes.tsv, byte for byte, compiled in by the build
 * (embed.cmake). Only the catalog module reads it. A NUL that the length does
 * not count follows the text.
 */
extern const char catalog_builtin_text[];
extern const size_t catalog_builtin_length;

#endif
