/*
 * Owns the wording of a failure. Must not know who reports it, or how the
 * process ends.
 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
{
	va_list args;

	error->kind = kind;
	error->hint[0] = '\0';
	va_start(args, format);
	(void)vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return false;
}

bool error_set_errno(struct error *error, int errnum, const char *format, ...)
{
	va_list args;
	size_t used;

	error->kind = ERROR_SYSTEM;
	error->hint[0] = '\0';
	va_start(args, format);
	(void)vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	used = strlen(error->text);
	(void)snprintf(error->text + used, sizeof(error->text) - used, ": %s", strerror(errnum));
	return false;
}

bool error_hint(struct error *error, const char *format, ...)
{
	va_list args;
	size_t used;

	va_start(args, format);
	(void)vsnprintf(error->hint, sizeof(error->hint) - 1, format, args);
	va_end(args);
	used = strlen(error->hint);
	error->hint[used] = '\n';
	error->hint[used + 1] = '\0';
	return false;
}

bool error_set_memory(struct error *error)
{
	return error_set(error, ERROR_SYSTEM, "out of memory");
}
