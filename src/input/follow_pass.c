/*
 * Owns the reading of the files of a name in passes, and what is done when one of them is not what
 * it was. Must not know which file has the name, or when there is news.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "input/follow_name.h"

/* Read of a file before the names are looked at again: what is rotated meanwhile may be deleted. */
#define PASS_BYTES (64u * 1024 * 1024)
/* Old files that are kept open for late lines. */
#define LATE_MAX 3

/* ---- faults ---- */

/* The same file once more, to be read from its start. */
static bool add_anew(struct follow_name *name, const struct follow_part *part, struct error *error)
{
	int fd = fcntl(part->fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	struct follow_part *fresh;

	if (fd < 0)
		return error_set_errno(error, errno, "cannot follow '%s'", name->path);
	fresh = follow_part_new(fd, name->shared->options->read_size, error);
	if (fresh != NULL) {
		fresh->identity = part->identity;
		follow_name_append(name, fresh);
	}
	return fresh != NULL;
}

/* It was cut: what was not read of its old self may be in a copy; its new self is another file. */
static bool start_anew(struct follow_name *name, struct follow_part *part, struct error *error)
{
	struct rotated_search search = follow_name_search(name);
	struct follow_past_teller teller = follow_name_teller(name);
	struct error failure = ERROR_INIT;
	struct follow_found copy;
	bool is_found = follow_past_find_copy(&copy, &search, part, &teller);

	follow_name_tell(name, FOLLOW_TRUNCATED, 0);
	if (!is_found)
		follow_name_tell(name, FOLLOW_NO_COPY, 0);
	follow_name_leave(name, part);
	if (!add_anew(name, part, error)) {
		if (copy.fd >= 0)
			(void)close(copy.fd);
		free(copy.path);
		return false;
	}
	part->fault = FOLLOW_FAULT_NONE;
	if (copy.fd >= 0) {
		if (follow_part_go_on_in(part, copy.fd, copy.is_packed, copy.path, &failure))
			return true;
		follow_name_tell_unread(name, &failure);
	}
	part->is_torn = true;
	follow_part_end(part);
	return true;
}

static void tell_fault(const struct follow_name *name, const struct follow_part *part)
{
	struct error why = ERROR_INIT;

	(void)error_set_errno(
	    &why, part->errnum, "cannot read '%s'", part->title != NULL ? part->title : name->path);
	follow_name_tell_unread(name, &why);
}

bool follow_name_deal(struct follow_name *name, struct follow_part *part, struct error *error)
{
	switch (part->fault) {
	case FOLLOW_FAULT_NONE:
		return true;
	case FOLLOW_FAULT_CUT:
		if (part->next == NULL)
			return start_anew(name, part, error);
		break;
	case FOLLOW_FAULT_COMPRESSED:
		if (part->next == NULL)
			follow_name_refuse(name, &part->identity, FOLLOW_COMPRESSED);
		break;
	case FOLLOW_FAULT_ERROR:
		if (part->next == NULL) {
			follow_name_lose(name, part->errnum);
			return true; /* it may come back */
		}
		tell_fault(name, part);
		break;
	}
	follow_part_end(part);
	return true;
}

/* ---- passes ---- */

/* Sizes are taken from the newest file to the oldest: whoever wrote to the newest one has
 * written to the others before, and that is read before it. */
static void allow(struct follow_part *part, uint64_t most)
{
	if (part == NULL)
		return;
	allow(part->next, most);
	(void)follow_part_allow(part, most);
}

/* Whether whoever wrote to it has gone on to another file. */
static bool has_heir(const struct follow_part *part)
{
	for (part = part->next; part != NULL; part = part->next)
		if (part->limit > 0)
			return true;
	return false;
}

/* Old files that have nothing more are closed when they are deleted and their writer has gone
 * on, or when they are too many. */
static void end_old_parts(struct follow_name *name)
{
	size_t count = 0;

	for (const struct follow_part *part = name->parts; part != NULL; part = part->next)
		count++;
	for (struct follow_part *part = name->parts; part != NULL && part->next != NULL;
	     part = part->next) {
		if (part->is_ended || part->fault != FOLLOW_FAULT_NONE ||
		    part->limit > part->position)
			continue;
		if (count > LATE_MAX + 1 || (has_heir(part) && follow_part_is_deleted(part))) {
			follow_part_end(part);
			count--;
		}
	}
}

bool follow_name_begin_pass(struct follow_name *name, struct error *error)
{
	if (name->has_way_news && !follow_name_look(name, error))
		return false;
	name->has_data_news = name->is_pass_due = false;
	allow(name->parts, name->shared->is_finishing ? UINT64_MAX : PASS_BYTES);
	end_old_parts(name);
	name->turn = name->parts;
	return true;
}

static void remove_part(struct follow_name *name, struct follow_part *part)
{
	follow_name_unlink(name, part);
	follow_name_leave(name, part);
	follow_part_free(part);
}

/* The part in turn has given all it may. */
static bool end_turn(struct follow_name *name, struct error *error)
{
	struct follow_part *part = name->turn;

	if (part->is_drained && !part->is_ended) {
		if (part->failure != NULL)
			follow_name_tell_unread(name, part->failure);
		else if (part->is_damaged)
			follow_name_tell(name, FOLLOW_MISSING, 0);
		part->is_torn = part->is_damaged;
		follow_part_end(part);
		return true; /* it gives its end */
	}
	name->turn = part->next;
	if (part->fault != FOLLOW_FAULT_NONE) {
		name->turn = NULL;
		/* the one that has the name is waited for, the others are given up */
		name->has_data_news |= part->fault != FOLLOW_FAULT_ERROR || part->next != NULL;
		name->is_pass_due = part->fault == FOLLOW_FAULT_CUT;
		return follow_name_deal(name, part, error);
	}
	/* what came after it waits until all of it is read */
	if (part->is_capped) {
		name->turn = NULL;
		name->has_data_news = true;
	}
	return true;
}

enum follow_result follow_name_read(
    struct follow_name *name, struct follow_block *block, struct error *error)
{
	struct follow_part *part = name->turn;
	struct error failure = ERROR_INIT;

	switch (follow_part_next(part, &block->block, &failure)) {
	case BLOCK_READ:
		block->file = name->index;
		block->place = &part->place;
		block->is_torn = part->is_ended && part->is_torn;
		name->told_errnum = 0;
		return FOLLOW_READ;
	case BLOCK_END:
		name->turn = part->next;
		remove_part(name, part);
		return FOLLOW_NOTHING;
	case BLOCK_PARTIAL:
	case BLOCK_ERROR:
		if (part->is_idle || part->fault != FOLLOW_FAULT_NONE)
			return end_turn(name, error) ? FOLLOW_NOTHING : FOLLOW_FAILED;
		return FOLLOW_NOTHING;
	}
	return FOLLOW_NOTHING;
}
