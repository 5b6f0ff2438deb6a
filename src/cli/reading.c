/*
 * Owns the objects that inputs are read with, and what is said of an outcome that is hardly the one
 * that was meant: stamps that have no time, patterns that reached a limit, a field that no line
 * has. The objects are built once, from the options, and summed up as often as somebody asks. Must
 * not know how inputs are fed, or when a run ends.
 */
#include "cli/reading.h"

#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/message.h"
#include "base/zone.h"
#include "cli/option_table.h"
#include "input/bisect.h"

/* How many threads there are at most, unless -j says another number. */
#define JOBS_USUAL 8

/* ---- setting up ---- */

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return S_ISREG(a->st_mode) && file_status_is_same(a, b);
}

/* An input that is also an output would grow without end, or be lost. */
static bool check_outputs(const struct reading *reading, struct error *error)
{
	const struct options_list *reports = &reading->options->reports;

	for (size_t i = 0; i < reading->file_count; i++) {
		const char *name = reading->files[i];
		struct stat input;
		struct stat output;

		if ((name == NULL ? fstat(STDIN_FILENO, &input) : stat(name, &input)) != 0)
			continue;
		name = name == NULL ? "standard input" : name;
		if (options_print(reading->options) && fstat(STDOUT_FILENO, &output) == 0 &&
		    is_same_file(&input, &output))
			return error_set(error, ERROR_USAGE, "'%s' is also the output", name);
		for (size_t r = 0; r < reports->count; r++) {
			struct report_target target;

			if (report_target_read(&target, reports->items[r]) && target.file != NULL &&
			    stat(target.file, &output) == 0 && is_same_file(&input, &output))
				return error_set(error, ERROR_USAGE,
				    "'%s' is also the output of a report", name);
		}
	}
	return true;
}

static bool list_inputs(struct reading *reading, struct error *error)
{
	const struct options_list *operands = &reading->options->operands;

	reading->file_count =
	    operands->count == 0 && reading->options->db == NULL ? 1 : operands->count;
	reading->files = calloc(reading->file_count + 1, sizeof(*reading->files));
	if (reading->files == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < operands->count; i++)
		if (strcmp(operands->items[i], "-") != 0)
			reading->files[i] = operands->items[i];
	return true;
}

/* Whether a report names what it is of: of a log that is followed, or counted in a database, it
 * cannot. */
static bool wants_slices(const struct options *options)
{
	struct report_target target;

	for (size_t i = 0; i < options->reports.count; i++)
		if (report_target_read(&target, options->reports.items[i]) &&
		    target.format->names_slices)
			return !options->follow && options->db == NULL;
	return false;
}

bool reading_init(struct reading *reading, const struct options *options, struct error *error)
{
	*reading = (struct reading){ .options = options };
	if (!setup_init(&reading->setup, options, error) || !list_inputs(reading, error) ||
	    !check_outputs(reading, error) || !finding_init(&reading->finding, options, error))
		return false;
	if (wants_slices(options)) {
		reading->slices = calloc(reading->file_count + 1, sizeof(*reading->slices));
		if (reading->slices == NULL)
			return error_set_memory(error);
	}
	reading->report_window = reading->setup.window;
	return options->db == NULL || setup_count_quarters(&reading->setup, options, error);
}

static bool add_outputs(
    struct reading *reading, const struct delivery *delivery, struct error *error)
{
	struct sink *sinks[OUTPUTS_SINKS];
	size_t count;

	reading->outputs_options = (struct outputs_options){ reading->options, &reading->setup,
		delivery->style.color, isatty(STDOUT_FILENO) == 1 };
	reading->outputs = outputs_new(&reading->outputs_options, delivery->writer, error);
	if (reading->outputs == NULL)
		return false;
	count = outputs_sinks(reading->outputs, sinks);
	for (size_t i = 0; i < count; i++)
		scan_add_sink(&reading->scan, sinks[i]);
	return true;
}

static bool add_examples(
    struct reading *reading, const struct delivery *delivery, struct error *error)
{
	if (!reading->options->verbose)
		return true;
	reading->examples = examples_new(reading->setup.catalog, delivery->style.chinese, error);
	if (reading->examples == NULL)
		return false;
	scan_add_sink(&reading->scan, examples_sink(reading->examples));
	return true;
}

bool reading_open(struct reading *reading, const struct delivery *delivery, struct error *error)
{
	const struct options *options = reading->options;
	const struct setup *setup = &reading->setup;

	reading->fields = (struct scan_fields){ &reading->setup.stamps,
		window_is_bounded(&setup->window) || setup->window.bucket_seconds > 0,
		setup->has_by ? &setup->by : NULL };
	if (!scan_init(&reading->scan, setup->matcher, setup->catalog, options->trust,
	        options->output == OUTPUT_JSON, error) ||
	    !add_outputs(reading, delivery, error) || !add_examples(reading, delivery, error))
		return false;
	scan_set_fields(&reading->scan, &reading->fields);
	if (options->verbose && !matcher_is_jit(setup->matcher))
		message_print("patterns run without JIT: same results, slower");
	return true;
}

