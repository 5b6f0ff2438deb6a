/*
 * Owns one name that is followed: which file has it, which had it before, how far each is read.
 * Must not know the other names, or when there is news.
 */
#include "input/follow_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "input/follow_start.h"

/* A name that a rotation takes away for a moment is no news. */
#define GONE_MILLISECONDS 1000
int64_t follow_clock(void)
{
	struct timespec time = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void follow_name_tell(const struct follow_name *name, enum follow_event event, int errnum)
{
	const struct follow_options *options = name->shared->options;

	if (options->tell != NULL)
		options->tell(options->context, name->index, event, errnum);
}

void follow_name_tell_unread(const struct follow_name *name, const struct error *why)
{
	const struct follow_options *options = name->shared->options;

	if (options->tell_unread != NULL)
		options->tell_unread(options->context, name->index, why);
}

/* Where the next part is to be put. */
static struct follow_part **end_of(struct follow_name *name)
{
	struct follow_part **end = &name->parts;

	while (*end != NULL)
		end = &(*end)->next;
	return end;
}

void follow_name_unlink(struct follow_name *name, struct follow_part *part)
{
	struct follow_part **link = &name->parts;

	while (*link != part)
		link = &(*link)->next;
	*link = part->next;
	part->next = NULL;
}

static struct follow_part *find_part(
    const struct follow_name *name, const struct file_identity *identity)
{
	struct follow_part *part = name->parts;

	while (
	    part != NULL && (part->is_ended || !file_identity_is_same(&part->identity, identity)))
		part = part->next;
	return part;
}

static struct follow_part *newest(const struct follow_name *name)
{
	struct follow_part *part = name->parts;

	while (part != NULL && part->next != NULL)
		part = part->next;
	return part;
}

/* ---- watching ---- */

static void poll_it(struct follow_name *name, int errnum)
{
	name->is_polled = true;
	if (!name->is_told_polled && !name->shared->options->polls)
		follow_name_tell(name, FOLLOW_POLLED, errnum);
	name->is_told_polled = true;
}

static void watch_way(struct follow_name *name)
{
	const struct follow_shared *shared = name->shared;
	int errnum = shared->watch == NULL ? shared->watch_errnum
	                                   : follow_watch_path(shared->watch, name->path,
	                                         name->state == FOLLOW_STATE_ABSENT, name->index);

	if (errnum != 0)
		poll_it(name, errnum);
}

static void watch_part(struct follow_name *name, struct follow_part *part)
{
	const struct follow_shared *shared = name->shared;
	int errnum = shared->watch == NULL
	                 ? shared->watch_errnum
	                 : follow_watch_file(shared->watch, part->fd, name->index, &part->wd);

	if (errnum != 0)
		poll_it(name, errnum);
}

void follow_name_leave(const struct follow_name *name, struct follow_part *part)
{
	if (part->wd >= 0 && name->shared->watch != NULL)
		follow_watch_leave(name->shared->watch, part->wd, name->index);
	part->wd = -1;
}

/* ---- which file has the name ---- */

void follow_name_append(struct follow_name *name, struct follow_part *part)
{
	*end_of(name) = part;
	watch_part(name, part);
	name->has_data_news = true;
}

static bool is_refused(const struct follow_name *name, const struct file_identity *identity)
{
	return name->state == FOLLOW_STATE_REFUSED &&
	       file_identity_is_same(&name->refused, identity);
}

void follow_name_refuse(
    struct follow_name *name, const struct file_identity *identity, enum follow_event event)
{
	if (!is_refused(name, identity))
		follow_name_tell(name, event, 0);
	name->state = FOLLOW_STATE_REFUSED;
	name->refused = *identity;
	name->gone_at = 0;
}

void follow_name_lose(struct follow_name *name, int errnum)
{
	bool is_missing = errnum == ENOENT || errnum == ENOTDIR;

	if (!is_missing && name->told_errnum != errnum)
		follow_name_tell(name, FOLLOW_UNREADABLE, errnum);
	if (!is_missing)
		name->told_errnum = errnum; /* until something was read */
	if (is_missing && name->shared->is_starting) {
		follow_name_tell(name, FOLLOW_ABSENT, 0);
		name->is_told_absent = true;
	} else if (is_missing && name->state != FOLLOW_STATE_ABSENT) {
		name->gone_at = follow_clock() + GONE_MILLISECONDS;
	}
	/* once more, with an eye on what is missing */
	name->has_way_news |= is_missing && name->state != FOLLOW_STATE_ABSENT;
	name->state = is_missing ? FOLLOW_STATE_ABSENT : FOLLOW_STATE_UNREADABLE;
}

static void note_presence(struct follow_name *name)
{
	if (!name->shared->is_starting && (name->is_told_absent || name->parts == NULL))
		follow_name_tell(name, FOLLOW_APPEARED, 0);
	else if (!name->shared->is_starting)
		follow_name_tell(name, FOLLOW_REPLACED, 0);
}

static void note_there(struct follow_name *name)
{
	name->state = FOLLOW_STATE_THERE;
	name->gone_at = 0;
	name->is_told_absent = false;
}

/* Where to begin in a file that was there before us. */
static void seek_begin(struct follow_name *name, struct follow_part *part)
{
	const struct follow_options *options = name->shared->options;

	uint64_t start;

	part->must_begin = false;
	if (options->begin != NULL && follow_part_allow(part, UINT64_MAX)) {
		start = options->begin(
		    options->context, name->index, part->fd, part->limit, &part->place);
		if (start == FOLLOW_START_UNKNOWN)
			follow_part_fail(part);
		else
			follow_part_seek(part, start);
	}
	part->must_begin = part->fault == FOLLOW_FAULT_ERROR && part->position == 0;
}

/* Takes over its descriptor and its path. */
static bool add_part(
    struct follow_name *name, const struct follow_found *found, struct error *error)
{
	struct follow_part *part =
	    follow_part_new(found->fd, name->shared->options->read_size, error);
	struct error failure = ERROR_INIT;

	if (part == NULL) {
		free(found->path);
		return false;
	}
	if (!found->is_packed) {
		part->title = found->path;
	} else if (!follow_part_go_on_in(part, found->fd, true, found->path, &failure)) {
		follow_name_tell_unread(name, &failure);
		follow_part_free(part);
		return true;
	}
	follow_name_append(name, part);
	if (name->shared->is_starting)
		seek_begin(name, part);
	return true;
}

static void tell_unread(void *context, const struct error *why)
{
	follow_name_tell_unread(context, why);
}

struct follow_past_teller follow_name_teller(struct follow_name *name)
{
	return (struct follow_past_teller){ tell_unread, name };
}

struct rotated_search follow_name_search(const struct follow_name *name)
{
	const struct follow_options *options = name->shared->options;

	return (struct rotated_search){ .path = name->path,
		.patterns = options->patterns,
		.pattern_count = options->pattern_count };
}

/* Whether what had the name is still where it was, and a link leads elsewhere now: no rotation. */
static bool is_turned(const struct follow_name *name, const struct follow_part *last)
{
	struct file_identity identity;
	int fd = name->target == NULL ? -1 : file_open(AT_FDCWD, name->target, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return false;
	identity = file_identity_of(fd);
	(void)close(fd);
	return file_identity_is_same(&identity, &last->identity);
}

/* The files that had the name since its newest one. `*fd` is open to the one that has it. */
static void find_past(struct follow_name *name, struct follow_past *past, int *fd)
{
	const struct follow_part *last = newest(name);
	struct rotated_search search = follow_name_search(name);
	struct follow_past_teller teller = follow_name_teller(name);

	past->count = 0;
	if (!name->shared->is_starting) {
		follow_past_find(past, &search, name->parts,
		    last == NULL ? name->began : last->identity.birth, fd, &teller);
		if (last != NULL && !past->is_whole && !is_turned(name, last))
			follow_name_tell(name, FOLLOW_MISSING, 0);
	}
	free(name->target);
	name->target = realpath(name->path, NULL);
}

/* These, then the one that has the name. Takes over `fd`, which is open to it. */
static bool add_parts(struct follow_name *name, int fd, struct error *error)
{
	struct follow_past past;
	bool is_added = true;

	find_past(name, &past, &fd);
	for (size_t i = 0; i < past.count; i++) {
		if (is_added) {
			is_added = add_part(name, &past.files[i], error);
		} else {
			(void)close(past.files[i].fd);
			free(past.files[i].path);
		}
	}
	if (is_added)
		return add_part(name, &(struct follow_found){ fd, false, NULL }, error);
	(void)close(fd);
	return false;
}

/* One that could not be read for a while goes on where it was. */
static void resume(struct follow_name *name, struct follow_part *part, int fd)
{
	if (part->fault != FOLLOW_FAULT_ERROR) {
		(void)close(fd);
		return;
	}
	follow_name_leave(name, part);
	(void)dup3(fd, part->fd, O_CLOEXEC);
	(void)close(fd);
	part->fault = FOLLOW_FAULT_NONE;
	if (part->must_begin)
		seek_begin(name, part);
	watch_part(name, part);
	name->has_data_news = true;
}

/* The file that has the name, which `fd` is open to. Takes it over. */
static bool look_at(struct follow_name *name, int fd, struct error *error)
{
	struct file_identity identity = file_identity_of(fd);
	struct follow_part *part = find_part(name, &identity);
	struct stat status;

	if (identity.inode == 0 || file_stat(fd, &status) != 0) {
		/* which file it is, is not known now */
		follow_name_lose(name, errno);
		(void)close(fd);
		return true;
	}
	if (part == newest(name) && part != NULL) {
		note_there(name);
		resume(name, part, fd);
	} else if (is_refused(name, &identity)) {
		(void)close(fd);
	} else if (!S_ISREG(status.st_mode)) {
		follow_name_refuse(name, &identity, FOLLOW_NO_FILE);
		(void)close(fd);
	} else {
		note_presence(name);
		note_there(name);
		if (part == NULL) {
			if (!add_parts(name, fd, error))
				return false;
			part = newest(name);
			if (part->identity.inode == 0)
				part->identity = identity; /* it could not be asked again */
			return true;
		}
		/* it has got its name back */
		follow_name_unlink(name, part);
		*end_of(name) = part;
		(void)close(fd);
	}
	return true;
}

bool follow_name_look(struct follow_name *name, struct error *error)
{
	int fd;

	/* first watch, then look: what happens in between is news */
	name->has_way_news = false;
	watch_way(name);
	fd = file_open(AT_FDCWD, name->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		follow_name_lose(name, errno);
		return true;
	}
	return look_at(name, fd, error);
}

/* ---- all ---- */

bool follow_name_init(
    struct follow_name *name, const struct follow_shared *shared, size_t index, struct error *error)
{
	struct timespec time = { 0 };

	(void)clock_gettime(CLOCK_REALTIME_COARSE, &time);
	*name = (struct follow_name){ .shared = shared,
		.index = index,
		.path = shared->options->names[index],
		.began = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec,
		.has_data_news = true };
	/* what cannot be followed is said before anything is read */
	return follow_name_look(name, error) &&
	       (name->parts == NULL || follow_name_deal(name, name->parts, error));
}

void follow_name_release(struct follow_name *name)
{
	for (struct follow_part *part = name->parts, *next; part != NULL; part = next) {
		next = part->next;
		follow_part_free(part);
	}
	name->parts = name->turn = NULL;
	free(name->target);
	name->target = NULL;
}
