/*
 * Owns how patterns are compiled: options, JIT, what is refused. Must not know what is
 * searched for, or lines, codes and hits.
 */
#include "match/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "match/pattern_parts.h"

#define PARENS_NEST_LIMIT 100u

/* The pattern and, below it, a caret at the byte offset; long patterns are cut
 * around it. */
static void show_caret(struct error *error, const char *text, size_t length, size_t offset)
{
	struct strbuf shown = STRBUF_INIT;
	size_t start = offset > 50 ? offset - 50 : 0;
	size_t end = length - start > 76 ? start + 76 : length;
	size_t column;

	strbuf_add_text(&shown, "  ");
	escape_visible(&shown, text + start, offset - start);
	column = utf8_width(shown.data, shown.len);
	escape_visible(&shown, text + offset, end - offset);
	strbuf_add_char(&shown, '\n');
	strbuf_add_repeat(&shown, " ", column);
	strbuf_add_text(&shown, "^\n");
	(void)snprintf(error->hint, sizeof(error->hint), "%s", shown.data);
	strbuf_release(&shown);
}

static bool refuse(struct error *error, const char *option, const char *text, size_t length,
    size_t offset, const char *why)
{
	error_set(error, ERROR_USAGE, "%s: %s, at offset %zu of the pattern", option, why, offset);
	show_caret(error, text, length, offset > length ? length : offset);
	return false;
}

static int count_callout(pcre2_callout_enumerate_block *block, void *data)
{
	*(size_t *)data = block->pattern_position;
	return 1;
}

/* Refuses what could change the meaning of bytes and newlines. */
static bool is_acceptable(const struct pattern *pattern, const char *option, const char *text,
    size_t length, struct error *error)
{
	uint32_t newline = 0;
	size_t position = 0;

	(void)pcre2_pattern_info(pattern->code, PCRE2_INFO_NEWLINE, &newline);
	if (newline != PCRE2_NEWLINE_LF)
		return refuse(error, option, text, length, 0, "only LF ends a line");
	if (pcre2_callout_enumerate(pattern->code, count_callout, &position) != 0)
		return refuse(error, option, text, length, position, "callouts are not supported");
	return true;
}

/* `more`: options beside the usual ones. NULL on error. */
static pcre2_code *compile(const struct pattern *pattern, uint32_t more, const char *option,
    const char *text, size_t length, struct error *error)
{
	uint32_t options = PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C |
	    PCRE2_DOLLAR_ENDONLY | more;
	pcre2_code *compiled;
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	PCRE2_SIZE offset = 0;
	int code = 0;

	if (context == NULL) {
		(void)error_set_memory(error);
		return NULL;
	}
	if ((pattern->flags & PATTERN_ANCHORED) != 0)
		options |= PCRE2_ANCHORED;
	else
		options |= PCRE2_USE_OFFSET_LIMIT;
	(void)pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	(void)pcre2_set_parens_nest_limit(context, PARENS_NEST_LIMIT);
	compiled = pcre2_compile((PCRE2_SPTR)text, length, options, &code, &offset, context);
	pcre2_compile_context_free(context);
	if (compiled == NULL && (code == PCRE2_ERROR_HEAP_FAILED || code == PCRE2_ERROR_NOMEMORY)) {
		(void)error_set_memory(error);
	} else if (compiled == NULL) {
		PCRE2_UCHAR why[256];

		(void)pcre2_get_error_message(code, why, sizeof(why));
		(void)refuse(error, option, text, length, offset, (const char *)why);
	}
	return compiled;
}

/* A pattern that begins with (*NO_JIT) has no machine code, and that is no error. */
static bool compile_jit(pcre2_code *code)
{
	size_t size = 0;

	return pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0 &&
	    pcre2_pattern_info(code, PCRE2_INFO_JITSIZE, &size) == 0 && size > 0;
}

/* A user's pattern has a twin that looks at the clock while it matches. */
static bool compile_all(struct pattern *pattern, const char *option, const char *text,
    size_t length, struct error *error)
{
	bool is_jit = (pattern->flags & PATTERN_NO_JIT) == 0;
	struct error ignored = ERROR_INIT;

	pattern->code = compile(pattern, 0, option, text, length, error);
	if (pattern->code == NULL)
		return false;
	pattern->jit->is_put_off = is_jit && (pattern->flags & PATTERN_JIT_LATER) != 0;
	if (!pattern->jit->is_put_off)
		pattern->jit->is_there = is_jit && compile_jit(pattern->code);
	if ((pattern->flags & PATTERN_USER) == 0)
		return true;
	if (!is_acceptable(pattern, option, text, length, error))
		return false;
	/* the twin is larger, so it may be too large; then long lines go without */
	pattern->guarded = compile(pattern, PCRE2_AUTO_CALLOUT, option, text, length, &ignored);
	pattern->guarded_is_jit =
	    is_jit && pattern->guarded != NULL && compile_jit(pattern->guarded);
	return true;
}

struct pattern *pattern_new(const char *option, const char *text, size_t length, unsigned flags,
    struct error *error)
{
	struct pattern *pattern;

	if (length > PATTERN_LENGTH_MAX) {
		error_set(error, ERROR_USAGE, "%s: the pattern is longer than %d bytes", option,
		    PATTERN_LENGTH_MAX);
		return NULL;
	}
	pattern = calloc(1, sizeof(*pattern));
	if (pattern != NULL)
		pattern->jit = calloc(1, sizeof(*pattern->jit));
	if (pattern == NULL || pattern->jit == NULL) {
		pattern_free(pattern);
		error_set_memory(error);
		return NULL;
	}
	pattern->flags = flags;
	if (!compile_all(pattern, option, text, length, error)) {
		pattern_free(pattern);
		return NULL;
	}
	return pattern;
}

void pattern_free(struct pattern *pattern)
{
	if (pattern == NULL)
		return;
	pcre2_code_free(pattern->code);
	pcre2_code_free(pattern->guarded);
	free(pattern->jit);
	free(pattern);
}

void pattern_prepare(const struct pattern *pattern)
{
	if (!pattern->jit->is_put_off)
		return;
	pattern->jit->is_put_off = false;
	pattern->jit->is_there = compile_jit(pattern->code);
}

bool pattern_is_jit(const struct pattern *pattern)
{
	pattern_prepare(pattern);
	return pattern->jit->is_there;
}

size_t pattern_groups(
    const struct pattern *pattern, const char *name, unsigned *groups, size_t max)
{
	PCRE2_SPTR first = NULL;
	PCRE2_SPTR last = NULL;
	size_t count = 0;
	int size =
	    pcre2_substring_nametable_scan(pattern->code, (PCRE2_SPTR)name, &first, &last);

	if (size <= 0)
		return 0;
	for (; first <= last && count < max; first += size)
		groups[count++] = (unsigned)(first[0] << 8 | first[1]);
	return count;
}
