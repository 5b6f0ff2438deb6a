/*
 * Owns the rule: which kind of stamp counts in a line, and what those mean that do not say all:
 * without a year, without a day, with day and month in either order. Must not know how any of
 * them is spelled.
 */
#include "time/timestamp.h"

#include <string.h>

#include "time/timestamp_parts.h"

#define DAY INT64_C(86400000)

/* So much of an input's head is asked which order its dates have. */
#define HEAD 65536u

/* A stream is live where a block comes that is smaller than what programs write at once into a
 * pipe, with a last time that the clock has just shown. */
#define LIVE_BLOCK 4096u
#define LIVE_SECONDS 60

bool timestamp_rule_init(struct timestamp_rule *rule, const char *format, int64_t reference,
    struct zone *zone, struct error *error)
{
	*rule = (struct timestamp_rule){ .format = format, .is_american = zone_is_american() };
	timestamp_rule_refer(rule, reference, zone);
	return timestamp_rule_set_keys(rule, NULL, 0, error) &&
	       (format == NULL || stamp_check_format(rule, error));
}

static void set_reference(struct timestamp_rule *rule, int64_t reference, struct zone *zone)
{
	struct civil civil;

	rule->reference = reference;
	zone_to_civil(zone, reference + DAY, &civil);
	rule->latest = civil_to_utc(&civil, 0);
	rule->latest_year = civil.year;
}

void timestamp_rule_refer(struct timestamp_rule *rule, int64_t reference, struct zone *zone)
{
	set_reference(rule, reference, zone);
	rule->moves = false;
	rule->order = TIMESTAMP_ORDER_OPEN;
	rule->is_settled = false;
	rule->is_live = false;
	rule->day = (struct civil){ 0 };
}

void timestamp_rule_refer_now(struct timestamp_rule *rule, struct zone *zone)
{
	timestamp_rule_refer(rule, rule->now(rule->now_context), zone);
	rule->moves = true;
}

/* --- the day in a file's name ----------------------------------------------------------- */

static int number_at(const char *at, size_t digits)
{
	int number = 0;

	for (; digits > 0; digits--, at++) {
		if (!stamp_is_digit(*at))
			return -1;
		number = number * 10 + (*at - '0');
	}
	return number;
}

/* "2026-11-22", "2026.11.22", "2026_11_22", "20261122": its length, or 0. */
static size_t read_name_day(const char *at, struct civil *day)
{
	char sign;
	size_t step = 2, length;

	*day = (struct civil){ .year = number_at(at, 4) };
	if (day->year < 1970 || day->year >= 2200)
		return 0;
	sign = at[4];
	if (sign == '-' || sign == '.' || sign == '_')
		step = 3;
	else if (!stamp_is_digit(sign))
		return 0;
	day->month = number_at(at + 2 + step, 2);
	if (day->month < 1 || (step == 3 && at[4 + step] != sign))
		return 0;
	day->day = number_at(at + 2 + 2 * step, 2);
	length = 4 + 2 * step;
	return civil_is_valid(day) && !stamp_is_digit(at[length]) ? length : 0;
}

/* Whether the day at `at` is that of a rotation, as logrotate has it: "api.log-20261122". The
 * lines are of the day before, then, or of any. */
static bool is_rotations(const char *name, const char *at)
{
	return at - name > 4 && memcmp(at - 5, ".log-", 5) == 0;
}

void timestamp_rule_name(struct timestamp_rule *rule, const char *path, struct zone *zone)
{
	const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
	struct civil found = { 0 }, changed;

	for (const char *at = name; *at != '\0'; at++) {
		struct civil day;
		size_t length = at > name && stamp_is_digit(at[-1]) ? 0 : read_name_day(at, &day);

		if (length == 0)
			continue;
		if (found.year != 0 || is_rotations(name, at))
			return; /* which of them is not certain */
		found = day;
		at += length - 1;
	}
	/* nothing was written before that day, if it is that of the lines */
	zone_to_civil(zone, rule->reference, &changed);
	changed = (struct civil){ changed.year, changed.month, changed.day, 0, 0, 0, 0 };
	if (found.year != 0 && civil_to_utc(&found, 0) <= civil_to_utc(&changed, 0))
		rule->day = found;
}

/* --- the order of day and month ------------------------------------------------------------ */

/* The order that a stamp shows by itself. */
static enum timestamp_order order_of(const struct civil *civil)
{
	if (civil->day > 12 && civil->month <= 12)
		return TIMESTAMP_ORDER_DAY;
	if (civil->month > 12 && civil->day <= 12)
		return TIMESTAMP_ORDER_MONTH;
	return TIMESTAMP_ORDER_OPEN;
}

