/*
 * Owns how logs spell a day, and in what zone a time stands.
 *
 * A day is read backwards from the hour behind it: first what stands between the two, which says
 * which forms of days may stand there; then the form of plain numbers, which is by far the
 * commonest; then each row of a table of forms, element by element from the right. A zone is read
 * forwards from where the time ends: its first byte tells a number from a word, and a word counts
 * where a table has it or where nothing but a zone could stand. What a zone's name means is not
 * asked here.
 */
#include "time/timestamp_parts.h"

#include <string.h>

static bool is_upper(char c)
{
	return (unsigned char)(c - 'A') < 26;
}

static bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

/* --- what stands between a day and its hour -------------------------------------------- */

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

/* --- numbers and months ------------------------------------------------------- */

/* The number of four digits, or -1. */
static inline int four(const char *text)
{
	int century = stamp_two(text), year = stamp_two(text + 2);

	return century < 0 || year < 0 ? -1 : century * 100 + year;
}

const char *stamp_read_number(const char *text, const char *end, int *number)
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

	while (length < sizeof(lower) && end > text && is_letter(end[-1])) {
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
	return stamp_read_number(text, end - 3, month);
}

static const char *read_month_name(const char *text, const char *end, int *month)
{
	return end > text && (unsigned char)end[-1] >= 0x80 ? read_chinese_month(text, end, month)
	                                                    : read_english_month(text, end, month);
}

/* --- the forms ----------------------------------------------------------------- */

/*
 * The elements of a form, as they are written:
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
	char elements[16];
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
	number = stamp_read_number(text, at - 1, &value);
	return number != NULL && (number == text || !stamp_is_alnum(number[-1]));
}

/* Reads the element that ends at `end`: where it begins, or NULL. */
static const char *read_element(
    const char *text, const char *end, char element, struct stamp *stamp)
{
	switch (element) {
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
		return stamp_read_number(text, end, &stamp->civil.day);
	case 'q':
	case 'M':
		return stamp_read_number(text, end, &stamp->civil.month);
	case 'D':
		return stamp_read_number(text, end, &stamp->civil.day);
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
		return end > text && end[-1] == element ? end - 1 : NULL;
	}
}

