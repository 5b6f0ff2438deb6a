#ifndef JGANNOTATE_BASE_PLACE_H
#define JGANNOTATE_BASE_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/error.h"

/*
 * Where a path leads that is to be written to: walked once, from folder to folder, each held
 * open, so that nobody who exchanges a name meanwhile leads it elsewhere. A symbolic link is
 * followed only if it is the user's own or root's, or in a folder that nobody else can write to.
 *
 * A descriptor that the process was given (/dev/stdout, /dev/fd/N, /proc/self/fd/N) is no name
 * but itself. Own ones are not found that way: they are closed on exec, given ones never are.
 */
struct place {
	int folder; /* holds the name; only a path (O_PATH). -1: it is a descriptor */
	int fd;     /* the descriptor, a copy; or -1 */
	bool exists;
	struct stat status; /* of what stands there: never a link; valid where it exists */
	char name[NAME_MAX + 1];
};

/* False and `error` where the path leads nowhere or a link is not followed. To be released in any
 * case. */
bool place_find(struct place *place, const char *path, struct error *error);
void place_release(struct place *place);

#endif
