/*
 * Owns the JSON report, schema jgannotate.report/1: one row object per line,
 * numbers whatever the locale, valid UTF-8 whatever the log. Must not know
 * how the text report puts things.
 */
#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "report/report.h"

/* `part` of `whole` with six decimals, or null where there is no whole. */
static void share_add(struct strbuf *out, uint64_t part, uint64_t whole)
{
	unsigned millionths;

	if (whole == 0) {
		strbuf_add_text(out, "null");
		return;
	}
	millionths = (unsigned)((long double)part / (long double)whole * 1000000 + 0.5L);
	strbuf_add_format(out, "%u.%06u", millionths / 1000000, millionths % 1000000);
}

/* A string, or null. */
static void text_add(struct strbuf *out, const char *text)
{
	if (text == NULL) {
		strbuf_add_text(out, "null");
		return;
	}
	strbuf_add_char(out, '"');
	escape_json(out, text, strlen(text));
	strbuf_add_char(out, '"');
}

static void member_text(struct strbuf *out, const char *name, const char *text)
{
	strbuf_add_format(out, "\"%s\": ", name);
	text_add(out, text);
}

static void member_count(struct strbuf *out, const char *name, uint64_t count)
{
	strbuf_add_format(out, "\"%s\": %" PRIu64, name, count);
}

static void member_share(struct strbuf *out, const char *name, uint64_t part, uint64_t whole)
{
	strbuf_add_format(out, "\"%s\": ", name);
	share_add(out, part, whole);
}

static void member_bool(struct strbuf *out, const char *name, bool value)
{
	strbuf_add_format(out, "\"%s\": %s", name, value ? "true" : "false");
}

/* "file:line"; "-:line" where it was standard input. */
static void member_place(struct strbuf *out, const char *name, const char *file, uint64_t line)
{
	const char *place = file == NULL ? "-" : file;

	strbuf_add_format(out, "\"%s\": \"", name);
	escape_json(out, place, strlen(place));
	strbuf_add_format(out, ":%" PRIu64 "\"", line);
}

static void comma(struct strbuf *out)
{
	strbuf_add_text(out, ", ");
}

/* Begins a member of the report that stands on its own line. */
static void line(struct strbuf *out, const char *name)
{
	strbuf_add_format(out, ",\n  \"%s\": ", name);
}

static void entry_add(struct strbuf *out, const struct catalog_entry *entry)
{
	strbuf_add_format(out, "\"code\": %" PRIu32 ", ", entry->code);
	member_text(out, "description", entry->description);
	comma(out);
	member_text(out, "category", entry->category);
	comma(out);
	member_text(out, "outcome", outcome_info(entry->outcome)->name);
}

/* Each row writer appends the members of row `i`. */

static void outcome_row(struct strbuf *out, const struct summary *summary, size_t i)
{
	member_text(out, "outcome", outcome_info((enum outcome)i)->name);
	comma(out);
	member_count(out, "count", summary->outcomes[i]);
	comma(out);
	member_share(out, "share", summary->outcomes[i], summary->responses);
}

static void category_row(struct strbuf *out, const struct summary *summary, size_t i)
{
	const struct summary_category *row = &summary->categories[i];

	member_text(out, "category", row->name);
	comma(out);
	member_count(out, "count", row->count);
	comma(out);
	member_share(out, "share", row->count, summary->responses);
	comma(out);
	member_count(out, "success", row->success);
	comma(out);
	member_count(out, "negative", row->negative);
	comma(out);
	member_count(out, "errors", row->errors);
}

static void code_row(struct strbuf *out, const struct summary *summary, size_t i)
{
	const struct summary_code *row = &summary->codes[i];

	entry_add(out, row->entry);
	comma(out);
	member_text(out, "notes", row->entry->notes);
	comma(out);
	member_bool(out, "error", row->is_error);
	comma(out);
	member_count(out, "count", row->count);
	comma(out);
	member_share(out, "share", row->count, summary->responses);
	strbuf_add_text(out, ", \"first\": null, \"last\": null, ");
	member_place(out, "first_at", row->first_file, row->first_line);
}

static void inner_row(struct strbuf *out, const struct summary *summary, size_t i)
{
	const struct summary_inner *row = &summary->inner_codes[i];

	entry_add(out, row->entry);
	comma(out);
	member_bool(out, "error", row->is_error);
	comma(out);
	member_count(out, "count", row->count);
}

static void held_row(struct strbuf *out, const struct summary *summary, size_t i)
{
	const struct summary_held *row = &summary->held[i];

	strbuf_add_format(out, "\"code\": %" PRIu32 ", ", row->entry->code);
	member_text(out, "reason", row->reason);
	comma(out);
	member_count(out, "count", row->count);
}

static void unlisted_row(struct strbuf *out, const struct summary *summary, size_t i)
{
	const struct summary_unlisted *row = &summary->unlisted_codes[i];

	strbuf_add_format(out, "\"code\": %" PRIu32 ", ", row->code);
	member_count(out, "count", row->count);
	comma(out);
	member_text(out, "text", row->text);
	strbuf_add_text(out, ", \"first\": null, ");
	member_place(out, "first_at", row->first_file, row->first_line);
}

static void number_row(struct strbuf *out, const struct summary *summary, size_t i)
{
	strbuf_add_format(out, "\"code\": %" PRIu32 ", ", summary->numbers[i].code);
	member_count(out, "count", summary->numbers[i].count);
}

