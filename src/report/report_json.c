/*
 * Owns the JSON report, schema jgannotate.report/1: one row object per line,
 * numbers whatever the locale, valid UTF-8 whatever the log. Must not know
 * how the text report puts things.
 */
#include <inttypes.h>

#include "report/json.h"
#include "report/json_parts.h"
#include "report/report.h"

/* Begins a member of the report that stands on its own line. */
static void line(struct strbuf *out, const char *name)
{
	strbuf_add_format(out, ",\n  \"%s\": ", name);
}

static void entry_add(struct strbuf *out, const struct catalog_entry *entry)
{
	strbuf_add_format(out, "\"code\": %" PRIu32 ", ", entry->code);
	json_member_text(out, "description", entry->description);
	json_comma(out);
	json_member_text(out, "category", entry->category);
	json_comma(out);
	json_member_text(out, "outcome", outcome_info(entry->outcome)->name);
}

/* Each row writer appends the members of row `i` of the summary. */

static void outcome_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary *summary = rows;

	json_member_text(out, "outcome", outcome_info((enum outcome)i)->name);
	json_comma(out);
	json_member_count(out, "count", summary->outcomes[i]);
	json_comma(out);
	json_member_share(out, "share", summary->outcomes[i], summary->hits[HIT_RESPONSE]);
}

static void category_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary *summary = rows;
	const struct summary_category *row = &summary->categories[i];

	json_member_text(out, "category", row->name);
	json_comma(out);
	json_member_count(out, "count", row->count);
	json_comma(out);
	json_member_share(out, "share", row->count, summary->hits[HIT_RESPONSE]);
	json_comma(out);
	json_member_count(out, "success", row->success);
	json_comma(out);
	json_member_count(out, "negative", row->negative);
	json_comma(out);
	json_member_count(out, "errors", row->errors);
}

static void code_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary *summary = rows;
	const struct summary_code *row = &summary->codes[i];

	entry_add(out, row->entry);
	json_comma(out);
	json_member_text(out, "notes", row->entry->notes);
	json_comma(out);
	json_member_bool(out, "error", row->is_error);
	json_comma(out);
	json_member_count(out, "count", row->count);
	json_comma(out);
	json_member_share(out, "share", row->count, summary->hits[HIT_RESPONSE]);
	json_comma(out);
	json_member_time(out, "first", row->first);
	json_comma(out);
	json_member_time(out, "last", row->last);
	json_comma(out);
	json_member_place(out, "first_at", row->first_file, row->first_line);
}

static void inner_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary *summary = rows;
	const struct summary_inner *row = &summary->inner_codes[i];

	entry_add(out, row->entry);
	json_comma(out);
	json_member_bool(out, "error", row->is_error);
	json_comma(out);
	json_member_count(out, "count", row->count);
}

static void held_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary *summary = rows;
	const struct summary_held *row = &summary->held[i];

	strbuf_add_format(out, "\"code\": %" PRIu32 ", ", row->entry->code);
	json_member_text(out, "reason", row->reason);
	json_comma(out);
	json_member_count(out, "count", row->count);
	json_comma(out);
	json_member_bool(out, "in_doubt", row->in_doubt);
}

static void unlisted_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary *summary = rows;
	const struct summary_unlisted *row = &summary->unlisted_codes[i];

	strbuf_add_format(out, "\"code\": %" PRIu32 ", ", row->code);
	json_member_count(out, "count", row->count);
	json_comma(out);
	json_member_text(out, "text", row->text);
	json_comma(out);
	json_member_time(out, "first", row->first);
	json_comma(out);
	json_member_place(out, "first_at", row->first_file, row->first_line);
}

static void number_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary *summary = rows;

	strbuf_add_format(out, "\"code\": %" PRIu32 ", ", summary->numbers[i].code);
	json_member_count(out, "count", summary->numbers[i].count);
}

static void catalog_row(struct strbuf *out, const void *rows, size_t i)
{
	const struct summary *summary = rows;
	const struct summary_catalog *row = &summary->catalogs[i];

	json_member_text(out, "catalog", row->name);
	json_comma(out);
	json_member_count(out, "responses", row->responses);
	json_comma(out);
	json_member_count(out, "errors", row->errors);
	json_comma(out);
	json_member_share(out, "error_rate", row->errors, row->responses);
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
		json_member_count(out, rows[i].name, rows[i].count);
	}
	strbuf_add_text(out, "\n  }");
}

