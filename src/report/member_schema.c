/*
 * Owns the JSON Schema of the JSON report: what it says of each kind of value, and of the whole. It
 * walks the same table that reports are written by, when the program is built, and is no part of
 * it.
 */
#include "report/member.h"

#define REF(name) "\"$ref\": \"#/$defs/" name "\""

/* What is said of a kind, and where its value may be null. */
static const struct {
	const char *plain, *or_null;
} kinds[MEMBER_KIND_COUNT] = {
	[MEMBER_TEXT] = { "\"type\": \"string\"", "\"type\": [\"string\", \"null\"]" },
	[MEMBER_WORD] = { "\"type\": \"string\"", NULL },
	[MEMBER_COUNT] = { REF("count"), REF("count_or_null") },
	[MEMBER_SMALL] = { REF("count"), REF("count_or_null") },
	[MEMBER_CODE] = { REF("code"), NULL },
	[MEMBER_TRUTH] = { "\"type\": \"boolean\"", NULL },
	[MEMBER_FRACTION] = { REF("share"), REF("share_or_null") },
	[MEMBER_OUTCOME] = { REF("outcome"), NULL },
	[MEMBER_TIME] = { REF("time_or_null"), NULL },
	[MEMBER_OFFSETS] = { "\"type\": [\"array\", \"null\"], \"items\": {\"type\": \"string\", "
	                     "\"pattern\": \"^[+-][0-9]{2}:[0-9]{2}$\"}, \"maxItems\": 1",
	    NULL },
	[MEMBER_PLACE] = { REF("place"), NULL },
	[MEMBER_LINES] = { REF("count_or_null"), NULL },
	[MEMBER_SHARE] = { REF("share_or_null"), NULL },
	[MEMBER_PORTION] = { REF("share_or_null"), NULL },
	[MEMBER_AGAIN] = { REF("count"), NULL },
	[MEMBER_ORDINAL] = { REF("outcome"), NULL },
	[MEMBER_SEAL] = { "\"type\": \"string\", \"pattern\": \"^[0-9a-f]{32}$\"", NULL },
	[MEMBER_SCHEMA] = { "\"const\": \"" REPORT_SCHEMA "\"", NULL },
	[MEMBER_CATALOG_DATE] = { "\"type\": \"string\", "
	                          "\"pattern\": \"^[0-9]{4}-[0-9]{2}-[0-9]{2}$\"",
	    NULL },
	[MEMBER_DOUBT] = { REF("count"), NULL },
	[MEMBER_IS_OTHER] = { "\"type\": \"boolean\"", NULL },
	[MEMBER_ENTRY] = { REF("code"), NULL },
	[MEMBER_ANY_ENTRY] = { REF("code"), NULL },
	[MEMBER_SPAN] = { REF("span"), NULL },
};

/* What others refer to, beside the outcomes and the span. */
static const char definitions[] =
    "\t\t\"count\": {\"type\": \"integer\", \"minimum\": 0},\n"
    "\t\t\"count_or_null\": {\"type\": [\"integer\", \"null\"], \"minimum\": 0},\n"
    "\t\t\"code\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 999999999},\n"
    "\t\t\"share\": {\"type\": \"number\", \"minimum\": 0, \"maximum\": 1},\n"
    "\t\t\"share_or_null\": {\"type\": [\"number\", \"null\"], \"minimum\": 0, \"maximum\": 1},\n"
    "\t\t\"time_or_null\": {\"description\": \"RFC 3339 with offset; null: not known.\", "
    "\"type\": [\"string\", \"null\"], "
    "\"pattern\": \"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{3})?"
    "[+-][0-9]{2}:[0-9]{2}$\"},\n"
    "\t\t\"place\": {\"description\": \"file:line, file is - for standard input; null where not "
    "known.\", \"type\": [\"string\", \"null\"], \"pattern\": \":[0-9]+$\"},\n";

static void break_line(struct strbuf *out, size_t depth)
{
	strbuf_add_char(out, '\n');
	strbuf_add_repeat(out, "\t", depth);
}

static void add_member(struct strbuf *out, const struct member *member, size_t depth);

