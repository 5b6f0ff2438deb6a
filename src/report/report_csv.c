/*
 * Owns the CSV report: the full table (rows.c), one row a line, nothing else. Must not know how
 * rows were counted.
 */
#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "base/zone.h"
#include "report/report.h"
#include "report/rows.h"

static void field_add(struct strbuf *out, const char *text)
{
	escape_csv(out, text, strlen(text));
	strbuf_add_char(out, ',');
}

/* The start of its bucket; empty where there are none or the time is not known. */
static void bucket_add(struct strbuf *out, const struct summary *summary, size_t bucket)
{
	struct zone zone = { 0 };
	char text[ZONE_TEXT_MAX] = "";

	if (bucket != SIZE_MAX && summary->buckets[bucket].start != SUMMARY_NO_TIME)
		(void)zone_format(&zone, summary->buckets[bucket].start, false, text);
	field_add(out, text);
}

/* Its group; empty where there are none or the line has none. */
static void group_add(struct strbuf *out, const struct summary *summary, size_t group)
{
	if (group == SIZE_MAX)
		field_add(out, "");
	else if (summary->groups[group].kind == GROUP_OTHER)
		field_add(out, "(other)");
	else
		field_add(out, summary->groups[group].name);
}

static void row_add(
    struct strbuf *out, const struct summary *summary, const struct summary_row *row)
{
	const struct catalog_entry *entry = row->entry;

	bucket_add(out, summary, row->bucket);
	group_add(out, summary, row->group);
	field_add(out, hit_class_name(row->counts_as));
	if (entry != NULL || row->code != 0)
		strbuf_add_format(out, "%" PRIu32, row->code);
	strbuf_add_char(out, ',');
	field_add(out, entry != NULL ? entry->description : "");
	field_add(out, entry != NULL ? entry->category : "");
	field_add(out, entry != NULL ? outcome_info(entry->outcome)->name : "");
	strbuf_add_format(out, "%" PRIu64 "\n", row->count);
}

/* What the counts are not of: a row that counts nothing. */
static void missing_add(struct strbuf *out, const char *name)
{
	strbuf_add_text(out, ",,missing,,");
	escape_csv(out, name, strlen(name));
	strbuf_add_text(out, ",,,0\n");
}

void report_csv(struct strbuf *out, const struct summary *summary, const struct report_style *style)
{
	struct rows rows;

	(void)style; /* CSV looks the same everywhere */
	strbuf_add_text(out, "bucket,group,counts_as,code,description,category,outcome,count\n");
	if (!rows_init(&rows, summary))
		out->failed = true;
	else
		for (size_t i = 0; i < rows.count; i++)
			row_add(out, summary, &rows.items[i]);
	rows_release(&rows);
	for (size_t i = 0; i < summary->missing_count; i++)
		missing_add(out, summary->missing[i].name);
}
