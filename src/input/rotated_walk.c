/*
 * Owns the way through the folders. Must not know what becomes of the files.
 *
 * Two walks: one through the folders with the names we know, by the table of levels, which says
 * what may be in a folder of which kind; and one along each pattern, from slash to slash. Both hold
 * a descriptor of each folder they are in and open what is below from there, so that a folder that
 * is renamed or exchanged meanwhile leads nowhere else.
 */
#include "input/rotated_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"

/* A folder being looked through. `path` holds its path, and ends with a slash if it is not
 * empty; it is the same for all, and grows and shrinks with the depth. */
struct folder {
	const struct rotated_walk *walk;
	struct strbuf *path;
	int fd;
	bool is_late; /* logs here were not looked for at first */
	struct error *error;
};

static bool visit(
    const struct folder *folder, const char *name, const struct rotated_name *order, int errnum)
{
	struct rotated_found found = { folder->fd, name, NULL, *order, errnum };
	size_t length = folder->path->len;
	bool is_ok;

	strbuf_add_text(folder->path, name);
	if (folder->path->failed)
		return error_set_memory(folder->error);
	found.path = folder->path->len == 0 ? "." : folder->path->data;
	is_ok = folder->walk->visit(folder->walk->context, &found, folder->error);
	strbuf_cut(folder->path, length);
	return is_ok;
}

/* The folder itself cannot be read. */
static bool visit_failure(const struct folder *folder, const char *name, int errnum)
{
	struct rotated_name order = { .form = ROTATED_FORM_NONE };

	return visit(folder, name, &order, errnum);
}

/* What is done with each name in a folder. Returns false to end the walk. */
typedef bool take_name(const struct folder *folder, const char *name, const void *context);

