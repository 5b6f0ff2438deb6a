/*
 * Owns who else may write where the database is, and whether we may. Must not know what is in
 * it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_parts.h"

/* Of a path without symbolic links in its folders; the caller's to free. */
static char *folder_of(const char *real)
{
	const char *slash = strrchr(real, '/');

	return slash == NULL ? strdup(".") : strndup(real, slash == real ? 1 : (size_t)(slash - real));
}

bool store_check_folder(const char *real, const char *shown, struct error *error)
{
	char *folder = folder_of(real);
	bool is_writable;

	if (folder == NULL)
		return error_set_memory(error);
	is_writable = faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0;
	if (!is_writable) {
		error_set_errno(error, errno,
		    "cannot write beside database '%s', as its journal must be", shown);
		error->kind = ERROR_STORE;
	}
	free(folder);
	return is_writable;
}

const char *store_find_exposure(const char *real)
{
	char *folder = folder_of(real);
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
