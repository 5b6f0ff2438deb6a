#ifndef JGANNOTATE_INPUT_ROTATED_LOOK_H
#define JGANNOTATE_INPUT_ROTATED_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "input/rotated.h"

/*
 * One look at a log and what lies around it: which files are there, under which names. For
 * rotated.c, which compares two of them.
 */

/* Where the log is, once its link is followed. */
struct rotated_place {
	char *directory; /* real */
	char *prefix;    /* in front of names in messages: the folder as the user named it */
	char *name;
	int folder;
};

/* What was found under a name: a file, or the reason why not. */
struct rotated_entry {
	struct rotated_file file;
	int errnum;
	bool is_dropped; /* for the caller */
};

/* `opens`: whether the files are opened, or only described. */
struct rotated_look {
	struct rotated_entry *entries;
	size_t count, capacity;
	bool opens;
	bool is_in_turn; /* more files are there than can be open */
	unsigned owner;  /* of the log, or of its folder where there is none */
};

/* Looks; `look` must be empty but for `opens`. In any case it must be released. */
bool rotated_look_take(struct rotated_look *look, const struct rotated_place *place,
    const struct rotated_search *search, struct error *error);

/* Closes and frees what the entries hold; it is empty then. */
void rotated_look_release(struct rotated_look *look);

/* Whether both saw the same files under the same names. Sorts them. */
bool rotated_look_agrees(struct rotated_look *a, struct rotated_look *b);

/* Opens what was described, for reading. It may be another file by now: `entry` says which.
 * Returns errno. */
int rotated_look_open(struct rotated_file *file, int folder, const char *name);

/* Sorts: oldest first, the live one last. */
void rotated_look_sort(struct rotated_look *look);

#endif
