/*
 * Owns what a run says of an outcome that is hardly the one that was asked for. Must not know how
 * hits are counted.
 */
#include <signal.h>
#include <unistd.h>

#include "base/message.h"
#include "base/wide.h"
#include "cli/run.h"
#include "cli/run_parts.h"
#include "cli/signals.h"

void run_leave_caret(const struct run *run)
{
	if (signals_stop() == SIGINT && !run->options->quiet && isatty(STDERR_FILENO) == 1) {
		ssize_t ignored = write(STDERR_FILENO, "\n", 1);

		(void)ignored;
	}
}

const char *run_look_at_front(const struct source *source)
{
	char front[WIDE_FRONT];
	off_t offset;
	int fd = source_plain_fd(source, &offset);
	ssize_t length = fd < 0 ? -1 : pread(fd, front, sizeof(front), offset);

	return length > 0 ? wide_name(front, (size_t)length) : NULL;
}

void run_name_encoding(struct run *run, const struct source *source, const char *encoding)
{
	struct error error = ERROR_INIT;
	const char *name = source_name(source);

	run->damaged++;
	(void)error_set(&error, ERROR_DAMAGED, "'%s' is %s, in which no code is found",
	    source_title(source), encoding);
	(void)error_hint(&error, "try: iconv -f %s -t UTF-8 %s | jgannotate", encoding,
	    name == NULL ? "" : name);
	run_complain(&error);
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

void run_name_doubts(const struct run *run, const struct summary *summary)
{
	struct error error = ERROR_INIT;

	if (run->options->quiet_if_ok)
		return;
	if (run->setup.has_by && has_no_group(summary)) {
		(void)error_set(&error, ERROR_USAGE, "--by %s: no line with a code has that field",
		    run->options->by);
		(void)error_hint(&error,
		    "a field is a member's name or the word before = or :, in the same letters; "
		    "others: path, file");
		run_complain(&error);
	}
	if (has_no_time(summary) && run->options->time_format == NULL) {
		(void)error_set(
		    &error, ERROR_USAGE, "no line with a code has a time that is known");
		(void)error_hint(&error,
		    "a log's own stamp: --time-format FORMAT, as '%%d.%%m.%%Y %%H:%%M:%%S'");
		run_complain(&error);
	}
}
