/*
 * Owns the threads and the order of their work. Must not know what the lanes
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
#include <unistd.h>

#include "input/cutter.h"

#define WORKERS_MAX 64
#define PAGE 4096u

struct slot {
	struct stretch stretch;
	int fd;
	struct piece piece;
	char *buffer; /* on a page's start */
	char *bytes;  /* the stretch, in it */
	size_t capacity;
	void *lane;
	struct sink *sinks[SCAN_SINKS_MAX];
	size_t sink_count;
	bool is_done;
	bool has_failed;
	bool is_unreadable; /* the failure is the input's: its bytes before it count */
	struct error error;
};

struct worker {
	struct parallel *parallel;
	pthread_t thread;
	struct scan scan;
};

struct parallel {
	struct parallel_lanes lanes;
	struct worker *workers;
	unsigned worker_count;
	struct slot *slots;
	size_t slot_count;
	pthread_mutex_t lock;
	pthread_cond_t work_there; /* a slot was filled, or all is over */
	pthread_cond_t work_done;  /* a slot is done */
	uint64_t filled, taken, merged;
	bool is_over;
};

/* ---- the workers ---- */

/* The bytes come to the same place in a page as they have in the file's: some processors
 * copy several times slower otherwise. */
static bool make_room(struct slot *slot)
{
	size_t front = (size_t)slot->stretch.offset % PAGE;
	size_t needed = front + slot->stretch.length;

	if (slot->capacity < needed) {
		free(slot->buffer);
		slot->capacity = (needed / PAGE + 1) * PAGE;
		slot->buffer = aligned_alloc(PAGE, slot->capacity);
	}
	if (slot->buffer == NULL) {
		slot->capacity = 0;
		return error_set_memory(&slot->error);
	}
	slot->bytes = slot->buffer + front;
	return true;
}

/* Reads the stretch. It is shorter where the file has shrunk since it was cut. */
static bool read_stretch(struct slot *slot)
{
	const struct stretch *stretch = &slot->stretch;

	slot->piece.length = 0;
	while (slot->piece.length < stretch->length) {
		ssize_t count = pread(slot->fd, slot->bytes + slot->piece.length,
		    stretch->length - slot->piece.length,
		    stretch->offset + (off_t)slot->piece.length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			slot->is_unreadable = true;
			return error_set_errno(&slot->error, errno, "cannot read '%s'",
			    slot->piece.file == NULL ? "standard input" : slot->piece.file);
		}
		if (count == 0)
			break;
		slot->piece.length += (size_t)count;
	}
	return true;
}

static void work(struct worker *worker, struct slot *slot)
{
	slot->has_failed = false;
	slot->is_unreadable = false;
	if (!make_room(slot)) {
		slot->has_failed = true;
		return;
	}
	slot->has_failed = !read_stretch(slot);
	if (slot->piece.length == 0)
		return;
	slot->piece.data = slot->bytes;
	slot->piece.is_cut = slot->stretch.is_cut;
	slot->piece.is_rest = slot->stretch.is_rest;
	slot->piece.first_line = 1;
	memcpy(worker->scan.sinks, slot->sinks, sizeof(slot->sinks));
	worker->scan.sink_count = slot->sink_count;
	if (!scan_piece(&worker->scan, &slot->piece, &slot->error)) {
		slot->has_failed = true;
		slot->is_unreadable = false;
	}
}

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
		work(worker, slot);
		(void)pthread_mutex_lock(&parallel->lock);
		slot->is_done = true;
		(void)pthread_cond_signal(&parallel->work_done);
	}
	(void)pthread_mutex_unlock(&parallel->lock);
	return NULL;
}

/* ---- the calling thread ---- */

static void fill(struct parallel *parallel, const struct stretch *stretch, int fd, const char *file)
{
	struct slot *slot = &parallel->slots[parallel->filled % parallel->slot_count];

	slot->stretch = *stretch;
	slot->fd = fd;
	memset(&slot->piece, 0, sizeof(slot->piece));
	slot->piece.file = file;
	slot->is_done = false;
	(void)pthread_mutex_lock(&parallel->lock);
	parallel->filled++;
	(void)pthread_cond_signal(&parallel->work_there);
	(void)pthread_mutex_unlock(&parallel->lock);
}

static struct slot *wait_for_oldest(struct parallel *parallel)
{
	struct slot *slot = &parallel->slots[parallel->merged % parallel->slot_count];

	(void)pthread_mutex_lock(&parallel->lock);
	while (!slot->is_done)
		(void)pthread_cond_wait(&parallel->work_done, &parallel->lock);
	(void)pthread_mutex_unlock(&parallel->lock);
	return slot;
}

/* Merges the oldest piece; `*lines` grows by its newlines. */
static enum feed_result merge_oldest(
    struct parallel *parallel, uint64_t *lines, struct error *error)
{
	struct slot *slot = wait_for_oldest(parallel);

	parallel->merged++;
	if (slot->has_failed && !slot->is_unreadable) {
		*error = slot->error;
		return FEED_FATAL;
	}
	if (!parallel->lanes.merge(parallel->lanes.context, slot->lane, *lines, error))
		return FEED_FATAL;
	*lines += slot->piece.newlines;
	if (slot->has_failed) {
		*error = slot->error;
		return FEED_INPUT_ERROR;
	}
	return FEED_DONE;
}

