/*
 * Owns how a stamp says in what zone it stands. Must not know days and times, or what a region's
 * clocks do.
 */
#include "time/timestamp_parts.h"

#include <string.h>

/* --- names ---------------------------------------------------------------------- */

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

/* The first parts of the names of regions. */
static const char areas[] = " Africa America Antarctica Arctic Asia Atlantic Australia Brazil "
                            "Canada Chile Etc Europe Indian Mexico Pacific US ";

static bool is_upper(char c)
{
	return (unsigned char)(c - 'A') < 26;
}

static bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

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

/* --- numbers ---------------------------------------------------------------------- */

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

/* --- words --------------------------------------------------------------------------- */

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
static bool is_zones_place(const char *text, const char *at, const char *end, struct stamp *stamp)
{
	struct stamp late = { .has_year = false };

	if (!stamp->has_year)
		return stamp_read_late_year(at, end, &late);
	return stamp->has_month_name && at < end && stamp->begin > text &&
	       ((*at == ']' && stamp->begin[-1] == '[') || (*at == '>' && stamp->begin[-1] == '<'));
}

/* "CST" and its like, from `at` to `word_end`. */
static const char *read_letters(const struct timestamp_rule *rule, const char *text, const char *at,
    const char *word_end, const char *end, struct stamp *stamp)
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
		set_offset(stamp, TIMESTAMP_ZONE_NAMED, timestamp_rule_cst(rule));
		stamp->is_cst = true;
		return word_end;
	}
	if (!is_zones_place(text, word_end, end, stamp) && !is_listed(others, at, length))
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

static const char *read_word(const struct timestamp_rule *rule, const char *text, const char *at,
    const char *end, struct stamp *stamp)
{
	const char *behind = at;

	while (behind < end && behind - at < 6 && is_upper(*behind))
		behind++;
	if (behind - at >= 3 && behind - at <= 5 && is_word_end(behind, end)) {
		/* zones end so, levels do not: most words behind a time are levels */
		if (stamp_is_in(behind[-1], "TCKBADZ") || stamp->has_month_name)
			return read_letters(rule, text, at, behind, end, stamp);
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
static const char *read_in_brackets(const struct timestamp_rule *rule, const char *text,
    const char *at, const char *end, struct stamp *stamp)
{
	char close = *at == '(' ? ')' : ']';
	const char *behind =
	    end - at < 5 || !is_upper(at[1]) ? NULL : read_word(rule, text, at + 1, end, stamp);

	if (behind != NULL && behind < end && *behind == close)
		return behind + 1;
	*stamp = (struct stamp){ .civil = stamp->civil,
		.begin = stamp->begin,
		.has_year = stamp->has_year,
		.has_order = stamp->has_order,
		.has_month_name = stamp->has_month_name,
		.is_padded = stamp->is_padded };
	return NULL;
}

const char *stamp_read_zone(const struct timestamp_rule *rule, const char *text, const char *at,
    const char *end, struct stamp *stamp)
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
		behind = read_in_brackets(rule, text, at, end, stamp);
		break;
	default:
		if (is_upper(*at))
			behind = read_word(rule, text, at, end, stamp);
		break;
	}
	return behind != NULL ? behind : from;
}
