/*
 * Owns one name that is followed: which file has it, which had it before, how far each is read.
 * Must not know the other names, or when there is news.
 *
 * The files are a list, oldest first; the last one has the name. look_up opens the name: where it
 * leads to a file that is not in the list, the files that had the name in between
 * (follow_rotated.h) and then that one are appended. A pass begins with such a look, where there is
 * news of the name, then takes the sizes of all files, from the newest to the oldest, and reads
 * each up to there, from the oldest to the newest. So nothing of a file is given before all that
 * its elders held when it was looked at. A file that turns out not to be what it was, or that
 * cannot be read, ends the pass: what is done then is in deal_with_fault.
 */
#include "input/follow_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"
#include "input/follow_rotated.h"
#include "input/follow_start.h"

/* A name that a rotation takes away for a moment is no news. */
#define GONE_MILLISECONDS 1000
/* Read of a file before the names are looked at again: what is rotated meanwhile may be deleted. */
#define PASS_BYTES (64u * 1024 * 1024)
/* Old files that are kept open for late lines. */
#define LATE_MAX 3

static void tell(const struct follow_name *name, enum follow_event event, int errnum)
{
	const struct follow_options *options = name->shared->options;

	if (options->tell != NULL)
		options->tell(options->context, name->index, event, errnum);
}

/* Told of the name `context`: a file that may hold lines of it cannot be read. */
static void tell_unread(void *context, const struct error *why)
{
	const struct follow_name *name = context;
	const struct follow_options *options = name->shared->options;

	if (options->tell_unread != NULL)
		options->tell_unread(options->context, name->index, why);
}

/* ---- its files ---- */

/* Where the next file is to be put. */
static struct follow_file **end_of(struct follow_name *name)
{
	struct follow_file **end = &name->files;

	while (*end != NULL)
		end = &(*end)->next;
	return end;
}

static void take_out(struct follow_name *name, struct follow_file *file)
{
	struct follow_file **link = &name->files;

	while (*link != file)
		link = &(*link)->next;
	*link = file->next;
	file->next = NULL;
}

static struct follow_file *find_file(
    const struct follow_name *name, const struct file_identity *identity)
{
	struct follow_file *file = name->files;

	while (
	    file != NULL && (file->is_ended || !file_identity_is_same(&file->identity, identity)))
		file = file->next;
	return file;
}

static struct follow_file *newest(const struct follow_name *name)
{
	struct follow_file *file = name->files;

	while (file != NULL && file->next != NULL)
		file = file->next;
	return file;
}

/* ---- watching ---- */

/* `errnum`: why the kernel does not tell when there is news; 0: it does. */
static void note_watch(struct follow_name *name, int errnum)
{
	if (errnum == 0)
		return;
	name->is_polled = true;
	if (!name->is_told_polled && !name->shared->options->polls)
		tell(name, FOLLOW_POLLED, errnum);
	name->is_told_polled = true;
}

static void watch_way(struct follow_name *name)
{
	const struct follow_shared *shared = name->shared;

	note_watch(name, shared->watch == NULL
	                     ? shared->watch_errnum
	                     : follow_watch_path(shared->watch, name->path,
	                           name->state == FOLLOW_STATE_ABSENT, name->index));
}

static void watch_file(struct follow_name *name, struct follow_file *file)
{
	const struct follow_shared *shared = name->shared;

	note_watch(name, shared->watch == NULL
	                     ? shared->watch_errnum
	                     : follow_watch_file(shared->watch, file->fd, name->index, &file->wd));
}

static void unwatch(const struct follow_name *name, struct follow_file *file)
{
	if (file->wd >= 0 && name->shared->watch != NULL)
		follow_watch_leave(name->shared->watch, file->wd, name->index);
	file->wd = -1;
}

/* ---- which file has the name ---- */

/* The file becomes the newest one. */
static void append(struct follow_name *name, struct follow_file *file)
{
	*end_of(name) = file;
	watch_file(name, file);
	name->has_data_news = true;
}

static bool is_refused(const struct follow_name *name, const struct file_identity *identity)
{
	return name->state == FOLLOW_STATE_REFUSED &&
	       file_identity_is_same(&name->refused, identity);
}

/* The file that has the name cannot be followed. */
static void refuse(
    struct follow_name *name, const struct file_identity *identity, enum follow_event event)
{
	if (!is_refused(name, identity))
		tell(name, event, 0);
	name->state = FOLLOW_STATE_REFUSED;
	name->refused = *identity;
	name->gone_at = 0;
}

