/*
 * Owns what is said of an outcome that is hardly the one that was meant: stamps that have no time,
 * patterns that reached a limit, a field that no line has. Must not know how hits are counted.
 */
#include "cli/reading.h"

#include <inttypes.h>

#include "base/message.h"

/* Whether anything that is shown depends on times. */
static bool shows_times(const struct reading *reading)
{
	const struct options *options = reading->options;

	return !options->quiet || options->reports.count > 0 || options->db != NULL ||
	       options->since != NULL || options->until != NULL || options->bucket != NULL ||
	       options->time_format != NULL || options->time_keys.count > 0 ||
	       options->output == OUTPUT_JSON;
}

/* What stamps met that have no time, and what would help. */
static void name_stamps(const struct reading *reading)
{
	struct timestamp_notes *notes = reading->setup.notes;
	struct strbuf zones = STRBUF_INIT;

	if (!shows_times(reading))
		return;
	timestamp_notes_zones(notes, &zones);
	if (zones.len > 0 && !zones.failed)
		message_print(
		    "stamps in %s have no time: its offset is not certain; one like +05:30 "
		    "in the log would be",
		    zones.data);
	strbuf_release(&zones);
	if (timestamp_noted(notes, TIMESTAMP_NOTE_CST) && reading->options->reports.count == 0)
		message_print("CST in stamps is read as %s",
		    timestamp_rule_cst(&reading->setup.stamps) < 0
		        ? "-06:00"
		        : "+08:00; an American zone in --tz makes it -06:00");
	if (timestamp_noted(notes, TIMESTAMP_NOTE_ORDER))
		message_print(
		    "dates like 05/06/2026 have no time, as nothing shows which is the day: "
		    "try --time-format '%%d/%%m/%%Y %%H:%%M:%%S'");
	if (timestamp_noted(notes, TIMESTAMP_NOTE_NO_DAY))
		message_print("times without a day have no date: put it in the file's name, as "
		              "api-2026-05-18.log, or follow the file");
	if (!timestamp_noted(notes, TIMESTAMP_NOTE_TRIED) ||
	    timestamp_noted(notes, TIMESTAMP_NOTE_MATCHED))
		return;
	if (reading->options->time_format != NULL)
		message_print("--time-format '%s' fits no line that was asked: none has a time",
		    reading->options->time_format);
	else
		message_print("--time-key '%s'%s: no line that was asked has its time there",
		    reading->options->time_keys.items[0],
		    reading->options->time_keys.count > 1 ? " and the others" : "");
}

static void name_troubles(const struct reading *reading, const struct summary *summary)
{
	for (int i = 0; i < PATTERN_TROUBLE_COUNT; i++) {
		uint64_t count = reading_trouble(reading, (enum pattern_trouble)i);

		if (count > 0)
			message_print("%s reached %" PRIu64
			              " time%s; those lines passed, but codes in them may be "
			              "missing: simplify the pattern",
			    pattern_trouble_name((enum pattern_trouble)i), count,
			    count == 1 ? "" : "s");
	}
	if (summary->trouble.long_lines > 0)
		message_print("%" PRIu64 " line%s longer than 1 MiB: only the first 1 MiB was "
		              "searched",
		    summary->trouble.long_lines, summary->trouble.long_lines == 1 ? "" : "s");
}

/* Whether there are codes, and no line of them has the field. */
static bool has_no_group(const struct summary *summary)
{
	for (size_t i = 0; i < summary->group_count; i++)
		if (summary->groups[i].kind != GROUP_NONE)
			return false;
	return summary->group_count > 0;
}

/* Whether there are codes, and a time would have been needed but none was recognised. */
static bool has_no_time(const struct summary *summary)
{
	bool is_needed = summary->time.bucket_seconds > 0 ||
	                 summary->time.since != SUMMARY_NO_TIME ||
	                 summary->time.until != SUMMARY_NO_TIME;

	return is_needed && summary->time.unknown > 0 && summary->time.outside == 0 &&
	       summary->first == SUMMARY_NO_TIME && summary->last == SUMMARY_NO_TIME;
}

static void name_misses(const struct reading *reading, const struct summary *summary)
{
	struct error error = ERROR_INIT;

	if (reading->options->quiet_if_ok)
		return;
	if (reading->setup.has_by && has_no_group(summary)) {
		(void)error_set(&error, ERROR_USAGE, "--by %s: no line with a code has that field",
		    reading->options->by);
		(void)error_hint(&error,
		    "a field is a member's name or the word before = or :, in the same letters; "
		    "others: path, file");
		message_error(&error);
	}
	if (has_no_time(summary) && reading->options->time_format == NULL) {
		(void)error_set(
		    &error, ERROR_USAGE, "no line with a code has a time that is known");
		(void)error_hint(&error,
		    "a log's own stamp: --time-format FORMAT, as '%%d.%%m.%%Y %%H:%%M:%%S'; "
		    "a member of JSON: --time-key NAME");
		message_error(&error);
	}
}

void reading_name_doubts(const struct reading *reading, const struct summary *summary)
{
	name_stamps(reading);
	name_troubles(reading, summary);
	name_misses(reading, summary);
}
