/*
 * Owns how logs spell a day, and what may part it from the time behind it. Both are read
 * backwards, from the hour. Must not know times, zones, or which stamp of several counts.
 */
#include "time/timestamp_parts.h"

#include <string.h>

/* --- what parts a day from its hour -------------------------------------------- */

enum joint {
	JOINT_NONE = 0,
	JOINT_BLANK = 1, /* also a tab, " - ", ", ", and nothing behind a Chinese day */
	JOINT_T = 2,
	JOINT_COLON = 4, /* also "::" */
	JOINT_DASH = 8,
	JOINT_LOW = 16, /* _ */
};

/* Whether `text` .. `at` ends with `word`. */
static bool ends_with(const char *text, const char *at, const char *word, size_t length)
{
	return (size_t)(at - text) >= length && memcmp(at - length, word, length) == 0;
}

#define ENDS_WITH(text, at, word) ends_with(text, at, word, sizeof(word) - 1)

/* In front of the day of the week, if one stands in front of `at`: 星期五, 周五 */
static const char *skip_weekday(const char *text, const char *at)
{
	if ((unsigned char)at[-1] < 0x80 || at - text < 3)
		return at;
	if (ENDS_WITH(text, at - 3, "星期"))
		return at - 9;
	if (ENDS_WITH(text, at - 3, "周"))
		return at - 6;
	return at;
}

/* Where the day ends that belongs to what begins at `at`. */
static enum joint read_joint(const char *text, const char *at, const char **day_end)
{
	const char *end = at - 1;

	*day_end = end;
	switch (*end) {
	case ' ':
	case '\t':
		if (end - text < 3)
			return JOINT_NONE;
		if (end[-1] == '-' && end[-2] == ' ')
			*day_end = end - 2;
		else if (end[-1] == ',')
			*day_end = end - 1;
		else if ((unsigned char)end[-1] >= 0x80)
			*day_end = skip_weekday(text, end);
		if (*day_end < end - 2 && (*day_end)[-1] == ' ')
			(*day_end)--;
		return JOINT_BLANK;
	case 'T':
	case 't':
		return JOINT_T;
	case ':':
		if (end - text > 1 && end[-1] == ':')
			(*day_end)--;
		return JOINT_COLON;
	case '-':
		return JOINT_DASH;
	case '_':
		return JOINT_LOW;
	default:
		*day_end = at;
		return ENDS_WITH(text, at, "日") ? JOINT_BLANK : JOINT_NONE;
	}
}

/* --- what may stand in front of a day ------------------------------------------- */

enum border {
	BORDER_NUMBER, /* no digit */
	BORDER_WORD,   /* neither digit nor letter */
	BORDER_FREE,   /* nor a sign that joins numbers and words */
};

bool stamp_is_behind_colour(const char *text, const char *at)
{
	if (at == text || *--at != 'm')
		return false;
	while (at > text && (stamp_is_digit(at[-1]) || at[-1] == ';'))
		at--;
	return at - text >= 2 && at[-1] == '[' && at[-2] == '\x1b';
}

static bool is_free(const char *text, const char *at, enum border border)
{
	char c;

	if (at == text)
		return true;
	c = at[-1];
	if (border == BORDER_NUMBER)
		return !stamp_is_digit(c);
	if (stamp_is_alnum(c))
		return c == 'm' && stamp_is_behind_colour(text, at);
	return border == BORDER_WORD || (c != '-' && c != '/' && c != '.' && c != '_' && c != ':');
}

/* --- the parts of a day ------------------------------------------------------- */

/* The number of four digits, or -1. */
static inline int four(const char *text)
{
	int century = stamp_two(text), year = stamp_two(text + 2);

	return century < 0 || year < 0 ? -1 : century * 100 + year;
}

/* A number of one digit or two that ends at `end`: where it begins, or NULL. */
static const char *read_number(const char *text, const char *end, int *number)
{
	if (end == text || !stamp_is_digit(end[-1]))
		return NULL;
	if (end - text < 2 || !stamp_is_digit(end[-2])) {
		*number = end[-1] - '0';
		return end - 1;
	}
	*number = stamp_two(end - 2);
	return end - 2;
}

/* The month of three letters in lower case; 0: none. */
static int month_of(const char letters[3])
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int month = 0; month < 12; month++)
		if (memcmp(names + (size_t)month * 3, letters, 3) == 0)
			return month + 1;
	return 0;
}

/* A month's name, or its first three letters, in any case; "sept" has four, as some locales
 * abbreviate it. */
