/*
 * Owns what the program can do, one mode after the other, and the choice between them. Each builds
 * what it needs, lets it work, has the summary judged and delivered, and returns the exit status.
 * Must not know how any of it is done.
 */
#include "cli/mode.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/zone.h"
#include "catalog/explain.h"
#include "cli/delivery.h"
#include "cli/run.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "match/standing.h"
#include "report/merge.h"

/* ---- what codes mean, without a log ---- */

/* The words, one a line, that stand nowhere. */
static void name_missing(const char *words)
{
	while (*words != '\0') {
		size_t length = strcspn(words, "\n");

		message_print("'%.*s' is in no catalog", (int)length, words);
		words += length + (words[length] == '\n');
		if (*words == '\0')
			message_hint("all that there are: jgannotate --explain\n");
	}
}

static int mode_explain(const struct options *options)
{
	struct setup setup;
	struct error error = ERROR_INIT;
	struct strbuf out = STRBUF_INIT;
	struct strbuf missing = STRBUF_INIT;
	bool are_known = false;

	if (setup_init_catalog(&setup, options, &error)) {
		are_known = explain_words(setup.catalog, options->operands.items,
		    options->operands.count, options_are_chinese(options),
		    terminal_wants_color(STDOUT_FILENO, options->color), &out, &missing);
		if (missing.failed)
			(void)error_set_memory(&error);
		else
			(void)delivery_print(&out, &error);
		name_missing(missing.data);
	}
	if (error.kind != ERROR_NONE)
		message_error(&error);
	strbuf_release(&out);
	strbuf_release(&missing);
	setup_release(&setup);
	return error.kind != ERROR_NONE ? delivery_error_status(&error)
	       : are_known              ? EXIT_DONE
	                                : EXIT_TROUBLE;
}

/* ---- reports in place of logs ---- */

static void say(const char *text)
{
	message_print("%s", text);
}

/* The zone that was asked for, if one was, else the reports'. */
static bool read_reports(const struct options *options, const struct catalog *catalog,
    struct summary **summary, struct error *error)
{
	struct merge_options wanted = { .version = JGANNOTATE_VERSION,
		.label = options->label,
		.by_label = options->by != NULL,
		.choose_zone = options->zone == NULL,
		.keeps_zone = options->zone != NULL,
		.lookup = { catalog, standing_reason_zh },
		.expected = options->expected,
		.say = say };

	if (options->by != NULL && strcmp(options->by, "label") != 0)
		return error_set(error, ERROR_USAGE,
		    "--by %s: merged reports are grouped by label; other groups are added up as "
		    "the reports have them",
		    options->by);
	if (!zone_choose(options->zone == NULL ? "local" : options->zone, error))
		return false;
	*summary = merge_read(
	    (const char *const *)options->operands.items, options->operands.count, &wanted, error);
	return *summary != NULL;
}

static void tell_lacks(const struct summary *summary)
{
	for (size_t i = 0; i < summary->missing_count; i++)
		message_print("incomplete, missing: %s", summary->missing[i].name);
}

static int deliver_merged(struct delivery *delivery, const struct summary *summary)
{
	int status;

	tell_lacks(summary);
	status = delivery_judge(delivery, summary, delivery_has_damage(summary));
	if (delivery_wants_totals(delivery))
		delivery_print_totals(delivery, summary);
	return delivery_status(delivery, status);
}

static int mode_merge(const struct options *options)
{
	struct setup lookup = { 0 };
	struct setup setup = { 0 };
	struct delivery delivery = { 0 };
	struct summary *summary = NULL;
	struct error error = ERROR_INIT;
	bool is_ready = setup_init_catalog(&lookup, options, &error) &&
	                read_reports(options, lookup.catalog, &summary, &error) &&
	                setup_init_merged(&setup, options, summary, &error) &&
	                setup_compare(&setup, options, summary, &error) &&
	                delivery_init(&delivery, options, &setup, &error);
	int status =
	    is_ready ? deliver_merged(&delivery, summary) : delivery_refuse(options, &error);

	summary_free(summary);
	delivery_release(&delivery);
	setup_release(&setup);
	setup_release(&lookup);
	return status;
}

