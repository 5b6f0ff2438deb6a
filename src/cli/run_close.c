/*
 * Owns what a run says at its end: totals, reports, troubles. Must not know how
 * the inputs were read, or the exit status.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/terminal.h"
#include "base/zone.h"
#include "cli/reports.h"
#include "cli/run.h"
#include "cli/run_parts.h"
#include "tally/tally.h"

static uint64_t count_trouble(const struct run *run, enum pattern_trouble trouble)
{
	return matcher_trouble(run->scan.run, trouble) +
	    (run->parallel == NULL ? 0 : parallel_trouble(run->parallel, trouble));
}

static uint64_t count_limits(const struct run *run)
{
	uint64_t limits = 0;

	for (int i = 0; i < PATTERN_TROUBLE_COUNT; i++)
		limits += count_trouble(run, (enum pattern_trouble)i);
	return limits;
}

struct summary *run_summarize(const struct run *run, struct error *error)
{
	struct tally_context context = {
		.version = JGANNOTATE_VERSION,
		.rules = MATCHER_RULES,
		.label = setup_label(&run->setup, run->options),
		.window = run->restored != NULL ? &run->report_window : &run->setup.window,
		.zone = zone_name(),
		.cst = timestamp_noted(run->setup.notes, TIMESTAMP_NOTE_CST)
		           ? timestamp_rule_cst(&run->setup.stamps)
		           : 0,
		.skipped_bytes = run->skipped_bytes,
		.errors_list = run->options->errors,
		.errors = run->setup.errors,
		.files = run->files,
		.file_count = run->file_count,
		.keys = (const char *const *)run->setup.keys.names,
		.key_count = run->options->patterns.count > 0 && run->options->keys.count == 0
		                 ? 0
		                 : run->setup.keys.name_count,
		.pattern_count = run->options->patterns.count,
		.regex_limits = count_limits(run),
		.not_a_code = matcher_not_a_code(run->scan.run) +
		              (run->parallel == NULL ? 0 : parallel_not_a_code(run->parallel)),
		.unreadable_files = run->unreadable,
		.damaged_files = run->damaged,
	};

	struct summary *summary = tally_summarize(
	    run->restored != NULL ? run->restored : lane_tally(run->lane), &context, error);

	if (summary != NULL)
		setup_fit_zone(run->options, summary);
	return summary;
}

void run_print_totals(struct run *run, const struct summary *summary)
{
	struct report_style style = run->style;
	struct strbuf text = STRBUF_INIT;

	style.width = terminal_width(STDERR_FILENO);
	style.color = terminal_wants_color(STDERR_FILENO, run->options->color);
	report_totals(&text, summary, &style);
	if (text.failed) {
		struct error error = ERROR_INIT;

		(void)error_set_memory(&error);
		run_fail(run, &error);
		text.len = 0;
	}
	for (size_t done = 0; done < text.len;) {
		ssize_t count = write(STDERR_FILENO, text.data + done, text.len - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		done += (size_t)count;
	}
	strbuf_release(&text);
}

/* Keeps the first lines: what is above the screen's top could not be drawn over. One row is
 * for the line of the interval, one for the cursor. */
static void cut_to_screen(struct strbuf *text)
{
	unsigned rows = terminal_height(STDOUT_FILENO);
	const char *end = text->data;

	if (rows == 0 || text->failed)
		return;
	for (unsigned i = 0; i + 2 < rows && *end != '\0'; i++) {
		end = strchr(end, '\n');
		if (end++ == NULL)
			return;
	}
	strbuf_cut(text, (size_t)(end - text->data));
}

void run_write_reports(
    struct run *run, const struct summary *summary, enum reports_written written)
{
	const struct options_list *reports = &run->options->reports;
	struct strbuf out = STRBUF_INIT;
	struct error error = ERROR_INIT;

	for (size_t i = 0; i < reports->count; i++) {
		struct report_target target;
		struct report_style style = run->style;

		if (!report_target_read(&target, reports->items[i]))
			continue; /* options_parse let no such thing pass */
		if (written == (target.file == NULL ? REPORTS_FILES : REPORTS_OUTPUT))
			continue;
		/* that of before is not to be lost for one of nothing; totals are of all */
		if (summary->time.window == SUMMARY_WINDOW_COVERED && target.file != NULL &&
		    target.format->write != report_prometheus)
			continue;
		if (target.file != NULL) {
			style.width = 80;
			style.color = false;
		}
		if (!report_target_write(&target, summary, &style, &out, &error))
			run_fail(run, &error);
	}
	if (written == REPORTS_SCREEN)
		cut_to_screen(&out);
	if (out.len > 0 && (!writer_add(run->writer, out.data, out.len, &error) ||
			       !writer_flush(run->writer, &error)))
		run_fail(run, &error);
	strbuf_release(&out);
}

/* Whether anything that is shown depends on times. */
static bool shows_times(const struct run *run)
{
	const struct options *options = run->options;

	return !options->quiet || options->reports.count > 0 || options->db != NULL ||
	       options->since != NULL || options->until != NULL || options->bucket != NULL ||
	       options->time_format != NULL || options->output == OUTPUT_JSON;
}

/* What stamps met that have no time, and what would help. */
static void name_stamps(const struct run *run)
{
	struct timestamp_notes *notes = run->setup.notes;
	struct strbuf zones = STRBUF_INIT;

	if (!shows_times(run))
		return;
	timestamp_notes_zones(notes, &zones);
	if (zones.len > 0 && !zones.failed)
		message_print(
		    "stamps in %s have no time: its offset is not certain; one like +05:30 "
		    "in the log would be",
		    zones.data);
	strbuf_release(&zones);
	if (timestamp_noted(notes, TIMESTAMP_NOTE_CST) && run->options->reports.count == 0)
		message_print("CST in stamps is read as %s",
		    timestamp_rule_cst(&run->setup.stamps) < 0
		        ? "-06:00"
		        : "+08:00; an American zone in --tz makes it -06:00");
	if (timestamp_noted(notes, TIMESTAMP_NOTE_ORDER))
		message_print(
		    "dates like 05/06/2026 have no time, as nothing shows which is the day: "
		    "try --time-format '%%d/%%m/%%Y %%H:%%M:%%S'");
	if (timestamp_noted(notes, TIMESTAMP_NOTE_NO_DAY))
		message_print("times without a day have no date: put it in the file's name, as "
		              "api-2026-05-18.log, or follow the file");
	if (timestamp_noted(notes, TIMESTAMP_NOTE_TRIED) &&
	    !timestamp_noted(notes, TIMESTAMP_NOTE_MATCHED))
		message_print("--time-format '%s' fits no line that was asked: none has a time",
		    run->options->time_format);
}

void run_name_troubles(const struct run *run, const struct summary *summary)
{
	name_stamps(run);
	for (int i = 0; i < PATTERN_TROUBLE_COUNT; i++) {
		uint64_t count = count_trouble(run, (enum pattern_trouble)i);

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
