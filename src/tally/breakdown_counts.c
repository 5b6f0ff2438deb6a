/*
 * Owns the way of a breakdown's counts out to where they are kept, and back. Must not know
 * where that is.
 */
#include <stdlib.h>

#include "tally/breakdown_parts.h"

bool breakdown_visit(const struct breakdown *breakdown,
    bool (*take)(void *context, const struct count *count, struct error *error), void *context,
    struct error *error)
{
	const struct part_group **groups =
	    calloc(PART_GROUP_FIRST + breakdown->group_count, sizeof(*groups));
	bool taken = true;

	if (groups == NULL)
		return error_set_memory(error);
	for (const struct part_group *group = breakdown->groups; group != NULL;
	     group = group->hh.next)
		groups[group->number] = group;
	for (const struct part_cell *cell = breakdown->cells; taken && cell != NULL;
	     cell = cell->hh.next) {
		const struct part_group *group = groups[cell->key.group];
		struct count count = { .time = cell->key.bucket,
			.code = cell->key.code,
			.counts_as = (enum hit_class)cell->key.hit_class,
			.reason = cell->key.reason,
			.group_kind = cell->key.group == PART_GROUP_NONE ? GROUP_NONE : GROUP_OTHER,
			.count = cell->count };

		if (group != NULL) {
			count.group_kind = GROUP_VALUE;
			count.group = group->name;
			count.group_length = group->length;
		}
		taken = take(context, &count, error);
	}
	free(groups);
	return taken;
}

bool breakdown_restore(struct breakdown *breakdown, const struct count *count,
    const struct catalog_entry *entry, struct error *error)
{
	struct part_key key = { .bucket = breakdown_bucket(breakdown, count->time),
		.group = count->group_kind == GROUP_NONE ? PART_GROUP_NONE : PART_GROUP_OTHER,
		.code = count->code,
		.hit_class = (uint32_t)count->counts_as,
		.reason = count->reason };

	if (breakdown->by == NULL)
		key.group = PART_GROUP_NONE;
	else if (count->group_kind == GROUP_VALUE &&
	    !breakdown_reach_group(
		breakdown, count->group, count->group_length, &key.group, error))
		return false;
	return breakdown_add_count(breakdown, &key, entry, count->count, error);
}
