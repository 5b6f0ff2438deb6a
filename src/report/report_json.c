/*
 * Owns the JSON report: how its members, those of the table in members.c, stand in the text, and
 * how each kind of value is written. Members of the whole and of objects in it have a line each,
 * and so have rows; what is in a row stands in its line; or all of it stands in one. Numbers are
 * written whatever the locale, and valid UTF-8 whatever the log.
 */
#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "base/zone.h"
#include "report/member.h"
#include "report/report.h"
#include "report/seal.h"

/* A value, and where it is written. */
struct writing {
	struct strbuf *out;
	const struct summary *summary;
	size_t start;  /* of the report, in `out` */
	size_t indent; /* of its member's line; 0: it is within a line */
	size_t row;    /* in which it is */
	const struct member *member;
	const void *at, *of; /* of the member, in its struct */
};

/* Appends the value, which is there. */
typedef void write_fn(const struct writing *writing);

/* ---- values that stand in the summary ---- */

static void add_time(struct strbuf *out, int64_t time)
{
	struct zone zone = { 0 };
	char text[ZONE_TEXT_MAX];

	if (time == SUMMARY_NO_TIME) {
		strbuf_add_text(out, "null");
		return;
	}
	(void)zone_format(&zone, time, time % 1000 != 0, text);
	escape_json_string(out, text);
}

static void add_count(struct strbuf *out, uint64_t count)
{
	strbuf_add_format(out, "%" PRIu64, count);
}

/* `part` of `whole` with six decimals. */
static void add_share(struct strbuf *out, uint64_t part, uint64_t whole)
{
	unsigned millionths;

	if (whole == 0) {
		strbuf_add_text(out, "null");
		return;
	}
	millionths = (unsigned)((long double)part / (long double)whole * 1000000 + 0.5L);
	strbuf_add_format(out, "%u.%06u", millionths / 1000000, millionths % 1000000);
}

/* With six decimals and its sign. */
static void add_fraction(struct strbuf *out, double fraction)
{
	bool negative = fraction < 0;
	unsigned millionths = (unsigned)((negative ? -fraction : fraction) * 1000000 + 0.5);

	strbuf_add_format(out, "%s%u.%06u", negative && millionths > 0 ? "-" : "",
	    millionths / 1000000, millionths % 1000000);
}

static void write_text(const struct writing *writing)
{
	escape_json_string(writing->out, *(const char **)writing->at);
}

static void write_count(const struct writing *writing)
{
	add_count(writing->out, *(const uint64_t *)writing->at);
}

static void write_small(const struct writing *writing)
{
	add_count(writing->out, *(const uint32_t *)writing->at);
}

static void write_number(const struct writing *writing)
{
	strbuf_add_format(writing->out, "%" PRId64, *(const int64_t *)writing->at);
}

static void write_truth(const struct writing *writing)
{
	strbuf_add_text(writing->out, *(const bool *)writing->at ? "true" : "false");
}

static void write_fraction(const struct writing *writing)
{
	add_fraction(writing->out, *(const double *)writing->at);
}

static void write_outcome(const struct writing *writing)
{
	const enum outcome *outcome = writing->at;

	escape_json_string(writing->out, outcome_info(*outcome)->name);
}

static void write_time(const struct writing *writing)
{
	add_time(writing->out, *(const int64_t *)writing->at);
}

static void write_offsets(const struct writing *writing)
{
	const struct stamp_zones *zones = writing->at;
	char text[ZONE_TEXT_MAX];

	if (zones->state == STAMP_ZONES_UNLIKE) {
		strbuf_add_text(writing->out, "null");
		return;
	}
	strbuf_add_char(writing->out, '[');
	if (zones->state == STAMP_ZONES_ONE) {
		(void)zone_format_offset(zones->offset, text);
		escape_json_string(writing->out, text);
	}
	strbuf_add_char(writing->out, ']');
}

/* ---- values made of several ---- */

/* "file:line"; "-:line" where it was standard input. */
static void write_place(const struct writing *writing)
{
	const char *file = *(const char **)writing->at;
	uint64_t line = *(const uint64_t *)writing->of;

	if (line == 0) {
		strbuf_add_text(writing->out, "null");
		return;
	}
	if (file == NULL)
		file = "-";
	strbuf_add_char(writing->out, '"');
	escape_json(writing->out, file, strlen(file));
	strbuf_add_format(writing->out, ":%" PRIu64 "\"", line);
}

