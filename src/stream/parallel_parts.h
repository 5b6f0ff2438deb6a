#ifndef JGANNOTATE_STREAM_PARALLEL_PARTS_H
#define JGANNOTATE_STREAM_PARALLEL_PARTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input/cutter.h"
#include "stream/parallel.h"

/*
 * The pool, shared by its parts: parallel.c makes it and keeps the order, parallel_work.c
 * is what a worker does with a job, parallel_inputs.c what the calling thread does with
 * several inputs. Nobody else includes this.
 */
#define PARALLEL_PAGE 4096u
/* A stretch, wherever in a page it begins. */
#define PARALLEL_BUFFER ((CUTTER_LENGTH / PARALLEL_PAGE + 2) * PARALLEL_PAGE)

struct troubles {
	uint64_t not_a_code;
	uint64_t patterns[PATTERN_TROUBLE_COUNT];
};

/* One slot of the ring: a job, and the outputs for what comes of it. The job is a stretch of a
 * file, or, where there is an `input`, the whole of it. */
struct slot {
	struct stretch stretch;
	int fd;
	struct piece piece;
	char *buffer; /* on a page's start */
	char *bytes;  /* the stretch, in it */
	size_t capacity;
	void *input;             /* the caller's */
	struct source *source;   /* the caller's; NULL: nothing to be done here */
	enum feed_result result; /* of an input */
	struct timestamp_rule stamps;
	void *outputs;
	struct sink *sinks[SCAN_SINKS_MAX];
	size_t sink_count;
	struct troubles troubles; /* of what is in the outputs */
	bool is_done;
	bool has_failed;
	bool is_unreadable; /* the failure is the input's: its bytes before it count */
	struct error error;
	/* while an input is read; with the lock */
	bool is_wanted;      /* it is this input's turn, and the merger asks for the outputs */
	bool is_handed_over; /* the worker waits until the outputs are emptied */
	struct sink *const *direct; /* then all goes on into the result itself; or NULL */
	uint64_t bytes_done;
};

struct worker {
	struct parallel *parallel;
	struct slot *slot; /* the job at hand */
	pthread_t thread;
	struct scan scan;
	struct timestamp_rule stamps; /* of the job: the scan's */
	struct troubles told;         /* what the slots so far were told */
};

struct parallel {
	struct parallel_outputs outputs;
	const struct timestamp_rule *stamps; /* the caller's, as it is for the next job; or NULL */
	struct worker *workers;
	unsigned worker_count;
	struct slot *slots;
	size_t slot_count;
	pthread_mutex_t lock;
	pthread_cond_t work_there;  /* a slot was filled, or all is over */
	pthread_cond_t work_done;   /* the awaited slot is done, or outputs are to be emptied */
	const struct slot *awaited; /* the merger's */
	pthread_cond_t emptied;     /* outputs were emptied, their worker goes on */
	uint64_t filled, taken, merged;
	struct troubles troubles; /* of what was merged */
	bool is_stopping;         /* inputs are to be ended */
	bool is_over;
};

/* parallel_work.c: does the job of the worker's slot. */
void parallel_work(struct worker *worker);

/* parallel.c, for the calling thread: the next slot, to be filled; then it is the workers'. */
struct slot *parallel_next_slot(struct parallel *parallel);
void parallel_fill(struct parallel *parallel);
bool parallel_is_full(const struct parallel *parallel);
struct slot *parallel_oldest(const struct parallel *parallel);

/* Merges the outputs of a slot whose worker does not use them. */
bool parallel_merge_outputs(
    struct parallel *parallel, struct slot *slot, uint64_t line_offset, struct error *error);

/* Waits for what is in flight and drops it. */
void parallel_drop_rest(struct parallel *parallel);

#endif
