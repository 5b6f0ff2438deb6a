/*
 * Owns the way through the folders. Must not know what becomes of the files.
 */
#include "input/rotated_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"

/* Files that the rest of the program may want to open. */
#define RESERVE 64u

static bool allow_more_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

int rotated_open(int folder, const char *name, int flags)
{
	int fd = file_open(folder, name, flags | O_CLOEXEC);

	if (fd < 0 && errno == EMFILE && allow_more_files())
		fd = file_open(folder, name, flags | O_CLOEXEC);
	return fd;
}

/* Others come after us, and cannot help themselves. */
bool rotated_has_room(int fd)
{
	struct rlimit limit = { 0, 0 };

	do {
		if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || (rlim_t)fd + RESERVE < limit.rlim_cur)
			return true;
	} while (allow_more_files());
	return false;
}

/* A folder being looked through. `path` holds its path, and ends with a slash if it is not
 * empty; it is the same for all, and grows and shrinks with the depth. */
struct look {
	const struct rotated_walk *walk;
	struct strbuf *path;
	int folder;
	bool is_late; /* logs here were not looked for at first */
	struct error *error;
};

static void shorten(struct strbuf *path, size_t length)
{
	path->len = length;
	if (length > 0)
		path->data[length] = '\0';
}

static bool visit(
    const struct look *look, const char *name, const struct rotated_name *order, int errnum)
{
	struct rotated_found found = { look->folder, name, NULL, *order, errnum };
	size_t length = look->path->len;
	bool is_ok;

	strbuf_add_text(look->path, name);
	if (look->path->failed)
		return error_set_memory(look->error);
	found.path = look->path->len == 0 ? "." : look->path->data;
	is_ok = look->walk->visit(look->walk->context, &found, look->error);
	shorten(look->path, length);
	return is_ok;
}

/* The folder itself cannot be read. */
static bool visit_failure(const struct look *look, const char *name, int errnum)
{
	struct rotated_name order = { .form = ROTATED_FORM_NONE };

	return visit(look, name, &order, errnum);
}

/* What is done with each name in a folder. Returns false to end the walk. */
typedef bool take_name(const struct look *look, const char *name, const void *context);

