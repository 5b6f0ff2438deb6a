/*
 * Owns the threads and the order of their work. Must not know what the outputs
 * hold.
 *
 * Slots form a ring. The calling thread cuts (fills a slot) and merges (empties
 * it); a worker takes the next filled slot. Three counters that only grow say
 * where each of them is; the lock guards them and the slots' state.
 */
#include "stream/parallel.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "stream/parallel_parts.h"

#define WORKERS_MAX 64

/* ---- the workers ---- */

static void *run_worker(void *argument)
{
	struct worker *worker = argument;
	struct parallel *parallel = worker->parallel;

	(void)pthread_mutex_lock(&parallel->lock);
	for (;;) {
		struct slot *slot;

		while (parallel->taken == parallel->filled && !parallel->is_over)
			(void)pthread_cond_wait(&parallel->work_there, &parallel->lock);
		if (parallel->is_over)
			break;
		slot = &parallel->slots[parallel->taken++ % parallel->slot_count];
		(void)pthread_mutex_unlock(&parallel->lock);
		worker->slot = slot;
		parallel_work(worker);
		(void)pthread_mutex_lock(&parallel->lock);
		slot->is_done = true;
		if (slot == parallel->awaited) /* to wake the merger for nothing is dear */
			(void)pthread_cond_signal(&parallel->work_done);
	}
	(void)pthread_mutex_unlock(&parallel->lock);
	return NULL;
}

/* ---- the calling thread ---- */

struct slot *parallel_next_slot(struct parallel *parallel)
{
	struct slot *slot = &parallel->slots[parallel->filled % parallel->slot_count];

	slot->input = NULL;
	slot->source = NULL;
	slot->is_done = slot->is_wanted = slot->is_handed_over = false;
	slot->direct = NULL;
	slot->bytes_done = 0;
	slot->error = (struct error)ERROR_INIT;
	if (parallel->stamps != NULL)
		slot->stamps = *parallel->stamps;
	return slot;
}

void parallel_fill(struct parallel *parallel)
{
	(void)pthread_mutex_lock(&parallel->lock);
	parallel->filled++;
	(void)pthread_cond_signal(&parallel->work_there);
	(void)pthread_mutex_unlock(&parallel->lock);
}

bool parallel_is_full(const struct parallel *parallel)
{
	return parallel->filled - parallel->merged == parallel->slot_count;
}

struct slot *parallel_oldest(const struct parallel *parallel)
{
	return &parallel->slots[parallel->merged % parallel->slot_count];
}

static void fill(struct parallel *parallel, const struct stretch *stretch, int fd, const char *file)
{
	struct slot *slot = parallel_next_slot(parallel);

	slot->stretch = *stretch;
	slot->fd = fd;
	memset(&slot->piece, 0, sizeof(slot->piece));
	slot->piece.file = file;
	parallel_fill(parallel);
}

static struct slot *wait_for_oldest(struct parallel *parallel)
{
	struct slot *slot = parallel_oldest(parallel);

	(void)pthread_mutex_lock(&parallel->lock);
	parallel->awaited = slot;
	while (!slot->is_done)
		(void)pthread_cond_wait(&parallel->work_done, &parallel->lock);
	(void)pthread_mutex_unlock(&parallel->lock);
	return slot;
}

bool parallel_merge_outputs(
    struct parallel *parallel, struct slot *slot, uint64_t line_offset, struct error *error)
{
	struct troubles *sum = &parallel->troubles;

	sum->not_a_code += slot->troubles.not_a_code;
	for (int i = 0; i < PATTERN_TROUBLE_COUNT; i++)
		sum->patterns[i] += slot->troubles.patterns[i];
	memset(&slot->troubles, 0, sizeof(slot->troubles));
	return parallel->outputs.merge(
	    parallel->outputs.context, slot->outputs, line_offset, error);
}

/* Merges the oldest stretch; `*lines` grows by its newlines. */
static enum feed_result merge_oldest(
    struct parallel *parallel, struct source *source, uint64_t *lines, struct error *error)
{
	struct slot *slot = wait_for_oldest(parallel);

