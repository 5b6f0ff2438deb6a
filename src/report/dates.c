/*
 * Owns how times stand in the reports for people. Must not know whose times they are.
 */
#include "report/dates.h"

#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "report/words.h"
#include "tally/summary.h"

#define QUARTER INT64_C(900000)
#define DAY 86400

static void civil_of(const struct summary *summary, int64_t time, struct civil *civil)
{
	struct zone zone = { 0 };

	if (summary != NULL && summary->zones.state == STAMP_ZONES_ONE)
		civil_from_utc(time, summary->zones.offset, civil);
	else
		zone_to_civil(&zone, time, civil);
}

void dates_zone_add(struct strbuf *out, const struct summary *summary)
{
	const char *name = zone_name();
	char text[ZONE_TEXT_MAX];

	if (summary->zones.state == STAMP_ZONES_ONE) {
		(void)zone_format_offset(summary->zones.offset, text);
		strbuf_add_text(out, text);
	} else if ((name[0] == '+' || name[0] == '-') && strlen(name) == strlen("+0800")) {
		strbuf_add_format(out, "%.3s:%s", name, name + 3);
	} else {
		strbuf_add_text(out, name);
	}
}

static void day_add(struct strbuf *out, const struct civil *civil)
{
	strbuf_add_format(out, "%04d-%02d-%02d", civil->year, civil->month, civil->day);
}

static void clock_add(struct strbuf *out, const struct civil *civil, bool with_seconds)
{
	strbuf_add_format(out, "%02d:%02d", civil->hour, civil->minute);
	if (with_seconds)
		strbuf_add_format(out, ":%02d", civil->second);
}

void dates_add(struct strbuf *out, const struct summary *summary, int64_t time)
{
	dates_bucket_add(out, summary, time, 1);
}

void dates_bucket_add(
    struct strbuf *out, const struct summary *summary, int64_t time, uint32_t seconds)
{
	struct civil civil;

	if (time == SUMMARY_NO_TIME)
		return;
	civil_of(summary, time, &civil);
	day_add(out, &civil);
	if (seconds % 86400 == 0)
		return;
	strbuf_add_char(out, ' ');
	clock_add(out, &civil, seconds % 60 != 0);
}

/* From one time to another, by clocks that show these seconds; one time where both show the same.
 */
static void stretch_add(struct strbuf *out, bool chinese, const struct summary *summary,
    int64_t first, int64_t last, uint32_t seconds)
{
	struct strbuf from = STRBUF_INIT, to = STRBUF_INIT;
	struct civil start, end;

	civil_of(summary, first, &start);
	civil_of(summary, last, &end);
	dates_bucket_add(&from, summary, first, seconds);
	dates_bucket_add(&to, summary, last, seconds);
	if (seconds == DAY ? strcmp(from.data, to.data) == 0 : first / 1000 == last / 1000) {
		strbuf_add_text(out, from.data);
	} else {
		if (start.year == end.year && start.month == end.month && start.day == end.day) {
			strbuf_cut(&to, 0);
			clock_add(&to, &end, seconds % 60 != 0);
		}
		words_add(out, chinese, WORD_SPAN, from.data, to.data, (char *)NULL);
	}
	strbuf_release_into(&from, out);
	strbuf_release_into(&to, out);
}

void dates_span_add(
    struct strbuf *out, bool chinese, const struct summary *summary, int64_t first, int64_t last)
{
	if (first == SUMMARY_NO_TIME || last == SUMMARY_NO_TIME)
		dates_add(out, summary, first == SUMMARY_NO_TIME ? last : first);
	else
		stretch_add(out, chinese, summary, first, last, 1);
}

static int64_t quarter_of(int64_t time)
{
	return time - ((time % QUARTER) + QUARTER) % QUARTER;
}

void dates_quarter_add(struct strbuf *out, const struct summary *summary, int64_t time)
{
	struct civil end;

	if (time == SUMMARY_NO_TIME)
		return;
	dates_bucket_add(out, summary, quarter_of(time), QUARTER / 1000);
	civil_of(summary, quarter_of(time) + QUARTER, &end);
	strbuf_add_char(out, '-');
	clock_add(out, &end, false);
}

void dates_quarters_add(
    struct strbuf *out, bool chinese, const struct summary *summary, int64_t first, int64_t last)
{
	if (first != SUMMARY_NO_TIME && last != SUMMARY_NO_TIME)
		stretch_add(out, chinese, summary, quarter_of(first), quarter_of(last) + QUARTER,
		    QUARTER / 1000);
}

void dates_days_add(
    struct strbuf *out, bool chinese, const struct summary *summary, int64_t first, int64_t last)
{
	stretch_add(out, chinese, summary, first, last, DAY);
}

void dates_step_add(struct strbuf *out, uint32_t seconds)
{
	static const struct {
		uint32_t seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;

	while (seconds % units[i].seconds != 0)
		i++;
	strbuf_add_format(out, "%u%c", seconds / units[i].seconds, units[i].unit);
}
