/*
 * Owns the words for stretches of time before now: from when to when, and how many days. Must
 * not know what they are for.
 */
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "cli/when.h"

#define DAYS_MAX 366
#define DAYS_COUNTED 100000
#define QUARTER INT64_C(900000)

int64_t when_quarter(int64_t time)
{
	return time - ((time % QUARTER) + QUARTER) % QUARTER;
}

static bool read_end(const char *text, int64_t now, int64_t *time, struct error *error)
{
	if (!when_parse(text, now, time, error))
		return false;
	if (when_is_relative(text))
		*time = when_quarter(*time);
	return true;
}

bool when_parse_window(const char *text, int64_t now, int64_t *since, int64_t *until, bool *valid,
    struct error *error)
{
	const char *dots = strstr(text, "..");
	char *front;

	*valid = false;
	if (dots == NULL)
		return false;
	front = strndup(text, (size_t)(dots - text));
	if (front == NULL)
		(void)error_set_memory(error);
	else if (read_end(front, now, since, error) && read_end(dots + 2, now, until, error))
		*valid = *since < *until ||
		    error_set(error, ERROR_USAGE, "'%s' does not end after it begins", text);
	free(front);
	return true;
}

unsigned when_parse_days(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long days;

	if (digits < 1 || digits > 3 || (strcmp(text + digits, "d") != 0 && strcmp(text + digits, "w") != 0))
		return 0;
	days = strtoul(text, NULL, 10) * (text[digits] == 'w' ? 7 : 1);
	return days <= DAYS_MAX ? (unsigned)days : 0;
}

static void step_back(struct civil *civil)
{
	if (--civil->day > 0)
		return;
	if (--civil->month < 1) {
		civil->month = 12;
		civil->year--;
	}
	for (civil->day = 31; !civil_is_valid(civil);)
		civil->day--;
}

int64_t when_days_before(int64_t time, unsigned days)
{
	struct zone zone = { 0 };
	struct civil civil;

	zone_to_civil(&zone, time, &civil);
	for (unsigned i = 0; i < days; i++)
		step_back(&civil);
	return zone_to_utc(&zone, &civil);
}

unsigned when_days_of(int64_t since, int64_t until)
{
	struct zone zone = { 0 };
	struct civil civil;
	unsigned days = 0;

	zone_to_civil(&zone, until, &civil);
	do {
		step_back(&civil);
		days++;
	} while (days < DAYS_COUNTED && zone_to_utc(&zone, &civil) > since);
	return days;
}
