/*
 * Owns the search for a --by field: what a hit is grouped by.
 *
 * A named field is searched in the boxes that the reader makes of the line: in the hit's own, then
 * outwards, in each of them first to the left of the hit and then to the right, then in the groups
 * beside it. A path is searched in the bytes themselves, at each `/`: what stands in front of it
 * says whether it is a request's, a field's or any URL's, and the surest one counts.
 */
#include "match/field.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "match/spelling.h"

/* So many members are asked on each side: a line may be full of them. */
#define MEMBERS_EACH 256

static const struct {
	const char *name;
	enum field_kind kind;
} reserved[] = {
	{ "file", FIELD_FILE },
	{ "label", FIELD_LABEL },
	{ "path", FIELD_PATH },
};

bool field_rule_init(
    struct field_rule *rule, const char *argument, bool is_group, struct error *error)
{
	size_t length = strlen(argument);

	memset(rule, 0, sizeof(*rule));
	if (length == 0)
		return error_set(error, ERROR_USAGE, "--by: empty field name");
	if (length > FIELD_NAME_MAX)
		return error_set(error, ERROR_USAGE, "--by: name '%s' is longer than %u bytes",
		    argument, FIELD_NAME_MAX);
	for (size_t i = 0; i < length; i++)
		if (iscntrl((unsigned char)argument[i]) || strchr("\"'\\", argument[i]) != NULL)
			return error_set(error, ERROR_USAGE,
			    "--by: quote or control character in '%s': give the name alone",
			    argument);
	rule->kind = is_group ? FIELD_GROUP : FIELD_NAME;
	for (size_t i = 0; !is_group && i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strcmp(argument, reserved[i].name) == 0)
			rule->kind = reserved[i].kind;
	memcpy(rule->name, argument, length + 1);
	rule->length = (uint32_t)length;
	return true;
}

/* unlike strchr alone: a NUL of the log is in no set */
static bool is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Cuts [start, *end) to FIELD_VALUE_MAX bytes, not within a UTF-8 character. */
static void cut(const char *data, uint32_t start, uint32_t *end)
{
	uint32_t at;

	if (*end - start <= FIELD_VALUE_MAX)
		return;
	*end = start + FIELD_VALUE_MAX;
	/* back to the beginning of the character that does not fit whole */
	for (at = *end; at > *end - 4; at--)
		if (((unsigned char)data[at] & 0xc0) != 0x80) {
			*end = at;
			return;
		}
}

/* ---- a named field ---- */

struct search {
	const struct field_rule *rule;
	struct reader *reader;
	const char *data;
	const struct hit *hit;
	uint32_t start, end; /* of what was found */
};

/* The sign before the blanks before `at`; NUL when there is none. */
static char sign_before(const char *data, uint32_t floor, uint32_t at)
{
	while (at > floor && spelling_is_blank(data[at - 1]))
		at--;
	return at > floor ? data[at - 1] : '\0';
}

/* A bare value in a text ends at a blank, unless the text is a list that goes on as it began. */
static uint32_t bare_end(const struct search *search, const struct member *member)
{
	const char *data = search->data;
	const uint32_t line_end = search->hit->line.end;
	const uint32_t start = member->value_start;
	const char *blank = memchr(data + start, ' ', member->value_end - start);
	uint32_t behind = member->value_end;

	if (blank == NULL)
		blank = memchr(data + start, '\t', member->value_end - start);
	if (blank == NULL || reader_box(search->reader, member->box)->kind == BOX_BRACKETS)
		return member->value_end;
	while (behind < line_end && spelling_is_blank(data[behind]))
		behind++;
	if (sign_before(data, search->hit->line.start, member->outer_start) == ',' &&
	    behind < line_end && is_in(data[behind], ",;)}]"))
		return member->value_end;
	return (uint32_t)(blank - data);
}

