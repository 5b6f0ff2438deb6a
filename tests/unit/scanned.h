#ifndef JGANNOTATE_TESTS_SCANNED_H
#define JGANNOTATE_TESTS_SCANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "match/key.h"
#include "match/matcher.h"
#include "stream/scan.h"

/*
 * What a text holds: it goes through a matcher and a scan in one piece, and the
 * hits are kept. Include it behind cmocka.h.
 */
struct scanned {
	struct sink sink; /* first: the sink is the struct */
	struct hit hits[4096];
	size_t count;
	size_t pieces_done, flushes;
	uint64_t newlines;
};

static inline bool scanned_take_hits(struct sink *sink, const struct piece *piece,
    const struct hit *hits, size_t count, struct error *error)
{
	struct scanned *scanned = (struct scanned *)sink;

	(void)piece;
	(void)error;
	assert_true(scanned->count + count <= 4096);
	memcpy(scanned->hits + scanned->count, hits, count * sizeof(*hits));
	scanned->count += count;
	return true;
}

static inline bool scanned_take_end(
    struct sink *sink, const struct piece *piece, struct error *error)
{
	struct scanned *scanned = (struct scanned *)sink;

	(void)error;
	scanned->pieces_done++;
	scanned->newlines += piece->newlines;
	return true;
}

static inline bool scanned_take_flush(struct sink *sink, struct error *error)
{
	(void)error;
	((struct scanned *)sink)->flushes++;
	return true;
}

static const struct sink_operations scanned_operations = { scanned_take_hits, scanned_take_end,
	scanned_take_flush };

static inline struct scanned *scanned_new(void)
{
	struct scanned *scanned = calloc(1, sizeof(*scanned));

	assert_non_null(scanned);
	scanned->sink.operations = &scanned_operations;
	return scanned;
}

static inline struct catalog *scanned_catalog(void)
{
	struct error error = ERROR_INIT;
	struct catalog *catalog = catalog_new(&error);

	assert_non_null(catalog);
	assert_true(catalog_add_builtin(catalog, &error));
	assert_true(catalog_freeze(catalog, &error));
	return catalog;
}

/* All that a scan needs, with the usual keys: built at once and released at once. */
struct scanner {
	struct catalog *catalog;
	struct key_set keys;
	struct matcher *matcher;
	struct scan scan;
	struct scanned *scanned;
};

static inline void scanner_init(struct scanner *scanner, enum trust trust, bool judge_all)
{
	struct error error = ERROR_INIT;
	struct matcher_options options = { .keys = &scanner->keys };

	scanner->catalog = scanned_catalog();
	assert_true(key_set_init(&scanner->keys, &error));
	scanner->matcher = matcher_new(&options, scanner->catalog, &error);
	assert_non_null(scanner->matcher);
	assert_true(scan_init(
	    &scanner->scan, scanner->matcher, scanner->catalog, trust, judge_all, &error));
	scanner->scanned = scanned_new();
	scan_add_sink(&scanner->scan, &scanner->scanned->sink);
}

static inline void scanner_release(struct scanner *scanner)
{
	scan_release(&scanner->scan);
	matcher_free(scanner->matcher);
	key_set_release(&scanner->keys);
	catalog_free(scanner->catalog);
	free(scanner->scanned);
}

/* Scans `text` as one piece; its hits take the place of those before. */
static inline void scanner_scan(struct scanner *scanner, const char *text, size_t length)
{
	struct error error = ERROR_INIT;
	struct piece piece = { text, length, false, false, NULL, 1, 0, NULL, false };

	scanner->scanned->count = 0;
	assert_true(scan_piece(&scanner->scan, &piece, &error));
}

#endif