static void write_lines(const struct writing *writing)
{
	if (*(const bool *)writing->of)
		strbuf_add_text(writing->out, "null");
	else
		write_count(writing);
}

static void write_difference(const struct writing *writing)
{
	add_fraction(writing->out, *(const double *)writing->at - *(const double *)writing->of);
}

static void write_share(const struct writing *writing)
{
	add_share(writing->out, *(const uint64_t *)writing->at, *(const uint64_t *)writing->of);
}

static void write_portion(const struct writing *writing)
{
	add_share(
	    writing->out, *(const uint64_t *)writing->at, writing->summary->hits[HIT_RESPONSE]);
}

static void write_ordinal(const struct writing *writing)
{
	escape_json_string(writing->out, outcome_info((enum outcome)writing->row)->name);
}

/* Of all before it: before the comma that stands in front of its name. */
static void write_seal(const struct writing *writing)
{
	struct strbuf *out = writing->out;
	const char *report = out->data + writing->start;
	const char *comma = out->failed ? NULL : memrchr(report, ',', out->len - writing->start);
	char seal[DIGEST_TEXT];

	if (comma == NULL || !seal_make(report, (size_t)(comma - report), seal))
		out->failed = true;
	else
		escape_json_string(out, seal);
}

static void write_schema(const struct writing *writing)
{
	escape_json_string(writing->out, REPORT_SCHEMA);
}

static void write_catalog_date(const struct writing *writing)
{
	escape_json_string(writing->out, catalog_date());
}

static void write_doubt(const struct writing *writing)
{
	add_count(writing->out, summary_doubt(writing->summary));
}

static void write_rate_change(const struct writing *writing)
{
	if (writing->summary->hits[HIT_RESPONSE] == 0)
		strbuf_add_text(writing->out, "null");
	else
		add_fraction(writing->out,
		    summary_error_rate(writing->summary) - *(const double *)writing->at);
}

static void write_is_other(const struct writing *writing)
{
	const enum summary_group_kind *kind = writing->at;

	strbuf_add_text(writing->out, *kind == GROUP_OTHER ? "true" : "false");
}

static void write_entry(const struct writing *writing)
{
	add_count(writing->out, (*(const struct catalog_entry **)writing->at)->code);
}

/* ---- objects and arrays ---- */

static void break_line(const struct writing *writing, size_t indent)
{
	strbuf_add_char(writing->out, '\n');
	strbuf_add_repeat(writing->out, " ", indent);
}

static void add_members(
    const struct writing *writing, const struct shape *shape, const void *object, bool *is_first);

/* An object whose members have lines of this indent; 0: it is within a line. */
static void add_object(
    const struct writing *writing, const struct shape *shape, const void *object, size_t indent)
{
	struct writing inside = *writing;
	bool is_first = true;

	strbuf_add_char(writing->out, '{');
	inside.indent = indent;
	add_members(&inside, shape, object, &is_first);
	if (indent > 0)
		break_line(writing, indent - 2);
	strbuf_add_char(writing->out, '}');
}

/* Of the members of what is in a value. */
static size_t indent_inside(const struct writing *writing)
{
	return writing->indent == 0 ? 0 : writing->indent + 2;
}

static void write_object(const struct writing *writing)
{
	if (writing->member->of != 0 && !*(const bool *)writing->of)
		strbuf_add_text(writing->out, "null");
	else
		add_object(writing, writing->member->shape, writing->at, indent_inside(writing));
}

static void write_pointer(const struct writing *writing)
{
	const void *inside = *(void **)writing->at;

	if (inside == NULL)
		strbuf_add_text(writing->out, "null");
	else
		add_object(writing, writing->member->shape, inside, indent_inside(writing));
}

static void write_span(const struct writing *writing)
{
	const int64_t *times = writing->at;

	if (times[0] == SUMMARY_NO_TIME && times[1] == SUMMARY_NO_TIME)
		strbuf_add_text(writing->out, "null");
	else
		add_object(writing, writing->member->shape, times, 0);
}

