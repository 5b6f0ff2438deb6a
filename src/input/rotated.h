#ifndef JGANNOTATE_INPUT_ROTATED_H
#define JGANNOTATE_INPUT_ROTATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/file.h"
#include "input/rotated_name.h"

/*
 * A log and its rotated files, opened: what the folders held at one moment. They are looked
 * through, all files are opened, and they are looked through again; where that does not show the
 * same names for the same files, a rotation came between, and all is done anew. So each file is
 * there once, under whatever name, and none slipped through from one name to another.
 *
 * Where the process may not hold so many files open, each is opened in its turn (rotated_reach),
 * and is known by its inode then; rotated_is_still tells whether all was one moment.
 *
 * Which names, and in which folders: rotated_name.h, rotated_walk.h. Only regular files
 * are taken, each (device, inode) once. What is found beside the log is never reached through a
 * symbolic link, and not read where it has other names, too, and another owner than the log: who
 * may write to a folder may give any file a name there. Of X and X.gz (.zst, .xz) in one folder
 * X.gz is marked as a twin: it may be X, and not finished yet.
 */
struct rotated_file {
	char *path; /* for messages */
	int fd;     /* open for reading, at 0; closed by rotated_release, or -1 if you took it; -1,
	             * too, where it is opened in its turn */
	bool is_live;
	struct rotated_name
	    name;    /* what its name says; ROTATED_FORM_NONE: of the log, or by a glob */
	size_t twin; /* index of the file that it may be made of; ROTATED_NO_TWIN: there is none */
	struct file_state state;
};

/* A file or folder that may belong to the log, but cannot be read. */
struct rotated_failure {
	char *path;
	int errnum; /* EMLINK: of another owner than the log, and it has other names, too */
};

struct rotated_search {
	const char *path; /* of the live log, as the user gave it */
	/* More names, as globs: relative to the log's folder or absolute. */
	const char *const *patterns;
	size_t pattern_count;
	/* For tests: called between the two looks. NULL: not. */
	void (*between)(void *context);
	void *context;
};

struct rotated_look;

struct rotated {
	char *directory; /* the real path of the log's folder */
	char *name;      /* the log's name in it */
	/* Oldest first as far as the names tell, then the live one, if it is there. */
	struct rotated_file *files;
	size_t count;
	struct rotated_failure *failures;
	size_t failure_count;
	bool is_in_turn; /* not all are open */
	bool is_lost;    /* then: one was not under its name any more when its turn came */
	/* For rotated.c: */
	size_t turn; /* the one that was opened last in its turn */
	struct rotated_search search;
	struct rotated_look *look;
};

#define ROTATED_NO_TWIN SIZE_MAX
#define ROTATED_TRIES 5

/* Where the log is, a symbolic link followed once: the real path of its folder and its name
 * there, the caller's to free; both NULL on failure. The log itself need not be there. */
bool rotated_locate(const char *path, char **directory, char **name, struct error *error);

/* Finds and opens. `search->path` may be a symbolic link to the log: it is followed once, to the
 * folder whose rotated files are meant. It may be missing while there is a rotated file.
 *
 * Returns false, with nothing to release, when nothing is there at all (ERROR_SYSTEM), when the
 * path is not of a regular file (ERROR_USAGE), and when the files change from look to look
 * ROTATED_TRIES times (ERROR_STORE). The soft limit of open files is raised where it is
 * too low; where that is not enough, files are opened in turn: then what `search` points to must
 * live as long as `rotated`. */
bool rotated_find(
    struct rotated *rotated, const struct rotated_search *search, struct error *error);

/* A descriptor of the file, rotated's, valid until that of another is asked for. -1 (and `error`)
 * where it cannot be opened any more or has lost its name (`is_lost`). */
int rotated_reach(struct rotated *rotated, size_t i, struct error *error);

/* Whether the names still lead to the files; true where all are open. */
bool rotated_is_still(struct rotated *rotated, bool *is_still, struct error *error);

/* Takes a file out: it is of another log. */
void rotated_drop(struct rotated *rotated, size_t i);

/* Why the file or folder is not read. */
const char *rotated_failure_text(const struct rotated_failure *failure);
void rotated_release(struct rotated *rotated);

#endif