/* Takes the member's value, if it has one that is no object. */
static bool take(struct search *search, const struct member *member)
{
	const char *data = search->data;
	uint32_t start = member->value_start;
	uint32_t end = member->value_end;
	const bool is_quoted = member->is_quoted;

	if (member->child != READER_NONE) {
		const struct box *child = reader_box(search->reader, member->child);

		if (child->kind == BOX_BRACKETS)
			return false;
		/* one that is cut off could be any */
		if (child->kind == BOX_STRING && !child->is_closed &&
		    end - start <= FIELD_VALUE_MAX)
			return false;
	}
	if (!is_quoted) {
		end = bare_end(search, member);
		if (end - start == 4 && memcmp(data + start, "null", 4) == 0)
			return false;
	}
	while (start < end && spelling_is_blank(data[start]))
		start++;
	cut(data, start, &end);
	while (start < end && spelling_is_blank(data[end - 1]))
		end--;
	search->start = start;
	search->end = end;
	return start < end;
}

static bool is_wanted(const struct search *search, const struct member *member)
{
	const struct field_rule *rule = search->rule;

	return member->name_end - member->name_start == rule->length &&
	       memcmp(search->data + member->name_start, rule->name, rule->length) == 0;
}

/* Walks a box's members from `index` on, to one side. */
static bool walk(struct search *search, uint32_t index, bool is_forward)
{
	for (int i = 0; i < MEMBERS_EACH && index != READER_NONE; i++) {
		const struct member *member = reader_member(search->reader, index);

		if (is_wanted(search, member) && take(search, member))
			return true;
		index = is_forward ? member->next : member->previous;
	}
	return false;
}

/* Searches a box: `before` is its last member in front of the hit. */
static bool search_box(struct search *search, uint32_t box, uint32_t before)
{
	const uint32_t behind = before == READER_NONE ? reader_box(search->reader, box)->first
	                                              : reader_member(search->reader, before)->next;

	return walk(search, before, false) || walk(search, behind, true);
}

/* The box's last member that begins before the hit. */
static uint32_t last_before(const struct search *search, uint32_t box)
{
	uint32_t index = reader_box(search->reader, box)->last;

	for (int i = 0; i < MEMBERS_EACH && index != READER_NONE; i++) {
		const struct member *member = reader_member(search->reader, index);

		if (member->name_start < search->hit->key.start)
			return index;
		index = member->previous;
	}
	return index;
}

/* Searches the boxes around the hit, inner ones first. */
static bool search_outwards(struct search *search, struct hit_place place)
{
	uint32_t box = place.box;
	uint32_t before = place.before;

	while (box != READER_NONE) {
		const struct box *here = reader_box(search->reader, box);

		if (search_box(search, box, before))
			return true;
		if (here->before != READER_NONE) {
			box = here->before;
			before = reader_box(search->reader, box)->last;
		} else {
			before = here->owner != READER_NONE
			             ? reader_member(search->reader, here->owner)->previous
			             : READER_NONE;
			box = here->parent;
			if (box != READER_NONE && here->owner == READER_NONE)
				before = last_before(search, box);
		}
	}
	return false;
}

/* Whether a group of the line's top level carries no code of its own. */
static bool is_group(const struct search *search, uint32_t index)
{
	const struct box *box = reader_box(search->reader, index);

	if (box->kind != BOX_BRACKETS || box->parent == READER_NONE ||
	    reader_box(search->reader, box->parent)->kind != BOX_TEXT)
		return false;
	return memmem(search->data + box->start, box->end - box->start, "ode", 3) == NULL;
}

/* Searches the groups beside the hit, the nearest to the left first. */
static bool search_groups(struct search *search)
{
	const uint32_t count = reader_member_count(search->reader);
	uint32_t left = 0;

	while (left < count &&
	       reader_member(search->reader, left)->name_start < search->hit->key.start)
		left++;
	for (uint32_t i = left; i-- > 0 && left - i < MEMBERS_EACH;) {
		const struct member *member = reader_member(search->reader, i);

		if (is_wanted(search, member) && is_group(search, member->box) &&
		    take(search, member))
			return true;
	}
	for (uint32_t i = left; i < count && i - left < MEMBERS_EACH; i++) {
		const struct member *member = reader_member(search->reader, i);

		if (is_wanted(search, member) && is_group(search, member->box) &&
		    take(search, member))
			return true;
	}
	return false;
}

