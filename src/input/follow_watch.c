/*
 * Owns inotify. Must not know what is read from the files, or what their news mean.
 *
 * A table has a row for each thing that is watched for a file: which descriptor of inotify's, which
 * name in a folder, and whether that is news of the way or of the data. Several rows may share one
 * watch; it is left with the last of them. To watch a way its path is walked name by name, links
 * included, and each folder is watched before what is in it is looked at; where something turns out
 * to have changed in between, the path is walked anew.
 */
#include "input/follow_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/strbuf.h"

#define LINKS_MAX 40 /* as many as the kernel follows */
#define READS_MAX 8  /* at a time */
#define WALKS_MAX 5

/* A folder of which only its own fate matters; one in which a name may change; an open file. */
#define FOLDER (IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR)
#define NAMES (FOLDER | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB)
#define DATA (IN_MODIFY | IN_ATTRIB)

/* Who wants to know of a watch's events. */
struct row {
	int wd;
	size_t file;
	char *name; /* of these events in a folder only; NULL: of the watched thing itself */
	unsigned news;
	bool is_stale; /* of the way as it was before */
};

struct follow_watch {
	int fd;
	struct row *rows;
	size_t count, capacity;
};

struct follow_watch *follow_watch_new(int *errnum)
{
	struct follow_watch *watch = calloc(1, sizeof(*watch));

	if (watch != NULL)
		watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch != NULL && watch->fd >= 0)
		return watch;
	*errnum = errno;
	free(watch);
	return NULL;
}

void follow_watch_free(struct follow_watch *watch)
{
	if (watch == NULL)
		return;
	for (size_t i = 0; i < watch->count; i++)
		free(watch->rows[i].name);
	free(watch->rows);
	(void)close(watch->fd);
	free(watch);
}

int follow_watch_fd(const struct follow_watch *watch)
{
	return watch->fd;
}

/* ---- rows ---- */

static bool is_used(const struct follow_watch *watch, int wd)
{
	for (size_t i = 0; i < watch->count; i++)
		if (watch->rows[i].wd == wd)
			return true;
	return false;
}

static void drop_row(struct follow_watch *watch, size_t i)
{
	free(watch->rows[i].name);
	watch->rows[i] = watch->rows[--watch->count];
}

/* Drops it, and what nobody watches any more. */
static void leave_row(struct follow_watch *watch, size_t i)
{
	int wd = watch->rows[i].wd;

	drop_row(watch, i);
	if (!is_used(watch, wd))
		(void)inotify_rm_watch(watch->fd, wd);
}

/* `name`: the watch's own from now on. Returns 0 or an errno. */
static int add_row(struct follow_watch *watch, const struct row *row)
{
	if (watch->count == watch->capacity) {
		size_t capacity = watch->capacity == 0 ? 16 : 2 * watch->capacity;
		struct row *rows = realloc(watch->rows, capacity * sizeof(*rows));

		if (rows == NULL) {
			free(row->name);
			return ENOMEM;
		}
		watch->rows = rows;
		watch->capacity = capacity;
	}
	watch->rows[watch->count++] = *row;
	return 0;
}

/* ---- file systems that tell not all ---- */

/* On these, others may write without this kernel's knowing. */
static bool is_remote(long type)
{
	static const uint32_t remote[] = { 0x6969 /* NFS */, 0x517b /* SMB */,
		0xff534d42 /* CIFS */, 0xfe534d42 /* SMB2 */, 0x65735546 /* FUSE */,
		0x01021997 /* 9P */, 0x00c36400 /* Ceph */, 0x0bd00bd0 /* Lustre */,
		0x47504653 /* GPFS */, 0x01161970 /* GFS2 */, 0x7461636f /* OCFS2 */,
		0x5346414f /* OpenAFS */, 0x6b414653 /* AFS */, 0x73757245 /* Coda */,
		0x564c /* NCP */, 0xbacbacbc /* VMware */, 0x786f4256 /* VirtualBox */,
		0x20030528 /* PVFS2 */, 0xaad7aaea /* PanFS */, 0x19830326 /* BeeGFS */ };

	for (size_t i = 0; i < sizeof(remote) / sizeof(remote[0]); i++)
		if ((uint32_t)type == remote[i])
			return true;
	return false;
}

int follow_watch_file(struct follow_watch *watch, int fd, size_t file, int *wd)
{
	struct row row = { .file = file, .news = FOLLOW_NEWS_DATA };
	struct statfs system;
	char path[32];

	if (fstatfs(fd, &system) == 0 && is_remote(system.f_type))
		return EREMOTE;
	/* by descriptor: the name may be another file's by now */
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	row.wd = *wd = inotify_add_watch(watch->fd, path, DATA | IN_MASK_ADD);
	return row.wd < 0 ? errno : add_row(watch, &row);
}

void follow_watch_leave(struct follow_watch *watch, int wd, size_t file)
{
	for (size_t i = 0; i < watch->count; i++)
		if (watch->rows[i].wd == wd && watch->rows[i].file == file) {
			leave_row(watch, i);
			return;
		}
}

/* ---- the way to a name ---- */

/* A path on its way to be walked: `done` is the folder reached, `rest` what is left. */
struct way {
	struct follow_watch *watch;
	size_t file;
	bool is_missing;
	struct strbuf done;
	char rest[PATH_MAX];
	unsigned links;
};

