/*
 * Owns the names that are followed, and the waiting. Must not know what becomes of the lines, or
 * which file is behind a name.
 *
 * The names have turns: a name with news gets one pass over its files, then the next one does.
 * News come from inotify (follow_watch.h) and are kept as two flags of each name; where inotify
 * cannot be used, and for a name that could not be read, the flags are set when it is time to look.
 * follow_wait waits for the nearest of these times and of those at which an absence is to be told.
 */
#include "input/follow.h"

#include <errno.h>
#include <stdlib.h>

#include "base/now.h"
#include "input/follow_name.h"

#define POLL_MILLISECONDS 1000

struct follow {
	struct follow_options options;
	struct follow_shared shared;
	int64_t next_poll; /* milliseconds of the clock; 0: none is set */
	size_t turn;       /* the name in turn */
	struct follow_name names[];
};

static void take_news(void *context, size_t file, unsigned news)
{
	struct follow *follow = context;

	follow->names[file].has_way_news |= (news & FOLLOW_NEWS_WAY) != 0;
	follow->names[file].has_data_news |= (news & FOLLOW_NEWS_DATA) != 0;
}

static bool is_due(const struct follow *follow, const struct follow_name *name)
{
	if (follow->shared.is_finishing)
		return name->is_pass_due;
	return name->has_way_news || name->has_data_news;
}

/* ---- time ---- */

/* Whether it must be looked at without being told to. */
static bool must_poll(const struct follow_name *name)
{
	return name->is_polled || name->state == FOLLOW_STATE_UNREADABLE;
}

static void act_on_time(struct follow *follow)
{
	int64_t time = now_steady();
	bool is_poll_due = follow->next_poll != 0 && time >= follow->next_poll;

	for (size_t i = 0; i < follow->options.count; i++) {
		struct follow_name *name = &follow->names[i];

		if (is_poll_due && must_poll(name))
			name->has_way_news = name->has_data_news = true;
		follow_name_note_time(name, time);
	}
	if (is_poll_due)
		follow->next_poll = 0;
}

/* Moves on to the next name with something to read. */
static bool choose_name(struct follow *follow)
{
	for (size_t i = 0; i < follow->options.count; i++) {
		size_t at = (follow->turn + i) % follow->options.count;

		if (is_due(follow, &follow->names[at])) {
			follow->turn = at;
			return true;
		}
	}
	return false;
}

enum follow_result follow_next(
    struct follow *follow, struct follow_block *block, struct error *error)
{
	for (;;) {
		struct follow_name *name = &follow->names[follow->turn];

		if (name->turn != NULL) {
			enum follow_result result = follow_name_read(name, block, error);

			if (result != FOLLOW_NOTHING)
				return result;
			if (name->turn == NULL)
				follow->turn = (follow->turn + 1) % follow->options.count;
			continue;
		}
		if (follow->shared.watch != NULL && !follow->shared.is_finishing)
			follow_watch_take(follow->shared.watch, take_news, follow);
		act_on_time(follow);
		if (!choose_name(follow))
			return FOLLOW_NOTHING;
		if (!follow_name_begin_pass(&follow->names[follow->turn], error))
			return FOLLOW_FAILED;
	}
}

/* ---- waiting ---- */

static void sooner(int64_t *deadline, int64_t time)
{
	if (*deadline == 0 || time < *deadline)
		*deadline = time;
}

static int timeout_of(struct follow *follow, int milliseconds)
{
	int64_t time = now_steady();
	int64_t deadline = milliseconds < 0 ? 0 : time + milliseconds;
	bool polls = false;

	for (size_t i = 0; i < follow->options.count; i++) {
		const struct follow_name *name = &follow->names[i];

		polls |= must_poll(name);
		if (name->gone_at != 0)
			sooner(&deadline, name->gone_at);
	}
	if (polls && follow->next_poll == 0)
		follow->next_poll = time + (follow->options.poll_milliseconds == 0
		                                   ? POLL_MILLISECONDS
		                                   : follow->options.poll_milliseconds);
	if (polls)
		sooner(&deadline, follow->next_poll);
	return deadline == 0 ? -1 : deadline <= time ? 0 : (int)(deadline - time);
}

void follow_wait(struct follow *follow, struct pollfd *others, nfds_t count, int milliseconds)
{
	struct pollfd poll_fds[FOLLOW_OTHERS_MAX + 1];
	nfds_t own = follow->shared.watch != NULL;

	for (nfds_t i = 0; i < count; i++)
		poll_fds[i] = others[i];
	if (own > 0)
		poll_fds[count] =
		    (struct pollfd){ follow_watch_fd(follow->shared.watch), POLLIN, 0 };
	if (poll(poll_fds, count + own, timeout_of(follow, milliseconds)) < 0)
		for (nfds_t i = 0; i < count; i++)
			poll_fds[i].revents = 0;
	for (nfds_t i = 0; i < count; i++)
		others[i].revents = poll_fds[i].revents;
	act_on_time(follow);
}

void follow_finish(struct follow *follow)
{
	if (follow->shared.watch != NULL)
		follow_watch_take(follow->shared.watch, take_news, follow);
	follow->shared.is_finishing = true;
	for (size_t i = 0; i < follow->options.count; i++) {
		follow->names[i].turn = NULL;
		follow->names[i].is_pass_due = true;
		follow->names[i].has_way_news = true;
	}
}

/* ---- all ---- */

struct follow *follow_new(const struct follow_options *options, struct error *error)
{
	struct follow *follow =
	    calloc(1, sizeof(*follow) + options->count * sizeof(follow->names[0]));

	if (follow == NULL) {
		error_set_memory(error);
		return NULL;
	}
	follow->options = *options;
	follow->shared = (struct follow_shared){
		.options = &follow->options, .watch_errnum = EREMOTE, .is_starting = true
	};
	if (!options->polls)
		follow->shared.watch = follow_watch_new(&follow->shared.watch_errnum);
	for (size_t i = 0; i < options->count; i++)
		if (!follow_name_init(&follow->names[i], &follow->shared, i, error)) {
			follow_free(follow);
			return NULL;
		}
	follow->shared.is_starting = false;
	return follow;
}

void follow_free(struct follow *follow)
{
	if (follow == NULL)
		return;
	for (size_t i = 0; i < follow->options.count; i++)
		follow_name_release(&follow->names[i]);
	follow_watch_free(follow->shared.watch);
	free(follow);
}
