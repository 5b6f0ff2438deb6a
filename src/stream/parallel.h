#ifndef JGANNOTATE_STREAM_PARALLEL_H
#define JGANNOTATE_STREAM_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "stream/feed.h"
#include "stream/scan.h"

/*
 * Many threads over one regular file, with the result of one: the file is cut
 * into pieces; each piece is scanned by whatever thread is free, into a lane of
 * its own; the lanes are merged in the order of the input, by the calling
 * thread. So -j1 and -jN give the same bytes. At most two pieces per worker are
 * in flight, which bounds the memory.
 */

/* A lane holds what one piece in flight has produced: its sinks, and what they
 * fill. How it is made and merged is the caller's. */
struct parallel_lanes {
	void *context;
	/* Makes a lane and names its sinks. NULL when there is no memory. */
	void *(*open)(void *context, struct sink **sinks, size_t *count, struct error *error);
	/* Takes what the lane holds and empties it. `line_offset`: lines of the input before the
	 * piece. Called by one thread, in the order of the input. */
	bool (*merge)(void *context, void *lane, uint64_t line_offset, struct error *error);
	void (*close)(void *context, void *lane);
};

struct parallel;

/* `workers`: at least 2. Starts the threads; fewer where the system gives no more.
 * The scans that the workers use are made by scan_init and scan_set_fields with these arguments.
 * NULL when there is no memory or not even one thread. */
struct parallel *parallel_new(unsigned workers, const struct parallel_lanes *lanes,
    const struct matcher *matcher, const struct catalog *catalog, enum trust trust,
    bool judge_all, const struct scan_fields *fields, struct error *error);
void parallel_free(struct parallel *parallel); /* NULL is allowed; joins the threads */

/* As feed_source, for a source that source_plain_fd has a descriptor for. */
enum feed_result parallel_feed(struct parallel *parallel, struct source *source,
    const struct feed_control *control, struct error *error);

/* Sums over the workers' matchers, while no feed runs. */
uint64_t parallel_not_a_code(const struct parallel *parallel);
uint64_t parallel_trouble(const struct parallel *parallel, enum pattern_trouble trouble);

#endif
