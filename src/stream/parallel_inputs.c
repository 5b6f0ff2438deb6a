/*
 * Owns the order in which several inputs are handed out and come back. Must not know what
 * is done with them, or what the outputs hold.
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "stream/parallel_parts.h"

/* So often the calling thread looks for signals, and asks the input whose turn it is for what
 * it has. */
#define LOOK_NANOSECONDS (100 * 1000 * 1000)

struct feeding {
	struct parallel *parallel;
	const struct parallel_inputs *inputs;
	const struct feed_control *control;
	bool has_more;  /* `next` may have another input */
	bool has_begun; /* the first outputs of the oldest one were merged */
};

/* Hands out inputs as long as there is room. */
static void hand_out(struct feeding *feeding)
{
	struct parallel *parallel = feeding->parallel;

	while (feeding->has_more && !parallel_is_full(parallel)) {
		struct source *source = NULL;
		void *input = feeding->inputs->next(feeding->inputs->context, &source);
		struct slot *slot;

		if (input == NULL) {
			feeding->has_more = false;
			break;
		}
		slot = parallel_next_slot(parallel);
		slot->input = input;
		slot->source = source;
		slot->result = FEED_DONE;
		parallel_fill(parallel);
	}
}

/* From now on no input goes on, and no worker waits for its outputs to be emptied. */
static void stop(struct parallel *parallel)
{
	(void)pthread_mutex_lock(&parallel->lock);
	parallel->is_stopping = true;
	for (size_t i = 0; i < parallel->slot_count; i++)
		parallel->slots[i].is_handed_over = false;
	(void)pthread_cond_broadcast(&parallel->emptied);
	(void)pthread_mutex_unlock(&parallel->lock);
}

/* Waits until the oldest input has something or it is time to look for signals. Returns
 * whether its outputs can be merged. */
static bool wait_for_outputs(struct parallel *parallel, struct slot *slot, bool *is_done)
{
	struct timespec until;
	bool is_handed_over;
	int status = 0;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += LOOK_NANOSECONDS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	(void)pthread_mutex_lock(&parallel->lock);
	parallel->awaited = slot;
	while (!slot->is_done && !slot->is_handed_over && status != ETIMEDOUT)
		status = pthread_cond_timedwait(&parallel->work_done, &parallel->lock, &until);
	slot->is_wanted = !slot->is_done && !slot->is_handed_over;
	*is_done = slot->is_done;
	is_handed_over = slot->is_done || slot->is_handed_over;
	(void)pthread_mutex_unlock(&parallel->lock);
	return is_handed_over;
}

static uint64_t bytes_in_flight(struct parallel *parallel)
{
	uint64_t bytes = 0;

	(void)pthread_mutex_lock(&parallel->lock);
	for (uint64_t i = parallel->merged; i < parallel->filled; i++)
		bytes += parallel->slots[i % parallel->slot_count].bytes_done;
	(void)pthread_mutex_unlock(&parallel->lock);
	return bytes;
}

/* Answers signals and shows the progress, while no worker has the result. */
static void look_around(struct feeding *feeding)
{
	const struct feed_control *control = feeding->control;

	if (!feeding->parallel->is_stopping && control->interrupted(control->context))
		stop(feeding->parallel);
	control->advanced(control->context, bytes_in_flight(feeding->parallel));
}

/* The input whose turn it is goes on into the result: what waits in outputs is counted twice. */
static void go_on(struct feeding *feeding, struct slot *slot)
{
	struct parallel *parallel = feeding->parallel;

	(void)pthread_mutex_lock(&parallel->lock);
	slot->direct = feeding->inputs->sinks;
	slot->is_handed_over = false;
	(void)pthread_cond_broadcast(&parallel->emptied);
	(void)pthread_mutex_unlock(&parallel->lock);
}

static bool merge_outputs(struct feeding *feeding, struct slot *slot, struct error *error)
{
	if (slot->source == NULL)
		return true;
	if (!feeding->has_begun)
		feeding->inputs->begin(feeding->inputs->context, slot->input);
	feeding->has_begun = true;
	return parallel_merge_outputs(feeding->parallel, slot, 0, error);
}

static enum feed_result end_oldest(struct feeding *feeding, struct slot *slot, struct error *error)
{
	feeding->has_begun = false;
	feeding->parallel->merged++;
	if (slot->result == FEED_FATAL)
		*error = slot->error;
	if (slot->result == FEED_FATAL || slot->result == FEED_STOPPED)
		return slot->result;
	return feeding->inputs->end(
	    feeding->inputs->context, slot->input, slot->result, &slot->error);
}

/* Merges what the oldest input has, and ends it where that is all. */
static enum feed_result merge_oldest(struct feeding *feeding, struct error *error)
{
	struct slot *slot = parallel_oldest(feeding->parallel);
	bool is_done;

	if (!wait_for_outputs(feeding->parallel, slot, &is_done)) {
		if (slot->direct == NULL)
			look_around(feeding);
		return FEED_DONE;
	}
	if (!merge_outputs(feeding, slot, error))
		return FEED_FATAL;
	look_around(feeding);
	if (is_done)
		return end_oldest(feeding, slot, error);
	if (!feeding->parallel->is_stopping)
		go_on(feeding, slot);
	return FEED_DONE;
}

enum feed_result parallel_feed_inputs(struct parallel *parallel,
    const struct parallel_inputs *inputs, const struct feed_control *control, struct error *error)
{
	struct feeding feeding = { parallel, inputs, control, true, false };
	enum feed_result result = FEED_DONE;

	hand_out(&feeding);
	while (result == FEED_DONE && parallel->merged < parallel->filled) {
		result = merge_oldest(&feeding, error);
		if (parallel->is_stopping)
			feeding.has_more = false;
		if (result == FEED_DONE)
			hand_out(&feeding);
	}
	if (result == FEED_DONE && parallel->is_stopping)
		result = FEED_STOPPED;
	stop(parallel);
	parallel_drop_rest(parallel);
	parallel->is_stopping = false;
	return result;
}
