/*
 * Owns the members of the schema jgannotate.report/1: their names and types. Must
 * not know what they have to do with each other.
 */
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "report/report_parts.h"
#include "report/report_reader.h"

/* ---- types of our own ---- */

/* Reads exactly `digits` digits at `*at` and moves behind them. */
static bool take_number(const char **at, int digits, int *number)
{
	*number = 0;
	for (int i = 0; i < digits; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*number = *number * 10 + (**at - '0');
	}
	return true;
}

static bool take_char(const char **at, const char *any)
{
	if (**at == '\0' || strchr(any, **at) == NULL)
		return false;
	(*at)++;
	return true;
}

static int days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && is_leap);
}

static bool take_date(const char **at, struct civil *civil)
{
	return take_number(at, 4, &civil->year) && take_char(at, "-") &&
	       take_number(at, 2, &civil->month) && take_char(at, "-") &&
	       take_number(at, 2, &civil->day) && civil->month >= 1 && civil->month <= 12 &&
	       civil->day >= 1 && civil->day <= days_of(civil->year, civil->month);
}

static bool take_clock(const char **at, struct civil *civil)
{
	int unit = 100;

	if (!take_number(at, 2, &civil->hour) || !take_char(at, ":") ||
	    !take_number(at, 2, &civil->minute) || !take_char(at, ":") ||
	    !take_number(at, 2, &civil->second) || civil->hour > 23 || civil->minute > 59 ||
	    civil->second > 60)
		return false;
	if (!take_char(at, "."))
		return true;
	for (int digits = 0; digits < 9 && **at >= '0' && **at <= '9'; digits++, (*at)++) {
		civil->millisecond += (**at - '0') * unit;
		unit /= 10;
	}
	return (*at)[-1] != '.' && (**at < '0' || **at > '9');
}

