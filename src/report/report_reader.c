/*
 * Owns the way from a report's file to a summary: which schema it has, and when it is read. Must
 * not know its members.
 */
#include "report/report_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "report/member_read.h"
#include "report/report_check.h"

#define FILE_MAX ((size_t)256 << 20)

static bool read_document(struct report_reader *reader, const struct json_place *root)
{
	const char *schema = member_peek(root, "schema");

	if (schema == NULL)
		return member_fault(reader, root,
		    "is no report of jgannotate: it does not hold \"schema\": \"" REPORT_SCHEMA
		    "\"");
	if (strcmp(schema, REPORT_SCHEMA) != 0)
		return member_fault(reader, root,
		    "is of the schema '%.100s'; this version reads " REPORT_SCHEMA, schema);
	/* reports of before do not tell of offsets */
	reader->summary->zones.state = STAMP_ZONES_UNLIKE;
	if (summary_history_new(reader->summary, true) == NULL)
		return error_set_memory(reader->error);
	return member_read(reader, root, &report_shape) && report_check_begin(reader) &&
	       member_check(reader, root, &report_shape) && report_check_end(reader);
}

struct summary *report_parse(const char *name, const char *text, size_t len,
    const struct report_lookup *lookup, struct error *error)
{
	static const struct report_lookup nothing = { NULL, NULL };
	struct summary *summary = summary_new();
	struct report_reader reader = {
		.summary = summary, .lookup = lookup != NULL ? lookup : &nothing, .error = error
	};
	struct json_place root;
	bool right;

	if (summary != NULL)
		reader.file = arena_text(&summary->arena, name, strlen(name));
	if (reader.file == NULL) {
		summary_free(summary);
		(void)error_set_memory(error);
		return NULL;
	}
	right = member_parse(&reader, text, len, &root);
	if (right) {
		right = read_document(&reader, &root);
		member_release(&root);
	}
	if (right)
		return summary;
	summary_free(summary);
	return NULL;
}

static bool read_all(int fd, const char *name, struct strbuf *text, struct error *error)
{
	struct stat status;

	if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
		return error_set(error, ERROR_USAGE, "report '%s' is a directory", name);
	if (file_read_all(fd, FILE_MAX, text))
		return true;
	if (errno == ENOMEM)
		return error_set_memory(error);
	if (errno == EFBIG)
		return error_set(error, ERROR_USAGE, "report '%s' is larger than 256 MiB", name);
	return error_set(error, ERROR_USAGE, "cannot read report '%s': %s", name, strerror(errno));
}

struct summary *report_read(
    const char *path, const struct report_lookup *lookup, struct error *error)
{
	bool is_input = strcmp(path, "-") == 0;
	const char *name = is_input ? "standard input" : path;
	int fd = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct strbuf text = STRBUF_INIT;
	struct summary *summary = NULL;

	if (fd < 0) {
		(void)error_set(
		    error, ERROR_USAGE, "cannot open report '%s': %s", name, strerror(errno));
		return NULL;
	}
	if (read_all(fd, name, &text, error))
		summary = report_parse(name, text.data, text.len, lookup, error);
	strbuf_release(&text);
	if (!is_input)
		(void)close(fd);
	return summary;
}