	parallel->merged++;
	if (slot->has_failed && !slot->is_unreadable) {
		*error = slot->error;
		return FEED_FATAL;
	}
	if (!parallel_merge_outputs(parallel, slot, *lines, error))
		return FEED_FATAL;
	source_note_read(source, slot->bytes, slot->piece.length);
	*lines += slot->piece.newlines;
	if (slot->has_failed) {
		*error = slot->error;
		return FEED_INPUT_ERROR;
	}
	return FEED_DONE;
}

void parallel_drop_rest(struct parallel *parallel)
{
	while (parallel->merged < parallel->filled) {
		struct slot *slot = wait_for_oldest(parallel);
		struct error ignored = ERROR_INIT;
		struct sink *sinks[SCAN_SINKS_MAX];
		size_t count = 0;

		parallel->merged++;
		parallel->outputs.close(parallel->outputs.context, slot->outputs);
		slot->outputs =
		    parallel->outputs.open(parallel->outputs.context, sinks, &count, &ignored);
		memcpy(slot->sinks, sinks, sizeof(sinks));
		slot->sink_count = slot->outputs == NULL ? 0 : count;
		memset(&slot->troubles, 0, sizeof(slot->troubles));
	}
}

enum feed_result parallel_feed(struct parallel *parallel, struct source *source,
    const struct feed_control *control, struct error *error)
{
	enum feed_result result = FEED_DONE;
	struct cutter cutter;
	struct stretch stretch;
	off_t offset;
	int fd = source_plain_fd(source, &offset);
	uint64_t lines = 0;
	int more = 1;
	int errnum = 0;

	cutter_init(&cutter, fd, offset, source_range_end(source));
	while (result == FEED_DONE && (more > 0 || parallel->merged < parallel->filled)) {
		if (more > 0 && control->interrupted != NULL &&
		    control->interrupted(control->context))
			break;
		if (more > 0 && !parallel_is_full(parallel)) {
			more = cutter_next(&cutter, &stretch);
			errnum = more < 0 ? errno : 0;
			if (more > 0)
				fill(parallel, &stretch, fd, source_name(source));
			continue;
		}
		result = merge_oldest(parallel, source, &lines, error);
		if (control->advanced != NULL)
			control->advanced(control->context, (uint64_t)(cutter.at - offset));
	}
	if (result == FEED_DONE && more < 0) {
		error_set_errno(error, errnum, "cannot read '%s'", source_title(source));
		result = FEED_INPUT_ERROR;
	} else if (result == FEED_DONE && more > 0) {
		result = FEED_STOPPED;
		while (result == FEED_STOPPED && parallel->merged < parallel->filled)
			if (merge_oldest(parallel, source, &lines, error) == FEED_FATAL)
				result = FEED_FATAL;
	}
	parallel_drop_rest(parallel);
	(void)source_set_position(source, cutter.at);
	return result;
}

/* ---- making and ending ---- */

static void close_slot(struct parallel *parallel, struct slot *slot)
{
	if (slot->outputs != NULL)
		parallel->outputs.close(parallel->outputs.context, slot->outputs);
	free(slot->buffer);
	*slot = (struct slot){ .outputs = NULL };
}

/* Before any of them is filled. */
static void give_back(struct parallel *parallel, size_t count)
{
	(void)pthread_mutex_lock(&parallel->lock);
	while (parallel->slot_count > count)
		close_slot(parallel, &parallel->slots[--parallel->slot_count]);
	(void)pthread_mutex_unlock(&parallel->lock);
}

/* As many as there is memory for, with some left for what comes of them. None of it is touched
 * before it is needed. */
static bool open_slots(struct parallel *parallel, struct error *error)
{
	const size_t wanted = parallel->slot_count;
	size_t count = 0;

	while (count < wanted) {
		struct slot *slot = &parallel->slots[count];

		slot->outputs = parallel->outputs.open(
		    parallel->outputs.context, slot->sinks, &slot->sink_count, error);
		slot->capacity = PARALLEL_BUFFER;
		slot->buffer =
		    slot->outputs == NULL ? NULL : aligned_alloc(PARALLEL_PAGE, slot->capacity);
		if (slot->buffer == NULL)
			break;
		count++;
	}
	if (count < wanted)
		close_slot(parallel, &parallel->slots[count]);
	parallel->slot_count = count;
	if (count < wanted)
		give_back(parallel, count / 2);
	return parallel->slot_count >= 2 || error_set_memory(error);
}

