/*
 * Owns the commonest replies, seen through without reading their objects. Must not find
 * anything that evidence.c and object.c would not.
 */
#include "match/glance.h"

#include <string.h>

static inline bool follows(
    const char *data, uint32_t *at, uint32_t end, const char *text, size_t length)
{
	if (end - *at < length || (length > 0 && data[*at] != text[0]) ||
	    (length > 1 && memcmp(data + *at, text, length) != 0))
		return false;
	*at += (uint32_t)length;
	return true;
}

static inline bool follows_description(
    const char *data, uint32_t *at, uint32_t end, const struct hit *hit)
{
	return follows(
	    data, at, end, hit->entry->description, hit->entry->description_length);
}

/* The message fields that stand behind a code most often. */
static inline bool follows_field(
    const char *data, uint32_t *at, uint32_t end, const struct hit *hit)
{
	return follows(data, at, end, "content", 7) ||
	    (hit->entry->collides != COLLIDES_ALWAYS &&
		(follows(data, at, end, "message", 7) || follows(data, at, end, "msg", 3)));
}

/* The commonest reply of all, seen through without reading its object: the next
 * member is `content`, and is the code's own text. */
static uint32_t confirms_at_once(const char *data, const struct hit *hit)
{
	const char *quote = data + hit->quote_start;
	size_t quote_length = hit->quote_end - hit->quote_start;
	uint32_t end = hit->line_end;
	uint32_t at = hit->annotation_end;

	if (!hit->is_member || hit->open_start != hit->number_start ||
	    !follows(data, &at, end, ",", 1))
		return 0;
	(void)follows(data, &at, end, " ", 1);
	if (!follows(data, &at, end, quote, quote_length) ||
	    !follows(data, &at, end, "content", 7) ||
	    !follows(data, &at, end, quote, quote_length) || !follows(data, &at, end, ":", 1))
		return 0;
	(void)follows(data, &at, end, " ", 1);
	return follows(data, &at, end, quote, quote_length) &&
		follows_description(data, &at, end, hit) &&
		follows(data, &at, end, quote, quote_length)
	    ? at
	    : 0;
}

/* The same of bare keys: `code=9000, content=verify consistent)`. */
static uint32_t confirms_in_text(const char *data, const struct hit *hit)
{
	uint32_t end = hit->line_end;
	uint32_t at = hit->annotation_end;

	if (hit->quote_start != hit->quote_end || hit->open_start != hit->number_start)
		return 0;
	(void)follows(data, &at, end, ",", 1);
	if (!follows(data, &at, end, " ", 1))
		return 0;
	if (!follows_field(data, &at, end, hit) ||
	    (!follows(data, &at, end, "=", 1) && !follows(data, &at, end, ": ", 2)))
		return 0;
	return follows_description(data, &at, end, hit) &&
		(at == end || data[at] == ',' || data[at] == ')' || data[at] == '}')
	    ? at + 1
	    : 0;
}

/* Whether `text` ends at `*end`; moves it in front. */
static bool precedes(const char *data, uint32_t floor, uint32_t *end, const char *text, size_t length)
{
	if (*end - floor < length || memcmp(data + *end - length, text, length) != 0)
		return false;
	*end -= (uint32_t)length;
	return true;
}

/* The commonest inner code: `"riskCheck":{"code":0`. */
bool glance_is_inner(const char *data, const struct hit *hit)
{
	const char *quote = data + hit->quote_start;
	size_t quote_length = hit->quote_end - hit->quote_start;
	uint32_t floor = hit->line_start;
	uint32_t at = hit->key_start;

	return hit->is_member && precedes(data, floor, &at, quote, quote_length) &&
	    precedes(data, floor, &at, "{", 1) && precedes(data, floor, &at, ":", 1) &&
	    precedes(data, floor, &at, quote, quote_length) &&
	    precedes(data, floor, &at, "riskCheck", 9) &&
	    precedes(data, floor, &at, quote, quote_length);
}

uint32_t glance_confirms(const char *data, const struct hit *hit)
{
	uint32_t end = confirms_at_once(data, hit);

	return end != 0 ? end : confirms_in_text(data, hit);
}