/* After a failure: waits for what is in flight and drops it. */
static void drop_rest(struct parallel *parallel)
{
	while (parallel->merged < parallel->filled) {
		struct slot *slot = wait_for_oldest(parallel);
		struct error ignored = ERROR_INIT;
		struct sink *sinks[SCAN_SINKS_MAX];
		size_t count = 0;

		parallel->merged++;
		parallel->lanes.close(parallel->lanes.context, slot->lane);
		slot->lane = parallel->lanes.open(parallel->lanes.context, sinks, &count, &ignored);
		memcpy(slot->sinks, sinks, sizeof(sinks));
		slot->sink_count = slot->lane == NULL ? 0 : count;
	}
}

static bool is_full(const struct parallel *parallel)
{
	return parallel->filled - parallel->merged == parallel->slot_count;
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

	cutter_init(&cutter, fd, offset, source_range_end(source));
	while (result == FEED_DONE && (more > 0 || parallel->merged < parallel->filled)) {
		if (more > 0 && control->interrupted != NULL &&
		    control->interrupted(control->context))
			break;
		if (more > 0 && !is_full(parallel)) {
			more = cutter_next(&cutter, &stretch);
			if (more > 0)
				fill(parallel, &stretch, fd, source_name(source));
			continue;
		}
		result = merge_oldest(parallel, &lines, error);
		if (control->advanced != NULL)
			control->advanced(control->context, (uint64_t)(cutter.at - offset));
	}
	if (result == FEED_DONE && more < 0) {
		error_set_errno(error, errno, "cannot read '%s'", source_title(source));
		result = FEED_INPUT_ERROR;
	} else if (result == FEED_DONE && more > 0) {
		result = FEED_STOPPED;
		while (result == FEED_STOPPED && parallel->merged < parallel->filled)
			if (merge_oldest(parallel, &lines, error) == FEED_FATAL)
				result = FEED_FATAL;
	}
	drop_rest(parallel);
	source_set_position(source, cutter.at);
	return result;
}

/* ---- making and ending ---- */

static bool open_slots(struct parallel *parallel, struct error *error)
{
	for (size_t i = 0; i < parallel->slot_count; i++) {
		struct slot *slot = &parallel->slots[i];

		slot->lane = parallel->lanes.open(
		    parallel->lanes.context, slot->sinks, &slot->sink_count, error);
		if (slot->lane == NULL)
			return false;
	}
	return true;
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

struct parallel *parallel_new(unsigned workers, const struct parallel_lanes *lanes,
    const struct matcher *matcher, const struct catalog *catalog, enum trust trust,
    bool judge_all, const struct scan_fields *fields, struct error *error)
{
	struct parallel *parallel = calloc(1, sizeof(*parallel));
	unsigned ready = 0;

	if (parallel == NULL) {
		error_set_memory(error);
		return NULL;
	}
	workers = workers > WORKERS_MAX ? WORKERS_MAX : workers;
	parallel->lanes = *lanes;
	(void)pthread_mutex_init(&parallel->lock, NULL);
	(void)pthread_cond_init(&parallel->work_there, NULL);
	(void)pthread_cond_init(&parallel->work_done, NULL);
	parallel->slot_count = 2 * (size_t)workers;
	parallel->slots = calloc(parallel->slot_count, sizeof(*parallel->slots));
	parallel->workers = calloc(workers, sizeof(*parallel->workers));
	if (parallel->slots == NULL || parallel->workers == NULL) {
		error_set_memory(error);
		goto fail;
	}
	if (!open_slots(parallel, error))
		goto fail;
	for (; ready < workers; ready++) {
		parallel->workers[ready].parallel = parallel;
		if (!scan_init(&parallel->workers[ready].scan, matcher, catalog, trust, judge_all,
			error))
			goto fail;
		scan_set_fields(&parallel->workers[ready].scan, fields);
		scan_begin_input(&parallel->workers[ready].scan, CLOCK_PENDING);
	}
	matcher_prepare(matcher);
	start_workers(parallel, workers);
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
	for (size_t i = 0; parallel->slots != NULL && i < parallel->slot_count; i++) {
		if (parallel->slots[i].lane != NULL)
			parallel->lanes.close(parallel->lanes.context, parallel->slots[i].lane);
		free(parallel->slots[i].buffer);
	}
	(void)pthread_cond_destroy(&parallel->work_there);
	(void)pthread_cond_destroy(&parallel->work_done);
	(void)pthread_mutex_destroy(&parallel->lock);
	free(parallel->slots);
	free(parallel->workers);
	free(parallel);
}

uint64_t parallel_not_a_code(const struct parallel *parallel)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < parallel->worker_count; i++)
		sum += matcher_not_a_code(parallel->workers[i].scan.run);
	return sum;
}

uint64_t parallel_trouble(const struct parallel *parallel, enum pattern_trouble trouble)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < parallel->worker_count; i++)
		sum += matcher_trouble(parallel->workers[i].scan.run, trouble);
	return sum;
}