/* Signals are for the thread that asks about them. */
static void start_workers(struct parallel *parallel, unsigned wanted)
{
	sigset_t all;
	sigset_t before;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	while (parallel->worker_count < wanted) {
		struct worker *worker = &parallel->workers[parallel->worker_count];

		if (pthread_create(&worker->thread, NULL, run_worker, worker) != 0)
			break;
		parallel->worker_count++;
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* The rule for stamps is the worker's own: that of its input. */
static void set_fields(struct worker *worker, const struct scan_fields *fields)
{
	struct scan_fields own = *fields;

	if (own.stamps != NULL) {
		worker->stamps = *own.stamps;
		own.stamps = &worker->stamps;
	}
	scan_set_fields(&worker->scan, &own);
}

struct parallel *parallel_new(unsigned workers, const struct parallel_outputs *outputs,
    const struct matcher *matcher, const struct catalog *catalog, enum trust trust, bool judge_all,
    const struct scan_fields *fields, struct error *error)
{
	struct parallel *parallel = calloc(1, sizeof(*parallel));
	unsigned ready = 0;

	if (parallel == NULL) {
		error_set_memory(error);
		return NULL;
	}
	workers = workers > WORKERS_MAX ? WORKERS_MAX : workers;
	parallel->outputs = *outputs;
	parallel->stamps = fields->stamps;
	(void)pthread_mutex_init(&parallel->lock, NULL);
	(void)pthread_cond_init(&parallel->work_there, NULL);
	(void)pthread_cond_init(&parallel->work_done, NULL);
	(void)pthread_cond_init(&parallel->emptied, NULL);
	parallel->slot_count = 2 * (size_t)workers;
	parallel->slots = calloc(parallel->slot_count, sizeof(*parallel->slots));
	parallel->workers = calloc(workers, sizeof(*parallel->workers));
	if (parallel->slots == NULL || parallel->workers == NULL) {
		error_set_memory(error);
		goto fail;
	}
	if (!open_slots(parallel, error))
		goto fail;
	if (workers > parallel->slot_count / 2)
		workers = (unsigned)(parallel->slot_count / 2);
	for (; ready < workers; ready++) {
		parallel->workers[ready].parallel = parallel;
		if (!scan_init(
		        &parallel->workers[ready].scan, matcher, catalog, trust, judge_all, error))
			break;
		set_fields(&parallel->workers[ready], fields);
	}
	matcher_prepare(matcher);
	start_workers(parallel, ready);
	/* fewer threads than were wanted are enough */
	for (unsigned i = parallel->worker_count; i < ready; i++)
		scan_release(&parallel->workers[i].scan);
	if (parallel->worker_count < ready && parallel->worker_count > 0)
		give_back(parallel, parallel->worker_count + 1);
	ready = parallel->worker_count;
	*error = (struct error)ERROR_INIT;
	if (parallel->worker_count > 0)
		return parallel;
	error_set(error, ERROR_SYSTEM, "cannot start a thread");
fail:
	for (unsigned i = parallel->worker_count; i < ready; i++)
		scan_release(&parallel->workers[i].scan);
	parallel_free(parallel);
	return NULL;
}

void parallel_free(struct parallel *parallel)
{
	if (parallel == NULL)
		return;
	(void)pthread_mutex_lock(&parallel->lock);
	parallel->is_over = true;
	(void)pthread_cond_broadcast(&parallel->work_there);
	(void)pthread_mutex_unlock(&parallel->lock);
	for (unsigned i = 0; i < parallel->worker_count; i++) {
		(void)pthread_join(parallel->workers[i].thread, NULL);
		scan_release(&parallel->workers[i].scan);
	}
	for (size_t i = 0; parallel->slots != NULL && i < parallel->slot_count; i++)
		close_slot(parallel, &parallel->slots[i]);
	(void)pthread_cond_destroy(&parallel->work_there);
	(void)pthread_cond_destroy(&parallel->work_done);
	(void)pthread_cond_destroy(&parallel->emptied);
	(void)pthread_mutex_destroy(&parallel->lock);
	free(parallel->slots);
	free(parallel->workers);
	free(parallel);
}

uint64_t parallel_not_a_code(const struct parallel *parallel)
{
	return parallel->troubles.not_a_code;
}

uint64_t parallel_trouble(const struct parallel *parallel, enum pattern_trouble trouble)
{
	return parallel->troubles.patterns[trouble];
}
