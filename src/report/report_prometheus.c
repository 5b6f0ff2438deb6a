/*
 * Owns the figures of one run, or a database's running totals, in Prometheus' text format, for a
 * textfile collector. HELP and TYPE are the same whatever was found, and so are the series of the
 * catalog, so that nothing disappears between two nights. Must not know who scrapes them.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "report/report.h"

struct exposition {
	struct strbuf *out;
	const struct summary *summary;
	const struct report_style *style;
	/* A database's, which are told as counters; NULL: the run's figures are, as gauges. */
	const struct summary_totals *totals;
};

/* ---- the format ---- */

static void name_add(const struct exposition *exposition, const char *name, bool is_gauge)
{
	strbuf_add_format(exposition->out, "jgannotate_%s%s%s",
	    exposition->totals != NULL ? "" : "run_", name,
	    exposition->totals != NULL && !is_gauge ? "_total" : "");
}

static void family_begin(
    const struct exposition *exposition, const char *name, const char *help, bool is_gauge)
{
	strbuf_add_text(exposition->out, "# HELP ");
	name_add(exposition, name, is_gauge);
	strbuf_add_format(exposition->out, " %s\n# TYPE ", help);
	name_add(exposition, name, is_gauge);
	strbuf_add_text(
	    exposition->out, exposition->totals != NULL && !is_gauge ? " counter\n" : " gauge\n");
}

/* A label behind the first one, `log`. */
static void label_add(struct strbuf *out, const char *name, const char *value)
{
	strbuf_add_format(out, ",%s=\"", name);
	escape_prometheus(out, value, strlen(value));
	strbuf_add_char(out, '"');
}

/* A series' name and its first label; what follows ends it with series_end. */
static void series_begin(const struct exposition *exposition, const char *name, bool is_gauge)
{
	const char *owner = summary_owner(exposition->summary);
	const char *log = owner != NULL ? owner : "";

	name_add(exposition, name, is_gauge);
	strbuf_add_text(exposition->out, "{log=\"");
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
	family_begin(exposition, name, help, false);
	series_begin(exposition, name, false);
	series_end(exposition, value);
}

/* A time as seconds; the family stands there without a sample where it is not known. */
static void time_add(
    const struct exposition *exposition, const char *name, const char *help, int64_t time)
{
	family_begin(exposition, name, help, true);
	if (time == SUMMARY_NO_TIME)
		return;
	series_begin(exposition, name, true);
	strbuf_add_format(exposition->out, "} %" PRId64 ".%03d\n", time / 1000, (int)(time % 1000));
}

/* ---- codes ---- */

static bool is_error(const struct exposition *exposition, const struct catalog_entry *entry)
{
	const struct selection *errors = exposition->style->errors;

	return errors != NULL ? selection_has(errors, entry)
	                      : outcome_info(entry->outcome)->is_error;
}

static void code_add(const struct exposition *exposition, const struct catalog_entry *entry,
    bool is_error, uint64_t count)
{
	series_begin(exposition, "hits", false);
	strbuf_add_format(exposition->out, ",code=\"%" PRIu32 "\"", entry->code);
	label_add(exposition->out, "category", entry->category);
	label_add(exposition->out, "outcome", outcome_info(entry->outcome)->name);
	label_add(exposition->out, "error", is_error ? "true" : "false");
	series_end(exposition, count);
}

/* The codes of the catalog that are not marked in `seen`, by entry id. */
static void absent_add(const struct exposition *exposition, const bool *seen)
{
	const struct catalog *catalog = exposition->style->catalog;

	for (size_t i = 0; i < catalog_size(catalog); i++) {
		const struct catalog_entry *entry = catalog_at(catalog, i);

		if (!seen[i])
			code_add(exposition, entry, is_error(exposition, entry), 0);
	}
}