static bool read_names(const struct folder *folder, take_name *take, const void *context)
{
	/* of its own, since reading it moves it */
	int fd = file_open_more(folder->fd, ".", O_RDONLY | O_DIRECTORY);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	int errnum = errno;
	const struct dirent *entry;
	bool is_ok = true;

	if (stream == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return visit_failure(folder, "", errnum);
	}
	for (errno = 0; is_ok && (entry = readdir(stream)) != NULL; errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			is_ok = take(folder, entry->d_name, context);
	errnum = errno;
	(void)closedir(stream);
	return is_ok && errnum != 0 ? visit_failure(folder, "", errnum) : is_ok;
}

static bool is_folder(const struct folder *folder, const char *name, int flags)
{
	struct stat status;

	return fstatat(folder->fd, name, &status, flags) == 0 && S_ISDIR(status.st_mode);
}

/* Goes into the folder `name` and does `below` there. */
static bool enter(const struct folder *folder, const char *name, int flags,
    bool (*below)(const struct folder *folder, const void *context), const void *context)
{
	struct folder inner = *folder;
	size_t length = folder->path->len;
	bool is_ok;

	inner.fd = file_open_more(folder->fd, name, O_PATH | O_DIRECTORY | flags);
	if (inner.fd < 0) /* gone, or replaced by a link: there is nothing in it for us */
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ||
		       visit_failure(folder, name, errno);
	strbuf_add_text(folder->path, name);
	strbuf_add_char(folder->path, '/');
	is_ok = folder->path->failed ? error_set_memory(folder->error) : below(&inner, context);
	strbuf_cut(folder->path, length);
	(void)close(inner.fd);
	return is_ok;
}

/* ---- the names we know ---- */

/* The first name of a path, or of a pattern, and the rest behind its slash; NULL: it is the last.
 */
struct step {
	char text[NAME_MAX + 1];
	const char *rest;
};

static bool split(const char *path, struct step *step)
{
	size_t length = strcspn(path, "/");

	if (length > NAME_MAX)
		return false; /* no name is as long */
	memcpy(step->text, path, length);
	step->text[length] = '\0';
	step->rest = path[length] == '\0' ? NULL : path + length;
	while (step->rest != NULL && *step->rest == '/')
		step->rest++;
	return true;
}

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

static bool look_into(const struct folder *folder, const void *level);

static bool take_known(const struct folder *folder, const char *name, const void *context)
{
	const struct level *level = context;
	const struct level *below = level_below(level, name);
	struct folder inner = *folder;
	struct rotated_name order;

	if (level->has_logs && rotated_name_parse(&order, folder->walk->log, name)) {
		order.is_late |= folder->is_late;
		return visit(folder, name, &order, 0);
	}
	if (below == NULL || !is_folder(folder, name, AT_SYMLINK_NOFOLLOW))
		return true;
	inner.is_late |= below->is_late;
	return enter(&inner, name, O_NOFOLLOW, look_into, below);
}

static bool look_into(const struct folder *folder, const void *level)
{
	return read_names(folder, take_known, level);
}

bool rotated_walk_reaches(const char *below, bool *is_late)
{
	const struct level *level = &top;
	struct step step = { .rest = below + strspn(below, "/") };

	*is_late = false;
	while (step.rest != NULL && *step.rest != '\0' && level != NULL) {
		if (!split(step.rest, &step))
			return false;
		level = level_below(level, step.text);
		*is_late |= level != NULL && level->is_late;
	}
	return level != NULL && level->has_logs;
}

/* ---- patterns ---- */

static bool follow_pattern(const struct folder *folder, const void *pattern);

static bool visit_fitting(const struct folder *folder, const char *name)
{
	struct rotated_name order;

	if (!rotated_name_parse(&order, folder->walk->log, name))
		order = (struct rotated_name){ .form = ROTATED_FORM_NONE };
	order.is_late = false; /* the user has named it */
	return visit(folder, name, &order, 0);
}

static bool take_fitting(const struct folder *folder, const char *name, const void *context)
{
	const struct step *step = context;

	if (fnmatch(step->text, name, FNM_PERIOD) != 0)
		return true;
	if (step->rest == NULL)
		return visit_fitting(folder, name);
	return !is_folder(folder, name, AT_SYMLINK_NOFOLLOW) ||
	       enter(folder, name, O_NOFOLLOW, follow_pattern, step->rest);
}

static bool follow_pattern(const struct folder *folder, const void *pattern)
{
	struct step step;

	if (!split(pattern, &step) || step.text[0] == '\0')
		return true;
	if (strpbrk(step.text, "*?[\\") != NULL)
		return read_names(folder, take_fitting, &step);
	/* a folder that the user has named is gone into, whatever it is */
	if (step.rest != NULL)
		return enter(folder, step.text, 0, follow_pattern, step.rest);
	return visit_fitting(folder, step.text);
}

static bool follow_absolute(const struct folder *folder, const char *pattern)
{
	struct folder root = *folder;
	bool is_ok;

	root.fd = file_open_more(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
	if (root.fd < 0)
		return visit_failure(folder, "", errno);
	strbuf_cut(folder->path, 0);
	strbuf_add_char(folder->path, '/');
	is_ok = follow_pattern(&root, pattern + strspn(pattern, "/"));
	strbuf_cut(folder->path, 0);
	strbuf_add_text(folder->path, folder->walk->prefix);
	(void)close(root.fd);
	return is_ok;
}

static bool follow_patterns(const struct folder *folder)
{
	for (size_t i = 0; i < folder->walk->pattern_count; i++) {
		const char *pattern = folder->walk->patterns[i];

		if (!(*pattern == '/' ? follow_absolute(folder, pattern)
		                      : follow_pattern(folder, pattern)))
			return false;
	}
	return true;
}

bool rotated_walk(const struct rotated_walk *walk, struct error *error)
{
	struct strbuf path = STRBUF_INIT;
	struct folder folder = { walk, &path, walk->folder, false, error };
	bool is_ok;

	strbuf_add_text(&path, walk->prefix);
	is_ok = !path.failed && look_into(&folder, &top) && follow_patterns(&folder);
	if (path.failed)
		(void)error_set_memory(error);
	strbuf_release(&path);
	return is_ok;
}