/* ---- logs into a database, and the report of that ---- */

/* Whatever was asked for is written: now it is known to whom it may concern. */
static int deliver_session(struct session *session, int status)
{
	struct run *run = session->run;
	struct delivery *delivery = &run->delivery;
	struct error error = ERROR_INIT;
	bool wants_report = run->options->reports.count > 0 || delivery->verdict != NULL;
	int copy = dup(STDOUT_FILENO);

	/* some file systems tell of a full disk no sooner than this */
	if (copy >= 0 && close(copy) != 0) {
		(void)error_set_errno(&error, errno, "cannot write standard output");
		delivery_fail(delivery, &error);
	}
	if (wants_report && delivery->failure == EXIT_DONE && !delivery->pipe_closed &&
	    !session_is_covered(session) && !session_deliver(session, status, &error))
		delivery_fail(delivery, &error);
	return delivery_status(delivery, status);
}

int mode_report_session(struct session *session, struct error *error)
{
	struct run *run = session->run;
	struct delivery *delivery = &run->delivery;
	struct summary *summary = session_summarize(session, error);
	int status;

	delivery_leave_caret(delivery);
	if (summary == NULL ||
	    (!session_is_covered(session) && !session_compare(session, summary, error))) {
		summary_free(summary);
		return -1;
	}
	status = delivery_judge(delivery, summary,
	    session->gaps > 0 || run->reading.damaged > 0 || session->long_lines > 0 ||
	        session->regex_limits > 0);
	session_name_reports(session, summary);
	reading_name_doubts(&run->reading, summary);
	if (delivery_wants_totals(delivery) && !session_is_covered(session))
		delivery_print_totals(delivery, summary);
	summary_free(summary);
	return deliver_session(session, status);
}

static int take_in_and_report(struct run *run)
{
	struct session session = { .run = run };
	struct error error = ERROR_INIT;
	int status = -1;

	if (session_open(&session, run, &error) &&
	    (run->options->operands.count == 0 || session_take_in(&session, &error)))
		status = mode_report_session(&session, &error);
	if (status < 0 && signals_stop() == 0)
		status = delivery_refuse(run->options, &error);
	session_close(&session);
	return status;
}

static int mode_store(const struct options *options)
{
	return run_whole(options, take_in_and_report);
}

/* ---- logs: inputs to their ends, or files until a signal comes ---- */

/* Totals and reports, as far as somebody is there to read them. */
static int close_run(struct run *run)
{
	struct delivery *delivery = &run->delivery;
	struct error error = ERROR_INIT;
	struct summary *summary;
	int status;

	delivery_die_with_reader(delivery);
	delivery_leave_caret(delivery);
	summary = reading_summarize(&run->reading, &error);
	if (summary == NULL || !setup_compare(&run->reading.setup, run->options, summary, &error)) {
		summary_free(summary);
		return delivery_refuse(run->options, &error);
	}
	status = delivery_judge(delivery, summary, delivery_has_damage(summary));
	delivery_die_with_reader(delivery);
	reading_name_doubts(&run->reading, summary);
	if (delivery_wants_totals(delivery))
		delivery_print_totals(delivery, summary);
	summary_free(summary);
	return delivery_status(delivery, status);
}

static int read_all(struct run *run)
{
	run_feed(run);
	return close_run(run);
}

static int follow_all(struct run *run)
{
	int status = run_follow(run, NULL);

	return status < 0 ? close_run(run) : status;
}

static int mode_read(const struct options *options)
{
	return run_whole(options, read_all);
}

static int mode_follow(const struct options *options)
{
	return run_whole(options, follow_all);
}

/* ---- the choice ---- */

int mode_run(const struct options *options)
{
	/* the first that is asked for */
	const struct {
		bool is_asked;
		int (*run)(const struct options *options);
	} modes[] = { { options->action == ACTION_EXPLAIN, mode_explain },
		{ options->merge, mode_merge },
		{ options->db != NULL && options->follow, mode_follow_store },
		{ options->db != NULL, mode_store }, { options->follow, mode_follow },
		{ true, mode_read } };
	size_t i = 0;

	while (!modes[i].is_asked)
		i++;
	return modes[i].run(options);
}
