/*
 * Owns the names that mean something beside a code. Must not know what follows from them.
 */
#include "match/roles.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "catalog/mark.h"

static const struct {
	const char *name;
	uint32_t kinds;
} names[] = {
	{ "content", ROLE_MESSAGE | ROLE_CONTENT },
	{ "message", ROLE_MESSAGE | ROLE_OWN },
	{ "msg", ROLE_MESSAGE | ROLE_OWN },
	{ "errmsg", ROLE_MESSAGE },
	{ "err_msg", ROLE_MESSAGE },
	{ "error_msg", ROLE_MESSAGE },
	{ "errorMsg", ROLE_MESSAGE },
	{ "error_message", ROLE_MESSAGE },
	{ "errorMessage", ROLE_MESSAGE },
	{ "desc", ROLE_MESSAGE },
	{ "description", ROLE_MESSAGE },
	{ "error", ROLE_MESSAGE },
	{ "retMsg", ROLE_MESSAGE },
	{ "ret_msg", ROLE_MESSAGE },
	{ "resultMsg", ROLE_MESSAGE },
	{ "respMsg", ROLE_MESSAGE },
	{ "rspMsg", ROLE_MESSAGE },
	{ "returnMsg", ROLE_MESSAGE },
	{ "bizMsg", ROLE_MESSAGE },
	{ "reason", ROLE_MESSAGE },
	{ "level", ROLE_RECORD },
	{ "ts", ROLE_RECORD },
	{ "time", ROLE_RECORD },
	{ "timestamp", ROLE_RECORD },
	{ "@timestamp", ROLE_RECORD },
	{ "lvl", ROLE_RECORD },
	{ "severity", ROLE_RECORD },
	{ "levelname", ROLE_RECORD },
	{ "loglevel", ROLE_RECORD },
	{ "log_level", ROLE_RECORD },
	{ "asctime", ROLE_RECORD },
	{ "datetime", ROLE_RECORD },
	{ "@t", ROLE_RECORD },
	{ "@l", ROLE_RECORD },
	{ "t", ROLE_RECORD },
	{ "l", ROLE_RECORD },
	{ "mobile", ROLE_COMPANY },
	{ "mobiles", ROLE_COMPANY },
	{ "phone", ROLE_COMPANY },
	{ "phoneNumber", ROLE_COMPANY },
	{ "phone_number", ROLE_COMPANY },
	{ "phoneNo", ROLE_COMPANY },
	{ "tel", ROLE_COMPANY },
	{ "ttl", ROLE_COMPANY },
};

static uint32_t chain_of(const char *name, uint32_t length)
{
	const uint32_t first = (unsigned char)name[0] & 31;
	const uint32_t last = (unsigned char)name[length - 1] & 31;

	return (first * 9 + last * 5 + length * 19) % ROLE_CHAINS;
}

static struct role *reach(struct roles *roles, const char *name)
{
	const uint32_t length = (uint32_t)strlen(name);
	const uint32_t chain = chain_of(name, length);
	const struct role *known = roles_find(roles, name, length);
	struct role *role;

	if (known != NULL)
		return &roles->roles[known - roles->roles];
	assert(roles->count < ROLES_MAX);
	role = &roles->roles[roles->count++];
	*role = (struct role){ name, length, 0, 0, roles->chains[chain] };
	roles->chains[chain] = role;
	return role;
}

void roles_init(struct roles *roles)
{
	memset(roles, 0, sizeof(*roles));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		reach(roles, names[i].name)->kinds |= names[i].kinds;
	for (size_t i = 0; i < mark_count(); i++)
		if (mark_at(i)->field != NULL)
			reach(roles, mark_at(i)->field)->marks |= UINT64_C(1) << i;
}

const struct role *roles_find(const struct roles *roles, const char *name, uint32_t length)
{
	const char *dot = memrchr(name, '.', length);
	const struct role *role;

	if (dot != NULL) {
		length -= (uint32_t)(dot + 1 - name);
		name = dot + 1;
	}
	if (length == 0)
		return NULL;
	for (role = roles->chains[chain_of(name, length)]; role != NULL; role = role->next)
		if (role->length == length && strncasecmp(role->name, name, length) == 0)
			return role;
	return NULL;
}