static bool read_names(const struct look *look, take_name *take, const void *context)
{
	/* of its own, since reading it moves it */
	int fd = rotated_open(look->folder, ".", O_RDONLY | O_DIRECTORY);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	int errnum = errno;
	const struct dirent *entry;
	bool is_ok = true;

	if (stream == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return visit_failure(look, "", errnum);
	}
	for (errno = 0; is_ok && (entry = readdir(stream)) != NULL; errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			is_ok = take(look, entry->d_name, context);
	errnum = errno;
	(void)closedir(stream);
	return is_ok && errnum != 0 ? visit_failure(look, "", errnum) : is_ok;
}

static bool is_folder(const struct look *look, const char *name, int flags)
{
	struct stat status;

	return fstatat(look->folder, name, &status, flags) == 0 && S_ISDIR(status.st_mode);
}

/* Goes into the folder `name` and does `below` there. */
static bool enter(const struct look *look, const char *name, int flags,
    bool (*below)(const struct look *look, const void *context), const void *context)
{
	struct look inner = *look;
	size_t length = look->path->len;
	bool is_ok;

	inner.folder = rotated_open(look->folder, name, O_PATH | O_DIRECTORY | flags);
	if (inner.folder < 0) /* gone, or replaced by a link: there is nothing in it for us */
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ||
		       visit_failure(look, name, errno);
	strbuf_add_text(look->path, name);
	strbuf_add_char(look->path, '/');
	is_ok = look->path->failed ? error_set_memory(look->error) : below(&inner, context);
	shorten(look->path, length);
	(void)close(inner.folder);
	return is_ok;
}

/* ---- the names we know ---- */

/* Which kind of folder this is, and so what is looked for in it. */
struct level {
	bool has_logs;
	bool is_late; /* logs in it were not looked for at first */
	/* What may be in it, and what that is. */
	struct {
		enum rotated_folder kind;
		const struct level *level;
	} folders[4];
};

static const struct level dated = { .has_logs = true };
static const struct level day = { .has_logs = true, .is_late = true };
static const struct level month = { .has_logs = true, .folders = { { ROTATED_FOLDER_DAY, &day } } };
static const struct level year = { .folders = { { ROTATED_FOLDER_MONTH, &month } } };
static const struct level archive = { .has_logs = true,
	.folders = { { ROTATED_FOLDER_DATED, &dated }, { ROTATED_FOLDER_YEAR, &year } } };
static const struct level old = { .has_logs = true,
	.is_late = true,
	.folders = { { ROTATED_FOLDER_DATED, &dated }, { ROTATED_FOLDER_YEAR, &year } } };
static const struct level top = { .has_logs = true,
	.folders = { { ROTATED_FOLDER_ARCHIVE, &archive }, { ROTATED_FOLDER_OLD, &old },
	    { ROTATED_FOLDER_DATED, &dated }, { ROTATED_FOLDER_YEAR, &year } } };

/* What the folder `name` is in a folder of this level; NULL: nothing is looked for in it. */
static const struct level *level_below(const struct level *level, const char *name)
{
	unsigned kind = rotated_folder_parse(name);

	for (size_t i = 0; i < 4 && level->folders[i].level != NULL; i++)
		if ((kind & level->folders[i].kind) != 0)
			return level->folders[i].level;
	return NULL;
}

static bool look_into(const struct look *look, const void *level);

static bool take_known(const struct look *look, const char *name, const void *context)
{
	const struct level *level = context;
	const struct level *below = level_below(level, name);
	struct look inner = *look;
	struct rotated_name order;

	if (level->has_logs && rotated_name_parse(&order, look->walk->log, name)) {
		order.is_late |= look->is_late;
		return visit(look, name, &order, 0);
	}
	if (below == NULL || !is_folder(look, name, AT_SYMLINK_NOFOLLOW))
		return true;
	inner.is_late |= below->is_late;
	return enter(&inner, name, O_NOFOLLOW, look_into, below);
}

static bool look_into(const struct look *look, const void *level)
{
	return read_names(look, take_known, level);
}

bool rotated_walk_reaches(const char *below, bool *is_late)
{
	const struct level *level = &top;
	char part[NAME_MAX + 1];

	*is_late = false;
	for (below += strspn(below, "/"); *below != '\0' && level != NULL;
	     below += strspn(below, "/")) {
		size_t length = strcspn(below, "/");

		if (length > NAME_MAX)
			return false;
		memcpy(part, below, length);
		part[length] = '\0';
		below += length;
		level = level_below(level, part);
		*is_late |= level != NULL && level->is_late;
	}
	return level != NULL && level->has_logs;
}

/* ---- patterns ---- */

static bool follow_pattern(const struct look *look, const void *pattern);

/* The first part of a pattern, up to a slash, and the rest behind it; NULL: it is the last. */
struct part {
	char text[NAME_MAX + 1];
	const char *rest;
};

static bool split(const char *pattern, struct part *part)
{
	size_t length = strcspn(pattern, "/");

	if (length > NAME_MAX)
		return false; /* no name is as long */
	memcpy(part->text, pattern, length);
	part->text[length] = '\0';
	part->rest = pattern[length] == '\0' ? NULL : pattern + length;
	while (part->rest != NULL && *part->rest == '/')
		part->rest++;
	return true;
}

static bool visit_fitting(const struct look *look, const char *name)
{
	struct rotated_name order;

	if (!rotated_name_parse(&order, look->walk->log, name))
		order = (struct rotated_name){ .form = ROTATED_FORM_NONE };
	order.is_late = false; /* the user has named it */
	return visit(look, name, &order, 0);
}

static bool take_fitting(const struct look *look, const char *name, const void *context)
{
	const struct part *part = context;

	if (fnmatch(part->text, name, FNM_PERIOD) != 0)
		return true;
	if (part->rest == NULL)
		return visit_fitting(look, name);
	return !is_folder(look, name, AT_SYMLINK_NOFOLLOW) ||
	       enter(look, name, O_NOFOLLOW, follow_pattern, part->rest);
}

static bool follow_pattern(const struct look *look, const void *pattern)
{
	struct part part;

	if (!split(pattern, &part) || part.text[0] == '\0')
		return true;
	if (strpbrk(part.text, "*?[\\") != NULL)
		return read_names(look, take_fitting, &part);
	/* a folder that the user has named is gone into, whatever it is */
	if (part.rest != NULL)
		return enter(look, part.text, 0, follow_pattern, part.rest);
	return visit_fitting(look, part.text);
}

static bool follow_absolute(const struct look *look, const char *pattern)
{
	struct look root = *look;
	bool is_ok;

	root.folder = rotated_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
	if (root.folder < 0)
		return visit_failure(look, "", errno);
	shorten(look->path, 0);
	strbuf_add_char(look->path, '/');
	is_ok = follow_pattern(&root, pattern + strspn(pattern, "/"));
	shorten(look->path, 0);
	strbuf_add_text(look->path, look->walk->prefix);
	(void)close(root.folder);
	return is_ok;
}

static bool follow_patterns(const struct look *look)
{
	for (size_t i = 0; i < look->walk->pattern_count; i++) {
		const char *pattern = look->walk->patterns[i];

		if (!(*pattern == '/' ? follow_absolute(look, pattern)
		                      : follow_pattern(look, pattern)))
			return false;
	}
	return true;
}

bool rotated_walk(const struct rotated_walk *walk, struct error *error)
{
	struct strbuf path = STRBUF_INIT;
	struct look look = { walk, &path, walk->folder, false, error };
	bool is_ok;

	strbuf_add_text(&path, walk->prefix);
	is_ok = !path.failed && look_into(&look, &top) && follow_patterns(&look);
	if (path.failed)
		(void)error_set_memory(error);
	strbuf_release(&path);
	return is_ok;
}