static void add_rows(
    const struct writing *writing, const struct shape *shape, const char *rows, size_t count)
{
	struct writing row = *writing;

	strbuf_add_char(writing->out, '[');
	for (row.row = 0; row.row < count; row.row++) {
		if (row.row > 0)
			strbuf_add_text(writing->out, writing->indent > 0 ? "," : ", ");
		if (writing->indent > 0)
			break_line(writing, writing->indent + 2);
		add_object(&row, shape, rows + row.row * shape->size, 0);
	}
	if (count > 0 && writing->indent > 0)
		break_line(writing, writing->indent);
	strbuf_add_char(writing->out, ']');
}

static void write_rows(const struct writing *writing)
{
	add_rows(
	    writing, writing->member->shape, *(char **)writing->at, *(const size_t *)writing->of);
}

static void write_fixed(const struct writing *writing)
{
	add_rows(writing, writing->member->shape, writing->at, writing->member->of);
}

static write_fn *const writers[MEMBER_KIND_COUNT] = {
	[MEMBER_TEXT] = write_text,
	[MEMBER_WORD] = write_text,
	[MEMBER_COUNT] = write_count,
	[MEMBER_SMALL] = write_small,
	[MEMBER_CODE] = write_small,
	[MEMBER_NUMBER] = write_number,
	[MEMBER_TRUTH] = write_truth,
	[MEMBER_FRACTION] = write_fraction,
	[MEMBER_OUTCOME] = write_outcome,
	[MEMBER_TIME] = write_time,
	[MEMBER_OFFSETS] = write_offsets,
	[MEMBER_PLACE] = write_place,
	[MEMBER_LINES] = write_lines,
	[MEMBER_DIFFERENCE] = write_difference,
	[MEMBER_SHARE] = write_share,
	[MEMBER_PORTION] = write_portion,
	[MEMBER_AGAIN] = write_count,
	[MEMBER_ORDINAL] = write_ordinal,
	[MEMBER_SEAL] = write_seal,
	[MEMBER_SCHEMA] = write_schema,
	[MEMBER_CATALOG_DATE] = write_catalog_date,
	[MEMBER_DOUBT] = write_doubt,
	[MEMBER_RATE_CHANGE] = write_rate_change,
	[MEMBER_IS_OTHER] = write_is_other,
	[MEMBER_ENTRY] = write_entry,
	[MEMBER_ANY_ENTRY] = write_entry,
	[MEMBER_OBJECT] = write_object,
	[MEMBER_POINTER] = write_pointer,
	[MEMBER_SPAN] = write_span,
	[MEMBER_ROWS] = write_rows,
	[MEMBER_FIXED] = write_fixed,
};

/* `object` NULL: all are null. */
static void add_members(
    const struct writing *writing, const struct shape *shape, const void *object, bool *is_first)
{
	struct writing value = *writing;

	for (size_t i = 0; i < shape->count; i++) {
		const struct member *member = &shape->members[i];

		if (member->name == NULL) {
			add_members(
			    writing, member->shape, member_inside(member, object), is_first);
			continue;
		}
		if (!*is_first)
			strbuf_add_text(writing->out, writing->indent > 0 ? "," : ", ");
		if (writing->indent > 0)
			break_line(writing, writing->indent);
		*is_first = false;
		strbuf_add_char(writing->out, '"');
		strbuf_add_text(writing->out, member->name);
		strbuf_add_text(writing->out, "\": ");
		if (object == NULL || (member->is_there != NULL && !member->is_there(object))) {
			strbuf_add_text(writing->out, "null");
			continue;
		}
		value.member = member;
		value.at = member_at(member, object);
		value.of = member_of(member, object);
		writers[member->kind](&value);
	}
}

static void add_report(struct strbuf *out, const struct summary *summary, size_t indent)
{
	struct writing writing = { .out = out, .summary = summary, .start = out->len };

	add_object(&writing, &report_shape, summary, indent);
	strbuf_add_char(out, '\n');
}

void report_json(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	(void)style; /* JSON looks the same everywhere */
	add_report(out, summary, 2);
}

void report_jsonl(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	(void)style;
	add_report(out, summary, 0);
}
