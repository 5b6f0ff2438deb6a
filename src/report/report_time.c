/*
 * Owns how times are read as a JSON report has them.
 */
#include <string.h>

#include "base/zone.h"
#include "report/report_reader.h"

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

bool report_offset_read(const char *text, int32_t *offset)
{
	return strlen(text) == strlen("+08:00") && take_offset(&text, offset) && *text == '\0';
}