static const char *read_english_month(const char *text, const char *end, int *month)
{
	static const char *const rests[] = { "uary", "ruary", "ch", "il", "", "e", "y", "ust",
		"tember", "ober", "ember", "ember" };
	char lower[12];
	size_t length = 0;

	while (
	    length < sizeof(lower) && end > text && (unsigned char)((end[-1] | 0x20) - 'a') < 26) {
		end--;
		lower[sizeof(lower) - ++length] = (char)(*end | 0x20);
	}
	if (length > 3 && stamp_is_behind_colour(text, end + 1)) {
		end++;
		length--;
	}
	if (length < 3 || length == sizeof(lower))
		return NULL;
	*month = month_of(lower + sizeof(lower) - length);
	if (*month == 0)
		return NULL;
	if (length > 3 && !(length == 4 && *month == 9 && lower[sizeof(lower) - 1] == 't') &&
	    (strlen(rests[*month - 1]) != length - 3 ||
	        memcmp(rests[*month - 1], lower + sizeof(lower) - length + 3, length - 3) != 0))
		return NULL;
	return end;
}

/* 11月, 十一月 */
static const char *read_chinese_month(const char *text, const char *end, int *month)
{
	static const char *const names[] = { "十一月", "十二月", "一月", "二月", "三月", "四月",
		"五月", "六月", "七月", "八月", "九月", "十月" };
	static const unsigned char numbers[] = { 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

	if (!ENDS_WITH(text, end, "月"))
		return NULL;
	for (size_t i = 0; i < sizeof(numbers); i++) {
		size_t length = strlen(names[i]);

		if (ends_with(text, end, names[i], length)) {
			*month = numbers[i];
			return end - length;
		}
	}
	return read_number(text, end - 3, month);
}

static const char *read_month_name(const char *text, const char *end, int *month)
{
	return end > text && (unsigned char)end[-1] >= 0x80 ? read_chinese_month(text, end, month)
	                                                    : read_english_month(text, end, month);
}

/* --- the forms ----------------------------------------------------------------- */

/*
 * A form's parts, as they are written:
 *
 *     Y  a year of four digits                m d  month and day of two digits
 *     b  a month's name                       M D  the same of one or two digits
 *     p q  day and month, in the order of the input
 *     O  perhaps a year and a blank
 *     k  the letter of a level, as klog and glog have it
 *     a blank: one or more; anything else stands for itself
 */
#define FORM(text) text, sizeof(text) - 1

static const struct form {
	char parts[16];
	uint8_t length, joints;
	enum border border;
} forms[] = {
	{ FORM("Ob D"), JOINT_BLANK, BORDER_WORD },
	{ FORM("D/b/Y"), JOINT_COLON | JOINT_BLANK, BORDER_FREE },
	{ FORM("Ymd"), JOINT_BLANK | JOINT_T | JOINT_DASH | JOINT_LOW, BORDER_NUMBER },
	{ FORM("D b Y"), JOINT_COLON | JOINT_BLANK, BORDER_FREE },
	{ FORM("D-b-Y"), JOINT_COLON | JOINT_BLANK, BORDER_FREE },
	{ FORM("b D Y"), JOINT_BLANK, BORDER_WORD },
	{ FORM("b D, Y"), JOINT_BLANK, BORDER_WORD },
	{ FORM("p/q/Y"), JOINT_BLANK, BORDER_FREE },
	{ FORM("p-q-Y"), JOINT_BLANK, BORDER_FREE },
	{ FORM("D.M.Y"), JOINT_BLANK, BORDER_FREE },
	{ FORM("Y-b-D"), JOINT_BLANK, BORDER_FREE },
	{ FORM("Y/b/D"), JOINT_BLANK, BORDER_FREE },
	{ FORM("D b"), JOINT_BLANK, BORDER_FREE },
	{ FORM("Y年M月D日"), JOINT_BLANK, BORDER_NUMBER },
	{ FORM("Y年 M月 D日"), JOINT_BLANK, BORDER_NUMBER },
	{ FORM("Y-M-D"), JOINT_BLANK, BORDER_FREE },
	{ FORM("Y/M/D"), JOINT_BLANK, BORDER_FREE },
	{ FORM("Y.M.D"), JOINT_BLANK, BORDER_FREE },
	{ FORM("kmd"), JOINT_BLANK, BORDER_FREE },
	{ FORM("kYmd"), JOINT_BLANK, BORDER_FREE },
};

/* Whether a number of one digit or two and a blank stand in front of `at`. */
static bool is_behind_number(const char *text, const char *at)
{
	const char *number;
	int value;

	if (at - text < 2 || at[-1] != ' ')
		return false;
	number = read_number(text, at - 1, &value);
	return number != NULL && (number == text || !stamp_is_alnum(number[-1]));
}

/* Reads the part that ends at `end`: where it begins, or NULL. */
static const char *read_part(const char *text, const char *end, char part, struct stamp *stamp)
{
	switch (part) {
	case 'Y':
		stamp->has_year = true;
		stamp->civil.year = end - text < 4 ? -1 : four(end - 4);
		return stamp->civil.year < 0 ? NULL : end - 4;
	case 'm':
		stamp->civil.month = end - text < 2 ? -1 : stamp_two(end - 2);
		return stamp->civil.month < 0 ? NULL : end - 2;
	case 'd':
		stamp->civil.day = end - text < 2 ? -1 : stamp_two(end - 2);
		return stamp->civil.day < 0 ? NULL : end - 2;
	case 'p':
		stamp->has_order = false;
		return read_number(text, end, &stamp->civil.day);
	case 'q':
	case 'M':
		return read_number(text, end, &stamp->civil.month);
	case 'D':
		return read_number(text, end, &stamp->civil.day);
	case 'O':
		if (is_behind_number(text, end))
			return NULL; /* "19 Nov 21": which is the day? */
		if (end - text < 5 || end[-1] != ' ' || four(end - 5) < 1970 ||
		    !is_free(text, end - 5, BORDER_FREE))
			return end;
		stamp->has_year = true;
		stamp->civil.year = four(end - 5);
		return end - 5;
	case 'b':
		stamp->has_month_name = true;
		return read_month_name(text, end, &stamp->civil.month);
	case 'k':
		return end > text && stamp_is_in(end[-1], "IWEFD") ? end - 1 : NULL;
	case ' ':
		if (end == text || end[-1] != ' ')
			return NULL;
		return end - text > 1 && end[-2] == ' ' ? end - 2 : end - 1;
	default:
		return end > text && end[-1] == part ? end - 1 : NULL;
	}
}

static bool read_form(
    const struct form *form, const char *text, const char *end, struct stamp *stamp)
{
	stamp->has_year = false;
	stamp->has_order = true;
	stamp->has_month_name = false;
	for (size_t i = form->length; i-- > 0;) {
		end = read_part(text, end, form->parts[i], stamp);
		if (end == NULL)
			return false;
	}
	stamp->begin = end;
	return is_free(text, end, form->border);
}

/* "2026-11-22", "2026/11/22", "2026.11.22", "26/11/22", "11-22": by far the commonest */
static bool read_numbers(const char *text, const char *end, enum joint joint, struct stamp *stamp)
{
	size_t room = (size_t)(end - text);
	char sign = end[-3];

	if (sign != '-' && sign != '/' && sign != '.')
		return false;
	stamp->has_order = true;
	stamp->civil.day = stamp_two(end - 2);
	stamp->civil.month = stamp_two(end - 5);
	if (stamp->civil.day < 0 || stamp->civil.month < 0)
		return false;
	stamp->has_year = room >= 6 && end[-6] == sign;
	if (stamp->has_year && room >= 10 && four(end - 10) >= 0) {
		stamp->begin = end - 10;
		stamp->civil.year = four(end - 10);
		return is_free(
		    text, stamp->begin, joint >= JOINT_DASH ? BORDER_FREE : BORDER_NUMBER);
	}
	if (joint > JOINT_T)
		return false;
	if (!stamp->has_year) {
		stamp->begin = end - 5;
		return sign == '-' && *end == ' ' && is_free(text, end - 5, BORDER_FREE);
	}
	if (room < 8 || sign != '/' || stamp_two(end - 8) < 0)
		return false;
	stamp->begin = end - 8;
	stamp->civil.year = 2000 + stamp_two(end - 8);
	return is_free(text, end - 8, BORDER_FREE);
}

bool stamp_read_date(const char *text, const char *hour, struct stamp *stamp)
{
	const char *end;
	enum joint joint = read_joint(text, hour, &end);

	stamp->is_padded = true;
	if (joint == JOINT_NONE || end - text < 4)
		return false;
	if (end - text >= 5 && joint != JOINT_COLON && read_numbers(text, end, joint, stamp))
		return true;
	stamp->is_padded = false;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if ((forms[i].joints & joint) != 0 && read_form(&forms[i], text, end, stamp))
			return true;
	return false;
}

/* The year behind a time, perhaps behind the zone's letters: "03:14:15 CST 2026". */
bool stamp_read_late_year(const char *at, const char *end, struct stamp *stamp)
{
	if (end - at < 5 || *at != ' ' || four(at + 1) < 1970 || four(at + 1) >= 2200)
		return false;
	if (end - at > 5 && (stamp_is_alnum(at[5]) || at[5] == '.' || at[5] == '-'))
		return false;
	stamp->has_year = true;
	stamp->civil.year = four(at + 1);
	return true;
}
