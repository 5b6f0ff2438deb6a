/*
 * Owns what a run says at its end and while it goes on, and the exit status. A report is made when
 * it is asked for, from a summary, and goes to its file or to standard output. Must not know how
 * inputs are read, or what a report says.
 */
#include "cli/delivery.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/message.h"
#include "base/replace.h"
#include "base/terminal.h"
#include "cli/option_table.h"
#include "cli/signals.h"

/* How long a closed pipe waits for the signal that may have closed it. */
#define CLOSED_PIPE_MILLISECONDS 50

static struct report_style choose_style(const struct options *options, const struct setup *setup)
{
	return (struct report_style){ .width = terminal_width(STDOUT_FILENO),
		.color = terminal_wants_color(STDOUT_FILENO, options->color),
		.utf8 = terminal_is_utf8(),
		.chinese = options_are_chinese(options),
		.top = options->top,
		.min_responses = options->min_responses,
		.catalog = setup->catalog,
		.errors = setup->errors };
}

bool delivery_init(struct delivery *delivery, const struct options *options,
    const struct setup *setup, struct error *error)
{
	*delivery = (struct delivery){ .options = options,
		.style = choose_style(options, setup),
		.writer = writer_new(STDOUT_FILENO, "standard output", error),
		.verdict = setup->verdict };
	return delivery->writer != NULL;
}

void delivery_release(struct delivery *delivery)
{
	writer_free(delivery->writer);
}

/* ---- what failed ---- */

void delivery_fail(struct delivery *delivery, const struct error *error)
{
	if (error->kind == ERROR_CLOSED) {
		delivery->pipe_closed = true;
		return;
	}
	if (delivery->failure == EXIT_DONE)
		delivery->failure = delivery_error_status(error);
	message_error(error);
}

void delivery_die_with_reader(const struct delivery *delivery)
{
	if (delivery->pipe_closed && signals_wait_stop(CLOSED_PIPE_MILLISECONDS) == 0)
		signals_die(SIGPIPE);
}

void delivery_leave_caret(const struct delivery *delivery)
{
	if (signals_stop() == SIGINT && !delivery->options->quiet && isatty(STDERR_FILENO) == 1)
		(void)file_write(STDERR_FILENO, "\n", 1);
}

/* ---- the exit status ---- */

int delivery_error_status(const struct error *error)
{
	switch (error->kind) {
	case ERROR_USAGE:
		return EXIT_USAGE;
	case ERROR_STORE:
	case ERROR_REPORT:
		return EXIT_REFUSED;
	default:
		return EXIT_TROUBLE;
	}
}

int delivery_refuse(const struct options *options, const struct error *error)
{
	struct strbuf line = STRBUF_INIT;
	struct error ignored = ERROR_INIT;

	message_error(error);
	if (!options_have_threshold(options))
		return delivery_error_status(error);
	/* a monitoring system reads one line of standard output, and a status of its own */
	verdict_failed(error->text, &line);
	(void)delivery_print(&line, &ignored);
	strbuf_release(&line);
	return VERDICT_UNKNOWN;
}

int delivery_status(const struct delivery *delivery, int status)
{
	if (delivery->failure == EXIT_DONE)
		return status;
	if (delivery->verdict == NULL)
		return delivery->failure;
	return status == VERDICT_CRITICAL ? status : VERDICT_UNKNOWN;
}

/* ---- printing ---- */

static bool print(struct writer *writer, const struct strbuf *text, struct error *error)
{
	return (!text->failed || error_set_memory(error)) &&
	       writer_add(writer, text->data, text->len, error) && writer_flush(writer, error);
}

bool delivery_print(const struct strbuf *text, struct error *error)
{
	struct writer *writer = writer_new(STDOUT_FILENO, "standard output", error);
	bool printed = writer != NULL && print(writer, text, error);

	writer_free(writer);
	return printed;
}

void delivery_print_totals(struct delivery *delivery, const struct summary *summary)
{
	struct report_style style = delivery->style;
	struct strbuf text = STRBUF_INIT;
	struct error error = ERROR_INIT;

	style.width = terminal_width(STDERR_FILENO);
	style.color = terminal_wants_color(STDERR_FILENO, delivery->options->color);
	report_totals(&text, summary, &style);
	if (text.failed) {
		(void)error_set_memory(&error);
		delivery_fail(delivery, &error);
	} else {
		(void)file_write(STDERR_FILENO, text.data, text.len);
	}
	strbuf_release(&text);
}

/* ---- reports ---- */

enum written {
	WRITTEN_FILES,
	WRITTEN_OUTPUT,
	WRITTEN_SCREEN, /* files, and on standard output as much as its terminal has room for */
};

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

/* Formats for programs hold a log's bytes as they are: a terminal is shown them. */
static bool is_to_be_shown(const struct report_format *format)
{
	return !format->is_safe && isatty(STDOUT_FILENO) == 1;
}

/* Makes the report and writes it to its file, whole or not at all; without a file it is appended to
 * `out`, without a copy between: it may be large. */
