/* A file is replaced as a whole, or stands as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/replace.h"
#include "temporary.h"

static char folder[64];

static int make_folder(void **state)
{
	(void)state;
	(void)strcpy(folder, "/tmp/jgannotate-test-XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static const char *in_folder(const char *name)
{
	static char path[8][128];
	static unsigned next;
	char *made = path[next++ % 8];

	(void)snprintf(made, sizeof(path[0]), "%s/%s", folder, name);
	return made;
}

static void assert_content(const char *path, const char *expected, size_t length)
{
	char *found = malloc(length + 2);
	FILE *file = fopen(path, "r");

	assert_non_null(found);
	assert_non_null(file);
	assert_int_equal(fread(found, 1, length + 2, file), length);
	assert_memory_equal(found, expected, length);
	(void)fclose(file);
	free(found);
}

static size_t files_in_folder(void)
{
	DIR *directory = opendir(folder);
	size_t count = 0;

	assert_non_null(directory);
	while (readdir(directory) != NULL)
		count++;
	(void)closedir(directory);
	return count - 2;
}

static mode_t mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 0777;
}

static void makes_a_new_file(void **state)
{
	const char *path = in_folder("new");
	struct error error = ERROR_INIT;
	mode_t mask = umask(027);

	(void)state;
	assert_true(replace_file(path, "a\0b", 3, &error));
	assert_content(path, "a\0b", 3);
	assert_int_equal(mode_of(path), 0640);
	assert_int_equal(umask(mask), 027); /* it looked, and put it back */
	assert_int_equal(files_in_folder(), 1);
	assert_int_equal(unlink(path), 0);
	assert_true(replace_file(path, "", 0, &error));
	assert_content(path, "", 0);
	assert_int_equal(unlink(path), 0);
}

static void replaces_and_keeps_the_mode(void **state)
{
	const char *path = in_folder("old");
	struct error error = ERROR_INIT;
	struct stat before;
	struct stat after;
	FILE *open_before;
	char found[8] = "";

	(void)state;
	assert_true(replace_file(path, "old", 3, &error));
	assert_int_equal(chmod(path, 0606), 0);
	assert_int_equal(stat(path, &before), 0);
	open_before = fopen(path, "r");
	assert_true(replace_file(path, "newer", 5, &error));
	assert_content(path, "newer", 5);
	assert_int_equal(mode_of(path), 0606);
	/* whoever had it open still sees the old one */
	assert_int_equal(stat(path, &after), 0);
	assert_true(before.st_ino != after.st_ino);
	assert_int_equal(fread(found, 1, sizeof(found), open_before), 3);
	assert_memory_equal(found, "old", 3);
	(void)fclose(open_before);
	assert_int_equal(files_in_folder(), 1);
	assert_int_equal(unlink(path), 0);
}

