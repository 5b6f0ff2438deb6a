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
	bool guarded_is_jit;
	struct pattern_jit *jit; /* apart, since it changes while the pattern is used */
};

/* The machine code of `code`: made with the pattern, or put off. */
struct pattern_jit {
	bool is_there;
	bool is_put_off;
	unsigned uses; /* as long as it is put off */
};

#endif
