/*
 * Owns the search for files that had a name. Must not know what is read from them.
 *
 * The file that had the name last is looked for among the rotated files: by its identity, else by
 * the bytes that were read of it. Each other file of the set is then judged by is_after: by its
 * form of name, by when it was made and by the order of names. What speaks against a gapless row of
 * files takes away `is_whole`.
 */
#include "input/follow_rotated.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "input/decoder.h"

static bool is_of(const struct rotated_file *file, const struct follow_file *followed)
{
	return file_identity_is_same(&file->state.identity, &followed->identity);
}

static bool is_known(const struct rotated_file *file, const struct follow_file *known)
{
	for (; known != NULL; known = known->next)
		if (is_of(file, known))
			return true;
	return false;
}

static void tell(const struct follow_rotated_teller *teller, const struct error *why)
{
	teller->tell(teller->context, why);
}

static bool set_unread(struct error *error, const char *path)
{
	return error_set_errno(error, errno, "cannot read '%s'", path);
}

/* Reaches file `i` and sees whether it is compressed. -1: it cannot be read. */
static int reach(struct rotated *rotated, size_t i, bool *is_packed, struct error *error)
{
	char head[DECODER_MAGIC_MAX];
	int fd = rotated_reach(rotated, i, error);
	ssize_t count = fd < 0 ? -1 : file_read_at(fd, head, sizeof(head), 0);
	bool is_open;

	if (fd >= 0 && count < 0)
		(void)set_unread(error, rotated->files[i].path);
	*is_packed = count > 0 && decoder_detect(head, (size_t)count, &is_open) != NULL;
	return count < 0 ? -1 : fd;
}

