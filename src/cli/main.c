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
#include "cli/options.h"
#include "cli/run.h"

/* A descriptor that was closed at start must not be given to the first file that is
 * opened. What takes its place fails when used, as the closed one would have. */
static void fill_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static int print(const struct strbuf *text)
{
	for (size_t done = 0; done < text->len;) {
		ssize_t count = write(STDOUT_FILENO, text->data + done, text->len - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0) {
			message_print("cannot write to standard output: %s", strerror(errno));
			return EXIT_TROUBLE;
		}
		done += (size_t)count;
	}
	return EXIT_DONE;
}

static int act(const struct options *options)
{
	struct strbuf text = STRBUF_INIT;
	int status;

	if (options->action == ACTION_HELP)
		options_help(&text);
	else if (options->action == ACTION_VERSION)
		strbuf_add_text(&text, "jgannotate " JGANNOTATE_VERSION "\n");
	else
		return run_options(options);
	status = print(&text);
	strbuf_release(&text);
	return status;
}

/* A monitoring system reads one line of standard output, and a status of its own. */
static int refuse(const struct options *options, const struct error *error)
{
	run_complain(error);
	if (options_have_threshold(options))
		return run_refuse(error);
	return error->kind == ERROR_USAGE ? EXIT_USAGE : EXIT_TROUBLE;
}

int main(int argc, char **argv)
{
	struct options options;
	struct error error = ERROR_INIT;
	int status = EXIT_USAGE;

	fill_descriptors();
	(void)setlocale(LC_CTYPE, "");
	(void)setlocale(LC_MESSAGES, "");
	if (options_parse(&options, argc, argv, &error))
		status = act(&options);
	else
		status = refuse(&options, &error);
	options_release(&options);
	/* some file systems tell only now that there was no room */
	if (close(STDOUT_FILENO) != 0 && errno != EBADF) {
		message_print("cannot write to standard output: %s", strerror(errno));
		status = status == EXIT_DONE ? EXIT_TROUBLE : status;
	}
	return status;
}
