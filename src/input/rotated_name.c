/*
 * Owns what a rotated log can be called. Must not know files: only their names.
 *
 * A name begins with the log's own, or with its stem; what follows is tried as one form after the
 * other, first in the few ways that were known first, then in all (`is_wide`): a name that was
 * always taken for a rotated one is read as it always was. Numbers are kept plus one, so that 0 can
 * mean that there is none.
 */
#include "input/rotated_name.h"

#include <limits.h>
#include <string.h>
#include <time.h>

static const char *const packings[] = { ".gz", ".zst", ".xz" };

size_t rotated_name_packing(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		size_t size = strlen(packings[i]);

		if (length > size && strcmp(name + length - size, packings[i]) == 0)
			return size;
	}
	return 0;
}

/* ---- numbers ---- */

/* How many digits stand here, `most` at most; their number. */
static size_t read_digits(const char *text, size_t most, uint32_t *number)
{
	size_t length = 0;

	*number = 0;
	for (; length < most && text[length] >= '0' && text[length] <= '9'; length++)
		*number = *number * 10 + (uint32_t)(text[length] - '0');
	return length;
}

/* Exactly so many digits, of a number in [from, to]. What stands behind does not matter. */
static bool read_number(
    const char **text, size_t digits, uint32_t from, uint32_t to, uint32_t *number)
{
	if (read_digits(*text, digits, number) < digits || *number < from || *number > to)
		return false;
	*text += digits;
	return true;
}

static bool is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Passes over one of the characters, if it stands here; returns it, or 0. */
static char skip_one_of(const char **text, const char *set)
{
	char c = is_one_of(**text, set) ? **text : '\0';

	*text += c != '\0';
	return c;
}

/* A name being read, in the ways known first or in all. */
struct reading {
	bool is_wide;
	const char *suffix; /* that is still to come */
	const char *behind; /* what a number behind the date may follow */
	struct rotated_name *name;
};

/* ---- dates ---- */

/* YYYY-MM-DD or YYYYMMDD; both dashes or none. */
static bool read_day(const char **text, const char *separators, uint32_t *day)
{
	uint32_t year, month, date;
	char separator;

	if (!read_number(text, 4, 0, 9999, &year))
		return false;
	separator = skip_one_of(text, separators);
	if (!read_number(text, 2, 1, 12, &month) || skip_one_of(text, separators) != separator ||
	    !read_number(text, 2, 1, 31, &date))
		return false;
	*day = year * 10000 + month * 100 + date;
	return true;
}

/* MM-DD-YYYY or DD-MM-YYYY: some names could be either. */
static bool read_year_last(const char **text, uint32_t *day)
{
	uint32_t first, second, year;
	char separator;

	if (!read_number(text, 2, 1, 31, &first) ||
	    (separator = skip_one_of(text, "-._")) == '\0' ||
	    !read_number(text, 2, 1, 31, &second) || skip_one_of(text, "-._") != separator ||
	    !read_number(text, 4, 1900, 2099, &year) || (first > 12 && second > 12))
		return false;
	*day = year * 10000;
	return true;
}

static bool read_month(const char **text, uint32_t *day)
{
	uint32_t year, month;

	if (!read_number(text, 4, 1900, 2099, &year))
		return false;
	(void)skip_one_of(text, "-._");
	if (!read_number(text, 2, 1, 12, &month))
		return false;
	*day = year * 10000 + month * 100;
	return true;
}

/* ---- what stands behind a date ---- */

static bool put(struct rotated_name *name, size_t at, uint32_t number)
{
	name->numbers[at] = number + 1;
	return true;
}

static void forget_from(struct rotated_name *name, size_t at)
{
	for (; at < ROTATED_NUMBERS; at++)
		name->numbers[at] = 0;
}

