#ifndef JGANNOTATE_INPUT_FOLLOW_H
#define JGANNOTATE_INPUT_FOLLOW_H

#include <poll.h>

#include "base/error.h"
#include "input/follow_options.h"

/*
 * Files that grow, followed by name as tail -F does: whatever is written to them comes as blocks
 * of whole lines, across rotation, truncation and absence, each line once and in order.
 *
 * When a name leads to another file, the old one is read on to its end, and stays open for
 * late lines as long as some name leads to it; nothing of the new file is given before all
 * that the old one held when the new one was looked at. Files that came and went under the name
 * between two looks are found by their rotated names (rotated.h), compressed or not. A file that
 * was truncated is read from its start; where it was copied before, what had not been read comes
 * from the copy. Whatever cannot be found is told.
 *
 * Nothing is asked as long as the kernel can tell that there is news (inotify); else, on
 * network file systems for instance, once a second.
 */
struct follow;

/* Looks at all files for the first time. NULL when there is no memory. */
struct follow *follow_new(const struct follow_options *options, struct error *error);
void follow_free(struct follow *follow); /* NULL is allowed */

/* The next block, valid until the next call. FOLLOW_NOTHING: all is read for now.
 * FOLLOW_FAILED: no memory. Never waits. */
enum follow_result follow_next(
    struct follow *follow, struct follow_block *block, struct error *error);

#define FOLLOW_OTHERS_MAX 4 /* that may be waited for besides */

/* After FOLLOW_NOTHING: waits until there may be more, or one of `others` (at most
 * FOLLOW_OTHERS_MAX) has something to say, as in poll(), or `milliseconds` are over (-1: ever). */
void follow_wait(struct follow *follow, struct pollfd *others, nfds_t count, int milliseconds);

/* From now on only what the files hold at this moment is given. */
void follow_finish(struct follow *follow);

#endif
