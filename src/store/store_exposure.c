/*
 * Owns who else may change the database. Must not know what is in it.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_parts.h"

const char *store_find_exposure(const char *real)
{
	const char *slash = strrchr(real, '/');
	char *folder = strndup(real, slash == real ? 1 : (size_t)(slash - real));
	const char *exposure = NULL;
	struct stat file;
	struct stat around;

	if (folder != NULL && lstat(real, &file) == 0 && stat(folder, &around) == 0) {
		if ((file.st_mode & S_IWOTH) != 0)
			exposure = "anybody may write to it: chmod o-w";
		else if (geteuid() == 0 && file.st_uid != 0)
			exposure = "it belongs to another user, who may change the counts";
		else if ((around.st_mode & S_IWOTH) != 0)
			exposure = "anybody may write to its folder, where a forged journal would "
			           "change it: choose another";
	}
	free(folder);
	return exposure;
}
