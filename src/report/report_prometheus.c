/*
 * Owns the figures of one run in Prometheus' text format, for a textfile
 * collector. HELP and TYPE are the same whatever was found, and so are the
 * series of the catalog, so that nothing disappears between two nights. Must not
 * know who scrapes them.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "report/report.h"
#include "report/rows.h"

struct exposition {
	struct strbuf *out;
	const struct summary *summary;
	const struct report_style *style;
};

static void family_begin(struct strbuf *out, const char *name, const char *help)
{
	strbuf_add_format(
	    out, "# HELP jgannotate_run_%s %s\n# TYPE jgannotate_run_%s gauge\n", name, help, name);
}

/* A label behind the first one, `log`. */
static void label_add(struct strbuf *out, const char *name, const char *value)
{
	strbuf_add_format(out, ",%s=\"", name);
	escape_prometheus(out, value, strlen(value));
	strbuf_add_char(out, '"');
}

/* A series' name and its first label; what follows ends it with series_end. */
static void series_begin(const struct exposition *exposition, const char *name)
{
	const char *log = exposition->summary->label != NULL ? exposition->summary->label : "";

	strbuf_add_format(exposition->out, "jgannotate_run_%s{log=\"", name);
	escape_prometheus(exposition->out, log, strlen(log));
	strbuf_add_char(exposition->out, '"');
}

static void series_end(const struct exposition *exposition, uint64_t value)
{
	strbuf_add_format(exposition->out, "} %" PRIu64 "\n", value);
}

static void count_add(
    const struct exposition *exposition, const char *name, const char *help, uint64_t value)
{
	family_begin(exposition->out, name, help);
	series_begin(exposition, name);
	series_end(exposition, value);
}

static void code_add(const struct exposition *exposition, const struct catalog_entry *entry,
    bool is_error, uint64_t count)
{
	series_begin(exposition, "hits");
	strbuf_add_format(exposition->out, ",code=\"%" PRIu32 "\"", entry->code);
	label_add(exposition->out, "category", entry->category);
	label_add(exposition->out, "outcome", outcome_info(entry->outcome)->name);
	label_add(exposition->out, "error", is_error ? "true" : "false");
	series_end(exposition, count);
}

/* The codes of the catalog that are not marked in `seen`, by entry id. */
static void absent_add(const struct exposition *exposition, const bool *seen)
{
	const struct report_style *style = exposition->style;

	for (size_t i = 0; i < catalog_size(style->catalog); i++) {
		const struct catalog_entry *entry = catalog_at(style->catalog, i);

		if (!seen[i])
			code_add(exposition, entry,
			    style->errors != NULL ? selection_has(style->errors, entry)
			                          : outcome_info(entry->outcome)->is_error,
			    0);
	}
}

/* Every code that occurred, then every other one of the catalog at 0. */
static void codes_add(const struct exposition *exposition)
{
	const struct summary *summary = exposition->summary;
	const struct catalog *catalog = exposition->style->catalog;
	bool *seen = calloc(catalog != NULL ? catalog_size(catalog) + 1 : 1, sizeof(*seen));

	if (seen == NULL) {
		exposition->out->failed = true;
		return;
	}
	family_begin(exposition->out, "hits", "Responses of the run by code.");
	for (size_t i = 0; i < summary->code_count; i++) {
		const struct summary_code *row = &summary->codes[i];
		const struct catalog_entry *entry =
		    catalog != NULL ? catalog_find(catalog, row->entry->code) : NULL;

		code_add(exposition, row->entry, row->is_error, row->count);
		if (entry != NULL)
			seen[entry->id] = true;
	}
	if (catalog != NULL)
		absent_add(exposition, seen);
	free(seen);
}

/* How many hits count as what. */
static void classes_add(const struct exposition *exposition)
{
	const struct summary *summary = exposition->summary;
	const uint64_t counts[HIT_CLASS_COUNT] = {
		[HIT_RESPONSE] = summary->responses,
		[HIT_INNER] = summary->inner,
		[HIT_REPEATED] = summary->repeated,
		[HIT_HELD_BACK] = summary->held_back,
		[HIT_UNLISTED] = summary->unlisted,
		[HIT_ELSEWHERE] = summary->elsewhere,
		[HIT_OTHER] = summary->other_numbers,
	};

	family_begin(exposition->out, "codes", "Codes found by the run, by what they count as.");
	for (unsigned i = 0; i < HIT_CLASS_COUNT; i++) {
		series_begin(exposition, "codes");
		label_add(exposition->out, "counts_as", rows_class_name((enum hit_class)i));
		series_end(exposition, counts[i]);
	}
}

static void trouble_add(const struct exposition *exposition)
{
	const struct summary *summary = exposition->summary;
	const struct {
		const char *kind;
		uint64_t count;
	} rows[] = {
		{ "long_lines", summary->trouble.long_lines },
		{ "regex_limits", summary->trouble.regex_limits },
		{ "not_a_code", summary->trouble.not_a_code },
		{ "unreadable_files", summary->trouble.unreadable_files },
		{ "damaged_files", summary->trouble.damaged_files },
	};

	family_begin(exposition->out, "trouble", "What the run could not read or search in full.");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		series_begin(exposition, "trouble");
		label_add(exposition->out, "kind", rows[i].kind);
		series_end(exposition, rows[i].count);
	}
}

/* A time as seconds; the family stands there without a sample where it is not known. */
static void time_add(
    const struct exposition *exposition, const char *name, const char *help, int64_t time)
{
	family_begin(exposition->out, name, help);
	if (time == SUMMARY_NO_TIME)
		return;
	series_begin(exposition, name);
	strbuf_add_format(exposition->out, "} %" PRId64 ".%03d\n", time / 1000, (int)(time % 1000));
}

void report_prometheus(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	const struct exposition exposition = { out, summary, style };

	count_add(&exposition, "responses", "Responses of the run: all that the error rate is of.",
	    summary->responses);
	count_add(&exposition, "errors", "Responses of the run that are errors.", summary->errors);
	codes_add(&exposition);
	classes_add(&exposition);
	count_add(&exposition, "lines", "Lines that the run read.", summary->lines);
	count_add(&exposition, "bytes", "Bytes that the run read, unpacked.", summary->bytes);
	trouble_add(&exposition);
	time_add(&exposition, "first_timestamp_seconds", "Time of the first line that has one.",
	    summary->first);
	time_add(&exposition, "last_timestamp_seconds", "Time of the last line that has one.",
	    summary->last);
}