static bool read_form(
    const struct form *form, const char *text, const char *end, struct stamp *stamp)
{
	stamp->has_year = false;
	stamp->has_order = true;
	stamp->has_month_name = false;
	for (size_t i = form->length; i-- > 0;) {
		end = read_element(text, end, form->elements[i], stamp);
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

/* --- the names of zones ---------------------------------------------------------------------- */

/* What stands for one offset wherever it is met. */
static const struct {
	char name[5];
	int8_t length, hours;
} offsets[] = {
	{ "UTC", 3, 0 },
	{ "GMT", 3, 0 },
	{ "JST", 3, 9 },
	{ "KST", 3, 9 },
	{ "HKT", 3, 8 },
	{ "PRC", 3, 8 }, /* the name of a region, as PHP writes it */
	{ "EST", 3, -5 },
	{ "EDT", 3, -4 },
	{ "CDT", 3, -5 },
	{ "MDT", 3, -6 },
	{ "PDT", 3, -7 },
	{ "CET", 3, 1 },
	{ "CEST", 4, 2 },
};

/* Other zones, of which some are several, by these letters. Words that are more often something
 * else behind a time (GET, ACT, CAT, MET) are not among them. */
static const char others[] =
    " ACDT ACST ADST AEDT AEST AFT AKDT AKST ALMT AMST ANAT AQTT AWDT AWST AZOT AZST AZT BDT BNT "
    "BRST BRT BST BTT CAST CHADT CHAST CHST CHOT CLST CLT CVT DAVT EASST EAST ECT EEST EET EGST "
    "EGT FJT FKST FKT FNT GALT GFT GILT GST GYT HADT HAST HDT HKST HOVT HST ICT IDT IRDT IRKT "
    "IRST IST JDT KDT KGT KOST KRAT LHDT LHST MAGT MART MAWT MESZ MEST MEZ MHT MMT MSD MSK MST "
    "MVT MYT NCT NDT NFT NOVT NPT NST NZDT NZST OMST ORAT PETT PGT PHST PHT PKT PMDT PMST PST "
    "PYST PYT QYZT SAKT SAMT SAST SBT SGT SRET SRT SST TFT TJT TKT TLT TMT TVT ULAT UYST UYT UZT "
    "VET VLAT VOLT VUT WAKT WARST WAST WAT WEST WET WGST WGT WIB WIT WITA WITB YAKT YAPT YEKT ";

/* The areas that the names of regions begin with. */
static const char areas[] = " Africa America Antarctica Arctic Asia Atlantic Australia Brazil "
                            "Canada Chile Etc Europe Indian Mexico Pacific US ";

/* Whether a list of words between blanks holds this one. */
static bool is_listed(const char *list, const char *word, size_t length)
{
	for (const char *at = list; (at = strchr(at, ' ')) != NULL; at++)
		if (strncmp(at + 1, word, length) == 0 && at[1 + length] == ' ')
			return true;
	return false;
}

/* Whether a word ends in front of `at`. */
static bool is_word_end(const char *at, const char *end)
{
	return at == end || (!stamp_is_alnum(*at) && *at != '_');
}

static void set_offset(struct stamp *stamp, enum timestamp_zone zone, int32_t offset)
{
	stamp->zone = zone;
	stamp->offset = offset;
}

/* The zone is left to be found by its name; or, where it is no region, to be named as unknown. */
static void set_name(struct stamp *stamp, const char *name, const char *end, bool is_region)
{
	stamp->zone = TIMESTAMP_ZONE_NAMED;
	stamp->zone_name = name;
	stamp->zone_length = (size_t)(end - name);
	stamp->is_region = is_region;
}

/* --- offsets ---------------------------------------------------------------------- */

/* What an offset stands behind: that decides in what forms it is one. */
enum before { BEFORE_TIME, BEFORE_BLANK, BEFORE_NAME };

/* Whether "+08 [123]" is at `at`, behind its sign and hours: a process number follows, as in
 * PostgreSQL's logs. */
static bool is_before_process(const char *at, const char *end)
{
	return end - at >= 3 && at[0] == ' ' && at[1] == '[' && stamp_is_digit(at[2]);
}

/* "+08:00", "+0800", "+08", "+8:00"; behind a name also "+8": NULL when it is something else. */
static const char *read_signed(
    const char *at, const char *end, enum before before, struct stamp *stamp)
{
	int sign = *at == '-' ? -1 : 1;
	int hours, minutes = 0;
	bool has_minutes = false, is_short;

	if (end - at < 2)
		return NULL;
	hours = end - at < 3 ? -1 : stamp_two(at + 1);
	is_short = hours < 0;
	if (is_short) {
		if (!stamp_is_digit(at[1]))
			return NULL;
		hours = at[1] - '0';
	}
	at += is_short ? 2 : 3;
	if (end - at >= 3 && *at == ':' && stamp_two(at + 1) >= 0) {
		minutes = stamp_two(at + 1);
		has_minutes = true;
		at += 3;
	} else if (!is_short && end - at >= 2 && stamp_two(at) >= 0) {
		minutes = stamp_two(at);
		has_minutes = true;
		at += 2;
	}
	if (hours > 23 || minutes > 59 || (at < end && stamp_is_alnum(*at)))
		return NULL;
	if (is_short && !has_minutes && before != BEFORE_NAME)
		return NULL;
	/* apart from the time it may just be a number */
	if (before == BEFORE_BLANK && !has_minutes && !is_before_process(at, end))
		return NULL;
	if (before == BEFORE_BLANK && (hours > 14 || minutes % 15 != 0))
		return NULL;
	if (!has_minutes && at < end && (*at == ':' || *at == '-' || *at == '.'))
		return NULL;
	set_offset(stamp, TIMESTAMP_ZONE_NUMERIC, sign * (hours * 3600 + minutes * 60));
	return at;
}

/* --- words that are zones
 * --------------------------------------------------------------------------- */

/* What is behind "UTC" and "GMT": "UTC", "UTC+08:00", "GMT+8", "UTC-main". */
static const char *read_behind_utc(
    const char *name, const char *at, const char *end, struct stamp *stamp)
{
	const char *number;

	set_offset(stamp, TIMESTAMP_ZONE_NAMED, 0);
	if (end - at < 2 || (*at != '+' && *at != '-') || !stamp_is_digit(at[1]))
		return at;
	number = read_signed(at, end, BEFORE_NAME, stamp);
	if (number != NULL)
		return number;
	for (at++; at < end && (stamp_is_digit(*at) || *at == ':'); at++)
		;
	set_name(stamp, name, at, false);
	return at;
}

/* Whether only a zone can stand there: in the brackets of a stamp that has a month's name, or in
 * front of the year. */
static bool must_be_zone(const char *text, const char *at, const char *end, struct stamp *stamp)
{
	struct stamp late = { .has_year = false };

	if (!stamp->has_year)
		return stamp_read_late_year(at, end, &late);
	return stamp->has_month_name && at < end && stamp->begin > text &&
	       ((*at == ']' && stamp->begin[-1] == '[') || (*at == '>' && stamp->begin[-1] == '<'));
}

/* "CST" and its like, from `at` to `word_end`. */
static const char *read_letters(
    const char *text, const char *at, const char *word_end, const char *end, struct stamp *stamp)
{
	size_t length = (size_t)(word_end - at);

	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		if (length != (size_t)offsets[i].length || memcmp(at, offsets[i].name, length) != 0)
			continue;
		if (i < 2)
			return read_behind_utc(at, word_end, end, stamp);
		set_offset(stamp, TIMESTAMP_ZONE_NAMED, offsets[i].hours * 3600);
		return word_end;
	}
	if (length == 3 && memcmp(at, "CST", 3) == 0) {
		set_offset(stamp, TIMESTAMP_ZONE_NAMED, 0);
		stamp->is_cst = true;
		return word_end;
	}
	if (!must_be_zone(text, word_end, end, stamp) && !is_listed(others, at, length))
		return NULL;
	set_name(stamp, at, word_end, false);
	return word_end;
}

/* "Asia/Shanghai" */
static const char *read_region(const char *at, const char *end, struct stamp *stamp)
{
	const char *slash = at;
	const char *behind;

	while (slash < end && slash - at < 12 && is_letter(*slash))
		slash++;
	if (end - slash < 2 || *slash != '/' || !is_letter(slash[1]) ||
	    !is_listed(areas, at, (size_t)(slash - at)))
		return NULL;
	for (behind = slash;
	     behind < end && (stamp_is_alnum(*behind) || stamp_is_in(*behind, "/_+-")); behind++)
		;
	set_name(stamp, at, behind, true);
	return behind;
}

/* "EST5EDT" */
static bool is_posix_name(const char *at, const char *end)
{
	for (size_t i = 0; i < 7; i++)
		if (at + i == end || (i == 3 ? !stamp_is_digit(at[i]) : !is_upper(at[i])))
			return false;
	return is_word_end(at + 7, end);
}

/* "Eastern Standard Time" */
static const char *read_long_name(const char *at, const char *end, struct stamp *stamp)
{
	static const char china[] = "China Standard Time";
	static const char *const kinds[] = { " Standard Time", " Daylight Time", " Summer Time" };
	const char *behind = at;

	while (behind < end && behind - at < 40 && (is_letter(*behind) || *behind == ' '))
		behind++;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t length = strlen(kinds[i]);
		const char *kind = memmem(at, (size_t)(behind - at), kinds[i], length);

		if (kind == NULL)
			continue;
		if ((size_t)(behind - at) >= strlen(china) && memcmp(at, china, strlen(china)) == 0)
			set_offset(stamp, TIMESTAMP_ZONE_NAMED, 8 * 3600);
		else
			set_name(stamp, at, kind + length, false);
		return kind + length;
	}
	return NULL;
}

