#ifndef JGANNOTATE_STREAM_PARALLEL_H
#define JGANNOTATE_STREAM_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "stream/feed.h"
#include "stream/scan.h"

/*
 * Many threads, with the result of one. A job is a stretch of a regular file, or one of several
 * inputs as a whole; it is scanned by whatever thread is free, into outputs of its own; the
 * outputs are merged in the order of the input, by the calling thread. So -j1 and -jN give the
 * same bytes. At most two jobs per worker are in flight, which bounds the memory.
 */

/* The outputs of whole inputs take about this much, all together: then their threads wait until
 * it is their turn to be merged. */
#define PARALLEL_OUTPUTS_BYTES (16u * 1024 * 1024)

/* Outputs are the sinks of one job in flight, and what they hold until it is merged. How they are
 * made and merged is the caller's. */
struct parallel_outputs {
	void *context;
	/* Makes outputs and names their sinks. NULL when there is no memory. */
	void *(*open)(void *context, struct sink **sinks, size_t *count, struct error *error);
	/* Takes what the outputs hold and empties them. `line_offset`: lines of the input before
	 * the job's. Called by one thread, in the order of the input. */
	bool (*merge)(void *context, void *outputs, uint64_t line_offset, struct error *error);
	/* About how many bytes they hold. Called by the thread that fills them. May be NULL where
	 * there are never several inputs. */
	size_t (*size)(void *context, const void *outputs);
	void (*close)(void *context, void *outputs);
};

struct parallel;

/* `workers`: at least 2. Starts the threads; fewer where the system gives no more, or
 * no memory for them.
 * The scans that the workers use are made by scan_init and scan_set_fields with these arguments;
 * the rule for stamps is copied with each job, so that it may be another's before that is done.
 * NULL when there is no memory or not even one thread. */
struct parallel *parallel_new(unsigned workers, const struct parallel_outputs *outputs,
    const struct matcher *matcher, const struct catalog *catalog, enum trust trust, bool judge_all,
    const struct scan_fields *fields, struct error *error);
void parallel_free(struct parallel *parallel); /* NULL is allowed; joins the threads */

/* As feed_source, for a source that source_plain_fd has a descriptor for. */
enum feed_result parallel_feed(struct parallel *parallel, struct source *source,
    const struct feed_control *control, struct error *error);

/* Where inputs come from, and what happens in the order of them. All is called on the calling
 * thread. */
struct parallel_inputs {
	void *context;
	/* The sinks that outputs are merged into, as many as these have: an input whose turn has
	 * come is scanned into them, while nothing here is called. */
	struct sink *const *sinks;
	/* The next input, whatever names it; NULL: there is none. Called some inputs ahead of
	 * their turn. Its `*source` stays the caller's, and must last until the input has ended or
	 * parallel_feed_inputs returns. It must never wait for long: a regular file. Without a
	 * source nothing is scanned: `end` may do what is to be done. */
	void *(*next)(void *context, struct source **source);
	/* What is merged from now on is of this input. Not called for one without a source. */
	void (*begin)(void *context, void *input);
	/* All of it is merged. `result` is FEED_DONE or FEED_INPUT_ERROR (and `error`). Anything
	 * but FEED_DONE ends the feed. */
	enum feed_result (*end)(
	    void *context, void *input, enum feed_result result, struct error *error);
};

/* Feeds several inputs at once, one thread each. FEED_STOPPED: then the inputs up to one of them
 * are merged whole, this as far as it was read, and none after it. FEED_INPUT_ERROR only where
 * `end` returns it. Nothing of `control` may be NULL. */
enum feed_result parallel_feed_inputs(struct parallel *parallel,
    const struct parallel_inputs *inputs, const struct feed_control *control, struct error *error);

/* Sums over the workers' matchers, of what was merged. */
uint64_t parallel_not_a_code(const struct parallel *parallel);
uint64_t parallel_trouble(const struct parallel *parallel, enum pattern_trouble trouble);

#endif
