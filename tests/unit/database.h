#ifndef JGANNOTATE_TESTS_DATABASE_H
#define JGANNOTATE_TESTS_DATABASE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A database of its own for each test: the setup and teardown of a test over `file`, which is in
 * `folder` and not there yet.
 */
static char folder[64];
static char file[96];

static inline int enter(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test_store.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return 1;
	(void)snprintf(file, sizeof(file), "%s/a.db", folder);
	return 0;
}

static inline int leave(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command); /* NOLINT(cert-env33-c): a name of our own */
}

#endif