/* [SEPARATOR N] SUFFIX, the number being part `at`. */
static bool read_end(const struct reading *reading, const char *text, size_t at)
{
	bool may_be_seconds = reading->is_wide && *text == '-' && text[1] == '1';
	uint32_t number;
	size_t digits;

	forget_from(reading->name, at);
	if (strcmp(text, reading->suffix) == 0)
		return true;
	if (!is_one_of(*text, reading->behind) && !may_be_seconds)
		return false;
	digits = read_digits(text + 1, may_be_seconds ? 10 : 9, &number);
	return digits > 0 && (digits == 10 || is_one_of(*text, reading->behind)) &&
	       strcmp(text + 1 + digits, reading->suffix) == 0 && put(reading->name, at, number);
}

/* So many of hour, minute and second. */
static bool read_clock(const struct reading *reading, const char **text, size_t count)
{
	uint32_t number;
	char separator = '\0';

	(void)skip_one_of(text, "-_T");
	for (size_t i = 0; i < count; i++) {
		if (i == 1)
			separator = skip_one_of(text, "-:._");
		else if (i == 2 && skip_one_of(text, "-:._") != separator)
			return false;
		if (!read_number(text, 2, 0, i == 0 ? 23 : i == 1 ? 59 : 60, &number))
			return false;
		(void)put(reading->name, i, number);
	}
	(void)(reading->is_wide && skip_one_of(text, "Z"));
	return true;
}

/* All that may stand behind the day. What looks like an hour may be a number. */
static bool read_rest(const struct reading *reading, const char *text)
{
	for (size_t count = reading->is_wide ? 3 : 1; count > 0; count--) {
		const char *behind = text;

		if (read_clock(reading, &behind, count) && read_end(reading, behind, count))
			return true;
	}
	return read_end(reading, text, 0);
}

/* Ten digits: seconds since 1970, from 2001 to 2033; no date of this age begins so. */
static bool read_seconds(const struct reading *reading, const char *text)
{
	struct rotated_name *name = reading->name;
	time_t seconds;
	uint32_t number;
	struct tm time;

	if (*text != '1' || read_digits(text, 10, &number) < 10)
		return false;
	seconds = (time_t)number;
	if (gmtime_r(&seconds, &time) == NULL || !read_end(reading, text + 10, 3))
		return false;
	name->day =
	    (uint32_t)((time.tm_year + 1900) * 10000 + (time.tm_mon + 1) * 100 + time.tm_mday);
	return put(name, 0, (uint32_t)time.tm_hour) && put(name, 1, (uint32_t)time.tm_min) &&
	       put(name, 2, (uint32_t)time.tm_sec);
}

static bool read_stamp(const struct reading *reading, const char *text)
{
	struct reading month = *reading;
	const char *rest = text;

	if (read_day(&rest, reading->is_wide ? "-._" : "-", &reading->name->day) &&
	    read_rest(reading, rest))
		return true;
	if (!reading->is_wide)
		return false;
	if (read_seconds(reading, text))
		return true;
	rest = text;
	if (read_year_last(&rest, &reading->name->day) && read_rest(reading, rest)) {
		forget_from(reading->name, 0); /* they tell nothing without the day */
		return true;
	}
	rest = text;
	month.behind = ".";
	return read_month(&rest, &reading->name->day) && read_end(&month, rest, 0);
}

/* Eight digits that follow at once. */
static bool read_glued(const struct reading *reading, const char *text)
{
	return reading->is_wide && *text >= '0' && *text <= '9' &&
	       read_day(&text, "", &reading->name->day) && read_rest(reading, text);
}

/* ---- the forms ---- */

static bool read_number_behind(struct reading *reading, const char *text)
{
	reading->suffix = "";
	reading->behind = ".";
	return *text == '.' && read_end(reading, text, 0);
}

static bool read_number_inside(struct reading *reading, const char *text)
{
	uint32_t number;
	size_t digits;

	if (!reading->is_wide || *text != '.' || reading->suffix[0] == '\0')
		return false;
	digits = read_digits(text + 1, 4, &number);
	return digits > 0 && digits < 4 && strcmp(text + 1 + digits, reading->suffix) == 0 &&
	       put(reading->name, 0, number);
}

