/*
 * Owns the rule: which kind of stamp counts in a line of an input, and what a stamp means that does
 * not say all.
 *
 * A line is read from its left: what stands in front of a record (timestamp_find.c), then the
 * record (timestamp_member.c), and so on behind that; with a pattern of strptime its stamps are the
 * only ones, tried at the beginning of each token. What was read becomes a time in stamp_finish: a
 * missing year is the last one that is not later than the reference; which of two numbers is the
 * day is learned from the input's other dates; a missing day is that of the file's name, or today
 * where the input is written while it is read.
 */
#include "time/timestamp.h"

#include <string.h>
#include <time.h>

#include "time/timestamp_parts.h"

#define DAY INT64_C(86400000)

/* So much of an input's head is asked which order its dates have. */
#define HEAD 65536u

/* A stream is live where a block comes that is smaller than what programs write at once into a
 * pipe, with a last time that the clock has just shown. */
#define LIVE_BLOCK 4096u
#define LIVE_SECONDS 60

/* --- the pattern that the user gives -------------------------------------------------------- */

/* How much of a line may hold the stamp; strptime needs a copy, which ends in a NUL. */
#define FORMAT_REACH 256u
#define FORMAT_COPY (2 * FORMAT_REACH)

/* The pattern is the user's: no compiler can check it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static bool print_sample(const char *format, const struct tm *tm, char text[FORMAT_COPY])
{
	return strftime(text, FORMAT_COPY, format, tm) > 0;
}
#pragma GCC diagnostic pop

/* Where the pattern has this conversion, or NULL. */
static const char *find_conversion(const char *format, char conversion)
{
	for (const char *at = format; (at = strchr(at, '%')) != NULL && at[1] != '\0'; at += 2)
		if (at[1] == conversion)
			return at;
	return NULL;
}

/* What every stamp of the pattern begins with, as format_first has it. */
static char first_of(const char *format)
{
	if (*format != '%')
		return *format == ' ' || *format == '\t' ? '\0' : *format;
	return strchr("YymdeHIMSsjFDTRC", format[1]) != NULL ? '0' : '\0';
}

/* Finds out what the pattern holds. */
static bool check_format(struct timestamp_rule *rule, struct error *error)
{
	/* Sunday, 2026-11-22 13:14:15 */
	struct tm sample = { .tm_year = 126,
		.tm_mon = 10,
		.tm_mday = 22,
		.tm_hour = 13,
		.tm_min = 14,
		.tm_sec = 15,
		.tm_yday = 325,
		.tm_zone = "UTC" };
	struct tm one = { .tm_year = 1, .tm_mday = 1, .tm_gmtoff = 1 };
	struct tm other = { .tm_year = 2, .tm_mon = 1, .tm_mday = 2, .tm_gmtoff = 2 };
	char text[FORMAT_COPY];
	const char *zone = find_conversion(rule->format, 'Z');

	if (strlen(rule->format) >= FORMAT_REACH ||
	    (zone != NULL && find_conversion(zone + 2, 'Z') != NULL))
		return error_set(error, ERROR_USAGE,
		    "'%.40s' is too long for a time, or has %%Z twice", rule->format);
	/* What comes out the same whatever stood there before is in the pattern. */
	if (!print_sample(rule->format, &sample, text) ||
	    strptime(text, rule->format, &one) == NULL ||
	    strptime(text, rule->format, &other) == NULL)
		return error_set(error, ERROR_USAGE,
		    "'%s' is no pattern of strptime, like '%%Y-%%m-%%d %%H:%%M:%%S'", rule->format);
	if (one.tm_mon != other.tm_mon || one.tm_mday != other.tm_mday)
		return error_set(error, ERROR_USAGE,
		    "the time pattern '%s' names no day: put %%m and %%d in", rule->format);
	rule->format_has_year = one.tm_year == other.tm_year;
	rule->format_has_offset = one.tm_gmtoff == other.tm_gmtoff;
	rule->format_has_zone = zone != NULL;
	rule->format_is_epoch = find_conversion(rule->format, 's') != NULL;
	rule->format_first = first_of(rule->format);
	return true;
}

