/*
 * Owns the process: descriptors, locale, options, and the last check that
 * everything written has arrived.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/strbuf.h"
#include "cli/delivery.h"
#include "cli/mode.h"
#include "cli/options.h"

/* A descriptor that was closed at start must not be given to the first file that is
 * opened. What takes its place fails when used, as the closed one would have. */
static void fill_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static int act(const struct options *options)
{
	struct strbuf text = STRBUF_INIT;
	struct error error = ERROR_INIT;

	if (options->action == ACTION_HELP)
		options_help(&text);
	else if (options->action == ACTION_VERSION)
		strbuf_add_text(&text, "jgannotate " JGANNOTATE_VERSION "\n");
	else
		return mode_run(options);
	if (!delivery_print(&text, &error))
		message_error(&error);
	strbuf_release(&text);
	return error.kind == ERROR_NONE ? EXIT_DONE : delivery_error_status(&error);
}

int main(int argc, char **argv)
{
	struct options options;
	struct error error = ERROR_INIT;
	int status;

	fill_descriptors();
	(void)setlocale(LC_CTYPE, "");
	(void)setlocale(LC_MESSAGES, "");
	if (options_parse(&options, argc, argv, &error))
		status = act(&options);
	else
		status = delivery_refuse(&options, &error);
	options_release(&options);
	/* some file systems tell only now that there was no room */
	if (close(STDOUT_FILENO) != 0 && errno != EBADF) {
		message_print("cannot write to standard output: %s", strerror(errno));
		status = status == EXIT_DONE ? EXIT_TROUBLE : status;
	}
	return status;
}
