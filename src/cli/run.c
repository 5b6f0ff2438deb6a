/*
 * Owns the life of a run: what it needs is built, work is done with it, and it is let go. While it
 * works it answers signals: with the totals so far, with what came in the last interval of --every,
 * or by stopping. Must not know how anything is read or written.
 */
#include "cli/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/message.h"
#include "base/zone.h"
#include "cli/signals.h"
#include "report/words.h"

/* How many errors a line names. */
#define EVERY_CODES 2

/* ---- what came in the last interval, for --every ---- */

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* How many there were of a code when a line was shown last. */
static uint64_t shown_before(const struct run *run, const struct catalog_entry *entry)
{
	return run->shown.codes == NULL ? 0 : run->shown.codes[entry->id];
}

/* The two errors that came most. */
static void show_codes(const struct run *run, const struct summary *summary)
{
	const struct summary_code *top[EVERY_CODES] = { NULL };
	uint64_t counts[EVERY_CODES] = { 0 };

	/* without memory for them nobody knows what is new */
	if (run->shown.codes == NULL && run->shown.lines > 0)
		return;
	/* the summary's order settles ties */
	for (size_t i = 0; i < summary->code_count; i++) {
		const struct summary_code *row = &summary->codes[i];
		uint64_t count = row->count - shown_before(run, row->entry);
		size_t at = EVERY_CODES;

		while (row->is_error && at > 0 && count > counts[at - 1])
			at--;
		if (at == EVERY_CODES)
			continue;
		for (size_t k = EVERY_CODES - 1; k > at; k--) {
			top[k] = top[k - 1];
			counts[k] = counts[k - 1];
		}
		top[at] = row;
		counts[at] = count;
	}
	for (size_t k = 0; k < EVERY_CODES && top[k] != NULL; k++)
		(void)fprintf(stderr, "%s %" PRIu32 " %s", k == 0 ? ":" : ",", top[k]->entry->code,
		    words_grouped(counts[k]).text);
}

static void remember_codes(struct run *run, const struct summary *summary)
{
	if (run->shown.codes == NULL)
		run->shown.codes =
		    calloc(catalog_size(run->reading.setup.catalog) + 1, sizeof(*run->shown.codes));
	for (size_t i = 0; run->shown.codes != NULL && i < summary->code_count; i++)
		run->shown.codes[summary->codes[i].entry->id] = summary->codes[i].count;
}

static void show_line(const struct run *run, const struct summary *summary)
{
	uint64_t lines = summary->lines - run->shown.lines;
	uint64_t responses = summary->hits[HIT_RESPONSE] - run->shown.responses;
	uint64_t errors = summary->errors - run->shown.errors;
	struct zone zone = { 0 };
	struct civil now;

	zone_to_civil(&zone, (int64_t)time(NULL) * 1000, &now);
	(void)fprintf(stderr, "%02d:%02d:%02d  %s line%s, %s error%s of %s response%s", now.hour,
	    now.minute, now.second, words_grouped(lines).text, plural(lines),
	    words_grouped(errors).text, plural(errors), words_grouped(responses).text,
	    plural(responses));
	if (responses > 0)
		(void)fprintf(stderr, ", %.2f%%", 100.0 * (double)errors / (double)responses);
	show_codes(run, summary);
	if (summary_doubt(summary) > 0)
		(void)fprintf(stderr, ", rate doubtful: %s held back of all",
		    words_grouped(summary_doubt(summary)).text);
	(void)fputc('\n', stderr);
}

static void show_interval(struct run *run, const struct summary *summary)
{
	delivery_renew(&run->delivery, summary);
	show_line(run, summary);
	run->shown.lines = summary->lines;
	run->shown.responses = summary->hits[HIT_RESPONSE];
	run->shown.errors = summary->errors;
	remember_codes(run, summary);
}

/* ---- signals ---- */

bool run_must_stop(const struct run *run)
{
	return signals_stop() != 0 && !run->is_ending;
}

static void show_now(struct run *run, bool is_asked, bool is_tick)
{
	struct error error = ERROR_INIT;
	struct summary *summary = reading_summarize(&run->reading, &error);

	if (summary == NULL) {
		message_error(&error);
		return;
	}
	if (is_asked)
		delivery_print_totals(&run->delivery, summary);
	if (is_tick)
		show_interval(run, summary);
	summary_free(summary);
}

bool run_is_interrupted(void *context)
{
	struct run *run = context;
	bool is_asked = signals_take_report();
	bool is_tick = signals_take_tick();

	run->ticks += is_tick;
	if (is_asked || is_tick)
		show_now(run, is_asked, is_tick);
	return run_must_stop(run);
}

/* ---- its life ---- */

bool run_init(struct run *run, const struct options *options, struct error *error)
{
	*run = (struct run){ .options = options };
	return reading_init(&run->reading, options, error) &&
	       delivery_init(&run->delivery, options, &run->reading.setup, error) &&
	       reading_open(&run->reading, &run->delivery, error);
}

void run_release(struct run *run)
{
	reading_release(&run->reading);
	delivery_release(&run->delivery);
	free(run->shown.codes);
}

int run_whole(const struct options *options, int (*work)(struct run *run))
{
	struct run run;
	struct error error = ERROR_INIT;
	int status;
	int stop;

	if (!run_init(&run, options, &error) || !signals_install(run.reading.setup.every, &error)) {
		run_release(&run);
		return delivery_refuse(options, &error);
	}
	status = work(&run);
	stop = signals_stop();
	run_release(&run);
	if (stop != 0)
		signals_die(stop);
	return status;
}