/* Every code that occurred, then every other one of the catalog at 0. */
static void codes_add(const struct exposition *exposition)
{
	const struct summary *summary = exposition->summary;
	const struct summary_totals *totals = exposition->totals;
	const struct catalog *catalog = exposition->style->catalog;
	bool *seen = calloc(catalog != NULL ? catalog_size(catalog) + 1 : 1, sizeof(*seen));
	size_t count = totals != NULL ? totals->code_count : summary->code_count;

	if (seen == NULL) {
		exposition->out->failed = true;
		return;
	}
	family_begin(exposition, "hits",
	    totals != NULL ? "Responses by code." : "Responses of the run by code.", false);
	for (size_t i = 0; i < count; i++) {
		const struct catalog_entry *entry =
		    totals != NULL ? totals->codes[i].entry : summary->codes[i].entry;
		const struct catalog_entry *known =
		    catalog != NULL ? catalog_find(catalog, entry->code) : NULL;

		if (totals != NULL)
			code_add(
			    exposition, entry, is_error(exposition, entry), totals->codes[i].count);
		else
			code_add(
			    exposition, entry, summary->codes[i].is_error, summary->codes[i].count);
		if (known != NULL)
			seen[known->id] = true;
	}
	if (catalog != NULL)
		absent_add(exposition, seen);
	free(seen);
}

/* How many hits count as what. */
static void classes_add(const struct exposition *exposition)
{
	const struct summary_totals *totals = exposition->totals;
	const uint64_t *counts = totals != NULL ? totals->classes : exposition->summary->hits;

	family_begin(exposition, "codes",
	    totals != NULL ? "Codes found, by what they count as."
	                   : "Codes found by the run, by what they count as.",
	    false);
	for (unsigned i = 0; i < HIT_CLASS_COUNT; i++) {
		series_begin(exposition, "codes", false);
		label_add(exposition->out, "counts_as", hit_class_name((enum hit_class)i));
		series_end(exposition, counts[i]);
	}
}

/* ---- a run ---- */

/* The family stands there without a sample where lines are not known. */
static void known_add(
    const struct exposition *exposition, const char *name, const char *help, uint64_t value)
{
	if (exposition->summary->lines_unknown)
		family_begin(exposition, name, help, false);
	else
		count_add(exposition, name, help, value);
}

static void trouble_add(const struct exposition *exposition)
{
	const struct summary *summary = exposition->summary;
	const struct {
		const char *kind;
		uint64_t count;
	} rows[] = {
		{ "missing_slices", summary->missing_count },
		{ "long_lines", summary->trouble.long_lines },
		{ "regex_limits", summary->trouble.regex_limits },
		{ "not_a_code", summary->trouble.not_a_code },
		{ "unreadable_files", summary->trouble.unreadable_files },
		{ "damaged_files", summary->trouble.damaged_files },
	};

	family_begin(
	    exposition, "trouble", "What the run could not read or search in full.", false);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		series_begin(exposition, "trouble", false);
		label_add(exposition->out, "kind", rows[i].kind);
		series_end(exposition, rows[i].count);
	}
}

static void run_add(const struct exposition *exposition)
{
	const struct summary *summary = exposition->summary;

	count_add(exposition, "responses", "Responses of the run: all that the error rate is of.",
	    summary->hits[HIT_RESPONSE]);
	count_add(exposition, "errors", "Responses of the run that are errors.", summary->errors);
	codes_add(exposition);
	classes_add(exposition);
	known_add(exposition, "lines", "Lines that the run read.", summary->lines);
	known_add(exposition, "bytes", "Bytes that the run read, unpacked.", summary->bytes);
	trouble_add(exposition);
	time_add(exposition, "first_timestamp_seconds", "Time of the first line that has one.",
	    summary->first);
	time_add(exposition, "last_timestamp_seconds", "Time of the last line that has one.",
	    summary->last);
}

/* ---- totals ---- */

static void totals_add(const struct exposition *exposition)
{
	const struct summary_totals *totals = exposition->totals;

	codes_add(exposition);
	classes_add(exposition);
	count_add(exposition, "lines", "Lines read.", totals->lines);
	count_add(exposition, "bytes", "Bytes read, unpacked.", totals->bytes);
	count_add(exposition, "runs", "Runs that took lines into the database.", totals->runs);
	count_add(
	    exposition, "gaps", "Stretches of logs lost before they were read.", totals->gaps);
	time_add(exposition, "last_run_timestamp_seconds",
	    "When the last run took lines into the database.", totals->last_run);
}

void report_prometheus(
    struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	struct exposition exposition = { .out = out, .summary = summary, .style = style };

	if (summary->history != NULL && !summary->history->is_merged) {
		exposition.totals = &summary->history->totals;
		totals_add(&exposition);
	} else {
		run_add(&exposition);
	}
}
