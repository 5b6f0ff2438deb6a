/*
 * Owns the rule: which kind of stamp counts in a line, and the year of those without. Must
 * not know how any of them is spelled.
 */
#include "match/timestamp.h"

#include "match/timestamp_parts.h"

#define DAY INT64_C(86400000)

bool timestamp_rule_init(struct timestamp_rule *rule, const char *format, int64_t reference,
    struct zone *zone, struct error *error)
{
	*rule = (struct timestamp_rule){ .format = format };
	timestamp_rule_refer(rule, reference, zone);
	return format == NULL || stamp_check_format(rule, error);
}

void timestamp_rule_refer(struct timestamp_rule *rule, int64_t reference, struct zone *zone)
{
	struct civil civil;

	zone_to_civil(zone, reference + DAY, &civil);
	rule->latest = civil_to_utc(&civil, 0);
	rule->latest_year = civil.year;
}

bool stamp_finish(const struct timestamp_rule *rule, struct zone *zone, struct stamp *stamp,
    struct timestamp *found)
{
	struct civil *civil = &stamp->civil;

	if (!stamp->has_year) {
		civil->year = rule->latest_year;
		if (!civil_is_valid(civil) || civil_to_utc(civil, 0) > rule->latest)
			civil->year--;
	} else if (civil->year < 1970 || civil->year >= 2200) {
		return false;
	}
	if (!civil_is_valid(civil))
		return false;
	found->zone = stamp->zone;
	found->offset = stamp->zone == TIMESTAMP_ZONE_NONE ? 0 : stamp->offset;
	found->time = stamp->zone == TIMESTAMP_ZONE_NONE ? zone_to_utc(zone, civil)
	                                                 : civil_to_utc(civil, stamp->offset);
	return true;
}

bool timestamp_read(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    size_t length, struct timestamp *stamp)
{
	const char *end = line + length;

	if (rule->format != NULL)
		return stamp_in_format(rule, zone, line, end, stamp);
	return stamp_find(rule, zone, line, end, TIMESTAMP_REACH, stamp) ||
	       stamp_in_member(rule, zone, line, end, stamp);
}