/* Asks the stamps of a line. Whether it has any that does not say. */
static bool learn_line(struct timestamp_rule *rule, const char *line, const char *end)
{
	const char *at = line;
	const char *limit;
	struct stamp stamp;
	bool has_open = false;

	if (end - line < 11)
		return false;
	limit = end - line > TIMESTAMP_REACH ? line + TIMESTAMP_REACH : end - 2;
	while (stamp_next(rule, line, end, limit, &at, &stamp)) {
		enum timestamp_order order;

		if (stamp.has_order)
			continue;
		order = order_of(&stamp.civil);
		has_open = has_open || order == TIMESTAMP_ORDER_OPEN;
		if (rule->order == TIMESTAMP_ORDER_OPEN)
			rule->order = order;
		else if (order != TIMESTAMP_ORDER_OPEN && order != rule->order)
			rule->order = TIMESTAMP_ORDER_MIXED;
	}
	return has_open;
}

void timestamp_rule_learn(struct timestamp_rule *rule, const char *data, size_t length)
{
	const char *end = data + (length < HEAD ? length : HEAD);

	bool has_open = false;

	while (rule->format == NULL && data < end && rule->order != TIMESTAMP_ORDER_MIXED) {
		const char *newline = memchr(data, '\n', (size_t)(end - data));

		if (newline == NULL)
			newline = end;
		has_open = learn_line(rule, data, newline) || has_open;
		data = newline + 1;
	}
	/* a stream may show it later */
	rule->is_settled = !rule->moves || rule->order != TIMESTAMP_ORDER_OPEN || !has_open;
}

/* --- a piece of the input -------------------------------------------------------------------- */

static int seconds_of_day(const struct civil *civil)
{
	return civil->hour * 3600 + civil->minute * 60 + civil->second;
}

/* What the clock shows in the zone of the stamp, or in that of the run. */
static void clock_beside(const struct timestamp_rule *rule, struct zone *zone,
    const struct stamp *stamp, struct civil *now)
{
	struct zone other = { INT64_MIN / 4, INT64_MAX / 4, INT64_MIN / 4, stamp->offset,
		stamp->offset };

	zone_to_civil(stamp->zone == TIMESTAMP_ZONE_NONE ? zone : &other, rule->reference, now);
}

/* Whether the last line that begins with a time without a day is one of this moment. */
static bool is_of_now(
    const struct timestamp_rule *rule, struct zone *zone, const char *data, size_t length)
{
	while (length > 0) {
		const char *newline = memrchr(data, '\n', length - 1);
		const char *line = newline == NULL ? data : newline + 1;
		struct stamp stamp;
		struct civil now;
		int behind;

		if (stamp_read_bare(rule, line, data + length, &stamp)) {
			if (stamp.zone_name != NULL)
				return false;
			clock_beside(rule, zone, &stamp, &now);
			behind = seconds_of_day(&now) - seconds_of_day(&stamp.civil);
			return (behind + 86400) % 86400 <= LIVE_SECONDS;
		}
		length = (size_t)(line - data);
	}
	return false;
}

void timestamp_rule_begin_piece(
    struct timestamp_rule *rule, struct zone *zone, const char *data, size_t length)
{
	if (!rule->is_settled)
		timestamp_rule_learn(rule, data, length);
	if (!rule->moves)
		return;
	set_reference(rule, rule->now(rule->now_context), zone);
	if (!rule->is_live && length < LIVE_BLOCK)
		rule->is_live = is_of_now(rule, zone, data, length);
}

/* --- what a stamp means ------------------------------------------------------------------------
 */

static bool lose(struct timestamp *found)
{
	found->is_lost = true;
	return false;
}

static void note(const struct timestamp_rule *rule, enum timestamp_note what)
{
	if (!rule->is_silent)
		timestamp_note(rule->notes, what);
}

/* Puts day and month where they belong. */
static bool find_order(
    const struct timestamp_rule *rule, struct civil *civil, struct timestamp *found)
{
	enum timestamp_order order = order_of(civil);
	int first = civil->day;

	if (civil->day > 12 && civil->month > 12)
		return false;
	if (order == TIMESTAMP_ORDER_OPEN && civil->day != civil->month)
		order = rule->order;
	if ((order == TIMESTAMP_ORDER_OPEN || order == TIMESTAMP_ORDER_MIXED) &&
	    civil->day != civil->month) {
		if (civil->day < 1 || civil->month < 1)
			return false;
		note(rule, TIMESTAMP_NOTE_ORDER);
		return lose(found);
	}
	if (order == TIMESTAMP_ORDER_MONTH) {
		civil->day = civil->month;
		civil->month = first;
	}
	return true;
}