static bool read_stamp_behind(struct reading *reading, const char *text)
{
	reading->suffix = "";
	reading->behind = ".";
	return (is_one_of(*text, reading->is_wide ? "-._" : "-.") &&
	           read_stamp(reading, text + 1)) ||
	       read_glued(reading, text);
}

static bool read_stamp_inside(struct reading *reading, const char *text)
{
	reading->behind = "-._";
	if (reading->is_wide && strncmp(text, "__", 2) == 0)
		text++;
	return (is_one_of(*text, "-._") && read_stamp(reading, text + 1)) ||
	       read_glued(reading, text);
}

/* In this order: eight digits are rather a date than a number. */
static const struct form {
	enum rotated_form form;
	bool is_inside; /* it stands before the suffix */
	bool (*read)(struct reading *reading, const char *text);
} forms[] = {
	{ ROTATED_FORM_STAMP_INSIDE, true, read_stamp_inside },
	{ ROTATED_FORM_STAMP_BEHIND, false, read_stamp_behind },
	{ ROTATED_FORM_NUMBER_BEHIND, false, read_number_behind },
	{ ROTATED_FORM_NUMBER_INSIDE, true, read_number_inside },
};

/* Where the log's suffix begins: at its last dot, if that is inside. */
static const char *find_suffix(const char *log)
{
	const char *dot = strrchr(log, '.');

	return dot == NULL || dot == log || dot[1] == '\0' ? log + strlen(log) : dot;
}

/* `core` is the name without its packing. */
static bool parse(struct rotated_name *parsed, const char *log, const char *core, bool is_wide)
{
	const char *suffix = find_suffix(log);

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct reading reading = { is_wide, suffix, "", parsed };
		size_t length = forms[i].is_inside ? (size_t)(suffix - log) : strlen(log);

		*parsed = (struct rotated_name){ .form = forms[i].form, .is_late = is_wide };
		if (strncmp(core, log, length) == 0 && core[length] != '\0' &&
		    forms[i].read(&reading, core + length))
			return true;
	}
	return false;
}

bool rotated_name_parse(struct rotated_name *parsed, const char *log, const char *name)
{
	size_t length = strlen(name) - rotated_name_packing(name);
	char core[NAME_MAX + 1];

	*parsed = (struct rotated_name){ .form = ROTATED_FORM_NONE };
	if (length > NAME_MAX || strcmp(name, log) == 0)
		return false;
	memcpy(core, name, length);
	core[length] = '\0';
	return parse(parsed, log, core, false) || parse(parsed, log, core, true);
}

int rotated_name_compare(const struct rotated_name *a, const struct rotated_name *b)
{
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	for (size_t i = 0; i < ROTATED_NUMBERS; i++)
		if (a->numbers[i] != b->numbers[i])
			return (a->numbers[i] < b->numbers[i]) == (a->day != 0) ? -1 : 1;
	return 0;
}

/* ---- folders ---- */

static bool is_month_of_year(const char *text)
{
	uint32_t number;

	if (!read_number(&text, 4, 0, 9999, &number))
		return false;
	text += *text == '-';
	return read_number(&text, 2, 1, 12, &number) && *text == '\0';
}

static bool is_number(const char *text, size_t digits, uint32_t from, uint32_t to)
{
	uint32_t number;

	return read_number(&text, digits, from, to, &number) && *text == '\0';
}

unsigned rotated_folder_parse(const char *name)
{
	const char *text = name;
	uint32_t day;

	if (strncmp(name, "archive", strlen("archive")) == 0)
		return ROTATED_FOLDER_ARCHIVE;
	if (strcmp(name, "old") == 0 || strcmp(name, "backup") == 0)
		return ROTATED_FOLDER_OLD;
	if ((read_day(&text, "-", &day) && *text == '\0') || is_month_of_year(name))
		return ROTATED_FOLDER_DATED;
	if (is_number(name, 4, 0, 9999))
		return ROTATED_FOLDER_YEAR;
	return (is_number(name, 2, 1, 12) ? ROTATED_FOLDER_MONTH : 0u) |
	       (is_number(name, 2, 1, 31) ? ROTATED_FOLDER_DAY : 0u);
}