/* The members of a shape, those among them included, each by its schema or by its name only. */
static void add_members(
    struct strbuf *out, const struct shape *shape, size_t depth, bool is_name_only, bool *is_first)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];

		if (member->name == NULL) {
			add_members(out, member->shape, depth, is_name_only, is_first);
			continue;
		}
		if (!*is_first)
			strbuf_add_char(out, ',');
		*is_first = false;
		break_line(out, depth);
		if (is_name_only)
			strbuf_add_format(out, "\"%s\"", member->name);
		else
			add_member(out, member, depth);
	}
}

/* What is said of an object, but for its braces; in lines of this depth. */
static void add_object(
    struct strbuf *out, const struct shape *shape, bool is_nullable, size_t depth)
{
	bool is_first = true;

	strbuf_add_format(
	    out, "\"type\": %s,", is_nullable ? "[\"object\", \"null\"]" : "\"object\"");
	break_line(out, depth);
	strbuf_add_text(out, "\"properties\": {");
	add_members(out, shape, depth + 1, false, &is_first);
	break_line(out, depth);
	strbuf_add_text(out, "},");
	break_line(out, depth);
	strbuf_add_text(out, "\"required\": [");
	is_first = true;
	add_members(out, shape, depth + 1, true, &is_first);
	break_line(out, depth);
	strbuf_add_text(out, "],");
	break_line(out, depth);
	strbuf_add_text(out, "\"additionalProperties\": false");
}

static void add_rows(
    struct strbuf *out, const struct member *member, bool is_nullable, size_t depth)
{
	strbuf_add_format(
	    out, "\"type\": %s,", is_nullable ? "[\"array\", \"null\"]" : "\"array\"");
	break_line(out, depth);
	if (member->kind == MEMBER_FIXED) {
		strbuf_add_format(
		    out, "\"minItems\": %zu, \"maxItems\": %zu,", member->of, member->of);
		break_line(out, depth);
	}
	strbuf_add_text(out, "\"items\": {");
	break_line(out, depth + 1);
	add_object(out, member->shape, false, depth + 1);
	break_line(out, depth);
	strbuf_add_char(out, '}');
}

static void add_member(struct strbuf *out, const struct member *member, size_t depth)
{
	bool is_nullable = (member->flags & MEMBER_NULLABLE) != 0;

	strbuf_add_format(out, "\"%s\": {", member->name);
	if (member->about != NULL) {
		break_line(out, depth + 1);
		strbuf_add_format(out, "\"description\": \"%s\",", member->about);
	}
	break_line(out, depth + 1);
	if (member->schema != NULL)
		strbuf_add_text(out, member->schema);
	else if (kinds[member->kind].plain != NULL)
		strbuf_add_text(
		    out, is_nullable ? kinds[member->kind].or_null : kinds[member->kind].plain);
	else if (member->kind == MEMBER_ROWS || member->kind == MEMBER_FIXED)
		add_rows(out, member, is_nullable, depth + 1);
	else
		add_object(out, member->shape, is_nullable, depth + 1);
	break_line(out, depth);
	strbuf_add_char(out, '}');
}

/* The shape of the spans, which are several. */
static const struct shape *find_span(void)
{
	const struct member *member = report_shape.members;

	while (member->kind != MEMBER_SPAN)
		member++;
	return member->shape;
}

static void add_definitions(struct strbuf *out)
{
	strbuf_add_text(out, "\t\"$defs\": {\n");
	strbuf_add_text(out, definitions);
	strbuf_add_text(out, "\t\t\"outcome\": {\"enum\": [");
	for (int i = 0; i < OUTCOME_COUNT; i++)
		strbuf_add_format(
		    out, "%s\"%s\"", i > 0 ? ", " : "", outcome_info((enum outcome)i)->name);
	strbuf_add_text(out, "]},\n\t\t\"span\": {\n\t\t\t");
	add_object(out, find_span(), true, 3);
	strbuf_add_text(out, "\n\t\t}\n\t}");
}

void member_schema(struct strbuf *out)
{
	strbuf_add_text(out,
	    "{\n\t\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
	    "\t\"$id\": \"urn:jgannotate:report:1\",\n\t\"title\": \"" REPORT_SCHEMA "\",\n"
	    "\t\"description\": \"The JSON report of jgannotate. Every hit counts as exactly one "
	    "of "
	    "response, inner, repeated, held back, unlisted, elsewhere or other number. Members "
	    "that "
	    "were not asked for are null.\",\n\t");
	add_object(out, &report_shape, false, 1);
	strbuf_add_text(out, ",\n");
	add_definitions(out);
	strbuf_add_text(out, "\n}\n");
}