/* A descriptor of the caller's own, at 0. */
static int take(struct rotated *rotated, size_t i, struct error *error)
{
	int reached = rotated_reach(rotated, i, error);
	int fd = reached < 0 ? -1 : fcntl(reached, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	if (reached >= 0 && (fd < 0 || file_seek(fd, 0, SEEK_SET) < 0)) {
		(void)set_unread(error, rotated->files[i].path);
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	return fd;
}

static bool take_found(
    struct follow_found *found, struct rotated *rotated, size_t i, struct error *error)
{
	found->path = strdup(rotated->files[i].path);
	if (found->path == NULL)
		return error_set_memory(error);
	found->fd = take(rotated, i, error);
	if (found->fd < 0) {
		free(found->path);
		found->path = NULL;
	}
	return found->fd >= 0;
}

/* Whether it can have been written since the followed one was opened: an older file that begins
 * alike is no copy. */
static bool is_young(const struct rotated_file *file, const struct follow_file *followed)
{
	return file->state.identity.birth >= followed->opened ||
	       file->state.mtime >= followed->opened;
}

/* Whether file `i` holds all that was read of the followed one; `*has_more`: and more. One that
 * cannot be read is told of. */
static bool is_copy(struct rotated *rotated, size_t i, const struct follow_file *followed,
    bool *has_more, const struct follow_rotated_teller *teller)
{
	const char *path = rotated->files[i].path;
	struct error error = ERROR_INIT;
	bool is_packed;
	int fd = reach(rotated, i, &is_packed, &error);
	int held = -1;

	*has_more = rotated->files[i].state.size > followed->position;
	if (fd >= 0 && is_packed)
		held = follow_file_is_packed_copy(followed, fd, path, has_more, &error);
	else if (fd >= 0 && (held = follow_file_is_copy(followed, fd)) < 0)
		(void)set_unread(&error, path);
	if (held < 0)
		tell(teller, &error);
	return held > 0;
}

/* ---- what came after the last one ---- */

struct seeking {
	struct rotated rotated;
	const struct follow_rotated_teller *teller;
	const struct follow_file *known, *last;
	int64_t since;
	int64_t last_write;  /* to the last one, nanoseconds since 1970 */
	size_t at;           /* the last one; rotated.count: it is not found */
	bool counts_up;      /* the youngest has the highest number, unlike api.log.1 */
	size_t unread_count; /* after it, that cannot be read */
	bool is_blind;       /* what was asked of the last one is not known */
};

static void find_last(struct seeking *seeking)
{
	struct rotated *rotated = &seeking->rotated;
	struct stat status;
	bool ignored;

	if (file_stat(seeking->last->fd, &status) == 0)
		seeking->last_write =
		    (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
	else
		seeking->is_blind = true;
	for (seeking->at = 0; seeking->at < rotated->count; seeking->at++)
		if (is_of(&rotated->files[seeking->at], seeking->last))
			return;
	for (seeking->at = 0; seeking->at < rotated->count; seeking->at++)
		if (!rotated->files[seeking->at].is_live &&
		    is_young(&rotated->files[seeking->at], seeking->last) &&
		    is_copy(rotated, seeking->at, seeking->last, &ignored, seeking->teller))
			return;
}

static bool is_found(const struct seeking *seeking)
{
	return seeking->at < seeking->rotated.count;
}

/* Of the same rotation as the last one. */
static bool is_of_form(const struct seeking *seeking, size_t i)
{
	const struct rotated_file *files = seeking->rotated.files;

	return i != seeking->at && !files[i].is_live &&
	       files[i].name.form == files[seeking->at].name.form;
}

/* Whether it was begun after the last one, though it has an older name; a copy of what that was
 * before is no younger in what it holds. */
static bool is_younger_than_named(const struct seeking *seeking, size_t i)
{
	const struct rotated_file *files = seeking->rotated.files;
	int64_t birth = seeking->last->identity.birth;

	return !seeking->is_blind && i < seeking->at && birth != 0 &&
	       files[i].state.identity.birth > birth && files[i].state.mtime >= seeking->last_write;
}

/* Whether times of birth contradict the order of names: some count up without a date. */
static bool is_reversed(const struct seeking *seeking)
{
	const struct rotated *rotated = &seeking->rotated;

	for (size_t i = 0; i < rotated->count; i++)
		if (is_of_form(seeking, i) && rotated_name_packing(rotated->files[i].path) == 0 &&
		    is_younger_than_named(seeking, i))
			return true;
	return false;
}

/* Whether it had the name after the last one. */
static bool is_after(const struct seeking *seeking, size_t i, bool is_packed)
{
	const struct rotated_file *file = &seeking->rotated.files[i];

	if (file->is_live || is_known(file, seeking->known) || file->twin != ROTATED_NO_TWIN)
		return false;
	/* without the last one nothing but its age tells; a number inside may be another log's */
	if (!is_found(seeking))
		return !is_packed && file->name.form != ROTATED_FORM_NUMBER_INSIDE &&
		       seeking->since != 0 && file->state.identity.birth > seeking->since;
	if (!is_of_form(seeking, i) || file->state.mtime < seeking->since)
		return false;
	if (!is_packed && file->state.identity.birth != 0 && seeking->since != 0)
		return i < seeking->at ? is_younger_than_named(seeking, i)
		                       : file->state.identity.birth > seeking->since;
	return seeking->counts_up ? i < seeking->at : i > seeking->at;
}

/* Whether it may have been, though it is taken for older: its name does not tell, nor its age,
 * since who compresses it may make that anew. */
static bool may_be_after(const struct seeking *seeking, size_t i, bool is_packed)
{
	const struct rotated_file *file = &seeking->rotated.files[i];

	return is_packed && is_found(seeking) && is_of_form(seeking, i) &&
	       file->twin == ROTATED_NO_TWIN && !is_known(file, seeking->known) &&
	       rotated_name_compare(&file->name, &seeking->rotated.files[seeking->at].name) == 0 &&
	       file->state.mtime >= seeking->last_write;
}

/* Whether the numbers from the last one's down to the log itself are all there. */
static bool is_chain(const struct seeking *seeking, size_t count)
{
	const struct rotated_name *name = &seeking->rotated.files[seeking->at].name;

	if (name->form != ROTATED_FORM_NUMBER_BEHIND && name->form != ROTATED_FORM_NUMBER_INSIDE)
		return true;
	/* of numbers[0], which is one more: counting begins with 0 or 1 */
	return seeking->counts_up || name->numbers[0] == count + 1 || name->numbers[0] == count + 2;
}

static void turn_round(struct follow_rotated *chosen)
{
	for (size_t i = 0; i < chosen->count / 2; i++) {
		struct follow_found found = chosen->files[i];

		chosen->files[i] = chosen->files[chosen->count - 1 - i];
		chosen->files[chosen->count - 1 - i] = found;
	}
}

static void tell_unread(struct seeking *seeking, const struct error *why)
{
	seeking->unread_count++;
	tell(seeking->teller, why);
}

static void choose(struct follow_rotated *chosen, struct seeking *seeking)
{
	struct rotated *rotated = &seeking->rotated;

	for (size_t i = 0; i < rotated->count; i++) {
		struct error error = ERROR_INIT;
		struct follow_found found = { .fd = -1 };
		bool is_reached = reach(rotated, i, &found.is_packed, &error) >= 0;

		if (!is_after(seeking, i, found.is_packed)) {
			chosen->is_whole &= !may_be_after(seeking, i, found.is_packed);
			continue;
		}
		if (chosen->count == FOLLOW_ROTATED_MAX)
			chosen->is_whole = false;
		else if (is_reached && take_found(&found, rotated, i, &error))
			chosen->files[chosen->count++] = found;
		else
			tell_unread(seeking, &error);
	}
	if (seeking->counts_up)
		turn_round(chosen);
}

static void renew_live(struct seeking *seeking, int *live)
{
	struct rotated *rotated = &seeking->rotated;
	struct error ignored = ERROR_INIT; /* it is looked at again */
	int fd;

	for (size_t i = 0; i < rotated->count; i++)
		if (rotated->files[i].is_live && !is_known(&rotated->files[i], seeking->known) &&
		    (fd = take(rotated, i, &ignored)) >= 0) {
			(void)close(*live);
			*live = fd;
		}
}

/* What could not even be opened. */
static void tell_failures(const struct seeking *seeking)
{
	const struct rotated *rotated = &seeking->rotated;

	for (size_t i = 0; i < rotated->failure_count; i++) {
		const struct rotated_failure *failure = &rotated->failures[i];
		struct error error = ERROR_INIT;

		(void)error_set(&error, ERROR_SYSTEM, "cannot read '%s': %s", failure->path,
		    rotated_failure_text(failure));
		tell(seeking->teller, &error);
	}
}

void follow_rotated_find(struct follow_rotated *chosen, const struct rotated_search *search,
    const struct follow_file *known, int64_t since, int *live,
    const struct follow_rotated_teller *teller)
{
	struct seeking seeking = {
		.teller = teller, .known = known, .last = known, .since = since
	};
	struct error ignored = ERROR_INIT;

	chosen->count = 0;
	chosen->is_whole = false;
	if (!rotated_find(&seeking.rotated, search, &ignored))
		return;
	while (seeking.last != NULL && seeking.last->next != NULL)
		seeking.last = seeking.last->next;
	seeking.at = seeking.rotated.count;
	if (seeking.last != NULL)
		find_last(&seeking);
	seeking.counts_up = is_found(&seeking) && is_reversed(&seeking);
	chosen->is_whole = is_found(&seeking) && !seeking.is_blind;
	tell_failures(&seeking);
	choose(chosen, &seeking);
	chosen->is_whole =
	    chosen->is_whole && is_chain(&seeking, chosen->count + seeking.unread_count);
	renew_live(&seeking, live);
	rotated_release(&seeking.rotated);
}

/* ---- copies ---- */

bool follow_rotated_find_copy(struct follow_found *found, const struct rotated_search *search,
    const struct follow_file *followed, const struct follow_rotated_teller *teller)
{
	struct error error = ERROR_INIT;
	struct rotated rotated;
	bool has_more = false;
	size_t i;

	*found = (struct follow_found){ .fd = -1 };
	if (!rotated_find(&rotated, search, &error))
		return false;
	for (i = rotated.count; i-- > 0;)
		if (!rotated.files[i].is_live && is_young(&rotated.files[i], followed) &&
		    !is_known(&rotated.files[i], followed) &&
		    is_copy(&rotated, i, followed, &has_more, teller))
			break;
	if (i < rotated.count && has_more &&
	    (reach(&rotated, i, &found->is_packed, &error) < 0 ||
	        !take_found(found, &rotated, i, &error)))
		tell(teller, &error);
	rotated_release(&rotated);
	return i != SIZE_MAX && (!has_more || found->fd >= 0);
}
