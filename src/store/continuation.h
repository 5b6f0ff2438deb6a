#ifndef JGANNOTATE_STORE_CONTINUATION_H
#define JGANNOTATE_STORE_CONTINUATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
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

/*
 * Which file continues which generation, and from where its lines are new. Decided by
 * content: a file continues a generation when its first bytes, up to the generation's offset, are
 * the generation's. Each generation goes on in one file at most, and each file continues one at
 * most, so no line is skipped twice or counted twice.
 */
#define CONTINUATION_FRONT 32u

/* A file of the log, and what it continues. */
struct continuation {
	struct file_state state;
	bool is_compressed;
	bool is_damaged; /* compressed, and ends early */
	bool is_live;    /* the log itself */
	bool is_fresh;   /* plain, and written to a moment ago */
	bool is_late; /* of a name that was not looked for when the log was counted first, and not
	               * written to since the last run: it may be no part of the log */
	const struct continuation
	    *twin; /* by the names, the plain file that it is made of; or NULL */
	/* Whole lines, in decompressed bytes; the prefix ends behind the last LF. For a file that
	 * is settled as finished it is the prefix that was counted. */
	struct prefix whole;
	/* Of the first CONTINUATION_FRONT bytes, so that most files are told apart without reading
	 * them again; set where `whole` has as many. */
	struct fingerprint front;
	bool has_front;

	/* What continuation_settle finds: */
	const struct generation *generation; /* that it continues; NULL: it is a new one */
	uint64_t from;     /* the first byte to count; `whole.offset`: there is nothing new */
	int64_t last_time; /* the last stamp before `from`, as far as is known */
	bool is_finished;  /* known by its untouched outside: nothing was read, nothing is new */
	bool is_copy;      /* it repeats the front of another file */
	bool is_partial;   /* a damaged one that may be shorter than what was counted: leave it */
	bool is_left; /* a late one that continues nothing: leave it; `generation`, of offset 0:
	               * it was left before */
};

/* How the files' bytes are reached; `file` is an index in the files. */
struct continuation_reader {
	void *context;
	/* Whether the file's first prefix->offset bytes are that prefix. False (and `error`)
	 * when it cannot be read. */
	bool (*has_prefix)(void *context, size_t file, const struct prefix *prefix, bool *has,
	    struct error *error);
	/* Whether one of its whole lines has a time. */
	bool (*has_time)(void *context, size_t file, bool *has, struct error *error);
};

/* Finds the finished files: to be called before anything is read, so that
 * they need not be. */
void continuation_settle_finished(struct continuation *files, size_t count,
    const struct generation *generations, size_t generation_count);

/* Settles all others, and sets is_held of the generations. False when there is no memory or a file
 * cannot be read. */
bool continuation_settle(struct continuation *files, size_t count, struct generation *generations,
    size_t generation_count, const struct continuation_reader *reader, struct error *error);

/* Whether a file that is not whole yet may turn out to continue the generation. */
bool continuation_may_go_on(
    const struct continuation *files, size_t count, const struct generation *generation);

/* Whether the generation was the log itself, and no file continues it: what was written to it
 * since then is lost. A copy goes on in what holds it. */
bool continuation_leaves_gap(
    const struct continuation *files, size_t count, const struct generation *generation);

#endif
