#ifndef JGANNOTATE_INPUT_FOLLOW_FILE_H
#define JGANNOTATE_INPUT_FOLLOW_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/file.h"
#include "input/block.h"

/*
 * One file that grows, under whatever name: read as far as it goes, again and again. Before
 * anything new is taken from it the bytes just before it are compared with what they were when
 * they were read, in the same system call: so a file that was cut and has grown again is never
 * taken for its old self, however long it is by then.
 */
#define FOLLOW_WINDOW 1024u

/* Where its reader stands in it: the reader's to change. */
struct follow_place {
	uint64_t line;     /* number of the next line, from 1 */
	bool has_line;     /* it is known */
	int64_t last_time; /* of the lines before; INT64_MIN: none */
};

enum follow_fault {
	FOLLOW_FAULT_NONE,
	FOLLOW_FAULT_CUT,        /* it is shorter than what was read, or another file by now */
	FOLLOW_FAULT_COMPRESSED, /* its lines would not come one by one */
	FOLLOW_FAULT_ERROR,      /* it cannot be read: `errnum` */
};

struct follow_file {
	struct follow_file *next; /* the file that came after it */
	int fd;
	char *title; /* of which file, for messages; NULL: of the one that has the name */
	struct file_identity identity;
	int64_t opened;    /* nanoseconds since 1970: when it was opened here */
	uint64_t position; /* of the next byte to read */
	uint64_t limit;    /* not to be read beyond, for now */
	enum follow_fault fault;
	int errnum;
	bool is_capped;  /* it has more than is allowed */
	bool is_idle;    /* the last read gave nothing */
	bool is_ended;   /* nothing more is read, only what is left is given */
	bool is_torn;    /* then: the rest of its last line is lost */
	bool must_begin; /* where in it is not known yet: it could not be read */
	bool skips_nuls; /* where a file was cut under a writer that does not append */
	int wd;          /* for whoever watches it; -1: nobody */
	char window[FOLLOW_WINDOW];
	size_t window_length; /* the bytes before `position` */
	struct block_reader *reader;
	struct source *packed; /* it is compressed, and read once, from `position` to its end */
	bool is_drained;       /* then: to its end, or to where it cannot be read */
	bool is_damaged;       /* then: it was not read to its end */
	struct error *failure; /* then: why not, as far as that is known */
	struct follow_place place;
};

/* Takes over `fd`, in any case. `read_size`: 0 means the usual. NULL when there is no memory. */
struct follow_file *follow_file_new(int fd, size_t read_size, struct error *error);
void follow_file_free(struct follow_file *file); /* NULL is allowed */

/* Reads the rest in `fd`, at 0, and closes the other: a compressed file, or a plain one, whose path
 * is `title`. Takes over both, in any case. */
bool follow_file_go_on_in(
    struct follow_file *file, int fd, bool is_packed, char *title, struct error *error);

/* It cannot be read, for the reason that errno says. */
void follow_file_fail(struct follow_file *file);

/* Goes on at `position`, which must be a line's start. */
void follow_file_seek(struct follow_file *file, uint64_t position);

/* Allows to read up to the file's size of now, but `most` bytes at a time; sees whether it was cut.
 * Returns whether there is anything to read. */
bool follow_file_allow(struct follow_file *file, uint64_t most);

/* BLOCK_READ, BLOCK_PARTIAL (call again, unless `is_idle`), BLOCK_END (of an ended one), or
 * BLOCK_ERROR with a fault. */
enum block_result follow_file_next(
    struct follow_file *file, struct block *block, struct error *error);

/* Nothing more is read: what is left of its last line comes, then the end. */
void follow_file_end(struct follow_file *file);

/* Whether no name leads to it any more. */
bool follow_file_is_deleted(const struct follow_file *file);

/* Whether `fd` holds what this file has read, as far as its window tells: 1, 0, or -1 with errno.
 */
int follow_file_is_copy(const struct follow_file *file, int fd);

/* The same of a compressed one, of which more may be damaged; `*has_more`: it goes on behind that.
 * -1: it cannot be read, for the reason that `error` says. `title`: its path. */
int follow_file_is_packed_copy(
    const struct follow_file *file, int fd, const char *title, bool *has_more, struct error *error);

#endif