static const char *read_word(const char *text, const char *at, const char *end, struct stamp *stamp)
{
	const char *behind = at;

	while (behind < end && behind - at < 6 && is_upper(*behind))
		behind++;
	if (behind - at >= 3 && behind - at <= 5 && is_word_end(behind, end)) {
		/* zones end so, levels do not: most words behind a time are levels */
		if (stamp_is_in(behind[-1], "TCKBADZ") || stamp->has_month_name)
			return read_letters(text, at, behind, end, stamp);
		return NULL;
	}
	if (behind - at == 3 && is_posix_name(at, end)) {
		set_name(stamp, at, at + 7, true);
		return at + 7;
	}
	if (behind - at == 1 && behind < end && is_letter(*behind)) {
		const char *region = read_region(at, end, stamp);

		return region != NULL ? region : read_long_name(at, end, stamp);
	}
	return read_region(at, end, stamp); /* US/Eastern */
}

/* "[Asia/Shanghai]", "(CST)" */
static const char *read_in_brackets(
    const char *text, const char *at, const char *end, struct stamp *stamp)
{
	const char close = *at == '(' ? ')' : ']';
	const char *behind;
	struct stamp before;

	if (end - at < 5 || !is_upper(at[1]))
		return NULL;
	before = *stamp;
	behind = read_word(text, at + 1, end, stamp);
	if (behind != NULL && behind < end && *behind == close)
		return behind + 1;
	*stamp = before;
	return NULL;
}

const char *stamp_read_zone(const char *text, const char *at, const char *end, struct stamp *stamp)
{
	const char *from = at;
	const char *behind = NULL;
	bool is_apart = at < end && *at == ' ';

	if (is_apart)
		at++;
	if (at == end)
		return from;
	switch (*at) {
	case '+':
	case '-':
		behind = read_signed(at, end, is_apart ? BEFORE_BLANK : BEFORE_TIME, stamp);
		break;
	case 'z':
	case 'Z':
		if (at + 1 < end && stamp_is_alnum(at[1]))
			break;
		set_offset(stamp, TIMESTAMP_ZONE_UTC, 0);
		behind = at + 1;
		break;
	case '[':
	case '(':
		behind = read_in_brackets(text, at, end, stamp);
		break;
	default:
		if (is_upper(*at))
			behind = read_word(text, at, end, stamp);
		break;
	}
	return behind != NULL ? behind : from;
}