static void catalog_row(struct strbuf *out, const struct summary *summary, size_t i)
{
	const struct summary_catalog *row = &summary->catalogs[i];

	member_text(out, "catalog", row->name);
	comma(out);
	member_count(out, "responses", row->responses);
	comma(out);
	member_count(out, "errors", row->errors);
	comma(out);
	member_share(out, "error_rate", row->errors, row->responses);
}

typedef void row_fn(struct strbuf *out, const struct summary *summary, size_t i);

/* An array of row objects, one a line, `indent` blanks in. */
static void rows_add(
    struct strbuf *out, const struct summary *summary, size_t count, row_fn *row, size_t indent)
{
	strbuf_add_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		strbuf_add_text(out, i > 0 ? ",\n" : "\n");
		strbuf_add_repeat(out, " ", indent + 2);
		strbuf_add_char(out, '{');
		row(out, summary, i);
		strbuf_add_char(out, '}');
	}
	if (count > 0) {
		strbuf_add_char(out, '\n');
		strbuf_add_repeat(out, " ", indent);
	}
	strbuf_add_char(out, ']');
}

struct count_row {
	const char *name;
	uint64_t count;
};

/* An object of counts, one a line. */
static void counts_add(struct strbuf *out, const struct count_row *rows, size_t count)
{
	strbuf_add_char(out, '{');
	for (size_t i = 0; i < count; i++) {
		strbuf_add_text(out, i > 0 ? ",\n    " : "\n    ");
		member_count(out, rows[i].name, rows[i].count);
	}
	strbuf_add_text(out, "\n  }");
}

static void hits_add(struct strbuf *out, const struct summary *summary)
{
	const struct count_row rows[] = {
		{ "total", summary->hits },
		{ "responses", summary->responses },
		{ "inner", summary->inner },
		{ "repeated", summary->repeated },
		{ "held_back", summary->held_back },
		{ "unlisted", summary->unlisted },
		{ "elsewhere", summary->elsewhere },
		{ "other_numbers", summary->other_numbers },
	};

	line(out, "hits");
	counts_add(out, rows, sizeof(rows) / sizeof(rows[0]));
}

static void trouble_add(struct strbuf *out, const struct summary *summary)
{
	const struct count_row rows[] = {
		{ "long_lines", summary->trouble.long_lines },
		{ "regex_limits", summary->trouble.regex_limits },
		{ "not_a_code", summary->trouble.not_a_code },
		{ "unreadable_files", summary->trouble.unreadable_files },
		{ "damaged_files", summary->trouble.damaged_files },
	};

	line(out, "trouble");
	counts_add(out, rows, sizeof(rows) / sizeof(rows[0]));
}

static void head_add(struct strbuf *out, const struct summary *summary)
{
	strbuf_add_text(out, "{\n  \"schema\": \"jgannotate.report/1\"");
	line(out, "version");
	text_add(out, summary->version);
	line(out, "catalog_date");
	text_add(out, catalog_date());
	strbuf_add_text(out, ",\n  \"label\": null,\n  \"span\": null,\n  ");
	member_count(out, "lines", summary->lines);
	strbuf_add_text(out, ",\n  ");
	member_count(out, "bytes", summary->bytes);
	strbuf_add_text(out, ",\n  ");
	member_count(out, "lines_with_hits", summary->lines_with_hits);
	hits_add(out, summary);
	strbuf_add_text(out, ",\n  ");
	member_count(out, "errors", summary->errors);
	strbuf_add_text(out, ",\n  ");
	member_share(out, "error_rate", summary->errors, summary->responses);
	line(out, "errors_list");
	text_add(out, summary->errors_list);
}

void report_json(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	static const char *const later[] = { "time", "buckets", "groups", "baseline", "runs",
		"gaps" };

	(void)style; /* JSON looks the same everywhere */
	head_add(out, summary);
	line(out, "outcomes");
	rows_add(out, summary, OUTCOME_COUNT, outcome_row, 2);
	line(out, "categories");
	rows_add(out, summary, summary->category_count, category_row, 2);
	line(out, "codes");
	rows_add(out, summary, summary->code_count, code_row, 2);
	line(out, "inner");
	rows_add(out, summary, summary->inner_count, inner_row, 2);
	line(out, "held_back");
	rows_add(out, summary, summary->held_count, held_row, 2);
	line(out, "unlisted");
	rows_add(out, summary, summary->unlisted_count, unlisted_row, 2);
	line(out, "other_numbers");
	strbuf_add_text(out, "{\n    ");
	member_count(out, "count", summary->other_numbers);
	strbuf_add_text(out, ",\n    ");
	member_count(out, "distinct", summary->other_numbers_distinct);
	strbuf_add_text(out, ",\n    ");
	member_bool(out, "capped", summary->other_numbers_capped);
	strbuf_add_text(out, ",\n    \"top\": ");
	rows_add(out, summary, summary->number_count, number_row, 4);
	strbuf_add_text(out, "\n  }");
	line(out, "catalogs");
	rows_add(out, summary, summary->catalog_count, catalog_row, 2);
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
		line(out, later[i]);
		strbuf_add_text(out, "null");
	}
	trouble_add(out, summary);
	strbuf_add_text(out, "\n}\n");
}