static bool take_offset(const char **at, int32_t *offset)
{
	int hours, minutes, sign = **at == '-' ? -1 : 1;

	*offset = 0;
	if (take_char(at, "Zz"))
		return true;
	if (!take_char(at, "+-") || !take_number(at, 2, &hours) || !take_char(at, ":") ||
	    !take_number(at, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool report_time_read(const char *text, int64_t *time)
{
	struct civil civil = { 0 };
	int32_t offset;

	if (!take_date(&text, &civil) || !take_char(&text, "Tt ") || !take_clock(&text, &civil) ||
	    !take_offset(&text, &offset) || *text != '\0')
		return false;
	*time = civil_to_utc(&civil, offset);
	return true;
}

static bool read_time_or_null(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	const char *text;

	if (!json_read_string_or_null(reader, place, shape, &text))
		return false;
	*(int64_t *)target = SUMMARY_NO_TIME;
	return text == NULL || report_time_read(text, target) ||
	       json_reader_fault(reader, place, "is no time like 2026-11-22T03:14:15+08:00");
}

/* The one offset of all stamps, as an array of none or one; null: they are unlike. */
static bool read_offsets(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	struct stamp_zones *zones = target;
	const char *text;
	size_t count;

	(void)shape;
	*zones = (struct stamp_zones){ .state = STAMP_ZONES_UNLIKE };
	if (place->value == NULL) /* reports of before do not tell */
		return true;
	if (!json_read_only_text(reader, place, &text, &count))
		return false;
	if (count == SIZE_MAX)
		return true;
	*zones = (struct stamp_zones){ .state = STAMP_ZONES_NONE };
	if (count == 0)
		return true;
	*zones = (struct stamp_zones){ .state = STAMP_ZONES_ONE, .zone = TIMESTAMP_ZONE_NUMERIC };
	return (strlen(text) == strlen("+08:00") && take_offset(&text, &zones->offset) &&
	           *text == '\0') ||
	       json_reader_fault(reader, place, "is no offset like +08:00");
}

/* "file:line"; "-" is standard input. */
static bool read_line(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	struct report_line *at = target;
	const char *text;
	char *colon;

	if (!json_read_string_or_null(reader, place, shape, &text))
		return false;
	*at = (struct report_line){ NULL, 0 };
	if (text == NULL)
		return true;
	colon = strrchr(text, ':');
	if (colon == NULL || colon == text || colon[1] == '\0' ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon + 1) > 19)
		return json_reader_fault(reader, place, "is not FILE:LINE");
	*colon = '\0'; /* the text is the arena's, and ours */
	at->file = strcmp(text, "-") == 0 ? NULL : text;
	at->line = strtoull(colon + 1, NULL, 10);
	return true;
}

static bool read_outcome(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	const char *text;

	return json_read_string(reader, place, shape, &text) &&
	       (outcome_find(text, target) || json_reader_fault(reader, place, "is no outcome"));
}

static bool read_word(struct json_reader *reader, const struct json_place *place,
    const struct json_shape *shape, void *target)
{
	return json_read_string(reader, place, shape, target) &&
	       (**(const char **)target != '\0' || json_reader_fault(reader, place, "is empty"));
}

/* ---- the tables ---- */

#define SHAPE(members, type) \
	{ \
		(members), sizeof(members) / sizeof((members)[0]), sizeof(type) \
	}

#define DOCUMENT(field) offsetof(struct report_document, field)
#define CODE(field) offsetof(struct report_code_row, field)
#define PART(field) offsetof(struct report_part_row, field)

static const struct json_member span_members[] = {
	{ "first", read_time_or_null, offsetof(struct report_span, first), NULL },
	{ "last", read_time_or_null, offsetof(struct report_span, last), NULL },
};
static const struct json_shape span_shape = SHAPE(span_members, struct report_span);

static const struct json_member hits_members[] = {
	{ "total", json_read_count, DOCUMENT(hits.total) - DOCUMENT(hits), NULL },
	{ "responses", json_read_count, DOCUMENT(hits.responses) - DOCUMENT(hits), NULL },
	{ "inner", json_read_count, DOCUMENT(hits.inner) - DOCUMENT(hits), NULL },
	{ "repeated", json_read_count, DOCUMENT(hits.repeated) - DOCUMENT(hits), NULL },
	{ "held_back", json_read_count, DOCUMENT(hits.held_back) - DOCUMENT(hits), NULL },
	{ "unlisted", json_read_count, DOCUMENT(hits.unlisted) - DOCUMENT(hits), NULL },
	{ "elsewhere", json_read_count, DOCUMENT(hits.elsewhere) - DOCUMENT(hits), NULL },
	{ "other_numbers", json_read_count, DOCUMENT(hits.other_numbers) - DOCUMENT(hits), NULL },
};
static const struct json_shape hits_shape = SHAPE(hits_members, uint64_t[8]);

static const struct json_member outcome_members[] = {
	{ "outcome", read_outcome, offsetof(struct report_outcome_row, outcome), NULL },
	{ "count", json_read_count, offsetof(struct report_outcome_row, count), NULL },
	{ "share", json_read_rate, offsetof(struct report_outcome_row, share), NULL },
};
static const struct json_shape outcome_shape = SHAPE(outcome_members, struct report_outcome_row);

static const struct json_member category_members[] = {
	{ "category", read_word, offsetof(struct report_category_row, category), NULL },
	{ "count", json_read_count, offsetof(struct report_category_row, count), NULL },
	{ "share", json_read_rate, offsetof(struct report_category_row, share), NULL },
	{ "success", json_read_count, offsetof(struct report_category_row, success), NULL },
	{ "negative", json_read_count, offsetof(struct report_category_row, negative), NULL },
	{ "errors", json_read_count, offsetof(struct report_category_row, errors), NULL },
};
static const struct json_shape category_shape = SHAPE(category_members, struct report_category_row);

static const struct json_member code_members[] = {
	{ "code", json_read_small, CODE(code), NULL },
	{ "description", read_word, CODE(description), NULL },
	{ "category", read_word, CODE(category), NULL },
	{ "outcome", read_outcome, CODE(outcome), NULL },
	{ "error", json_read_truth, CODE(is_error), NULL },
	{ "count", json_read_count, CODE(count), NULL },
	/* those above are all that `inner` has */
	{ "notes", json_read_string, CODE(notes), NULL },
	{ "share", json_read_rate, CODE(share), NULL },
	{ "first", read_time_or_null, CODE(first), NULL },
	{ "last", read_time_or_null, CODE(last), NULL },
	{ "first_at", read_line, CODE(first_at), NULL },
};
static const struct json_shape code_shape = SHAPE(code_members, struct report_code_row);
static const struct json_shape inner_shape = { code_members, 6, sizeof(struct report_code_row) };

static const struct json_member held_members[] = {
	{ "code", json_read_small, offsetof(struct report_held_row, code), NULL },
	{ "reason", json_read_string, offsetof(struct report_held_row, reason), NULL },
	{ "count", json_read_count, offsetof(struct report_held_row, count), NULL },
	{ "in_doubt", json_read_newer_truth, offsetof(struct report_held_row, in_doubt), NULL },
};
static const struct json_shape held_shape = SHAPE(held_members, struct report_held_row);

static const struct json_member gap_members[] = {
	{ "file", json_read_string, offsetof(struct report_gap_row, file), NULL },
	{ "bytes", json_read_count, offsetof(struct report_gap_row, bytes), NULL },
	{ "reason", json_read_string, offsetof(struct report_gap_row, reason), NULL },
};
static const struct json_shape gap_shape = SHAPE(gap_members, struct report_gap_row);

static const struct json_member missed_members[] = {
	{ "since", read_time_or_null, offsetof(struct summary_stretch, since), NULL },
	{ "until", read_time_or_null, offsetof(struct summary_stretch, until), NULL },
};
static const struct json_shape missed_shape = SHAPE(missed_members, struct summary_stretch);

static const struct json_member unlisted_members[] = {
	{ "code", json_read_small, offsetof(struct report_unlisted_row, code), NULL },
	{ "count", json_read_count, offsetof(struct report_unlisted_row, count), NULL },
	{ "text", json_read_string_or_null, offsetof(struct report_unlisted_row, text), NULL },
	{ "first", read_time_or_null, offsetof(struct report_unlisted_row, first), NULL },
	{ "first_at", read_line, offsetof(struct report_unlisted_row, first_at), NULL },
};
static const struct json_shape unlisted_shape = SHAPE(unlisted_members, struct report_unlisted_row);

static const struct json_member number_members[] = {
	{ "code", json_read_small, offsetof(struct report_number_row, code), NULL },
	{ "count", json_read_count, offsetof(struct report_number_row, count), NULL },
};
static const struct json_shape number_shape = SHAPE(number_members, struct report_number_row);

static const struct json_member numbers_members[] = {
	{ "count", json_read_count, DOCUMENT(numbers.count) - DOCUMENT(numbers), NULL },
	{ "distinct", json_read_count, DOCUMENT(numbers.distinct) - DOCUMENT(numbers), NULL },
	{ "capped", json_read_truth, DOCUMENT(numbers.capped) - DOCUMENT(numbers), NULL },
	{ "top", json_read_array, DOCUMENT(numbers.top) - DOCUMENT(numbers), &number_shape },
};
static const struct json_shape numbers_shape = SHAPE(numbers_members, char[1]);

static const struct json_member catalog_members[] = {
	{ "catalog", json_read_string, offsetof(struct report_catalog_row, catalog), NULL },
	{ "responses", json_read_count, offsetof(struct report_catalog_row, responses), NULL },
	{ "errors", json_read_count, offsetof(struct report_catalog_row, errors), NULL },
	{ "error_rate", json_read_rate, offsetof(struct report_catalog_row, rate), NULL },
};
static const struct json_shape catalog_shape = SHAPE(catalog_members, struct report_catalog_row);

static const struct json_member window_members[] = {
	{ "since", read_time_or_null, offsetof(struct report_window, since), NULL },
	{ "until", read_time_or_null, offsetof(struct report_window, until), NULL },
	{ "tz", json_read_string_or_null, offsetof(struct report_window, zone), NULL },
	{ "bucket_seconds", json_read_small_or_null, offsetof(struct report_window, bucket_seconds),
	    NULL },
	{ "unknown", json_read_count, offsetof(struct report_window, unknown), NULL },
	{ "outside", json_read_count, offsetof(struct report_window, outside), NULL },
	{ "skipped_bytes", json_read_count, offsetof(struct report_window, skipped_bytes), NULL },
};
static const struct json_shape window_shape = SHAPE(window_members, struct report_window);

#define PART_MEMBERS \
	{ "responses", json_read_count, PART(responses), NULL }, \
	    { "errors", json_read_count, PART(errors), NULL }, \
	    { "error_rate", json_read_rate, PART(rate), NULL }, \
	    { "held_back", json_read_count, PART(held_back), NULL }, \
	    { "unlisted", json_read_count, PART(unlisted), NULL }, \
	{ \
		"codes", json_read_array, PART(codes), &number_shape \
	}

static const struct json_member bucket_members[] = {
	{ "start", read_time_or_null, PART(start), NULL },
	PART_MEMBERS,
};
static const struct json_shape bucket_shape = SHAPE(bucket_members, struct report_part_row);

static const struct json_member group_members[] = {
	{ "group", json_read_string_or_null, PART(group), NULL },
	{ "other", json_read_truth, PART(other), NULL },
	PART_MEMBERS,
};
static const struct json_shape group_shape = SHAPE(group_members, struct report_part_row);

static const struct json_member groups_members[] = {
	{ "field", read_word, offsetof(struct report_groups, field), NULL },
	{ "values", json_read_array, offsetof(struct report_groups, values), &group_shape },
};
static const struct json_shape groups_shape = SHAPE(groups_members, struct report_groups);

static const struct json_member trouble_members[] = {
	{ "long_lines", json_read_count, DOCUMENT(trouble.long_lines) - DOCUMENT(trouble), NULL },
	{ "regex_limits", json_read_count, DOCUMENT(trouble.regex_limits) - DOCUMENT(trouble),
	    NULL },
	{ "not_a_code", json_read_count, DOCUMENT(trouble.not_a_code) - DOCUMENT(trouble), NULL },
	{ "unreadable_files", json_read_count,
	    DOCUMENT(trouble.unreadable_files) - DOCUMENT(trouble), NULL },
	{ "damaged_files", json_read_count, DOCUMENT(trouble.damaged_files) - DOCUMENT(trouble),
	    NULL },
};
static const struct json_shape trouble_shape = SHAPE(trouble_members, uint64_t[5]);

static const struct json_member members[] = {
	{ "schema", json_read_string, DOCUMENT(schema), NULL },
	{ "version", json_read_string, DOCUMENT(version), NULL },
	{ "rules", json_read_newer_string_or_null, DOCUMENT(rules), NULL },
	{ "catalog_date", json_read_string_or_null, DOCUMENT(catalog_date), NULL },
	{ "label", json_read_string_or_null, DOCUMENT(label), NULL },
	{ "span", json_read_object_or_null, DOCUMENT(span), &span_shape },
	{ "offsets", read_offsets, DOCUMENT(zones), &json_optional },
	{ "lines", json_read_count_or_null, DOCUMENT(lines), NULL },
	{ "bytes", json_read_count_or_null, DOCUMENT(bytes), NULL },
	{ "lines_with_hits", json_read_count_or_null, DOCUMENT(lines_with_hits), NULL },
	{ "hits", json_read_object, DOCUMENT(hits), &hits_shape },
	{ "errors", json_read_count, DOCUMENT(errors), NULL },
	{ "error_rate", json_read_rate, DOCUMENT(error_rate), NULL },
	/* follows from `held_back` */
	{ "rate_in_doubt", json_read_derived_count, 0, NULL },
	{ "errors_list", json_read_string_or_null, DOCUMENT(errors_list), NULL },
	{ "outcomes", json_read_array, DOCUMENT(outcomes), &outcome_shape },
	{ "categories", json_read_array, DOCUMENT(categories), &category_shape },
	{ "codes", json_read_array, DOCUMENT(codes), &code_shape },
	{ "inner", json_read_array, DOCUMENT(inner), &inner_shape },
	{ "held_back", json_read_array, DOCUMENT(held_back), &held_shape },
	{ "unlisted", json_read_array, DOCUMENT(unlisted), &unlisted_shape },
	{ "other_numbers", json_read_object, DOCUMENT(numbers), &numbers_shape },
	{ "catalogs", json_read_array, DOCUMENT(catalogs), &catalog_shape },
	{ "time", json_read_object_or_null, DOCUMENT(time), &window_shape },
	{ "buckets", json_read_array_or_null, DOCUMENT(buckets), &bucket_shape },
	{ "groups", json_read_object_or_null, DOCUMENT(groups), &groups_shape },
	/* what the report before it was compared with */
	{ "baseline", json_read_any_object_or_null, 0, NULL },
	{ "runs", json_read_any_array_or_null, 0, NULL },
	{ "gaps", json_read_array_or_null, DOCUMENT(gaps), &gap_shape },
	{ "late", json_read_newer_count_or_null, DOCUMENT(late), NULL },
	{ "missed", json_read_newer_array_or_null, DOCUMENT(missed), &missed_shape },
	{ "older_rules_until", json_read_newer_string_or_null, DOCUMENT(older_until), NULL },
	{ "trouble", json_read_object, DOCUMENT(trouble), &trouble_shape },
};

const struct json_shape report_shape = SHAPE(members, struct report_document);