static bool write_report(const struct report_target *target, const struct summary *summary,
    const struct report_style *style, struct strbuf *out, struct error *error)
{
	bool is_direct = target->file == NULL && !is_to_be_shown(target->format);
	size_t before = out->len;
	struct strbuf text = STRBUF_INIT;
	bool written;

	target->format->write(is_direct ? out : &text, summary, style);
	if (target->file == NULL && !is_direct)
		escape_terminal_text(out, text.data, text.len);
	if (text.failed || out->failed)
		written = error_set_memory(error);
	else
		written =
		    target->file == NULL || replace_file(target->file, text.data, text.len, error);
	if (!written && target->file == NULL) { /* a part of a report is none */
		strbuf_cut(out, before);
		out->failed = false;
	}
	strbuf_release(&text);
	return written;
}

static void write_reports(
    struct delivery *delivery, const struct summary *summary, enum written written)
{
	const struct options_list *reports = &delivery->options->reports;
	struct strbuf out = STRBUF_INIT;
	struct error error = ERROR_INIT;

	for (size_t i = 0; i < reports->count; i++) {
		struct report_target target;
		struct report_style style = delivery->style;

		if (!report_target_read(&target, reports->items[i]))
			continue; /* options_parse let no such thing pass */
		if (written == (target.file == NULL ? WRITTEN_FILES : WRITTEN_OUTPUT))
			continue;
		/* that of before is not to be lost for one of nothing; totals are of all */
		if (summary->time.window == SUMMARY_WINDOW_COVERED && target.file != NULL &&
		    target.format->write != report_prometheus)
			continue;
		if (target.file != NULL) {
			style.width = 80;
			style.color = false;
		}
		if (!write_report(&target, summary, &style, &out, &error))
			delivery_fail(delivery, &error);
	}
	if (written == WRITTEN_SCREEN)
		cut_to_screen(&out);
	if (out.len > 0 && (!writer_add(delivery->writer, out.data, out.len, &error) ||
	                       !writer_flush(delivery->writer, &error)))
		delivery_fail(delivery, &error);
	strbuf_release(&out);
}

/* The report of standard output, in place of the one before. */
static bool redraws(const struct options *options)
{
	return !options_print(options) && options->reports.count > 0 && isatty(STDOUT_FILENO) == 1;
}

void delivery_renew(struct delivery *delivery, const struct summary *summary)
{
	static const char home[] = "\x1b[H\x1b[2J";
	struct error error = ERROR_INIT;

	if (!redraws(delivery->options))
		write_reports(delivery, summary, WRITTEN_FILES);
	else if (!writer_add(delivery->writer, home, sizeof(home) - 1, &error))
		delivery_fail(delivery, &error);
	else
		write_reports(delivery, summary, WRITTEN_SCREEN);
}

/* What went wrong beside what the summary tells; NULL: nothing. */
static const char *trouble_of(
    const struct delivery *delivery, const struct summary *summary, int status)
{
	if (delivery->failure != EXIT_DONE)
		return "output or memory failed";
	return status != EXIT_DONE && !verdict_lost_something(summary)
	           ? "trouble, told on standard error"
	           : NULL;
}

bool delivery_has_damage(const struct summary *summary)
{
	return summary->missing_count > 0 || summary->trouble.damaged_files > 0 ||
	       summary->trouble.long_lines > 0 || summary->trouble.regex_limits > 0;
}

int delivery_judge(struct delivery *delivery, const struct summary *summary, bool is_damaged)
{
	int status = summary->trouble.unreadable_files > 0 ? EXIT_TROUBLE
	             : is_damaged                          ? EXIT_DAMAGE
	                                                   : EXIT_DONE;
	enum verdict_state state = VERDICT_OK;
	struct strbuf line = STRBUF_INIT;
	struct error error = ERROR_INIT;
	bool can_write = delivery->failure == EXIT_DONE, is_quiet;
	const char *trouble;

	/* the line is to know of a file that could not be written */
	if (can_write)
		write_reports(delivery, summary, WRITTEN_FILES);
	trouble = trouble_of(delivery, summary, status);
	if (delivery->verdict != NULL)
		state = verdict_judge(delivery->verdict, summary, trouble, &line);
	is_quiet = delivery->options->quiet_if_ok && verdict_is_quiet(summary, state, trouble);
	if (!is_quiet && (line.len > 0 || line.failed) && !delivery->pipe_closed &&
	    !print(delivery->writer, &line, &error))
		delivery_fail(delivery, &error);
	if (can_write && !is_quiet)
		write_reports(delivery, summary, WRITTEN_OUTPUT);
	strbuf_release(&line);
	return delivery_status(delivery, delivery->verdict == NULL ? status : (int)state);
}

bool delivery_wants_totals(const struct delivery *delivery)
{
	const struct options *options = delivery->options;

	return !options->quiet && !options->quiet_if_ok && options->reports.count == 0 &&
	       delivery->verdict == NULL;
}
