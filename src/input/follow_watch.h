#ifndef JGANNOTATE_INPUT_FOLLOW_WATCH_H
#define JGANNOTATE_INPUT_FOLLOW_WATCH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * News of files by inotify: of what is written to an open file, and of the way to a name, all
 * folders and symbolic links on it. Whoever watches is told only which of its files (a number of
 * its own) there is news of, and asks the file system what it is. So it must begin to watch before
 * it looks, then it misses nothing; and being told more often than needed costs only a look.
 *
 * Where a watch cannot be had or cannot be trusted, the caller must look by itself.
 */
struct follow_watch;

/* NULL where there is no inotify, or no more of it; `*errnum` says why. */
struct follow_watch *follow_watch_new(int *errnum);
void follow_watch_free(struct follow_watch *watch); /* NULL is allowed */

/* Readable when there is news. */
int follow_watch_fd(const struct follow_watch *watch);

/* Watches the way to `path`, in place of the way that was watched for `file` before. `is_missing`:
 * nothing is there, so what happens in the folders above matters as well; a folder that is deleted
 * says so itself only when nobody has a file of it open any more. Returns 0; or why not: an errno,
 * EREMOTE for a file system that others may write to. */
int follow_watch_path(struct follow_watch *watch, const char *path, bool is_missing, size_t file);

/* Watches an open file: what is written to it, when it loses a name. The same as above; `*wd` is
 * what it is left by. */
int follow_watch_file(struct follow_watch *watch, int fd, size_t file, int *wd);
void follow_watch_leave(struct follow_watch *watch, int wd, size_t file);

/* What there is news of: the way to a name, or what was written. */
enum follow_news { FOLLOW_NEWS_WAY = 1, FOLLOW_NEWS_DATA = 2 };

/* Takes the news that is there, without waiting; `take` is called with FOLLOW_NEWS_... for each
 * file concerned, perhaps more than once. */
void follow_watch_take(struct follow_watch *watch,
    void (*take)(void *context, size_t file, unsigned news), void *context);

#endif
