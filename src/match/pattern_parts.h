#ifndef JGANNOTATE_MATCH_PATTERN_PARTS_H
#define JGANNOTATE_MATCH_PATTERN_PARTS_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "match/pattern.h"

/*
 * A pattern, shared by the part that compiles it (pattern.c) and the part that matches
 * (pattern_run.c). Nobody else includes this.
 */
struct pattern {
	pcre2_code *code;
	pcre2_code *guarded; /* the same with callouts, where time must be watched; or NULL */
	unsigned flags;
	bool is_jit;
	bool guarded_is_jit;
};

#endif
