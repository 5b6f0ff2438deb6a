/* A file is replaced as a whole, or stands as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <sys/stat.h>

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
	static char path[4][128];
	static unsigned next;
	char *made = path[next++ % 4];

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

static void pipes_are_written_to(void **state)
{
	const char *path = in_folder("fifo");
	struct error error = ERROR_INIT;
	struct stat status;
	char found[8];
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_true(replace_file(path, "abc", 3, &error));
	assert_int_equal(read(fd, found, sizeof(found)), 3);
	assert_int_equal(stat(path, &status), 0);
	assert_true(S_ISFIFO(status.st_mode));
	(void)close(fd);
	assert_int_equal(unlink(path), 0);
	assert_true(replace_file("/dev/null", "abc", 3, &error));
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
		cmocka_unit_test(pipes_are_written_to),
		cmocka_unit_test(failures_are_named),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
