/*
 * Owns the rhythm of following: when to wait, when to flush, when to stop. Must not know what
 * becomes of the lines, or which files they come from.
 */
#include "stream/feed_follow.h"

#include <poll.h>

struct feeder {
	struct scan *scan;
	struct follow *follow;
	const struct feed_follow_control *control;
	const struct follow_place *place; /* of the last lines */
};

static bool pass_on(struct feeder *feeder, const struct follow_block *block, struct error *error)
{
	struct follow_place *place = block->place;
	bool is_torn = block->is_torn && !block->block.is_rest;
	struct piece piece = { block->block.data, block->block.length,
		block->block.is_cut || is_torn, block->block.is_rest,
		feeder->control->names[block->file], place->line, 0, NULL, is_torn };

	/* a place that is at its first line may be another one in the same spot */
	if (place != feeder->place || place->line == 1) {
		scan_begin_input(feeder->scan, place->last_time);
		feeder->control->begin(feeder->control->context, block->file, place);
		feeder->place = place;
	}
	if (!scan_piece(feeder->scan, &piece, error))
		return false;
	place->line += piece.newlines;
	place->last_time = feeder->scan->carry;
	return true;
}

/* Returns false (and `error`) when nobody is there to read what will come. */
static bool wait_for_more(struct feeder *feeder, struct error *error)
{
	const struct feed_follow_control *control = feeder->control;
	struct pollfd others[2] = { { control->wake_fd, POLLIN, 0 }, { control->output_fd, 0, 0 } };
	int most = control->rest == NULL ? -1 : control->rest(control->context);

	follow_wait(feeder->follow, others, 2, most);
	return (others[1].revents & (POLLERR | POLLHUP)) == 0 ||
	       error_set(error, ERROR_CLOSED, "standard output was closed");
}

enum feed_result feed_follow(struct scan *scan, struct follow *follow,
    const struct feed_follow_control *control, struct error *error)
{
	struct feeder feeder = { scan, follow, control, NULL };
	bool is_stopping = false;

	for (;;) {
		struct follow_block block;

		if (!is_stopping && control->interrupted(control->context)) {
			is_stopping = true;
			follow_finish(follow);
		}
		switch (follow_next(follow, &block, error)) {
		case FOLLOW_READ:
			if (!pass_on(&feeder, &block, error))
				return FEED_FATAL;
			break;
		case FOLLOW_NOTHING:
			if (!scan_flush(scan, error))
				return FEED_FATAL;
			if (is_stopping)
				return FEED_STOPPED;
			if (!wait_for_more(&feeder, error))
				return FEED_FATAL;
			break;
		case FOLLOW_FAILED:
			return FEED_FATAL;
		}
	}
}
