#ifndef JGANNOTATE_STORE_GENERATION_H
#define JGANNOTATE_STORE_GENERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/file.h"
#include "store/fingerprint.h"

/*
 * A generation is one life of a log file, from its first byte to its last, under whatever
 * names: api.log, then api.log.1, then api.log.2.gz. It is known by its content; inode,
 * device and birth time are only hints. Offsets count decompressed bytes.
 */
#define GENERATIONS_KEPT 256  /* of a log, besides those whose files are there */
#define GENERATIONS_MAX 65536 /* nobody has so many files */
/* Two files that begin with the same bytes may share no more than a banner. Where no line of them
 * has a time they are taken for copies of one another only from this length on. */
#define GENERATION_COPY_MIN 8192u
#define GENERATION_NO_TIME INT64_MIN

/* One of offset 0 is of a file that was left out: nothing of it was counted, and that was said. */
struct generation {
	int64_t id;           /* in the database; 0: new */
	struct prefix prefix; /* what was counted: ends just behind an LF */
	struct file_state file;
	bool is_finished;  /* a compressed file, read to its end */
	bool is_live;      /* it was the log itself, not one of its rotated names */
	bool is_copy;      /* it was counted as part of another */
	bool is_held;      /* a file holds its bytes; not kept: continuation_settle finds it */
	int64_t last_time; /* the last stamp in the prefix, milliseconds, or GENERATION_NO_TIME */
	int64_t seen;      /* id of the run that last saw it */
};

#endif