static bool find_named(struct search *search, size_t index)
{
	const struct hit_place place = reader_place(search->reader, index);
	bool found = search_outwards(search, place);

	if (!found && reader_box(search->reader, 0)->start > search->hit->line.start) {
		reader_begin(search->reader);
		found = walk(search, reader_box(search->reader, 0)->first, true);
		if (!found)
			(void)reader_place(search->reader, index);
	}
	return found || search_groups(search);
}

/* ---- a path ---- */

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
static const struct word url_names[] = { WORD("path"), WORD("uri"), WORD("url"),
	WORD("request_uri"), WORD("requestURI"), WORD("request_url"), WORD("requestURL"),
	WORD("request_path"), WORD("requestPath"), WORD("urlPath"), WORD("url_path"),
	WORD("endpoint") };

struct path_search {
	const char *data;
	uint32_t floor, end; /* nothing outside is read */
	bool takes_last;     /* of equals */
	enum rank rank;
	uint32_t path_start, path_end;
};

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
	for (size_t i = 0; i < sizeof(url_names) / sizeof(url_names[0]); i++) {
		uint32_t length = url_names[i].length;

		if (at - search->floor >= length &&
		    strncasecmp(search->data + at - length, url_names[i].text, length) == 0 &&
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

/* Takes the path that the `/` at `slash` begins or stands in, where it goes before what was found;
 * `at` is its backslash, if it has one. Returns where to go on. */
static uint32_t take_slash(struct path_search *search, uint32_t at, uint32_t slash)
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

static void search_stretch(struct path_search *search, uint32_t at, uint32_t to)
{
	while (at < to) {
		const char *found = memchr(search->data + at, '/', to - at);
		uint32_t slash;

		if (found == NULL)
			return;
		slash = (uint32_t)(found - search->data);
		at = slash > search->floor && found[-1] == '\\' ? slash - 1 : slash;
		at = take_slash(search, at, slash);
	}
}

static bool find_path(const char *data, const struct hit *hit, uint32_t *start, uint32_t *end)
{
	struct path_search left = { data, hit->line.start, hit->line.end, true, RANK_NONE, 0, 0 };
	struct path_search right = left;
	struct path_search head = left;
	const struct path_search *best = &left;
	uint32_t floor = reader_floor(hit);

	search_stretch(&left, floor, hit->key.start);
	right.takes_last = false;
	if (left.rank != RANK_REQUEST) {
		search_stretch(&right, hit->annotation_end, reader_ceiling(hit));
		if (right.rank < best->rank)
			best = &right;
	}
	if (best->rank != RANK_REQUEST && floor > hit->line.start) {
		uint32_t head_end = hit->line.start + READER_REACH;

		search_stretch(&head, hit->line.start, head_end < floor ? head_end : floor);
		if (head.rank < best->rank)
			best = &head;
	}
	*start = best->path_start;
	*end = best->path_end;
	cut(data, *start, end);
	return best->rank != RANK_NONE;
}

/* ---- any ---- */

bool field_find(const struct field_rule *rule, struct reader *reader, const char *data,
    const struct hit *hits, size_t index, uint32_t *start, uint32_t *end)
{
	const struct hit *hit = &hits[index];
	struct search search = { rule, reader, data, hit, 0, 0 };

	switch (rule->kind) {
	case FIELD_PATH:
		return find_path(data, hit, start, end);
	case FIELD_NAME:
		if (!find_named(&search, index))
			return false;
		*start = search.start;
		*end = search.end;
		return true;
	case FIELD_GROUP:
		*start = hit->group.start;
		*end = hit->group.end;
		cut(data, *start, end);
		return *start < *end;
	case FIELD_FILE:
	case FIELD_LABEL:
		break;
	}
	return false;
}
