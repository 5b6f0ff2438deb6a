/*
 * Owns the reading of a catalog's file: what may be read and how much. Must not
 * know what the bytes mean.
 */
#include "catalog/catalog_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/catalog_reader.h"

enum { SIZE_MOST = 256 << 20 };

/* Whether the open file may be a catalog; `*size` is what it says it holds. */
static bool check_file(int fd, const char *shown, size_t *size, struct error *error)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return error_set(
		    error, ERROR_USAGE, "cannot read catalog '%s': %s", shown, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return error_set(error, ERROR_USAGE, "catalog '%s' is a directory", shown);
	if (!S_ISREG(status.st_mode))
		return error_set(error, ERROR_USAGE, "catalog '%s' is not a regular file", shown);
	if (status.st_size > SIZE_MOST)
		return error_set(error, ERROR_USAGE, "catalog '%s' is larger than 256 MiB", shown);
	*size = (size_t)status.st_size;
	return true;
}

/* Reads to the end, whatever the size was a moment ago; a file in /proc says 0. */
static char *read_all(int fd, const char *shown, size_t size, size_t *len, struct error *error)
{
	size_t capacity = size + 4096, used = 0;
	char *text = malloc(capacity);
	ssize_t n = 1;

	while (text != NULL && n > 0 && used <= SIZE_MOST) {
		if (capacity - used < 2) {
			char *larger = realloc(text, capacity *= 2);

			if (larger == NULL)
				free(text);
			text = larger;
			continue;
		}
		n = read(fd, text + used, capacity - used - 1);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			used += (size_t)n;
	}
	*len = used;
	if (text == NULL)
		(void)error_set_memory(error);
	else if (n < 0)
		(void)error_set(
		    error, ERROR_USAGE, "cannot read catalog '%s': %s", shown, strerror(errno));
	else if (used > SIZE_MOST)
		(void)error_set(error, ERROR_USAGE, "catalog '%s' is larger than 256 MiB", shown);
	else
		return text;
	free(text);
	return NULL;
}

char *catalog_file_read(const char *path, size_t *len, struct error *error)
{
	const char *shown = catalog_shown_name(path);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	char *text = NULL;
	size_t size = 0;

	if (fd < 0) {
		(void)error_set(
		    error, ERROR_USAGE, "cannot open catalog '%s': %s", shown, strerror(errno));
		return NULL;
	}
	if (check_file(fd, shown, &size, error))
		text = read_all(fd, shown, size, len, error);
	(void)close(fd);
	return text;
}