static void a_link_stays_a_link(void **state)
{
	const char *path = in_folder("target");
	const char *link = in_folder("link");
	struct error error = ERROR_INIT;
	struct stat status;

	(void)state;
	assert_true(replace_file(path, "old", 3, &error));
	assert_int_equal(symlink("target", link), 0);
	assert_true(replace_file(link, "new", 3, &error));
	assert_int_equal(lstat(link, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_content(path, "new", 3);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(unlink(path), 0);
}

static void assert_refused(const char *path, const char *why)
{
	struct error error = ERROR_INIT;
	char expected[256];

	(void)snprintf(expected, sizeof(expected), "cannot write '%s': %s", path, why);
	assert_false(replace_file(path, "abc", 3, &error));
	assert_int_equal(error.kind, ERROR_SYSTEM);
	assert_string_equal(error.text, expected);
}

static void what_would_wait_is_refused(void **state)
{
	const char *fifo = in_folder("fifo");
	const char *link = in_folder("link");
	const char *path = in_folder("socket");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct stat status;

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_refused(fifo, "it is a FIFO; name a file, or a descriptor: /dev/fd/N");
	assert_int_equal(symlink("fifo", link), 0);
	assert_refused(link, "it is a FIFO; name a file, or a descriptor: /dev/fd/N");
	assert_int_equal(stat(fifo, &status), 0);
	assert_true(S_ISFIFO(status.st_mode));
	(void)strcpy(address.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_refused(path, "it is a socket; name a file, or a descriptor: /dev/fd/N");
	(void)close(fd);
	assert_int_equal(unlink(fifo), 0);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(files_in_folder(), 0);
}

/* A descriptor is written to, whatever is behind it, where it stands. */
static void descriptors_are_written_to(void **state)
{
	static const char *const forms[] = { "/dev/fd/", "/proc/self/fd/", "/../dev/./fd//" };
	const char *path = in_folder("file");
	struct error error = ERROR_INIT;
	char found[8] = "", name[64];
	int pair[2], fd;

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		assert_int_equal(pipe(pair), 0);
		(void)snprintf(name, sizeof(name), "%s%d", forms[i], pair[1]);
		assert_true(replace_file(name, "abc", 3, &error));
		assert_int_equal(read(pair[0], found, sizeof(found)), 3);
		assert_memory_equal(found, "abc", 3);
		(void)snprintf(name, sizeof(name), "%s%d", forms[i], pair[0]);
		assert_refused(name, "Bad file descriptor"); /* it is for reading */
		/* one of our own was given by nobody */
		assert_int_equal(fcntl(pair[1], F_SETFD, FD_CLOEXEC), 0);
		(void)snprintf(name, sizeof(name), "%s%d", forms[i], pair[1]);
		assert_refused(name, "Bad file descriptor");
		(void)close(pair[0]);
		(void)close(pair[1]);
		(void)snprintf(name, sizeof(name), "%s%d", forms[i], 1000);
		assert_refused(name, "No such file or directory");
	}
	assert_true(replace_file(path, "before ", 7, &error));
	fd = open(path, O_WRONLY | O_APPEND);
	(void)snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	assert_true(replace_file(name, "abc", 3, &error));
	assert_content(path, "before abc", 10);
	(void)close(fd);
	assert_int_equal(unlink(path), 0);
	assert_true(replace_file("/dev/null", "abc", 3, &error));
}

/* What `folder` (mode `mode`, of user `owner`) and the link in it (of user `linker`) say. */
struct link_row {
	uid_t owner, linker;
	mode_t mode;
	bool is_followed;
};

static void links_of_others_are_not_followed(void **state)
{
	enum { ME = 0, OTHER = 12345 };
	static const struct link_row rows[] = {
		{ ME, ME, 0755, true },
		{ ME, OTHER, 0755, true }, /* only the user could have put it there */
		{ ME, OTHER, 0775, false },
		{ ME, OTHER, 01777, false },
		{ ME, ME, 01777, true },
		{ OTHER, OTHER, 0755, false },
		{ OTHER, ME, 0755, true },
	};
	const char *target = in_folder("target");
	const char *inner = in_folder("inner");
	const char *link = in_folder("inner/link");
	const char *below = in_folder("inner/link/target");

	(void)state;
	if (geteuid() != 0)
		skip();
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		const struct link_row *row = &rows[i / 2];
		bool is_folder = i % 2 == 1; /* the link is on the way */
		struct error error = ERROR_INIT;
		const char *path = is_folder ? below : link;

		assert_true(replace_file(target, "old", 3, &error));
		assert_int_equal(mkdir(inner, 0700), 0);
		assert_int_equal(symlink(is_folder ? ".." : "../target", link), 0);
		assert_int_equal(lchown(link, row->linker, row->linker), 0);
		assert_int_equal(chown(inner, row->owner, row->owner), 0);
		assert_int_equal(chmod(inner, row->mode), 0);
		if (row->is_followed) {
			assert_true(replace_file(path, "new", 3, &error));
			assert_content(target, "new", 3);
		} else {
			assert_refused(path, "its part 'link' is a symbolic link of another user, "
			                     "and is not followed");
			assert_content(target, "old", 3);
		}
		assert_int_equal(unlink(link), 0);
		assert_int_equal(rmdir(inner), 0);
		assert_int_equal(unlink(target), 0);
		assert_int_equal(files_in_folder(), 0);
	}
}

static void another_users_file_opens_nothing(void **state)
{
	const char *path = in_folder("theirs");
	struct error error = ERROR_INIT;
	mode_t mask = umask(022);

	(void)state;
	if (geteuid() == 0) {
		assert_true(replace_file(path, "old", 3, &error));
		assert_int_equal(chown(path, 12345, 12345), 0);
		assert_int_equal(chmod(path, 0660), 0);
		assert_true(replace_file(path, "new", 3, &error));
		assert_int_equal(mode_of(path), 0640);
		assert_int_equal(unlink(path), 0);
	}
	(void)umask(mask);
}

static void links_in_a_ring_end(void **state)
{
	const char *one = in_folder("one");
	const char *two = in_folder("two");
	const char *into = in_folder("one/report");
	const char *under = in_folder("file/report");
	const char *file = in_folder("file");
	const char *slash = in_folder("file/");
	struct error error = ERROR_INIT;

	(void)state;
	assert_int_equal(symlink("two", one), 0);
	assert_int_equal(symlink("one", two), 0);
	assert_refused(one, "Too many levels of symbolic links");
	assert_refused(into, "Too many levels of symbolic links");
	assert_int_equal(unlink(two), 0);
	/* a link to nothing makes what it names */
	assert_true(replace_file(one, "abc", 3, &error));
	assert_content(two, "abc", 3);
	assert_int_equal(unlink(one), 0);
	assert_int_equal(unlink(two), 0);
	assert_true(replace_file(file, "abc", 3, &error));
	assert_refused(under, "Not a directory");
	assert_refused(slash, "Not a directory");
	assert_int_equal(unlink(file), 0);
	assert_refused("", "No such file or directory");
	assert_refused("/", "Is a directory");
}

static void failures_are_named(void **state)
{
	static const struct {
		const char *path;
		const char *message;
	} rows[] = { { "/dev/full", "cannot write '/dev/full': No space left on device" },
		{ "/nowhere/x", "cannot write '/nowhere/x': No such file or directory" },
		{ "/tmp", "cannot write '/tmp': Is a directory" },
		{ "/proc/x", "cannot write '/proc/x': " } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error = ERROR_INIT;

		assert_false(replace_file(rows[i].path, "abc", 3, &error));
		assert_int_equal(error.kind, ERROR_SYSTEM);
		assert_int_equal(strncmp(error.text, rows[i].message, strlen(rows[i].message)), 0);
	}
	assert_int_equal(files_in_folder(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_a_new_file),
		cmocka_unit_test(replaces_and_keeps_the_mode),
		cmocka_unit_test(a_link_stays_a_link),
		cmocka_unit_test(what_would_wait_is_refused),
		cmocka_unit_test(descriptors_are_written_to),
		cmocka_unit_test(links_of_others_are_not_followed),
		cmocka_unit_test(another_users_file_opens_nothing),
		cmocka_unit_test(links_in_a_ring_end),
		cmocka_unit_test(failures_are_named),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
