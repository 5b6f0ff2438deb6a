/*
 * Owns the members of the JSON report, in the order in which they are written. Each table is a
 * shape: the members of one struct, by where they stand in it. Shapes that others hold come first,
 * the whole last.
 */
#include "report/member.h"
#include "report/report_check.h"

#define SHAPE(name, type, check) \
	static const struct shape name = { name##_members, \
		sizeof(name##_members) / sizeof(name##_members[0]), sizeof(struct type), check }

/* A row's count of hits, which are a part of all of their class. */
#define PART_OF(class) MEMBER_COUNT, .total = offsetof(struct summary, hits[class])

#define STRING "\"type\": \"string\""
#define STRING_OR_NULL "\"type\": [\"string\", \"null\"]"
#define CHANGE "\"type\": \"number\", \"minimum\": -1, \"maximum\": 1"
#define CHANGE_OR_NULL "\"type\": [\"number\", \"null\"], \"minimum\": -1, \"maximum\": 1"
#define FROM(least) "\"type\": \"integer\", \"minimum\": " #least

/* ---- rows ---- */

#define AT(field) offsetof(struct summary_code, field)
static const struct member entry_members[] = {
	{ "code", MEMBER_CODE, .at = offsetof(struct catalog_entry, code) },
	{ "description", MEMBER_WORD, .at = offsetof(struct catalog_entry, description) },
	{ "category", MEMBER_WORD, .at = offsetof(struct catalog_entry, category) },
	{ "outcome", MEMBER_OUTCOME, .at = offsetof(struct catalog_entry, outcome) },
	{ "notes", MEMBER_TEXT, .at = offsetof(struct catalog_entry, notes) },
};
SHAPE(entry, catalog_entry, NULL);
static const struct shape entry_without_notes = { entry_members,
	sizeof(entry_members) / sizeof(entry_members[0]) - 1, sizeof(struct catalog_entry), NULL };

static const struct member code_members[] = {
	{ NULL, MEMBER_THROUGH, .at = AT(entry), .shape = &entry },
	{ "error", MEMBER_TRUTH, .at = AT(is_error) },
	{ "count", PART_OF(HIT_RESPONSE), .at = AT(count) },
	{ "share", MEMBER_PORTION, .at = AT(count) },
	{ "first", MEMBER_TIME, .at = AT(first) },
	{ "last", MEMBER_TIME, .at = AT(last) },
	{ "first_at", MEMBER_PLACE, .at = AT(first_file), .of = AT(first_line) },
};
SHAPE(code, summary_code, NULL);
#undef AT

#define AT(field) offsetof(struct summary_inner, field)
static const struct member inner_members[] = {
	{ NULL, MEMBER_THROUGH, .at = AT(entry), .shape = &entry_without_notes },
	{ "error", MEMBER_TRUTH, .at = AT(is_error) },
	{ "count", PART_OF(HIT_INNER), .at = AT(count) },
};
SHAPE(inner, summary_inner, NULL);
#undef AT

static const struct member outcome_members[] = {
	{ "outcome", MEMBER_ORDINAL, .at = 0 },
	{ "count", PART_OF(HIT_RESPONSE), .at = 0 },
	{ "share", MEMBER_PORTION, .at = 0 },
};
static const struct shape outcome = { outcome_members, 3, sizeof(uint64_t), NULL };

#define AT(field) offsetof(struct summary_category, field)
static const struct member category_members[] = {
	{ "category", MEMBER_WORD, .at = AT(name) },
	{ "count", PART_OF(HIT_RESPONSE), .at = AT(count) },
	{ "share", MEMBER_PORTION, .at = AT(count) },
	{ "success", MEMBER_COUNT, .at = AT(success) },
	{ "negative", MEMBER_COUNT, .at = AT(negative) },
	{ "errors", MEMBER_COUNT, .at = AT(errors) },
};
SHAPE(category, summary_category, report_check_category);
#undef AT

#define AT(field) offsetof(struct summary_held, field)
static const struct member held_members[] = {
	{ "code", MEMBER_ANY_ENTRY, .at = AT(entry) },
	{ "reason", MEMBER_TEXT, .at = AT(reason) },
	{ "count", PART_OF(HIT_HELD_BACK), .at = AT(count) },
	{ "in_doubt", MEMBER_TRUTH, MEMBER_NEWER, .at = AT(in_doubt),
	    .about = "They may be responses: no other system's mark is beside them, and not "
	             "everybody uses the code." },
};
SHAPE(held, summary_held, report_check_held);
#undef AT

#define AT(field) offsetof(struct summary_unlisted, field)
static const struct member unlisted_members[] = {
	{ "code", MEMBER_CODE, .at = AT(code) },
	{ "count", PART_OF(HIT_UNLISTED), .at = AT(count) },
	{ "text", MEMBER_TEXT, MEMBER_NULLABLE, .at = AT(text), .schema = STRING },
	{ "first", MEMBER_TIME, .at = AT(first) },
	{ "first_at", MEMBER_PLACE, .at = AT(first_file), .of = AT(first_line) },
};
SHAPE(unlisted, summary_unlisted, report_check_unlisted);
#undef AT

static const struct member number_members[] = {
	{ "code", MEMBER_CODE, .at = offsetof(struct summary_number, code) },
	{ "count", PART_OF(HIT_OTHER), .at = offsetof(struct summary_number, count),
	    .schema = FROM(10) },
};
SHAPE(number, summary_number, NULL);

#define AT(field) offsetof(struct summary_catalog, field)
static const struct member catalog_members[] = {
	{ "catalog", MEMBER_TEXT, .at = AT(name) },
	{ "responses", PART_OF(HIT_RESPONSE), .at = AT(responses) },
	{ "errors", MEMBER_COUNT, .at = AT(errors) },
	{ "error_rate", MEMBER_SHARE, .at = AT(errors), .of = AT(responses) },
};
SHAPE(catalog, summary_catalog, report_check_catalog);
#undef AT

/* ---- buckets and groups ---- */

static const struct member share_members[] = {
	{ "code", MEMBER_ENTRY, .at = offsetof(struct summary_share, entry) },
	{ "count", MEMBER_COUNT, .at = offsetof(struct summary_share, count) },
};
SHAPE(share, summary_share, NULL);

#define AT(field) offsetof(struct summary_part, field)
static const struct member part_members[] = {
	{ "responses", MEMBER_COUNT, .at = AT(responses) },
	{ "errors", MEMBER_COUNT, .at = AT(errors) },
	{ "error_rate", MEMBER_SHARE, .at = AT(errors), .of = AT(responses) },
	{ "held_back", MEMBER_COUNT, .at = AT(held_back) },
	{ "unlisted", MEMBER_COUNT, .at = AT(unlisted) },
	{ "codes", MEMBER_ROWS, .at = AT(codes), .of = AT(code_count), .shape = &share,
	    .about = "Responses by code, by count, then number." },
};
SHAPE(part, summary_part, NULL);
#undef AT

static const struct member bucket_members[] = {
	{ "start", MEMBER_TIME, .at = offsetof(struct summary_bucket, start),
	    .about = "null: time not known, the last row." },
	{ NULL, MEMBER_AMONG, .at = offsetof(struct summary_bucket, part), .shape = &part },
};
SHAPE(bucket, summary_bucket, report_check_bucket);

static bool has_name(const void *group)
{
	return ((const struct summary_group *)group)->kind == GROUP_VALUE;
}

#define AT(field) offsetof(struct summary_group, field)
static const struct member group_members[] = {
	{ "group", MEMBER_TEXT, MEMBER_NULLABLE, .at = AT(name), .is_there = has_name,
	    .about = "null: the line has no such field, or other." },
	{ "other", MEMBER_IS_OTHER, .at = AT(kind),
	    .about = "The sum of the groups that are not kept one by one." },
	{ NULL, MEMBER_AMONG, .at = AT(part), .shape = &part },
};
SHAPE(group, summary_group, report_check_group);
#undef AT

/* ---- the baseline: what another report was compared with is not read ---- */

static const struct member span_members[] = {
	{ "first", MEMBER_TIME, .at = 0 },
	{ "last", MEMBER_TIME, .at = sizeof(int64_t) },
};
static const struct shape span = { span_members, 2, sizeof(int64_t[2]), NULL };

_Static_assert(
    offsetof(struct summary, last) == offsetof(struct summary, first) + sizeof(int64_t) &&
        offsetof(struct summary_baseline, last) ==
            offsetof(struct summary_baseline, first) + sizeof(int64_t),
    "a span is two times");

#define AT(field) offsetof(struct summary_change, field)
static const struct member change_members[] = {
	{ "code", MEMBER_CODE, .at = AT(code) },
	{ "description", MEMBER_TEXT, .at = AT(description) },
	{ "outcome", MEMBER_OUTCOME, .at = AT(outcome) },
	{ "error", MEMBER_TRUTH, .at = AT(is_error) },
	{ "count", MEMBER_COUNT, .at = AT(count) },
	{ "count_before", MEMBER_COUNT, .at = AT(count_before) },
	{ "share", MEMBER_FRACTION, .at = AT(share) },
	{ "share_before", MEMBER_FRACTION, .at = AT(share_before) },
	{ "change", MEMBER_DIFFERENCE, .at = AT(share), .of = AT(share_before), .schema = CHANGE },
	{ "new", MEMBER_TRUTH, .at = AT(is_new) },
	{ "vanished", MEMBER_TRUTH, .at = AT(is_vanished) },
};
SHAPE(change, summary_change, NULL);
#undef AT

static bool has_label(const void *baseline)
{
	const char *label = ((const struct summary_baseline *)baseline)->label;

	return label != NULL && label[0] != '\0';
}

static bool is_median(const void *baseline)
{
	return ((const struct summary_baseline *)baseline)->days_asked > 0;
}

static bool has_responses(const void *baseline)
{
	return ((const struct summary_baseline *)baseline)->responses > 0;
}

#define AT(field) offsetof(struct summary_baseline, field)
#define DAYS MEMBER_SMALL, MEMBER_NULLABLE, .is_there = is_median
static const struct member baseline_members[] = {
	{ "file", MEMBER_TEXT, .at = AT(file) },
	{ "label", MEMBER_TEXT, MEMBER_NULLABLE, .at = AT(label), .is_there = has_label },
	{ "span", MEMBER_SPAN, .at = AT(first), .shape = &span },
	{ "days", DAYS, .at = AT(days_asked),
	    .about = "Not null: all is the median of the same window on so many days before." },
	{ "days_with_responses", DAYS, .at = AT(days),
	    .about = "Those of the days that the median is of." },
	{ "days_by_other_rules", DAYS, .at = AT(days_other_rules),
	    .about = "Those of the days that were left out, since other rules made their counts." },
	{ "by_other_rules", MEMBER_TRUTH, .at = AT(is_of_other_rules),
	    .about = "Other rules made the counts: of a report, which is compared; of a window of "
	             "the database, which is not." },
	{ "responses", MEMBER_COUNT, .at = AT(responses) },
	{ "errors", MEMBER_COUNT, .at = AT(errors) },
	{ "error_rate", MEMBER_FRACTION, MEMBER_NULLABLE, .at = AT(error_rate),
	    .is_there = has_responses },
	{ "error_rate_change", MEMBER_RATE_CHANGE, .at = AT(error_rate), .is_there = has_responses,
	    .schema = CHANGE_OR_NULL, .about = "Of fractions: 0.01 is one percentage point." },
	{ "codes", MEMBER_ROWS, .at = AT(changes), .of = AT(change_count), .shape = &change },
};
SHAPE(baseline, summary_baseline, NULL);
#undef AT

/* ---- what the counts are of ---- */

#define AT(field) offsetof(struct summary_slice, field)
static const struct member slice_members[] = {
	{ "label", MEMBER_TEXT, MEMBER_NULLABLE, .at = AT(label) },
	{ "file", MEMBER_TEXT, MEMBER_NULLABLE, .at = AT(file), .about = "null: standard input." },
	{ "start", MEMBER_COUNT, .at = AT(start),
	    .about = "Of the bytes from here, as they are when decompressed," },
	{ "end", MEMBER_COUNT, .at = AT(end), .about = "before there," },
	{ "bytes", MEMBER_COUNT, .at = AT(bytes), .about = "so many were read." },
	{ "lines", MEMBER_COUNT, .at = AT(lines) },
	{ "xxh3_128", MEMBER_TEXT, MEMBER_NULLABLE, .at = AT(digest),
	    .about = "Of the bytes read; null: it could not be read to its end." },
};
SHAPE(slice, summary_slice, report_check_slice);
#undef AT

static const struct member option_members[] = {
	{ "option", MEMBER_WORD, .at = offsetof(struct summary_option, name) },
	{ "value", MEMBER_WORD, .at = offsetof(struct summary_option, value) },
};
SHAPE(option, summary_option, NULL);

static const struct member missing_members[] = {
	{ "name", MEMBER_WORD, .at = offsetof(struct summary_missing, name),
	    .about = "A label, a file; or how many of how many." },
};
SHAPE(missing, summary_missing, NULL);

/* ---- what a database knows ---- */

#define AT(field) offsetof(struct summary_run, field)
static const struct member run_members[] = {
	{ "run", MEMBER_NUMBER, .at = AT(id), .schema = FROM(1) },
	{ "started", MEMBER_TIME, .at = AT(started) },
	{ "delivered", MEMBER_TRUTH, .at = AT(is_delivered),
	    .about = "By the report of an earlier run." },
	{ "lines", MEMBER_COUNT, .at = AT(lines) },
};
SHAPE(run, summary_run, NULL);
#undef AT

static const struct member gap_members[] = {
	{ "file", MEMBER_TEXT, .at = offsetof(struct summary_gap, file) },
	{ "bytes", MEMBER_COUNT, .at = offsetof(struct summary_gap, bytes) },
	{ "reason", MEMBER_TEXT, .at = offsetof(struct summary_gap, reason) },
};
SHAPE(gap, summary_gap, NULL);

static const struct member missed_members[] = {
	{ "since", MEMBER_TIME, .at = offsetof(struct summary_stretch, since), .schema = STRING },
	{ "until", MEMBER_TIME, .at = offsetof(struct summary_stretch, until), .schema = STRING },
};
SHAPE(missed, summary_stretch, report_check_missed);

static bool has_runs(const void *history)
{
	return !((const struct summary_history *)history)->is_merged;
}

#define AT(field) offsetof(struct summary_history, field)
static const struct member history_members[] = {
	{ "runs", MEMBER_ROWS, MEMBER_NULLABLE | MEMBER_UNREAD, .at = AT(runs), .of = AT(run_count),
	    .shape = &run, .is_there = has_runs,
	    .about = "The runs whose counts these are; null where no database keeps runs." },
	{ "gaps", MEMBER_ROWS, MEMBER_NULLABLE, .at = AT(gaps), .of = AT(gap_count), .shape = &gap,
	    .about = "What could not be read; null where not asked." },
	{ "late", MEMBER_COUNT, MEMBER_NULLABLE | MEMBER_NEWER, .at = AT(late),
	    .about = "Hits of a time that was reported before they came; null without a "
	             "database." },
	{ "missed", MEMBER_ROWS, MEMBER_NULLABLE | MEMBER_NEWER, .at = AT(missed),
	    .of = AT(missed_count), .shape = &missed,
	    .about = "What no report has covered; null without a database." },
	{ "older_rules_until", MEMBER_TIME, MEMBER_NEWER, .at = AT(older_until),
	    .schema = STRING_OR_NULL,
	    .about = "Counts made until then were made by older rules than others here; null: none "
	             "were." },
};
SHAPE(history, summary_history, NULL);
#undef AT

/* ---- parts of the whole ---- */

#define AT(field) offsetof(struct summary, field)
#define HITS(class) MEMBER_COUNT, .at = offsetof(struct summary, hits[class])

static const struct member hits_members[] = {
	{ "total", MEMBER_COUNT, .at = AT(hit_count) },
	{ "responses", HITS(HIT_RESPONSE) },
	{ "inner", HITS(HIT_INNER) },
	{ "repeated", HITS(HIT_REPEATED) },
	{ "held_back", HITS(HIT_HELD_BACK) },
	{ "unlisted", HITS(HIT_UNLISTED) },
	{ "elsewhere", HITS(HIT_ELSEWHERE) },
	{ "other_numbers", HITS(HIT_OTHER) },
};
SHAPE(hits, summary, NULL);

static const struct member numbers_members[] = {
	{ "count", MEMBER_AGAIN, .at = AT(hits[HIT_OTHER]) },
	{ "distinct", MEMBER_COUNT, .at = AT(other_numbers_distinct) },
	{ "capped", MEMBER_TRUTH, .at = AT(other_numbers_capped),
	    .about = "There were more different ones than distinct says." },
	{ "top", MEMBER_ROWS, .at = AT(numbers), .of = AT(number_count), .shape = &number,
	    .about = "Those seen 10 times or more." },
};
SHAPE(numbers, summary, NULL);

static bool has_buckets(const void *summary)
{
	return ((const struct summary *)summary)->time.bucket_seconds > 0;
}

static const struct member window_members[] = {
	{ "since", MEMBER_TIME, .at = AT(time.since) },
	{ "until", MEMBER_TIME, .at = AT(time.until) },
	{ "tz", MEMBER_TEXT, MEMBER_NULLABLE, .at = AT(time.zone), .schema = STRING,
	    .about = "Zone of stamps that name none, and of days." },
	{ "bucket_seconds", MEMBER_SMALL, MEMBER_NULLABLE, .at = AT(time.bucket_seconds),
	    .is_there = has_buckets,
	    .schema = "\"type\": [\"integer\", \"null\"], \"minimum\": 1" },
	{ "unknown", MEMBER_COUNT, .at = AT(time.unknown),
	    .about = "Hits whose time is not known." },
	{ "outside", MEMBER_COUNT, .at = AT(time.outside),
	    .about = "Hits outside the window: in no other count." },
	{ "skipped_bytes", MEMBER_COUNT, .at = AT(time.skipped_bytes),
	    .about = "Not read, since they lie before the window." },
};
SHAPE(window, summary, NULL);

static bool has_finding(const void *summary)
{
	return ((const struct summary *)summary)->finding != NULL;
}

static bool has_slices(const void *summary)
{
	return ((const struct summary *)summary)->slices != NULL;
}

static bool has_groups(const void *summary)
{
	return ((const struct summary *)summary)->group_field != NULL;
}

static const struct member groups_members[] = {
	{ "field", MEMBER_WORD, .at = AT(group_field) },
	{ "values", MEMBER_ROWS, .at = AT(groups), .of = AT(group_count), .shape = &group,
	    .check = report_check_groups },
};
SHAPE(groups, summary, NULL);

static const struct member trouble_members[] = {
	{ "long_lines", MEMBER_COUNT, .at = AT(trouble.long_lines) },
	{ "regex_limits", MEMBER_COUNT, .at = AT(trouble.regex_limits) },
	{ "not_a_code", MEMBER_COUNT, .at = AT(trouble.not_a_code) },
	{ "unreadable_files", MEMBER_COUNT, .at = AT(trouble.unreadable_files) },
	{ "damaged_files", MEMBER_COUNT, .at = AT(trouble.damaged_files) },
};
SHAPE(trouble, summary, NULL);

/* ---- the whole ---- */

#define LINES MEMBER_LINES, .of = AT(lines_unknown)
#define LIST(rows, count) MEMBER_ROWS, .at = AT(rows), .of = AT(count)

static const struct member members[] = {
	{ "schema", MEMBER_SCHEMA, .at = 0 },
	{ "version", MEMBER_TEXT, .at = AT(version), .about = "Of the program." },
	{ "rules", MEMBER_TEXT, MEMBER_NULLABLE | MEMBER_NEWER, .at = AT(rules),
	    .about = "The version of the rules by which codes were found; null: several, or not "
	             "known." },
	{ "catalog_date", MEMBER_CATALOG_DATE, .at = 0,
	    .about = "Day of the built-in list of codes." },
	{ "label", MEMBER_TEXT, MEMBER_NULLABLE, .at = AT(label),
	    .about = "Whose log it is: --label; null: none was given, or several." },
	{ "finding", MEMBER_ROWS, MEMBER_NULLABLE | MEMBER_NEWER, .at = AT(finding),
	    .of = AT(finding_count), .shape = &option, .is_there = has_finding,
	    .about = "The options that decide what is found, where they were not as usual; null: "
	             "not known, as of a database." },
	{ "slices", MEMBER_ROWS, MEMBER_NULLABLE | MEMBER_NEWER, .at = AT(slices),
	    .of = AT(slice_count), .shape = &slice, .is_there = has_slices,
	    .about = "What the counts are of, in the order of the input; null: not known, as of a "
	             "log that is followed or counted in a database." },
	{ "missing", MEMBER_ROWS, MEMBER_NEWER, .at = AT(missing), .of = AT(missing_count),
	    .shape = &missing, .about = "What was expected, and the counts are not of." },
	{ "span", MEMBER_SPAN, .at = AT(first), .shape = &span,
	    .about = "Times of the first and the last line that has one, in the order of the "
	             "input; null where none has." },
	{ "offsets", MEMBER_OFFSETS, MEMBER_NEWER, .at = AT(zones),
	    .about = "The offset that the stamps of all lines with codes, and of the first and "
	             "last line of each input, name as a number: in it people read the times. [] "
	             "where no stamp was seen; null where they differ or name none, or where times "
	             "or a zone were asked for." },
	{ "lines", LINES, .at = AT(lines) },
	{ "bytes", LINES, .at = AT(bytes) },
	{ "lines_with_hits", LINES, .at = AT(lines_with_hits),
	    .about = "null, like lines and bytes, in a window of a database." },
	{ "hits", MEMBER_OBJECT, .at = 0, .shape = &hits, .check = report_check_hits,
	    .about = "What was found, by what it counts as; total is the sum of the others." },
	{ "errors", MEMBER_COUNT, .at = AT(errors), .about = "Responses that are errors." },
	{ "error_rate", MEMBER_SHARE, .at = AT(errors), .of = AT(hits[HIT_RESPONSE]),
	    .about = "errors / responses; null without responses." },
	{ "rate_in_doubt", MEMBER_DOUBT, MEMBER_NEWER, .at = 0,
	    .about = "Hits held back that may be responses, where they are more than a tenth of "
	             "these; else 0." },
	{ "errors_list", MEMBER_TEXT, MEMBER_NULLABLE, .at = AT(errors_list),
	    .about = "LIST of --errors; null: every outcome but success and negative." },
	{ "outcomes", MEMBER_FIXED, .at = AT(outcomes), .of = OUTCOME_COUNT, .shape = &outcome,
	    .about = "Responses by who must act, always all eight." },
	{ "categories", LIST(categories, category_count), .shape = &category,
	    .about = "By count, then name." },
	{ "codes", LIST(codes, code_count), .shape = &code, .check = report_check_codes,
	    .about = "Responses by code, by count, then number." },
	{ "inner", LIST(inner_codes, inner_count), .shape = &inner,
	    .about = "Risk codes inside riskCheck of another response." },
	{ "held_back", LIST(held, held_count), .shape = &held,
	    .about = "Catalogued codes that are doubtful, by code and reason." },
	{ "unlisted", LIST(unlisted_codes, unlisted_count), .shape = &unlisted,
	    .about = "Codes in no catalog in objects that look like JiGuang's. text is the content "
	             "of the first one." },
	{ "other_numbers", MEMBER_OBJECT, .at = 0, .shape = &numbers, .check = report_check_numbers,
	    .about = "Any other numbers under a key." },
	{ "catalogs", LIST(catalogs, catalog_count), .shape = &catalog,
	    .about = "In the order in which they were read; the first is built-in." },
	{ "time", MEMBER_OBJECT, MEMBER_NULLABLE, .at = 0, .of = AT(time.is_asked),
	    .shape = &window, .about = "null where neither a window nor buckets were asked for." },
	{ "buckets", MEMBER_ROWS, MEMBER_NULLABLE, .at = AT(buckets), .of = AT(bucket_count),
	    .shape = &bucket, .is_there = has_buckets, .check = report_check_buckets,
	    .about = "By time, empty ones included." },
	{ "groups", MEMBER_OBJECT, MEMBER_NULLABLE, .at = 0, .shape = &groups,
	    .is_there = has_groups, .about = "By errors, responses, name." },
	{ "baseline", MEMBER_POINTER, MEMBER_NULLABLE | MEMBER_UNREAD, .at = AT(baseline),
	    .shape = &baseline, .about = "The report of before; shares are of all responses." },
	{ NULL, MEMBER_THROUGH, .at = AT(history), .shape = &history },
	{ "trouble", MEMBER_OBJECT, .at = 0, .shape = &trouble },
	{ "seal", MEMBER_SEAL, MEMBER_NEWER, .at = 0,
	    .about = "XXH3-128 of all before it but for blanks between words: what was torn or "
	             "altered is refused." },
};
const struct shape report_shape = { members, sizeof(members) / sizeof(members[0]),
	sizeof(struct summary), NULL };
