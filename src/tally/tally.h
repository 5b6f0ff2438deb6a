#ifndef JGANNOTATE_TALLY_TALLY_H
#define JGANNOTATE_TALLY_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/selection.h"
#include "match/field.h"
#include "stream/sink.h"
#include "tally/count.h"
#include "tally/summary.h"
#include "time/window.h"

/*
 * The sink that counts. Memory does not grow with the input: numbers that are in
 * no catalog are kept apart up to TALLY_NUMBERS_MAX of a kind, and beyond that
 * only summed. Counters have 64 bits, which no log can fill; what numbers from elsewhere add
 * up to is checked where they come in.
 *
 * Not thread safe: one per thread, merged by tally_merge.
 */
#define TALLY_NUMBERS_MAX 4096

struct tally;

/* The catalog is frozen and must outlive the tally. NULL when there is no memory. */
struct tally *tally_new(const struct catalog *catalog, struct error *error);
/* As tally_new, for one piece of an input, to be merged: it keeps all numbers, since only the
 * whole can say which are the first TALLY_NUMBERS_MAX. */
struct tally *tally_new_part(const struct catalog *catalog, struct error *error);
void tally_free(struct tally *tally); /* NULL is allowed */

/* Before the first piece: hits outside `window` are only summed, and all others are counted
 * by its buckets and by the field `by` (NULL: none), too. Both must outlive the tally.
 * False when there is no memory. */
bool tally_set_window(struct tally *tally, const struct window *window, const struct field_rule *by,
    struct error *error);

/* Begins an input: what comes before its first stamp has the time `carry`, or CLOCK_UNKNOWN.
 * `has_lines`: its lines can be numbered; they cannot where its front is skipped. */
void tally_begin_input(struct tally *tally, bool has_lines, int64_t carry);

/* The input's last stamp so far, else its `carry`. */
int64_t tally_last_time(const struct tally *tally);

/* Everything as before the first piece; what was counted is gone. */
void tally_reset(struct tally *tally);

struct sink *tally_sink(struct tally *tally);

/* Adds what `other` holds, as if its pieces came behind those of `tally`; line numbers of `other`
 * are moved by `line_offset`. `other` is emptied for reuse. */
bool tally_merge(
    struct tally *tally, struct tally *other, uint64_t line_offset, struct error *error);

/* Lines counted so far, an unfinished last one included, and bytes. */
uint64_t tally_lines(const struct tally *tally);
uint64_t tally_bytes(const struct tally *tally);

/* About how many bytes the counts take that grow with what is found. */
size_t tally_size(const struct tally *tally);

/* Calls `take` for each count by bucket and group, in no order, until it returns false. Only
 * where tally_set_window asked for buckets or groups. `group` points into the tally. */
bool tally_visit(const struct tally *tally,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error);

/* Adds a count that was kept, as if its hits came now; where the tally has a window those
 * outside are only summed. A code that the catalog does not know any more counts as
 * unlisted. False when there is no memory, and (ERROR_STORE) where the counts add up to more
 * than 2^63-1. */
bool tally_restore(struct tally *tally, const struct count *count, struct error *error);

/* Adds to the lines that tally_restore cannot know; false as there. */
struct tally_lines {
	uint64_t lines, bytes, lines_with_hits, long_lines;
};
bool tally_restore_lines(struct tally *tally, const struct tally_lines *lines, struct error *error);

/* What a summary says beside the counts. All strings must outlive the summary. */
struct tally_context {
	const char *version;
	const char *rules; /* by which codes were found */
	const char *label; /* as in the summary */
	const char *host;
	const struct window *window; /* NULL: none */
	const char *zone;
	int32_t cst; /* as in the summary */
	uint64_t skipped_bytes;
	const char *errors_list;
	const struct selection *errors; /* which codes are errors */
	const char *const *files;
	size_t file_count;
	const struct summary_option *finding; /* as in the summary */
	size_t finding_count;
	const struct summary_slice *slices; /* copied; NULL: not known */
	size_t slice_count;
	const char *const *keys;
	size_t key_count;
	size_t pattern_count;
	uint64_t regex_limits, not_a_code, unreadable_files, damaged_files;
};

/* The counts as sorted rows; the tally goes on as before. NULL when there is no
 * memory. Free with summary_free before the tally. */
struct summary *tally_summarize(
    const struct tally *tally, const struct tally_context *context, struct error *error);

#endif
