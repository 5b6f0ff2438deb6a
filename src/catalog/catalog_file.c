/*
 * Owns the reading of a catalog's file: what may be read and how much. Must not
 * know what the bytes mean.
 */
#include "catalog/catalog_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "catalog/catalog_reader.h"

enum { SIZE_MOST = 256 << 20 };

/* Whether the open file may be a catalog. */
static bool check_file(int fd, const char *shown, struct error *error)
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
	return true;
}

/* Whatever the size was a moment ago; a file in /proc says 0. */
static bool read_all(int fd, const char *shown, struct strbuf *text, struct error *error)
{
	if (file_read_all(fd, SIZE_MOST, text))
		return true;
	if (errno == ENOMEM)
		return error_set_memory(error);
	if (errno == EFBIG)
		return error_set(error, ERROR_USAGE, "catalog '%s' is larger than 256 MiB", shown);
	return error_set(
	    error, ERROR_USAGE, "cannot read catalog '%s': %s", shown, strerror(errno));
}

char *catalog_file_read(const char *path, size_t *len, struct error *error)
{
	const char *shown = catalog_shown_name(path);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct strbuf text = STRBUF_INIT;
	bool is_read;

	if (fd < 0) {
		(void)error_set(
		    error, ERROR_USAGE, "cannot open catalog '%s': %s", shown, strerror(errno));
		return NULL;
	}
	is_read = check_file(fd, shown, error) && read_all(fd, shown, &text, error);
	(void)close(fd);
	*len = text.len;
	if (!is_read)
		strbuf_release(&text);
	return is_read ? text.data : NULL;
}
