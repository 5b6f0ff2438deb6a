/*
 * Owns the rhythm of reading: when to wait, when to flush, when to stop. Must
 * not know what becomes of the lines.
 */
#include "stream/feed.h"

#include "input/block.h"

struct feed {
	struct scan *scan;
	struct source *source;
	struct block_reader *reader;
	const struct feed_control *control;
	uint64_t line; /* number of the next line */
	bool is_stopping;
	uint64_t stop_at; /* total of bytes after which a stopped feed ends */
};

static bool is_interrupted(const struct feed *feed)
{
	return feed->control->interrupted != NULL &&
	       feed->control->interrupted(feed->control->context);
}

/* On the way out only what had come by then is still read: a writer that never
 * stops must not keep us. */
static void begin_stop(struct feed *feed)
{
	feed->is_stopping = true;
	feed->stop_at = block_reader_total(feed->reader) + source_pending(feed->source);
}

static bool is_over(const struct feed *feed)
{
	return feed->is_stopping && block_reader_total(feed->reader) >= feed->stop_at;
}

/* Before a read that could wait: flush, then wait. Returns false on a fatal error. */
static bool prepare_read(struct feed *feed, struct error *error)
{
	while (!feed->is_stopping && source_would_block(feed->source)) {
		if (!scan_flush(feed->scan, error))
			return false;
		if (source_wait(feed->source, feed->control->wake_fd))
			continue;
		if (is_interrupted(feed))
			begin_stop(feed);
	}
	return true;
}

static bool pass_on(
    struct feed *feed, const struct block *block, bool is_damaged, struct error *error)
{
	struct piece piece = { block->data, block->length, block->is_cut, block->is_rest,
		source_name(feed->source), feed->line, 0, NULL, is_damaged };

	if (!scan_piece(feed->scan, &piece, error))
		return false;
	feed->line += piece.newlines;
	if (feed->control->advanced != NULL)
		feed->control->advanced(feed->control->context,
		    source_progress(feed->source, block_reader_total(feed->reader)));
	return true;
}

/* The unfinished line before a fault is still a line. Where damage cut it, a number
 * that ends there may have been longer. */
static enum feed_result pass_on_last(struct feed *feed, struct error *error)
{
	bool is_damaged = error->kind == ERROR_DAMAGED;
	struct error ignored = ERROR_INIT;
	struct block block;

	if (block_reader_next(feed->reader, &block, &ignored) != BLOCK_READ)
		return FEED_INPUT_ERROR;
	if (is_damaged && !block.is_rest)
		block.is_cut = true;
	return pass_on(feed, &block, is_damaged, error) ? FEED_INPUT_ERROR : FEED_FATAL;
}

static enum feed_result run(struct feed *feed, struct error *error)
{
	for (;;) {
		struct block block;

		if (!feed->is_stopping && is_interrupted(feed))
			begin_stop(feed);
		if (!block_reader_has_block(feed->reader)) {
			if (is_over(feed))
				return FEED_STOPPED;
			if (!prepare_read(feed, error))
				return FEED_FATAL;
			if (is_over(feed))
				return FEED_STOPPED;
		}
		switch (block_reader_next(feed->reader, &block, error)) {
		case BLOCK_READ:
			if (!pass_on(feed, &block, false, error))
				return FEED_FATAL;
			break;
		case BLOCK_PARTIAL:
			break;
		case BLOCK_END:
			return FEED_DONE;
		case BLOCK_ERROR:
			return pass_on_last(feed, error);
		}
	}
}

enum feed_result feed_source(struct scan *scan, struct source *source,
    const struct feed_control *control, struct error *error)
{
	struct feed feed = { scan, source, block_reader_new(source, control->read_size, error),
		control, 1, false, 0 };
	enum feed_result result = FEED_FATAL;

	if (feed.reader != NULL)
		result = run(&feed, error);
	block_reader_free(feed.reader);
	return result;
}
