/*
 * Owns the way from a file to the texts of the reports in it. A report is known by its braces:
 * it ends where the first one is closed. Must not know what is in it.
 */
#include "report/documents.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"

#define DOCUMENT_MAX ((size_t)256 << 20)
#define READ_SIZE ((size_t)64 << 10)

struct documents {
	int fd;
	const char *title;
	struct strbuf name;
	struct strbuf text; /* what was read and is not done */
	size_t start;       /* of what is not done */
	size_t looked_at;   /* bytes from there; in these so many braces are open */
	size_t depth;
	bool is_string; /* and a string is */
	size_t count;   /* of the reports so far */
	bool is_at_end; /* nothing more can be read */
};

struct documents *documents_open(const char *path, struct error *error)
{
	struct documents *documents = calloc(1, sizeof(*documents));
	bool is_input = strcmp(path, "-") == 0;
	struct stat status;

	if (documents == NULL) {
		(void)error_set_memory(error);
		return NULL;
	}
	strbuf_init(&documents->name);
	strbuf_init(&documents->text);
	documents->title = is_input ? "standard input" : path;
	documents->fd =
	    is_input ? STDIN_FILENO : file_open(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (documents->fd >= 0 &&
	    (file_stat(documents->fd, &status) != 0 || !S_ISDIR(status.st_mode)))
		return documents;
	if (documents->fd < 0)
		(void)error_set(
		    error, ERROR_REPORT, "cannot open report '%s': %s", path, strerror(errno));
	else
		(void)error_set(
		    error, ERROR_REPORT, "report '%s' is a directory", documents->title);
	documents_close(documents);
	return NULL;
}

void documents_close(struct documents *documents)
{
	if (documents == NULL)
		return;
	if (documents->fd > STDIN_FILENO)
		(void)close(documents->fd);
	strbuf_release(&documents->name);
	strbuf_release(&documents->text);
	free(documents);
}

const char *documents_name(const struct documents *documents)
{
	return documents->name.len > 0 ? documents->name.data : documents->title;
}

/* Reads on; what is done gives way. False on error, also where a report is too long. */
static bool read_more(struct documents *documents, struct error *error)
{
	struct strbuf *text = &documents->text;
	size_t left = text->len - documents->start;
	ssize_t count;

	if (left > DOCUMENT_MAX)
		return error_set(error, ERROR_REPORT, "report '%s' is larger than 256 MiB",
		    documents_name(documents));
	if (documents->start > 0) {
		memmove(text->data, text->data + documents->start, left);
		strbuf_cut(text, left);
		documents->start = 0;
	}
	if (!strbuf_grow(text, READ_SIZE))
		return error_set_memory(error);
	do
		count = read(documents->fd, text->data + text->len, READ_SIZE);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		return error_set(error, ERROR_REPORT, "cannot read report '%s': %s",
		    documents->title, strerror(errno));
	strbuf_cut(text, text->len + (size_t)count);
	documents->is_at_end = count == 0;
	return true;
}

/* Looks on for the end of the report that begins with a brace at `start`. Returns its length; 0: it
 * does not end here. What is no JSON ends somewhere, too. */
static size_t report_length(struct documents *documents)
{
	const char *text = documents->text.data + documents->start;
	size_t len = documents->text.len - documents->start, i = documents->looked_at;

	for (; i < len; i++) {
		char c = text[i];

		if (documents->is_string && c == '\\')
			i++;
		else if (c == '"')
			documents->is_string = !documents->is_string;
		else if (!documents->is_string && (c == '{' || c == '['))
			documents->depth++;
		else if (!documents->is_string && (c == '}' || c == ']') && --documents->depth == 0)
			return i + 1;
	}
	documents->looked_at = i; /* a byte that is escaped may be to come */
	return 0;
}

/* The text is ended by a NUL. */
static size_t blank_length(const char *text)
{
	return strspn(text, " \n\r\t");
}

/* A key and the tab behind it; 0: there is none, or it does not end here. */
static size_t key_length(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && text[i] != '\t' && text[i] != '\n' && text[i] != '{')
		i++;
	return i < len && text[i] == '\t' ? i + 1 : 0;
}

/* Passes over what stands before a report, and finds its end. 0: that is not there. A text that
 * does not begin with a brace is one by itself: somebody will say that it is none. */
static size_t find_report(struct documents *documents)
{
	const char *text = documents->text.data + documents->start;
	size_t left = documents->text.len - documents->start;
	size_t front = blank_length(text);

	if (documents->looked_at > 0)
		return report_length(documents);
	front += key_length(text + front, left - front);
	front += blank_length(text + front);
	if (front == left || text[front] != '{')
		return 0;
	documents->start += front;
	return report_length(documents);
}

/* Only blanks are left, behind a report. */
static bool is_over(const struct documents *documents)
{
	size_t left = documents->text.len - documents->start;

	return documents->count > 0 &&
	       blank_length(documents->text.data + documents->start) == left;
}

static bool set_name(struct documents *documents, struct error *error)
{
	strbuf_reset(&documents->name);
	if (++documents->count > 1)
		strbuf_add_format(
		    &documents->name, "%s, report %zu", documents->title, documents->count);
	return !documents->name.failed || error_set_memory(error);
}

enum documents_result documents_next(
    struct documents *documents, const char **text, size_t *len, struct error *error)
{
	documents->looked_at = documents->depth = 0;
	documents->is_string = false;
	while ((*len = find_report(documents)) == 0 && !documents->is_at_end)
		if (!read_more(documents, error))
			return DOCUMENTS_ERROR;
	if (*len == 0 && is_over(documents))
		return DOCUMENTS_END;
	if (!set_name(documents, error))
		return DOCUMENTS_ERROR;
	*text = documents->text.data + documents->start;
	if (*len == 0) /* torn, or none */
		*len = documents->text.len - documents->start;
	documents->start += *len;
	return DOCUMENTS_READ;
}
