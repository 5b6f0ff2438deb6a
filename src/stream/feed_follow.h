#ifndef JGANNOTATE_STREAM_FEED_FOLLOW_H
#define JGANNOTATE_STREAM_FEED_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "input/follow.h"
#include "stream/feed.h"
#include "stream/scan.h"

/*
 * Feeds what is followed through a scan until it is told to stop, in the same rhythm as feed.h:
 * what came is out before it waits.
 */
struct feed_follow_control {
	const char *const *names; /* those that are followed */
	int wake_fd;              /* as in feed.h */
	int output_fd; /* who reads from it is waited for: when there is nobody, it ends; -1: none
	                */
	bool (*interrupted)(void *context);
	/* Other lines than those before come next: of this file, from this place on. */
	void (*begin)(void *context, size_t file, const struct follow_place *place);
	/* Called whenever all that came is out, before it waits. Returns for how many milliseconds
	 * to wait at most; -1: as long as nothing comes. May be NULL. */
	int (*rest)(void *context);
	void *context;
};

/* Returns FEED_STOPPED, or FEED_FATAL (and `error`): no memory, or the output failed or is
 * closed. */
enum feed_result feed_follow(struct scan *scan, struct follow *follow,
    const struct feed_follow_control *control, struct error *error);

#endif
