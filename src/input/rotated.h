#ifndef JGANNOTATE_INPUT_ROTATED_H
#define JGANNOTATE_INPUT_ROTATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * A log and its rotated files, opened: what the folders held at one moment. They are looked
 * through, all files are opened, and they are looked through again; where that does not show the
 * same names for the same files, a rotation came between, and all is done anew. So each file is
 * there once, under whatever name, and none slipped through from one name to another.
 *
 * Which names, and in which folders: rotated_name.h, rotated_walk.h. Only regular files
 * are taken, each (device, inode) once. What is found beside the log is never reached through a
 * symbolic link. Of X and X.gz (.zst, .xz) in one folder X.gz is marked as a twin: it may be X,
 * and not finished yet.
 */
struct rotated_file {
	char *path; /* for messages */
	int fd;     /* open for reading, at 0; closed by rotated_release, or -1 if you took it */
	bool is_live;
	size_t twin; /* index of the file that it may be made of; ROTATED_NO_TWIN: there is none */
	/* What the file system says of it. */
	uint64_t device, inode;
	int64_t birth; /* nanoseconds since 1970; 0: not known */
	uint64_t size;
	int64_t mtime, ctime; /* nanoseconds since 1970 */
};

/* A file or folder that may belong to the log, but cannot be read. */
struct rotated_failure {
	char *path;
	int errnum;
};

struct rotated {
	char *directory; /* the real path of the log's folder */
	char *name;      /* the log's name in it */
	/* Oldest first as far as the names tell, then the live one, if it is there. */
	struct rotated_file *files;
	size_t count;
	struct rotated_failure *failures;
	size_t failure_count;
};

#define ROTATED_NO_TWIN SIZE_MAX
#define ROTATED_TRIES 5

struct rotated_search {
	const char *path; /* of the live log, as the user gave it */
	/* More names, as globs: relative to the log's folder or absolute. */
	const char *const *patterns;
	size_t pattern_count;
	/* For tests: called between the two looks. NULL: not. */
	void (*between)(void *context);
	void *context;
};

/* Where the log is, a symbolic link followed once: the real path of its folder and its name
 * there, the caller's to free; both NULL on failure. The log itself need not be there. */
bool rotated_locate(const char *path, char **directory, char **name, struct error *error);

/* Finds and opens. `search->path` may be a symbolic link to the log: it is followed once, to the
 * folder whose rotated files are meant. It may be missing while there is a rotated file.
 *
 * Returns false, with nothing to release, when nothing is there at all (ERROR_SYSTEM), when the
 * path is not of a regular file (ERROR_USAGE), and when the files change from look to look
 * ROTATED_TRIES times (ERROR_STORE). The soft limit of open files is raised where it is
 * too low; where that is not enough, it is an error, too. */
bool rotated_find(
    struct rotated *rotated, const struct rotated_search *search, struct error *error);
void rotated_release(struct rotated *rotated);

#endif