/* --- the reference -------------------------------------------------------------------------- */

bool timestamp_rule_init(struct timestamp_rule *rule, const char *format, int64_t reference,
    struct zone *zone, struct error *error)
{
	*rule = (struct timestamp_rule){ .format = format, .is_american = zone_is_american() };
	timestamp_rule_refer(rule, reference, zone);
	return timestamp_rule_set_keys(rule, NULL, 0, error) &&
	       (format == NULL || check_format(rule, error));
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
	while (stamp_next(line, end, limit, &at, &stamp)) {
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

/* Seconds east of UTC that the stamp's zone stands for; 0 where it has none. */
static int32_t offset_of(const struct timestamp_rule *rule, const struct stamp *stamp)
{
	return stamp->is_cst ? timestamp_rule_cst(rule) : stamp->offset;
}

/* What the clock shows in the zone of the stamp, or in that of the run. */
static void clock_beside(const struct timestamp_rule *rule, struct zone *zone,
    const struct stamp *stamp, struct civil *now)
{
	if (stamp->zone == TIMESTAMP_ZONE_NONE)
		zone_to_civil(zone, rule->reference, now);
	else
		civil_from_utc(rule->reference, offset_of(rule, stamp), now);
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

		if (stamp_read_bare(line, data + length, &stamp)) {
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

/* --- what a stamp means ---------------------------------------------------------------------- */

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
	found->offset = offset_of(rule, stamp);
	found->time = stamp->zone == TIMESTAMP_ZONE_NONE ? zone_to_utc(zone, civil)
	                                                 : civil_to_utc(civil, found->offset);
	return true;
}

/* Where the conversion begins in what the pattern matches; NULL: what is in front of it does
 * not match. */
static const char *match_until(const char *format, const char *conversion, const char *text)
{
	char front[FORMAT_REACH];
	size_t length = (size_t)(conversion - format);
	struct tm ignored = { .tm_mday = 1 };

	memcpy(front, format, length);
	front[length] = '\0';
	return strptime(text, front, &ignored);
}

static size_t count_digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* %Z: the zone is read as behind any stamp, and the pattern matched without it: libc would skip
 * whatever word stands there. */
static const char *match_zone(
    const struct timestamp_rule *rule, const char *text, struct tm *tm, struct stamp *stamp)
{
	char format[FORMAT_REACH], rest[FORMAT_COPY + 1];
	const char *conversion = find_conversion(rule->format, 'Z');
	const char *word = match_until(rule->format, conversion, text);
	const char *end = text + strlen(text), *behind, *match;
	size_t front;

	if (word == NULL)
		return NULL;
	while (*word == ' ')
		word++;
	behind = stamp_read_zone(text, word, end, stamp);
	if (behind == word) { /* a word that is no zone of which anything is known */
		behind = word + strcspn(word, " \t])>,;|\"");
		stamp->zone = TIMESTAMP_ZONE_NAMED;
		stamp->zone_name = word;
		stamp->zone_length = (size_t)(behind - word);
	}
	front = (size_t)(word - text);
	memcpy(rest, text, front);
	memcpy(rest + front, behind, strlen(behind) + 1);
	front = (size_t)(conversion - rule->format);
	memcpy(format, rule->format, front);
	memcpy(format + front, conversion + 2, strlen(conversion + 2) + 1);
	match = strptime(rest, format, tm);
	return behind == word || match == NULL ? NULL : text + (match - rest) + (behind - word);
}

/* The stamp at the beginning of `text`; NULL: it is none, else what is behind it. */
static const char *match_format(
    const struct timestamp_rule *rule, const char *text, struct tm *tm, struct stamp *stamp)
{
	if (rule->format_is_epoch) {
		const char *epoch =
		    match_until(rule->format, find_conversion(rule->format, 's'), text);

		if (epoch == NULL || *epoch == '0' || count_digits(epoch) != 10)
			return NULL;
	}
	return rule->format_has_zone ? match_zone(rule, text, tm, stamp)
	                             : strptime(text, rule->format, tm);
}

/* Whether a token begins at `at`. */
static bool is_token(const struct timestamp_rule *rule, const char *line, const char *at)
{
	if (rule->format_first == '0' ? !stamp_is_digit(*at)
	                              : rule->format_first != '\0' && *at != rule->format_first)
		return false;
	if (at == line)
		return true;
	if (stamp_is_behind_colour(line, at))
		return true;
	return *at != ' ' && *at != '\t' && !stamp_is_alnum(at[-1]) &&
	       !stamp_is_in(at[-1], "-/.:_+,") && (unsigned char)at[-1] < 0x80;
}

static bool read_at(
    const struct timestamp_rule *rule, struct zone *zone, const char *at, struct timestamp *found)
{
	struct tm tm = { .tm_mday = 1 };
	struct stamp stamp = { .has_year = rule->format_has_year, .has_order = true };
	const char *end = at + strlen(at);
	const char *behind = match_format(rule, at, &tm, &stamp);

	if (behind == NULL)
		return false;
	stamp.civil = (struct civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec, 0 };
	stamp.begin = at;
	behind = stamp_read_fraction(behind, end, &stamp.civil.millisecond);
	if (rule->format_has_offset) {
		stamp.zone = rule->format_is_epoch ? TIMESTAMP_ZONE_UTC : TIMESTAMP_ZONE_NUMERIC;
		stamp.offset = (int32_t)tm.tm_gmtoff;
	} else if (stamp.zone == TIMESTAMP_ZONE_NONE) {
		(void)stamp_read_zone(at, behind, end, &stamp);
	}
	if (!stamp_finish(rule, zone, &stamp, found))
		return false;
	if (rule->format_is_epoch)
		found->offset = 0;
	return true;
}

/* The first stamp of the pattern that begins a token. */
static bool read_format(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    const char *end, struct timestamp *found)
{
	char copy[FORMAT_COPY + 1];
	size_t length = (size_t)(end - line) < FORMAT_COPY ? (size_t)(end - line) : FORMAT_COPY;
	size_t reach = length < FORMAT_REACH ? length : FORMAT_REACH;

	timestamp_note(rule->notes, TIMESTAMP_NOTE_TRIED);
	memcpy(copy, line, length);
	copy[length] = '\0';
	for (size_t i = 0; i < reach; i++) {
		if (!is_token(rule, copy, copy + i))
			continue;
		if (read_at(rule, zone, copy + i, found)) {
			timestamp_note(rule->notes, TIMESTAMP_NOTE_MATCHED);
			return true;
		}
		if (found->is_lost) {
			timestamp_note(rule->notes, TIMESTAMP_NOTE_MATCHED);
			return false;
		}
	}
	return false;
}

/* --- a line ---------------------------------------------------------------------------------- */

/* A time whose day is certain: that of the file's name, or of a line written just now. */
static bool read_bare(const struct timestamp_rule *rule, struct zone *zone, const char *line,
    const char *end, struct timestamp *found)
{
	struct stamp stamp;
	struct civil day = rule->day;

	if (!stamp_read_bare(line, end, &stamp))
		return false;
	if (day.year == 0 && rule->is_live && stamp.zone_name == NULL) {
		struct civil now;

		clock_beside(rule, zone, &stamp, &now);
		day = now;
		if (seconds_of_day(&stamp.civil) > seconds_of_day(&now))
			civil_from_utc(civil_to_utc(&now, 0) - DAY, 0, &day);
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
		return read_format(rule, zone, line, end, stamp);
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