static bool find_year(const struct timestamp_rule *rule, struct stamp *stamp)
{
	struct civil *civil = &stamp->civil;

	if (stamp->has_year)
		return civil->year >= 1970 && civil->year < 2200;
	civil->year = rule->latest_year;
	if (!civil_is_valid(civil) || civil_to_utc(civil, 0) > rule->latest)
		civil->year--;
	return true;
}

/* The offset of a zone that has a name. */
static bool find_offset(
    const struct timestamp_rule *rule, struct stamp *stamp, struct timestamp *found)
{
	if (stamp->is_cst)
		timestamp_note(rule->notes, TIMESTAMP_NOTE_CST);
	if (stamp->zone_name == NULL ||
	    (stamp->is_region && timestamp_notes_region(rule->notes, stamp->zone_name,
	                             stamp->zone_length, &stamp->civil, &stamp->offset)))
		return true;
	timestamp_note_zone(rule->notes, stamp->zone_name, stamp->zone_length);
	return lose(found);
}

bool stamp_finish(const struct timestamp_rule *rule, struct zone *zone, struct stamp *stamp,
    struct timestamp *found)
{
	struct civil *civil = &stamp->civil;

	found->is_lost = false;
	if (stamp->is_epoch) {
		*found = (struct timestamp){ .time = stamp->epoch, .zone = TIMESTAMP_ZONE_UTC };
		return true;
	}
	if (!stamp->has_order && !find_order(rule, civil, found))
		return false;
	if (!find_year(rule, stamp) || !civil_is_valid(civil) || !find_offset(rule, stamp, found))
		return false;
	found->zone = stamp->zone;
	found->offset = stamp->zone == TIMESTAMP_ZONE_NONE ? 0 : stamp->offset;
	found->time = stamp->zone == TIMESTAMP_ZONE_NONE ? zone_to_utc(zone, civil)
	                                                 : civil_to_utc(civil, stamp->offset);
	return true;
}

/* A time whose day is certain: that of the file's name, or of a line written just now. */
static bool read_bare(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    const char *end, struct timestamp *found)
{
	struct stamp stamp;
	struct civil day = rule->day;

	if (!stamp_read_bare(rule, line, end, &stamp))
		return false;
	if (day.year == 0 && rule->is_live && stamp.zone_name == NULL) {
		struct civil now;

		clock_beside(rule, zone, &stamp, &now);
		day = now;
		if (seconds_of_day(&stamp.civil) > seconds_of_day(&now)) {
			struct zone utc = { INT64_MIN / 4, INT64_MAX / 4, INT64_MIN / 4, 0, 0 };

			zone_to_civil(&utc, civil_to_utc(&now, 0) - DAY, &day);
		}
	}
	if (day.year == 0) {
		struct civil any = { 2000, 1, 1, stamp.civil.hour, stamp.civil.minute,
			stamp.civil.second, 0 };

		if (civil_is_valid(&any))
			note(rule, TIMESTAMP_NOTE_NO_DAY);
		return false;
	}
	stamp.civil.year = day.year;
	stamp.civil.month = day.month;
	stamp.civil.day = day.day;
	return stamp_finish(rule, zone, &stamp, found);
}

bool timestamp_read(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    size_t length, struct timestamp *stamp)
{
	const char *end = line + length;
	const char *limit = length < TIMESTAMP_REACH ? end : line + TIMESTAMP_REACH;
	const char *at = line; /* nothing in front of it is a time of the line */
	unsigned depth = 0;    /* of braces that begin no record, nor does any in them */

	stamp->is_lost = false;
	stamp->hold = TIMESTAMP_HOLDS;
	if (rule->format != NULL)
		return stamp_in_format(rule, zone, line, end, stamp);
	if (rule->key_count > 0)
		timestamp_note(rule->notes, TIMESTAMP_NOTE_TRIED);
	while (at < limit) {
		const char *brace = *at == '{' ? at : memchr(at, '{', (size_t)(limit - at));
		const char *behind = brace;

		if (brace != at && stamp_find(rule, zone, at, brace == NULL ? end : brace,
		                       (size_t)(limit - at), stamp)) {
			stamp->hold = at == line ? TIMESTAMP_HOLDS : TIMESTAMP_MAY_CHANGE;
			return true;
		}
		if (stamp->is_lost || brace == NULL)
			break;
		for (; depth > 0 && at < brace; at++)
			depth -= *at == '}';
		if (depth == 0 && stamp_in_record(rule, zone, brace, end, &behind, stamp))
			return true;
		if (stamp->is_lost)
			return false;
		depth += behind == brace;
		at = behind == brace ? brace + 1 : behind;
	}
	return !stamp->is_lost && read_bare(rule, zone, line, end, stamp);
}
