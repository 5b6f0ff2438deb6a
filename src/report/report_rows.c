/*
 * Owns the way from a report's lists to the rows of a summary. Must not know JSON.
 */
#include <string.h>

#include "report/report_parts.h"

static bool make_outcomes(struct converter *converter)
{
	const struct report_document *document = converter->document;
	const struct report_outcome_row *rows = document->outcomes.rows;
	uint64_t left = document->hits.responses;

	if (document->outcomes.count != OUTCOME_COUNT)
		return report_fault(converter, "outcomes", SIZE_MAX, "does not hold every outcome");
	for (size_t i = 0; i < OUTCOME_COUNT; i++) {
		if (rows[i].outcome != (enum outcome)i)
			return report_fault(converter, "outcomes", i, "is not in its place");
		if (!report_take(&left, rows[i].count))
			return report_fault(converter, "outcomes", i, REPORT_MORE_THAN_TOTAL);
		if (!report_rate_holds(rows[i].share, rows[i].count, document->hits.responses))
			return report_fault(converter, "outcomes", i, REPORT_WRONG_RATE);
		converter->summary->outcomes[i] = rows[i].count;
	}
	return true;
}

/* A report does not say to which catalog a category belongs. That matters only where
 * there are several: what is not in the first is in the last. */
static unsigned category_source(const struct converter *converter, const char *category)
{
	const struct catalog *catalog = converter->lookup->catalog;
	const struct json_list *catalogs = &converter->document->catalogs;
	const struct report_catalog_row *rows = catalogs->rows;

	if (catalogs->count < 2)
		return 0;
	for (size_t i = 0; catalog != NULL && i < catalog_size(catalog); i++) {
		const struct catalog_entry *entry = catalog_at(catalog, i);

		if (strcmp(entry->category, category) != 0)
			continue;
		for (size_t j = 0; j < catalogs->count; j++)
			if (strcmp(rows[j].catalog, catalog_source_name(catalog, entry->source)) ==
			    0)
				return (unsigned)j;
	}
	return (unsigned)(catalogs->count - 1);
}

static bool make_categories(struct converter *converter)
{
	const struct json_list *list = &converter->document->categories;
	const struct report_category_row *rows = list->rows;
	struct summary *summary = converter->summary;
	uint64_t left = summary->hits[HIT_RESPONSE];

	summary->categories = report_allocate(converter, list->count, sizeof(*summary->categories));
	if (summary->categories == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!report_take(&left, rows[i].count) || rows[i].success > rows[i].count ||
		    rows[i].negative > rows[i].count || rows[i].errors > rows[i].count)
			return report_fault(converter, "categories", i, REPORT_MORE_THAN_TOTAL);
		if (!report_rate_holds(rows[i].share, rows[i].count, summary->hits[HIT_RESPONSE]))
			return report_fault(converter, "categories", i, REPORT_WRONG_RATE);
		summary->categories[i] = (struct summary_category){ rows[i].category,
			category_source(converter, rows[i].category), rows[i].count,
			rows[i].success, rows[i].negative, rows[i].errors };
	}
	summary->category_count = list->count;
	return true;
}

static bool make_codes(struct converter *converter)
{
	const struct json_list *list = &converter->document->codes;
	const struct report_code_row *rows = list->rows;
	struct summary *summary = converter->summary;
	uint64_t left = summary->hits[HIT_RESPONSE];

	summary->codes = report_allocate(converter, list->count, sizeof(*summary->codes));
	if (summary->codes == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!report_take(&left, rows[i].count))
			return report_fault(converter, "codes", i, REPORT_MORE_THAN_TOTAL);
		if (!report_rate_holds(rows[i].share, rows[i].count, summary->hits[HIT_RESPONSE]))
			return report_fault(converter, "codes", i, REPORT_WRONG_RATE);
		summary->codes[i] = (struct summary_code){ report_entry(converter, rows[i].code),
			rows[i].count, rows[i].is_error, rows[i].first_at.file,
			rows[i].first_at.line, rows[i].first, rows[i].last };
	}
	summary->code_count = list->count;
	return true;
}

static bool make_inner(struct converter *converter)
{
	const struct json_list *list = &converter->document->inner;
	const struct report_code_row *rows = list->rows;
	struct summary *summary = converter->summary;
	uint64_t left = summary->hits[HIT_INNER];

	summary->inner_codes =
	    report_allocate(converter, list->count, sizeof(*summary->inner_codes));
	if (summary->inner_codes == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!report_take(&left, rows[i].count))
			return report_fault(converter, "inner", i, REPORT_MORE_THAN_TOTAL);
		summary->inner_codes[i] =
		    (struct summary_inner){ report_entry(converter, rows[i].code), rows[i].count,
			    rows[i].is_error };
	}
	summary->inner_count = list->count;
	return true;
}

