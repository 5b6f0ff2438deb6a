#ifndef JGANNOTATE_STORE_LOG_NEWS_H
#define JGANNOTATE_STORE_LOG_NEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "input/rotated.h"
#include "store/continuation.h"
#include "store/store.h"
#include "time/timestamp.h"

/*
 * What is new in a log and its rotated files: found before they are read, checked after it,
 * then written to the database with the counts.
 *
 *     log_news_init        which files, which generations they continue, what is new
 *     (read [file.from, file.whole.offset) of each file)
 *     log_news_check       nobody cut or rewrote them meanwhile; else all is done anew
 *     log_news_write       the positions
 */
struct log_news {
	struct rotated rotated;
	const struct timestamp_rule *stamps; /* borrowed: what is a time in a line */
	struct continuation *files;          /* of rotated.files, in their order */
	/* Of each file the last stamp before what is new; whoever counts that puts the last stamp
	 * in it there. */
	int64_t *last_times;
	struct generation *generations;
	size_t generation_count;
	bool is_first;         /* nothing was known of this log */
	bool is_missing;       /* after a failed log_news_init: there is no such log */
	struct prefix **known; /* of compressed files: the prefixes asked for; else NULL */
	size_t *known_counts;
	struct log_news_front *front; /* of the plain file that was asked for last */
};

/* `stamps` is borrowed. `from_now`: files of a log that is not known yet are new from their ends
 * on only. False (and `error`, naming the file) when the log or one of its files cannot be read,
 * with nothing to release. */
bool log_news_init(struct log_news *news, struct store *store, const struct rotated_search *search,
    const struct timestamp_rule *stamps, bool from_now, struct error *error);
void log_news_release(struct log_news *news);

/* Whether no file belongs to two of the logs `news`: it would be counted for each. */
bool log_news_check_apart(const struct log_news *news, size_t count, struct error *error);

/* A descriptor of the file, as rotated_reach gives it: not to be closed, and valid until that of
 * another file is asked for. -1 (and `error`): it cannot be reached any more; where another file
 * has its name by now, rotated.is_lost is set. */
int log_news_reach(struct log_news *news, size_t file, struct error *error);

/* Whether the file has lines that are not counted, and are to be. */
bool log_news_has_news(const struct log_news *news, size_t file);

/* Sets `*is_same` to whether all files still are what log_news_init saw. */
bool log_news_check(struct log_news *news, bool *is_same, struct error *error);

/* The next gap, from `*at` on, which is 0 at first: of what was the log itself, and went before it
 * was read. False: there are no more. While a file cannot be opened, which may be it, there are
 * none. */
bool log_news_next_gap(const struct log_news *news, size_t *at, struct store_gap *gap);

/* Writes where each file stands now. */
bool log_news_write(
    const struct log_news *news, struct store *store, int64_t run, struct error *error);

#endif