/* The file that has the name cannot be reached. */
static void lose(struct follow_name *name, int errnum)
{
	bool is_missing = errnum == ENOENT || errnum == ENOTDIR;

	if (!is_missing && name->told_errnum != errnum)
		tell(name, FOLLOW_UNREADABLE, errnum);
	if (!is_missing)
		name->told_errnum = errnum; /* until something was read */
	if (is_missing && name->shared->is_starting) {
		tell(name, FOLLOW_ABSENT, 0);
		name->is_told_absent = true;
	} else if (is_missing && name->state != FOLLOW_STATE_ABSENT) {
		name->gone_at = now_steady() + GONE_MILLISECONDS;
	}
	/* once more, with an eye on what is missing */
	name->has_way_news |= is_missing && name->state != FOLLOW_STATE_ABSENT;
	name->state = is_missing ? FOLLOW_STATE_ABSENT : FOLLOW_STATE_UNREADABLE;
}

static void note_there(struct follow_name *name)
{
	name->state = FOLLOW_STATE_THERE;
	name->gone_at = 0;
	name->is_told_absent = false;
}

/* Where to begin in a file that was there before us. */
static void seek_begin(struct follow_name *name, struct follow_file *file)
{
	const struct follow_options *options = name->shared->options;
	uint64_t start;

	file->must_begin = false;
	if (options->begin != NULL && follow_file_allow(file, UINT64_MAX)) {
		start = options->begin(
		    options->context, name->index, file->fd, file->limit, &file->place);
		if (start == FOLLOW_START_UNKNOWN)
			follow_file_fail(file);
		else
			follow_file_seek(file, start);
	}
	file->must_begin = file->fault == FOLLOW_FAULT_ERROR && file->position == 0;
}

/* Takes over its descriptor and its path. */
static bool add_file(
    struct follow_name *name, const struct follow_found *found, struct error *error)
{
	struct follow_file *file =
	    follow_file_new(found->fd, name->shared->options->read_size, error);
	struct error failure = ERROR_INIT;

	if (file == NULL) {
		free(found->path);
		return false;
	}
	if (!found->is_packed) {
		file->title = found->path;
	} else if (!follow_file_go_on_in(file, found->fd, true, found->path, &failure)) {
		tell_unread(name, &failure);
		follow_file_free(file);
		return true;
	}
	append(name, file);
	if (name->shared->is_starting)
		seek_begin(name, file);
	return true;
}

/* Where its rotated files are looked for. */
static struct rotated_search search_of(const struct follow_name *name)
{
	const struct follow_options *options = name->shared->options;

	return (struct rotated_search){ .path = name->path,
		.patterns = options->patterns,
		.pattern_count = options->pattern_count };
}

/* Whether what had the name is still where it was, and a link leads elsewhere now: no rotation. */
static bool is_turned(const struct follow_name *name, const struct follow_file *last)
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
static void find_rotated(struct follow_name *name, struct follow_rotated *chosen, int *fd)
{
	const struct follow_file *last = newest(name);
	struct rotated_search search = search_of(name);
	struct follow_rotated_teller teller = { tell_unread, name };

	chosen->count = 0;
	if (!name->shared->is_starting) {
		follow_rotated_find(chosen, &search, name->files,
		    last == NULL ? name->began : last->identity.birth, fd, &teller);
		if (last != NULL && !chosen->is_whole && !is_turned(name, last))
			tell(name, FOLLOW_MISSING, 0);
	}
	free(name->target);
	name->target = realpath(name->path, NULL);
}

/* These, then the one that has the name. Takes over `fd`, which is open to it. */
static bool add_files(struct follow_name *name, int fd, struct error *error)
{
	struct follow_rotated chosen;
	bool is_added = true;

	find_rotated(name, &chosen, &fd);
	for (size_t i = 0; i < chosen.count; i++) {
		if (is_added) {
			is_added = add_file(name, &chosen.files[i], error);
		} else {
			(void)close(chosen.files[i].fd);
			free(chosen.files[i].path);
		}
	}
	if (is_added)
		return add_file(name, &(struct follow_found){ fd, false, NULL }, error);
	(void)close(fd);
	return false;
}

/* One that could not be read for a while goes on where it was. */
static void resume(struct follow_name *name, struct follow_file *file, int fd)
{
	if (file->fault != FOLLOW_FAULT_ERROR) {
		(void)close(fd);
		return;
	}
	unwatch(name, file);
	(void)dup3(fd, file->fd, O_CLOEXEC);
	(void)close(fd);
	file->fault = FOLLOW_FAULT_NONE;
	if (file->must_begin)
		seek_begin(name, file);
	watch_file(name, file);
	name->has_data_news = true;
}

