#ifndef JGANNOTATE_STREAM_FEED_H
#define JGANNOTATE_STREAM_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "input/source.h"
#include "stream/scan.h"

/*
 * Feeds one input through a scan, from its first block to its end, live: what
 * came is out before the next read can wait.
 */
struct feed_control {
	int wake_fd; /* readable when `interrupted` has news; -1: none */
	/* Called between blocks and when woken. Returns true to stop: what the input
	 * holds already is finished, whole lines only. May be NULL. */
	bool (*interrupted)(void *context);
	/* Called now and then with the bytes of this input that are done. May be NULL. */
	void (*advanced)(void *context, uint64_t bytes);
	void *context;
	size_t read_size; /* 0: the usual */
};

enum feed_result {
	FEED_DONE,
	FEED_STOPPED,
	FEED_INPUT_ERROR, /* what could be read was passed on; other inputs can go on */
	FEED_FATAL,       /* memory or output: the run must end */
};

enum feed_result feed_source(struct scan *scan, struct source *source,
    const struct feed_control *control, struct error *error);

#endif
