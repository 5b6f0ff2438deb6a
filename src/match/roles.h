#ifndef JGANNOTATE_MATCH_ROLES_H
#define JGANNOTATE_MATCH_ROLES_H

#include <stdint.h>

/*
 * What a member beside a code is by its name, in any case: a message, a logger's own member, the
 * field of a mark. One table, in which a name is looked up once. A value, only read after it was
 * made.
 */
enum role_kind {
	ROLE_MESSAGE = 1 << 0, /* what the code means, in words: `content`, `msg`, `errorMessage` */
	ROLE_RECORD = 1 << 1,  /* what a logger writes beside its own message: `level`, `ts` */
	ROLE_OWN = 1 << 2,     /* what a logger's own message may be called: `msg`, `message` */
	ROLE_CONTENT = 1 << 3, /* `content`, as JiGuang calls it */
	ROLE_COMPANY =
	    1 << 4, /* what stands beside a one-time password: a phone number, its life */
};

#define ROLES_MAX 96
#define ROLE_CHAINS 128

struct role {
	const char *name;
	uint32_t length;
	uint32_t kinds;
	uint64_t marks; /* those that ask for a member of this name beside the hit, a bit each */
	const struct role *next; /* of its chain */
};

struct roles {
	struct role roles[ROLES_MAX];
	uint32_t count;
	const struct role *chains[ROLE_CHAINS]; /* names that look alike: by length and ends */
};

/* `roles` must not move afterwards. */
void roles_init(struct roles *roles);

/* What a member called [name, name + length) is, of which only the part behind the last dot counts;
 * NULL: nothing. Thread safe. */
const struct role *roles_find(const struct roles *roles, const char *name, uint32_t length);

#endif
