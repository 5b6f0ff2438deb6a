#ifndef JGANNOTATE_INPUT_FOLLOW_NAME_H
#define JGANNOTATE_INPUT_FOLLOW_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/file.h"
#include "input/follow_file.h"
#include "input/follow_options.h"
#include "input/follow_watch.h"

/*
 * One name that is followed, for follow.c: the files that have and had it, read in passes. A pass
 * goes through the files from the oldest to the newest, each up to the size it had at first.
 */

/* What all names have in common. */
struct follow_shared {
	const struct follow_options *options;
	struct follow_watch *watch; /* NULL: there is none */
	int watch_errnum;           /* then: why */
	bool is_starting;           /* the first look */
	bool is_finishing;          /* the last pass */
};

enum follow_state {
	FOLLOW_STATE_THERE,
	FOLLOW_STATE_ABSENT,
	FOLLOW_STATE_UNREADABLE,
	FOLLOW_STATE_REFUSED, /* compressed, or no regular file */
};

struct follow_name {
	const struct follow_shared *shared;
	size_t index;
	const char *path;
	struct follow_file *files; /* oldest first; the last one has the name, as far as is known */
	char *target; /* where the name led, without links, when that file was found; or NULL */
	struct follow_file *turn; /* being read; NULL: no pass is under way */
	enum follow_state state;
	struct file_identity refused;
	int64_t began;   /* nanoseconds since 1970: files made before have nothing to do with us */
	int64_t gone_at; /* when its absence is news, as now_steady counts; 0: it is not absent */
	int told_errnum;
	bool is_told_absent, is_told_polled;
	bool is_polled;                   /* nobody tells when there is news */
	bool has_way_news, has_data_news; /* since the last pass */
	bool is_pass_due;                 /* the last one, while finishing */
};

/* The first look. False when there is no memory. */
bool follow_name_init(struct follow_name *name, const struct follow_shared *shared, size_t index,
    struct error *error);
void follow_name_release(struct follow_name *name);

/* Says that it is gone, once it has been for long enough. */
void follow_name_note_time(struct follow_name *name, int64_t time);

/* Looks who has the name, where that is news; sees how much there is to read. False when there is
 * no memory. */
bool follow_name_begin_pass(struct follow_name *name, struct error *error);

/* While a pass is under way: the next block; FOLLOW_NOTHING: call again, unless the pass is over
 * now (`turn`). */
enum follow_result follow_name_read(
    struct follow_name *name, struct follow_block *block, struct error *error);

#endif