/* Watches the folder reached: what happens to `name` in it, or only what happens to itself. */
static int watch_folder(struct way *way, const char *name)
{
	const char *path = way->done.len == 0 ? "." : way->done.data;
	struct row row = { .file = way->file, .news = FOLLOW_NEWS_WAY };
	struct statfs system;

	if (statfs(path, &system) == 0 && is_remote(system.f_type))
		return EREMOTE;
	row.wd =
	    inotify_add_watch(way->watch->fd, path, (name == NULL ? FOLDER : NAMES) | IN_MASK_ADD);
	if (row.wd < 0)
		return errno == ENOENT || errno == ENOTDIR ? ESTALE : errno == EACCES ? 0 : errno;
	if (name != NULL && (row.name = strdup(name)) == NULL)
		return ENOMEM;
	return add_row(way->watch, &row);
}

/* Puts the link's target in front of the rest. Returns false for what is no link. */
static bool splice_link(struct way *way, const char *path, const char *rest)
{
	char target[PATH_MAX];
	char joined[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target) - 1);

	if (length <= 0 || ++way->links > LINKS_MAX)
		return false;
	target[length] = '\0';
	if (snprintf(joined, sizeof(joined), "%s%s%s", target, *rest == '\0' ? "" : "/", rest) >=
	    (int)sizeof(joined))
		return false;
	if (target[0] == '/') {
		strbuf_reset(&way->done);
		strbuf_add_char(&way->done, '/');
	}
	memcpy(way->rest, joined, strlen(joined) + 1);
	return true;
}

/* Walks one name further. Sets `*is_end` where the way ends, or is broken off. */
static int walk_name(struct way *way, bool *is_end)
{
	struct strbuf path = STRBUF_INIT;
	char *name = way->rest + strspn(way->rest, "/");
	char *rest = name + strcspn(name, "/");
	struct stat status;
	bool is_last;
	bool is_there;
	bool is_link;
	int errnum;

	if (*rest != '\0')
		*rest++ = '\0';
	rest += strspn(rest, "/");
	is_last = *rest == '\0';
	*is_end = *name == '\0';
	if (*is_end)
		return 0;
	strbuf_add(&path, way->done.data, way->done.len);
	if (path.len > 0 && path.data[path.len - 1] != '/')
		strbuf_add_char(&path, '/');
	strbuf_add_text(&path, name);
	if (path.failed || way->done.failed)
		return ENOMEM;
	is_there = lstat(path.data, &status) == 0;
	is_link = is_there && S_ISLNK(status.st_mode);
	errnum =
	    watch_folder(way, is_last || is_link || !is_there || way->is_missing ? name : NULL);
	if (errnum == 0 && !is_there && lstat(path.data, &status) == 0)
		errnum = ESTALE; /* it came before we watched */
	if (is_link && splice_link(way, path.data, rest)) {
		strbuf_release(&path);
		return errnum;
	}
	*is_end = is_last || !is_there;
	memmove(way->rest, rest, strlen(rest) + 1);
	strbuf_reset(&way->done);
	strbuf_add(&way->done, path.data, path.len);
	strbuf_release(&path);
	return errnum;
}

static int walk_once(struct way *way, const char *path)
{
	bool is_end = false;
	int errnum = 0;

	if (strlen(path) >= sizeof(way->rest))
		return ENAMETOOLONG;
	memcpy(way->rest, path, strlen(path) + 1);
	way->links = 0;
	strbuf_reset(&way->done);
	if (path[0] == '/')
		strbuf_add_char(&way->done, '/');
	while (errnum == 0 && !is_end)
		errnum = walk_name(way, &is_end);
	return errnum;
}

/* Until nothing changed under our feet. */
static int walk(struct way *way, const char *path)
{
	int errnum = ESTALE;

	for (int i = 0; i < WALKS_MAX && errnum == ESTALE; i++)
		errnum = walk_once(way, path);
	return errnum;
}

int follow_watch_path(struct follow_watch *watch, const char *path, bool is_missing, size_t file)
{
	struct way way = {
		.watch = watch, .file = file, .is_missing = is_missing, .done = STRBUF_INIT
	};
	int errnum;

	for (size_t i = 0; i < watch->count; i++)
		if (watch->rows[i].file == file && watch->rows[i].news == FOLLOW_NEWS_WAY)
			watch->rows[i].is_stale = true;
	errnum = walk(&way, path);
	strbuf_release(&way.done);
	for (size_t i = watch->count; i-- > 0;)
		if (watch->rows[i].is_stale)
			leave_row(watch, i);
	return errnum;
}

/* ---- news ---- */

static bool concerns(const struct row *row, const struct inotify_event *event)
{
	return row->wd == event->wd &&
	       (event->len == 0 || (row->name != NULL && strcmp(row->name, event->name) == 0));
}

static void tell(struct follow_watch *watch, const struct inotify_event *event,
    void (*take)(void *context, size_t file, unsigned news), void *context)
{
	bool is_overflow = (event->mask & IN_Q_OVERFLOW) != 0;

	for (size_t i = watch->count; i-- > 0;) {
		const struct row *row = &watch->rows[i];
		size_t file = row->file;
		unsigned news = row->news;

		if (!is_overflow && !concerns(row, event))
			continue;
		if ((event->mask & IN_IGNORED) != 0)
			drop_row(watch, i);
		/* what got lost may have been anything */
		take(context, file, is_overflow ? FOLLOW_NEWS_WAY | FOLLOW_NEWS_DATA : news);
	}
}

void follow_watch_take(struct follow_watch *watch,
    void (*take)(void *context, size_t file, unsigned news), void *context)
{
	_Alignas(struct inotify_event) char buffer[16384];
	ssize_t count;

	/* who writes without end must not keep us here */
	for (int i = 0; i < READS_MAX; i++) {
		count = read(watch->fd, buffer, sizeof(buffer));
		if (count <= 0)
			return;
		for (ssize_t at = 0; at < count;) {
			const struct inotify_event *event = (const void *)(buffer + at);

			tell(watch, event, take, context);
			at += (ssize_t)(sizeof(*event) + event->len);
		}
	}
}