/* The file that has the name, which `fd` is open to. Takes it over. */
static bool take_named(struct follow_name *name, int fd, struct error *error)
{
	struct file_identity identity = file_identity_of(fd);
	struct follow_file *file = find_file(name, &identity);
	struct stat status;

	if (identity.inode == 0 || file_stat(fd, &status) != 0) {
		/* which file it is, is not known now */
		lose(name, errno);
		(void)close(fd);
		return true;
	}
	if (file == newest(name) && file != NULL) {
		note_there(name);
		resume(name, file, fd);
	} else if (is_refused(name, &identity)) {
		(void)close(fd);
	} else if (!S_ISREG(status.st_mode)) {
		refuse(name, &identity, FOLLOW_NO_FILE);
		(void)close(fd);
	} else {
		if (!name->shared->is_starting)
			tell(name,
			    name->is_told_absent || name->files == NULL ? FOLLOW_APPEARED
			                                                : FOLLOW_REPLACED,
			    0);
		note_there(name);
		if (file == NULL) {
			if (!add_files(name, fd, error))
				return false;
			file = newest(name);
			if (file->identity.inode == 0)
				file->identity = identity; /* it could not be asked again */
			return true;
		}
		/* it has got its name back */
		take_out(name, file);
		*end_of(name) = file;
		(void)close(fd);
	}
	return true;
}

/* Finds out which file has the name. False when there is no memory. */
static bool look_up(struct follow_name *name, struct error *error)
{
	int fd;

	/* first watch, then look: what happens in between is news */
	name->has_way_news = false;
	watch_way(name);
	fd = file_open(AT_FDCWD, name->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		lose(name, errno);
		return true;
	}
	return take_named(name, fd, error);
}

/* ---- faults ---- */