/* A code held back is in the report by its number only. */
static const struct catalog_entry *held_entry(struct converter *converter, uint32_t code)
{
	const struct catalog_entry *entry = report_entry(converter, code);
	struct catalog_entry *made;

	if (entry == NULL && converter->lookup->catalog != NULL)
		entry = catalog_find(converter->lookup->catalog, code);
	made = entry == NULL ? report_allocate(converter, 1, sizeof(*made)) : NULL;
	if (made == NULL)
		return entry;
	*made = (struct catalog_entry){ .code = code,
		.outcome = OUTCOME_FAILED,
		.description = "not described in this report",
		.category = "unknown",
		.notes = "",
		.notes_zh = "" };
	return made;
}

static bool make_held(struct converter *converter)
{
	const struct json_list *list = &converter->document->held_back;
	const struct report_held_row *rows = list->rows;
	struct summary *summary = converter->summary;
	uint64_t left = summary->hits[HIT_HELD_BACK];

	summary->held = report_allocate(converter, list->count, sizeof(*summary->held));
	if (summary->held == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct catalog_entry *entry = held_entry(converter, rows[i].code);
		const char *chinese = NULL;

		if (entry == NULL)
			return false;
		if (!report_take(&left, rows[i].count))
			return report_fault(converter, "held_back", i, REPORT_MORE_THAN_TOTAL);
		if (converter->lookup->reason_zh != NULL)
			chinese = converter->lookup->reason_zh(rows[i].reason);
		summary->held[i] = (struct summary_held){ entry, rows[i].reason,
			chinese != NULL ? chinese : rows[i].reason, rows[i].count,
			rows[i].in_doubt };
	}
	summary->held_count = list->count;
	return true;
}

static bool make_unlisted(struct converter *converter)
{
	const struct json_list *list = &converter->document->unlisted;
	const struct report_unlisted_row *rows = list->rows;
	struct summary *summary = converter->summary;
	uint64_t left = summary->hits[HIT_UNLISTED];

	summary->unlisted_codes =
	    report_allocate(converter, list->count, sizeof(*summary->unlisted_codes));
	if (summary->unlisted_codes == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!report_take(&left, rows[i].count))
			return report_fault(converter, "unlisted", i, REPORT_MORE_THAN_TOTAL);
		summary->unlisted_codes[i] = (struct summary_unlisted){ .code = rows[i].code,
			.count = rows[i].count,
			.text = rows[i].text != NULL ? rows[i].text : "",
			.first_file = rows[i].first_at.file,
			.first_line = rows[i].first_at.line,
			.first = rows[i].first };
	}
	summary->unlisted_count = list->count;
	return true;
}

static bool make_numbers(struct converter *converter)
{
	const struct json_list *list = &converter->document->numbers.top;
	const struct report_number_row *rows = list->rows;
	struct summary *summary = converter->summary;
	uint64_t left = summary->hits[HIT_OTHER];

	summary->numbers = report_allocate(converter, list->count, sizeof(*summary->numbers));
	if (summary->numbers == NULL)
		return false;
	if (converter->document->numbers.count != summary->hits[HIT_OTHER] ||
	    converter->document->numbers.distinct > summary->hits[HIT_OTHER])
		return report_fault(converter, "other_numbers", SIZE_MAX, "the sums do not hold");
	for (size_t i = 0; i < list->count; i++) {
		if (!report_take(&left, rows[i].count))
			return report_fault(
			    converter, "other_numbers.top", i, REPORT_MORE_THAN_TOTAL);
		summary->numbers[i] = (struct summary_number){ rows[i].code, rows[i].count };
	}
	summary->number_count = list->count;
	return true;
}

static bool make_catalogs(struct converter *converter)
{
	const struct json_list *list = &converter->document->catalogs;
	const struct report_catalog_row *rows = list->rows;
	struct summary *summary = converter->summary;
	uint64_t left = summary->hits[HIT_RESPONSE];

	summary->catalogs = report_allocate(converter, list->count, sizeof(*summary->catalogs));
	if (summary->catalogs == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!report_take(&left, rows[i].responses) || rows[i].errors > rows[i].responses)
			return report_fault(converter, "catalogs", i, REPORT_MORE_THAN_TOTAL);
		if (!report_rate_holds(rows[i].rate, rows[i].errors, rows[i].responses))
			return report_fault(converter, "catalogs", i, REPORT_WRONG_RATE);
		summary->catalogs[i] =
		    (struct summary_catalog){ rows[i].catalog, rows[i].responses, rows[i].errors };
	}
	summary->catalog_count = list->count;
	return true;
}

bool report_rows_make(struct converter *converter)
{
	return make_outcomes(converter) && make_categories(converter) && make_codes(converter) &&
	       make_inner(converter) && make_held(converter) && make_unlisted(converter) &&
	       make_numbers(converter) && make_catalogs(converter);
}
