/*
 * Owns what a worker does with a job: a stretch of a file, or a whole input. Must not know
 * how jobs are handed out, or the order of the outputs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "stream/parallel_parts.h"

/* ---- a stretch ---- */

/* The bytes begin where in a page they begin in the file's: some processors
 * copy several times slower otherwise. */
static bool make_room(struct slot *slot)
{
	size_t front = (size_t)slot->stretch.offset % PARALLEL_PAGE;
	size_t needed = front + slot->stretch.length;

	if (slot->capacity < needed) {
		free(slot->buffer);
		slot->capacity = (needed / PARALLEL_PAGE + 1) * PARALLEL_PAGE;
		slot->buffer = aligned_alloc(PARALLEL_PAGE, slot->capacity);
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
	int errnum;

	slot->piece.length =
	    file_read_most(slot->fd, slot->bytes, stretch->length, stretch->offset, &errnum);
	if (errnum == 0)
		return true;
	slot->is_unreadable = true;
	return error_set_errno(&slot->error, errnum, "cannot read '%s'",
	    slot->piece.file == NULL ? "standard input" : slot->piece.file);
}

static void work_on_stretch(struct worker *worker, struct slot *slot)
{
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
	scan_begin_input(&worker->scan, CLOCK_PENDING);
	if (!scan_piece(&worker->scan, &slot->piece, &slot->error)) {
		slot->has_failed = true;
		slot->is_unreadable = false;
	}
}

/* ---- troubles ---- */

/* The slot is told what came since the slots were told last. */
static void tell_troubles(struct worker *worker)
{
	struct slot *slot = worker->slot;
	uint64_t count = matcher_not_a_code(worker->scan.run);

	slot->troubles.not_a_code += count - worker->told.not_a_code;
	worker->told.not_a_code = count;
	for (int i = 0; i < PATTERN_TROUBLE_COUNT; i++) {
		count = matcher_trouble(worker->scan.run, (enum pattern_trouble)i);
		slot->troubles.patterns[i] += count - worker->told.patterns[i];
		worker->told.patterns[i] = count;
	}
}

/* ---- a whole input ---- */

/* Between blocks: hands the outputs over where they are full or the merger asks for them, and goes
 * on when they have been emptied: into the result, if that is its own now. With the lock held. */
static void hand_over(struct worker *worker, bool is_full)
{
	struct parallel *parallel = worker->parallel;
	struct slot *slot = worker->slot;

	if (parallel->is_stopping || !(is_full || slot->is_wanted))
		return;
	tell_troubles(worker);
	slot->is_wanted = false;
	slot->is_handed_over = true;
	(void)pthread_cond_signal(&parallel->work_done);
	while (slot->is_handed_over)
		(void)pthread_cond_wait(&parallel->emptied, &parallel->lock);
	if (slot->direct != NULL)
		memcpy(worker->scan.sinks, slot->direct, slot->sink_count * sizeof(*slot->direct));
}

static bool is_interrupted(void *context)
{
	struct worker *worker = context;
	struct parallel *parallel = worker->parallel;
	bool is_full = parallel->outputs.size(parallel->outputs.context, worker->slot->outputs) >=
	               PARALLEL_OUTPUTS_BYTES / parallel->slot_count;
	bool is_stopping;

	(void)pthread_mutex_lock(&parallel->lock);
	hand_over(worker, is_full);
	is_stopping = parallel->is_stopping;
	(void)pthread_mutex_unlock(&parallel->lock);
	return is_stopping;
}

static void note_progress(void *context, uint64_t bytes)
{
	struct worker *worker = context;

	(void)pthread_mutex_lock(&worker->parallel->lock);
	worker->slot->bytes_done = bytes;
	(void)pthread_mutex_unlock(&worker->parallel->lock);
}

static void work_on_input(struct worker *worker, struct slot *slot)
{
	struct feed_control control = { -1, is_interrupted, note_progress, worker, 0 };

	scan_begin_input(&worker->scan, CLOCK_UNKNOWN);
	slot->result = feed_source(&worker->scan, slot->source, &control, &slot->error);
}

void parallel_work(struct worker *worker)
{
	struct slot *slot = worker->slot;

	slot->has_failed = false;
	slot->is_unreadable = false;
	worker->stamps = slot->stamps;
	memcpy(worker->scan.sinks, slot->sinks, sizeof(slot->sinks));
	worker->scan.sink_count = slot->sink_count;
	if (slot->input == NULL)
		work_on_stretch(worker, slot);
	else if (slot->source != NULL)
		work_on_input(worker, slot);
	tell_troubles(worker);
}