static void hits_add(struct strbuf *out, const struct summary *summary)
{
	const struct count_row rows[] = {
		{ "total", summary->hit_count },
		{ "responses", summary->hits[HIT_RESPONSE] },
		{ "inner", summary->hits[HIT_INNER] },
		{ "repeated", summary->hits[HIT_REPEATED] },
		{ "held_back", summary->hits[HIT_HELD_BACK] },
		{ "unlisted", summary->hits[HIT_UNLISTED] },
		{ "elsewhere", summary->hits[HIT_ELSEWHERE] },
		{ "other_numbers", summary->hits[HIT_OTHER] },
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

/* Of a window of a database lines are not known. */
static void lines_add(struct strbuf *out, const struct summary *summary)
{
	const struct {
		const char *name;
		uint64_t count;
	} rows[] = { { "lines", summary->lines }, { "bytes", summary->bytes },
		{ "lines_with_hits", summary->lines_with_hits } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		strbuf_add_text(out, ",\n  ");
		if (summary->lines_unknown)
			strbuf_add_format(out, "\"%s\": null", rows[i].name);
		else
			json_member_count(out, rows[i].name, rows[i].count);
	}
}

static void head_add(struct strbuf *out, const struct summary *summary)
{
	strbuf_add_text(out, "{\n  \"schema\": \"jgannotate.report/1\"");
	line(out, "version");
	json_text(out, summary->version);
	line(out, "rules");
	json_text(out, summary->rules);
	line(out, "catalog_date");
	json_text(out, catalog_date());
	line(out, "label");
	json_text(out, summary->label);
	line(out, "span");
	json_span(out, summary->first, summary->last);
	line(out, "offsets");
	json_offsets(out, &summary->zones);
	lines_add(out, summary);
	hits_add(out, summary);
	strbuf_add_text(out, ",\n  ");
	json_member_count(out, "errors", summary->errors);
	strbuf_add_text(out, ",\n  ");
	json_member_share(out, "error_rate", summary->errors, summary->hits[HIT_RESPONSE]);
	line(out, "rate_in_doubt");
	strbuf_add_format(out, "%" PRIu64, summary_doubt(summary));
	line(out, "errors_list");
	json_text(out, summary->errors_list);
}

void report_json(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	(void)style; /* JSON looks the same everywhere */
	head_add(out, summary);
	line(out, "outcomes");
	json_rows(out, summary, OUTCOME_COUNT, outcome_row, 2);
	line(out, "categories");
	json_rows(out, summary, summary->category_count, category_row, 2);
	line(out, "codes");
	json_rows(out, summary, summary->code_count, code_row, 2);
	line(out, "inner");
	json_rows(out, summary, summary->inner_count, inner_row, 2);
	line(out, "held_back");
	json_rows(out, summary, summary->held_count, held_row, 2);
	line(out, "unlisted");
	json_rows(out, summary, summary->unlisted_count, unlisted_row, 2);
	line(out, "other_numbers");
	strbuf_add_text(out, "{\n    ");
	json_member_count(out, "count", summary->hits[HIT_OTHER]);
	strbuf_add_text(out, ",\n    ");
	json_member_count(out, "distinct", summary->other_numbers_distinct);
	strbuf_add_text(out, ",\n    ");
	json_member_bool(out, "capped", summary->other_numbers_capped);
	strbuf_add_text(out, ",\n    \"top\": ");
	json_rows(out, summary, summary->number_count, number_row, 4);
	strbuf_add_text(out, "\n  }");
	line(out, "catalogs");
	json_rows(out, summary, summary->catalog_count, catalog_row, 2);
	line(out, "time");
	json_window(out, summary);
	line(out, "buckets");
	json_buckets(out, summary);
	line(out, "groups");
	json_groups(out, summary);
	line(out, "baseline");
	json_baseline(out, summary);
	line(out, "runs");
	json_runs(out, summary);
	line(out, "gaps");
	json_gaps(out, summary);
	line(out, "late");
	if (summary->history == NULL)
		strbuf_add_text(out, "null");
	else
		strbuf_add_format(out, "%" PRIu64, summary->history->late);
	line(out, "missed");
	json_missed(out, summary);
	strbuf_add_text(out, ",\n  ");
	json_member_time(out, "older_rules_until",
	    summary->history == NULL ? SUMMARY_NO_TIME : summary->history->older_until);
	trouble_add(out, summary);
	strbuf_add_text(out, "\n}\n");
}
