/*
 * Owns what is known of an input before its lines are read: in what encoding it is written, what
 * its dates mean, where the window begins in it, whether threads can share it. Must not know how it
 * is fed.
 */
#include "cli/reading.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/message.h"
#include "base/wide.h"
#include "cli/option_hints.h"
#include "input/bisect.h"

/* A file smaller than this is done before threads have started. */
#define PARALLEL_BYTES (4 * 1024 * 1024)

/* So much of a file is asked what its dates mean. */
#define HEAD_SIZE 65536u

/* Up to where a plain file is read. */
static off_t end_of(const struct source *source, const struct stat *status)
{
	off_t end = source_range_end(source);

	return end < status->st_size ? end : status->st_size;
}

bool reading_is_to_cut(const struct reading *reading, const struct source *source)
{
	struct stat status;
	off_t offset;
	int fd = source_plain_fd(source, &offset);

	/* which lines are in a window is known only in the order of the input */
	if (options_print(reading->options) && window_is_bounded(&reading->setup.window))
		return false;
	return fd >= 0 && file_stat(fd, &status) == 0 &&
	       end_of(source, &status) - offset >= PARALLEL_BYTES;
}

void reading_refer_stamps(struct reading *reading, const char *path)
{
	struct zone zone = { 0 };

	timestamp_rule_refer_now(&reading->setup.stamps, &zone);
	if (path != NULL)
		timestamp_rule_name(&reading->setup.stamps, path, &zone);
}

/* The head of a plain file shows what its dates mean, wherever it is entered. */
static void learn_from_head(struct reading *reading, const struct source *source)
{
	off_t offset;
	int fd = source_plain_fd(source, &offset);
	char *head = fd < 0 ? NULL : malloc(HEAD_SIZE);
	ssize_t count = head == NULL ? -1 : file_read_at(fd, head, HEAD_SIZE, 0);

	if (count >= 0)
		timestamp_rule_learn(&reading->setup.stamps, head, (size_t)count);
	free(head);
}

/* Where stamps do not say all, the file's last change and name say the rest, or else the clock. */
static void refer_stamps(struct reading *reading, const struct source *source)
{
	struct timestamp_rule *stamps = &reading->setup.stamps;
	const char *name = source_name(source);
	struct timespec time = { 0 };
	struct zone zone = { 0 };

	if (!source_changed_at(source, &time)) {
		reading_refer_stamps(reading, NULL);
		return;
	}
	timestamp_rule_refer(stamps, (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000, &zone);
	if (name != NULL)
		timestamp_rule_name(stamps, name, &zone);
	learn_from_head(reading, source);
}

off_t reading_find_entry(const struct reading *reading, int fd, off_t from, off_t end)
{
	struct clock clock;

	clock_init(&clock, &reading->setup.stamps);
	return bisect_find(fd, from, end, reading->setup.window.since, clock_read, &clock);
}

/* The wide encoding that a plain input is written in; else NULL. */
static const char *look_at_front(const struct source *source)
{
	char front[WIDE_FRONT];
	off_t offset;
	int fd = source_plain_fd(source, &offset);
	ssize_t length = fd < 0 ? -1 : file_read_at(fd, front, sizeof(front), offset);

	return length > 0 ? wide_name(front, (size_t)length) : NULL;
}

/* The input counts as damaged. */
static void name_encoding(
    struct reading *reading, const struct source *source, const char *encoding)
{
	struct error error = ERROR_INIT;
	const char *name = source_name(source);

	reading->damaged++;
	(void)error_set(&error, ERROR_DAMAGED, "'%s' is %s, in which no code is found",
	    source_title(source), encoding);
	(void)error_hint(&error, "try: iconv -f %s -t UTF-8 %s | jgannotate", encoding,
	    name == NULL ? "" : name);
	message_error(&error);
}

/* Skips the front of the input where it lies before the window. */
static void skip_front(struct reading *reading, struct source *source, struct reading_front *front)
{
	struct stat status;
	off_t offset;
	off_t entry;
	int fd = source_plain_fd(source, &offset);

	/* printed objects have line numbers, so all lines are counted */
	if (reading->setup.window.since == CLOCK_UNKNOWN || fd < 0 ||
	    reading->options->output == OUTPUT_JSON || file_stat(fd, &status) != 0)
		return;
	entry = reading_find_entry(reading, fd, offset, end_of(source, &status));
	if (entry > offset && source_set_position(source, entry))
		front->skipped_bytes = (uint64_t)(entry - offset);
}

void reading_prepare_input(
    struct reading *reading, struct source *source, struct reading_front *front)
{
	*front = (struct reading_front){ .encoding = look_at_front(source) };
	if (!options_print(reading->options))
		source_skip_holes(source);
	refer_stamps(reading, source);
	skip_front(reading, source, front);
}

void reading_begin_input(
    struct reading *reading, const struct source *source, const struct reading_front *front)
{
	if (front->encoding != NULL)
		name_encoding(reading, source, front->encoding);
	reading->skipped_bytes += front->skipped_bytes;
	tally_begin_input(
	    outputs_tally(reading->outputs), front->skipped_bytes == 0, CLOCK_UNKNOWN);
}

void reading_begin_range(
    struct reading *reading, const struct source *source, bool is_front, int64_t last_time)
{
	const char *encoding = is_front ? look_at_front(source) : NULL;

	if (encoding != NULL)
		name_encoding(reading, source, encoding);
	refer_stamps(reading, source);
	tally_begin_input(outputs_tally(reading->outputs), false, last_time);
}

static bool is_number(const char *name)
{
	size_t length = strspn(name, "0123456789");

	return length > 0 && length <= 9 && name[length] == '\0';
}

void reading_refuse_input(struct reading *reading, const char *name, struct error *error)
{
	struct stat status;

	if (error->kind == ERROR_DAMAGED)
		reading->damaged++;
	else
		reading->unreadable++;
	if (name != NULL && stat(name, &status) != 0) {
		if (is_number(name))
			(void)error_hint(error, "to look it up: jgannotate --explain %s", name);
		else if (reading->options->verbose)
			(void)error_hint(error, "%s", option_hint("-v", name));
		else if (option_operand_hint(name) != NULL)
			(void)error_hint(error, "%s", option_operand_hint(name));
	} else if (name != NULL && S_ISDIR(status.st_mode)) {
		(void)error_hint(error, "%s", option_hint("-R", NULL));
	}
	message_error(error);
}