/* The same file once more, to be read from its start. */
static bool add_anew(struct follow_name *name, const struct follow_file *file, struct error *error)
{
	int fd = fcntl(file->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	struct follow_file *fresh;

	if (fd < 0)
		return error_set_errno(error, errno, "cannot follow '%s'", name->path);
	fresh = follow_file_new(fd, name->shared->options->read_size, error);
	if (fresh != NULL) {
		fresh->identity = file->identity;
		append(name, fresh);
	}
	return fresh != NULL;
}

/* It was cut: what was not read of its old self may be in a copy; its new self is another file. */
static bool start_anew(struct follow_name *name, struct follow_file *file, struct error *error)
{
	struct rotated_search search = search_of(name);
	struct follow_rotated_teller teller = { tell_unread, name };
	struct error failure = ERROR_INIT;
	struct follow_found copy;
	bool is_found = follow_rotated_find_copy(&copy, &search, file, &teller);

	tell(name, FOLLOW_TRUNCATED, 0);
	if (!is_found)
		tell(name, FOLLOW_NO_COPY, 0);
	unwatch(name, file);
	if (!add_anew(name, file, error)) {
		if (copy.fd >= 0)
			(void)close(copy.fd);
		free(copy.path);
		return false;
	}
	file->fault = FOLLOW_FAULT_NONE;
	if (copy.fd >= 0) {
		if (follow_file_go_on_in(file, copy.fd, copy.is_packed, copy.path, &failure))
			return true;
		tell_unread(name, &failure);
	}
	file->is_torn = true;
	follow_file_end(file);
	return true;
}

static void tell_fault(struct follow_name *name, const struct follow_file *file)
{
	struct error why = ERROR_INIT;

	(void)error_set_errno(
	    &why, file->errnum, "cannot read '%s'", file->title != NULL ? file->title : name->path);
	tell_unread(name, &why);
}

/* False when there is no memory. */
static bool deal_with_fault(struct follow_name *name, struct follow_file *file, struct error *error)
{
	switch (file->fault) {
	case FOLLOW_FAULT_NONE:
		return true;
	case FOLLOW_FAULT_CUT:
		if (file->next == NULL)
			return start_anew(name, file, error);
		break;
	case FOLLOW_FAULT_COMPRESSED:
		if (file->next == NULL)
			refuse(name, &file->identity, FOLLOW_COMPRESSED);
		break;
	case FOLLOW_FAULT_ERROR:
		if (file->next == NULL) {
			lose(name, file->errnum);
			return true; /* it may come back */
		}
		tell_fault(name, file);
		break;
	}
	follow_file_end(file);
	return true;
}

/* ---- passes ---- */

/* Sizes are taken from the newest file to the oldest: whoever wrote to the newest one has
 * written to the others before, and that is read before it. */
static void allow(struct follow_file *file, uint64_t most)
{
	if (file == NULL)
		return;
	allow(file->next, most);
	(void)follow_file_allow(file, most);
}

/* Whether whoever wrote to it has gone on to another file. */
static bool has_heir(const struct follow_file *file)
{
	for (file = file->next; file != NULL; file = file->next)
		if (file->limit > 0)
			return true;
	return false;
}

/* Old files that have nothing more are closed when they are deleted and their writer has gone
 * on, or when they are too many. */
static void end_old_files(struct follow_name *name)
{
	size_t count = 0;

	for (const struct follow_file *file = name->files; file != NULL; file = file->next)
		count++;
	for (struct follow_file *file = name->files; file != NULL && file->next != NULL;
	     file = file->next) {
		if (file->is_ended || file->fault != FOLLOW_FAULT_NONE ||
		    file->limit > file->position)
			continue;
		if (count > LATE_MAX + 1 || (has_heir(file) && follow_file_is_deleted(file))) {
			follow_file_end(file);
			count--;
		}
	}
}

bool follow_name_begin_pass(struct follow_name *name, struct error *error)
{
	if (name->has_way_news && !look_up(name, error))
		return false;
	name->has_data_news = name->is_pass_due = false;
	allow(name->files, name->shared->is_finishing ? UINT64_MAX : PASS_BYTES);
	end_old_files(name);
	name->turn = name->files;
	return true;
}

static void remove_file(struct follow_name *name, struct follow_file *file)
{
	take_out(name, file);
	unwatch(name, file);
	follow_file_free(file);
}

/* The file in turn has given all it may. */
static bool end_turn(struct follow_name *name, struct error *error)
{
	struct follow_file *file = name->turn;

	if (file->is_drained && !file->is_ended) {
		if (file->failure != NULL)
			tell_unread(name, file->failure);
		else if (file->is_damaged)
			tell(name, FOLLOW_MISSING, 0);
		file->is_torn = file->is_damaged;
		follow_file_end(file);
		return true; /* it gives its end */
	}
	name->turn = file->next;
	if (file->fault != FOLLOW_FAULT_NONE) {
		name->turn = NULL;
		/* the one that has the name is waited for, the others are given up */
		name->has_data_news |= file->fault != FOLLOW_FAULT_ERROR || file->next != NULL;
		name->is_pass_due = file->fault == FOLLOW_FAULT_CUT;
		return deal_with_fault(name, file, error);
	}
	/* what came after it waits until all of it is read */
	if (file->is_capped) {
		name->turn = NULL;
		name->has_data_news = true;
	}
	return true;
}

enum follow_result follow_name_read(
    struct follow_name *name, struct follow_block *block, struct error *error)
{
	struct follow_file *file = name->turn;
	struct error failure = ERROR_INIT;

	switch (follow_file_next(file, &block->block, &failure)) {
	case BLOCK_READ:
		block->file = name->index;
		block->place = &file->place;
		block->is_torn = file->is_ended && file->is_torn;
		name->told_errnum = 0;
		return FOLLOW_READ;
	case BLOCK_END:
		name->turn = file->next;
		remove_file(name, file);
		return FOLLOW_NOTHING;
	case BLOCK_PARTIAL:
	case BLOCK_ERROR:
		if (file->is_idle || file->fault != FOLLOW_FAULT_NONE)
			return end_turn(name, error) ? FOLLOW_NOTHING : FOLLOW_FAILED;
		return FOLLOW_NOTHING;
	}
	return FOLLOW_NOTHING;
}

/* ---- all ---- */

bool follow_name_init(
    struct follow_name *name, const struct follow_shared *shared, size_t index, struct error *error)
{
	*name = (struct follow_name){ .shared = shared,
		.index = index,
		.path = shared->options->names[index],
		.began = now_of_stamps(),
		.has_data_news = true };
	/* what cannot be followed is said before anything is read */
	return look_up(name, error) &&
	       (name->files == NULL || deal_with_fault(name, name->files, error));
}

void follow_name_note_time(struct follow_name *name, int64_t time)
{
	if (name->gone_at == 0 || time < name->gone_at)
		return;
	name->gone_at = 0;
	name->is_told_absent = true;
	tell(name, FOLLOW_GONE, 0);
}

void follow_name_release(struct follow_name *name)
{
	for (struct follow_file *file = name->files, *next; file != NULL; file = next) {
		next = file->next;
		follow_file_free(file);
	}
	name->files = name->turn = NULL;
	free(name->target);
	name->target = NULL;
}
