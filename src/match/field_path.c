/*
 * Owns the URL path of a line: requests, fields that hold URLs, URLs. Must not know
 * any other field.
 */
#include <string.h>
#include <strings.h>

#include "match/field_parts.h"
#include "match/reader.h"
#include "match/spelling.h"

/* What a path is known by, the surest first. */
enum rank { RANK_REQUEST, RANK_FIELD, RANK_URL, RANK_NONE };

#define WORD(text) \
	{ \
		text, sizeof(text) - 1 \
	}

struct word {
	const char *text;
	uint32_t length;
};

static const struct word methods[] = { WORD("GET"), WORD("POST"), WORD("PUT"), WORD("DELETE"),
	WORD("HEAD"), WORD("PATCH"), WORD("OPTIONS"), WORD("CONNECT"), WORD("TRACE") };
static const struct word names[] = { WORD("path"), WORD("uri"), WORD("url"), WORD("request_uri"),
	WORD("requestURI"), WORD("request_url"), WORD("requestURL"), WORD("request_path"),
	WORD("requestPath"), WORD("urlPath"), WORD("url_path"), WORD("endpoint") };

struct path_search {
	const char *data;
	uint32_t floor, end; /* nothing outside is read */
	bool takes_last;     /* of equals */
	enum rank rank;
	uint32_t path_start, path_end;
};

/* unlike strchr alone: a NUL of the log is in no set */
static bool is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Whether the word that ends at `at` is an HTTP method. */
static bool is_method(const struct path_search *search, uint32_t at)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		uint32_t length = methods[i].length;

		if (at - search->floor >= length &&
		    memcmp(search->data + at - length, methods[i].text, length) == 0)
			return at - search->floor == length ||
			       !spelling_is_name(search->data[at - length - 1]);
	}
	return false;
}

/* Whether nothing of a name stands before `at`; the 2 of \x22 is a quote. */
static bool begins_name(const struct path_search *search, uint32_t at)
{
	char c;

	if (at == search->floor)
		return true;
	c = search->data[at - 1];
	return (!spelling_is_name(c) && c != '-') ||
	       (at - search->floor >= 4 && (memcmp(search->data + at - 4, "\\x22", 4) == 0 ||
	                                       memcmp(search->data + at - 4, "0022", 4) == 0));
}

/* Whether the word that ends at `at` is a field's name for a URL. */
static bool is_url_name(const struct path_search *search, uint32_t at)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint32_t length = names[i].length;

		if (at - search->floor >= length &&
		    strncasecmp(search->data + at - length, names[i].text, length) == 0 &&
		    begins_name(search, at - length))
			return true;
	}
	return false;
}

/* What stands before the path or URL that begins at `at`. */
static enum rank rank_before(const struct path_search *search, uint32_t at)
{
	const char *data = search->data;
	uint32_t floor = search->floor;
	uint32_t quote = spelling_quote_before(data, floor, at);
	uint32_t blank = quote;

	while (blank > floor && spelling_is_blank(data[blank - 1]))
		blank--;
	if (blank == floor)
		return RANK_NONE;
	if (blank < at && is_method(search, blank))
		return RANK_REQUEST;
	at = blank;
	if (data[at - 1] == '>' && at - floor >= 2 && data[at - 2] == '=')
		at -= 2;
	else if (data[at - 1] == '=' || data[at - 1] == ':')
		at--;
	else
		return RANK_NONE;
	while (at > floor && (spelling_is_blank(data[at - 1]) || is_in(data[at - 1], "]>")))
		at--;
	at = spelling_quote_before(data, floor, at);
	return is_url_name(search, at) ? RANK_FIELD : RANK_NONE;
}

static bool is_path_end(const char *data, uint32_t at, uint32_t end)
{
	unsigned char c = (unsigned char)data[at];

	if (c == '\\') /* PHP writes \/ */
		return at + 1 == end || data[at + 1] != '/';
	return c <= ' ' || c == 0x7f || is_in((char)c, "?#\"',;)}]|<>&");
}

static uint32_t path_end(const char *data, uint32_t at, uint32_t end)
{
	uint32_t start = at;

	while (at < end && !is_path_end(data, at, end))
		at++;
	/* the text's punctuation: "POST /v1/login: code=9011" */
	while (at - start > 1 && is_in(data[at - 1], ":.") && data[at - 2] != '/')
		at--;
	return at;
}

/* Behind the `/` or `\/` at `at`; `at` when there is none. */
static uint32_t skip_slash(const char *data, uint32_t at, uint32_t end)
{
	uint32_t next = at;

	if (next < end && data[next] == '\\')
		next++;
	return next < end && data[next] == '/' ? next + 1 : at;
}

/* Looks at the `/` that begins at `at` (at its backslash, if it has one). Returns where to go on.
 */
static uint32_t look_at(struct path_search *search, uint32_t at, uint32_t slash)
{
	const char *data = search->data;
	enum rank rank = RANK_NONE;
	uint32_t start = at;
	uint32_t behind = skip_slash(data, slash + 1, search->end);

	if (at > search->floor && data[at - 1] == ':' && behind > slash + 1) {
		uint32_t scheme = at - 1;

		while (scheme > search->floor && spelling_is_name(data[scheme - 1]))
			scheme--;
		start = behind;
		while (start < search->end && !is_path_end(data, start, search->end) &&
		       skip_slash(data, start, search->end) == start)
			start++;
		if (start == search->end || skip_slash(data, start, search->end) == start)
			return start; /* a host alone */
		rank = rank_before(search, scheme);
		if (rank == RANK_NONE)
			rank = RANK_URL;
	} else {
		rank = rank_before(search, at);
	}
	if (rank == RANK_NONE)
		return slash + 1;
	behind = path_end(data, start, search->end);
	if (rank < search->rank || (rank == search->rank && search->takes_last)) {
		search->rank = rank;
		search->path_start = start;
		search->path_end = behind;
	}
	return behind;
}

static void look_through(struct path_search *search, uint32_t at, uint32_t to)
{
	while (at < to) {
		const char *found = memchr(search->data + at, '/', to - at);
		uint32_t slash;

		if (found == NULL)
			return;
		slash = (uint32_t)(found - search->data);
		at = slash > search->floor && found[-1] == '\\' ? slash - 1 : slash;
		at = look_at(search, at, slash);
	}
}

bool field_path(const char *data, const struct hit *hit, uint32_t *start, uint32_t *end)
{
	struct path_search left = { data, hit->line.start, hit->line.end, true, RANK_NONE, 0, 0 };
	struct path_search right = left;
	struct path_search head = left;
	const struct path_search *best = &left;
	uint32_t floor = reader_floor(hit);

	look_through(&left, floor, hit->key.start);
	right.takes_last = false;
	if (left.rank != RANK_REQUEST) {
		look_through(&right, hit->annotation_end, reader_ceiling(hit));
		if (right.rank < best->rank)
			best = &right;
	}
	if (best->rank != RANK_REQUEST && floor > hit->line.start) {
		uint32_t head_end = hit->line.start + READER_REACH;

		look_through(&head, hit->line.start, head_end < floor ? head_end : floor);
		if (head.rank < best->rank)
			best = &head;
	}
	*start = best->path_start;
	*end = best->path_end;
	field_cut(data, *start, end);
	return best->rank != RANK_NONE;
}