void reading_release(struct reading *reading)
{
	tally_free(reading->restored);
	parallel_free(reading->parallel);
	scan_release(&reading->scan);
	outputs_free(reading->outputs);
	examples_free(reading->examples);
	setup_release(&reading->setup);
	free(reading->files);
	free(reading->slices);
	finding_release(&reading->finding);
	arena_release(&reading->slice_texts);
}

/* ---- times ---- */

void reading_refer_stamps(struct reading *reading, const char *path)
{
	struct zone zone = { 0 };

	timestamp_rule_refer_now(&reading->setup.stamps, &zone);
	if (path != NULL)
		timestamp_rule_name(&reading->setup.stamps, path, &zone);
}

off_t reading_find_entry(const struct reading *reading, int fd, off_t from, off_t end)
{
	struct clock clock;

	clock_init(&clock, &reading->setup.stamps);
	return bisect_find(fd, from, end, reading->setup.window.since, clock_read, &clock);
}

/* ---- threads ---- */

static unsigned count_jobs(const struct options *options)
{
	long cores = 0;
#ifdef CPU_COUNT
	cpu_set_t set;
#endif

	if (options->jobs > 0)
		return options->jobs;
#ifdef CPU_COUNT
	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		cores = CPU_COUNT(&set);
#endif
	if (cores == 0)
		cores = sysconf(_SC_NPROCESSORS_ONLN);
	return cores > JOBS_USUAL ? JOBS_USUAL : cores < 1 ? 1 : (unsigned)cores;
}

static void *open_outputs(void *context, struct sink **sinks, size_t *count, struct error *error)
{
	struct reading *reading = context;
	struct outputs *outputs = outputs_new(&reading->outputs_options, NULL, error);

	if (outputs != NULL)
		*count = outputs_sinks(outputs, sinks);
	return outputs;
}

static bool merge_outputs(void *context, void *outputs, uint64_t line_offset, struct error *error)
{
	struct reading *reading = context;

	return outputs_merge(reading->outputs, outputs, line_offset, error);
}

static size_t size_of_outputs(void *context, const void *outputs)
{
	(void)context;
	return tally_size(outputs_tally(outputs));
}

static void close_outputs(void *context, void *outputs)
{
	(void)context;
	outputs_free(outputs);
}

bool reading_start_threads(struct reading *reading)
{
	const struct parallel_outputs parallel_outputs = { reading, open_outputs, merge_outputs,
		size_of_outputs, close_outputs };
	const struct options *options = reading->options;
	struct error ignored = ERROR_INIT;
	unsigned jobs = options->verbose ? 1 : count_jobs(options);

	if (jobs < 2)
		return false;
	if (reading->parallel == NULL)
		reading->parallel = parallel_new(jobs, &parallel_outputs, reading->setup.matcher,
		    reading->setup.catalog, options->trust, options->output == OUTPUT_JSON,
		    &reading->fields, &ignored);
	return reading->parallel != NULL;
}

/* ---- the counts ---- */

/* How often a pattern ran into this trouble. */
static uint64_t trouble_of(const struct reading *reading, enum pattern_trouble trouble)
{
	return matcher_trouble(reading->scan.run, trouble) +
	       (reading->parallel == NULL ? 0 : parallel_trouble(reading->parallel, trouble));
}

struct summary *reading_summarize(const struct reading *reading, struct error *error)
{
	const struct options *options = reading->options;
	const struct setup *setup = &reading->setup;
	bool is_restored = reading->restored != NULL;
	struct tally_context context = {
		.version = JGANNOTATE_VERSION,
		.rules = MATCHER_RULES,
		.label = options->label,
		.host = setup->host,
		.window = is_restored ? &reading->report_window : &setup->window,
		.zone = zone_name(),
		.cst = timestamp_noted(setup->notes, TIMESTAMP_NOTE_CST)
		           ? timestamp_rule_cst(&setup->stamps)
		           : 0,
		.skipped_bytes = reading->skipped_bytes,
		.errors_list = options->errors,
		.errors = setup->errors,
		.files = reading->files,
		.file_count = reading->file_count,
		.finding = options->db == NULL ? reading->finding.given : NULL,
		.finding_count = options->db == NULL ? reading->finding.given_count : 0,
		/* of what has not ended nobody can say what it is */
		.slices = reading->slice_count == reading->file_count ? reading->slices : NULL,
		.slice_count = reading->slice_count,
		.keys = (const char *const *)setup->keys.names,
		.key_count = options->patterns.count > 0 && options->keys.count == 0
		                 ? 0
		                 : setup->keys.name_count,
		.pattern_count = options->patterns.count,
		.not_a_code =
		    matcher_not_a_code(reading->scan.run) +
		    (reading->parallel == NULL ? 0 : parallel_not_a_code(reading->parallel)),
		.unreadable_files = reading->unreadable,
		.damaged_files = reading->damaged,
	};
	struct summary *summary;

	for (int i = 0; i < PATTERN_TROUBLE_COUNT; i++)
		context.regex_limits += trouble_of(reading, (enum pattern_trouble)i);
	summary = tally_summarize(
	    is_restored ? reading->restored : outputs_tally(reading->outputs), &context, error);
	if (summary != NULL)
		setup_fit_zone(options, summary);
	return summary;
}

/* ---- what is hardly as it was meant ---- */

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
		uint64_t count = trouble_of(reading, (enum pattern_trouble)i);

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
