/* A log and its rotated files: where they are looked for, and that they are of one moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/rotated.h"

/* A folder of its own for each test, which it works in. */
struct room {
	char path[PATH_MAX];
	int before;
};

static struct room room;

static int enter_room(void **state)
{
	char path[] = "/tmp/jgannotate-test-XXXXXX";

	(void)state;
	room.before = open(".", O_PATH | O_DIRECTORY);
	if (mkdtemp(path) == NULL || realpath(path, room.path) == NULL) /* /tmp may be a link */
		return -1;
	return chdir(room.path);
}

static int leave_room(void **state)
{
	char command[2 * PATH_MAX + 64];

	(void)state;
	if (seteuid(getuid()) != 0)
		return -1;
	(void)snprintf(
	    command, sizeof(command), "chmod -R u+rwx %s; rm -rf %s", room.path, room.path);
	if (fchdir(room.before) != 0)
		return -1;
	(void)close(room.before);
	return system(command);
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (file == NULL)
		fail_msg("%s: %s", path, strerror(errno));
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* All of these, each holding its own path, of one age, so that it does not tell their order;
 * those that end in a slash are folders. */
static void put_all(const char *const *paths, size_t count)
{
	static const struct timespec age[2] = { { 1700000000, 0 }, { 1700000000, 0 } };

	for (size_t i = 0; i < count; i++) {
		char path[256];

		(void)strcpy(path, paths[i]);
		for (char *slash = strchr(path, '/'); slash != NULL;
		     slash = strchr(slash + 1, '/')) {
			*slash = '\0';
			(void)mkdir(path, 0700);
			*slash = '/';
		}
		if (path[strlen(path) - 1] == '/')
			continue;
		put(path, path);
		assert_int_equal(utimensat(AT_FDCWD, path, age, 0), 0);
	}
}

#define PUT(...) \
	put_all((const char *const[]){ __VA_ARGS__ }, \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

static void find(struct rotated *rotated, const char *path)
{
	struct rotated_search search = { .path = path };
	struct error error = ERROR_INIT;

	if (!rotated_find(rotated, &search, &error))
		fail_msg("%s", error.text);
}

/* The paths, in order, separated by blanks. */
static void expect(const struct rotated *rotated, const char *paths)
{
	char found[4096] = "";

	for (size_t i = 0; i < rotated->count; i++) {
		(void)strcat(found, i == 0 ? "" : " ");
		(void)strcat(found, rotated->files[i].path);
	}
	assert_string_equal(found, paths);
}

static void expect_content(const struct rotated_file *file, const char *text)
{
	char content[256] = "";

	assert_true(pread(file->fd, content, sizeof(content) - 1, 0) >= 0);
	assert_string_equal(content, text);
}

static void refuse(const struct rotated_search *search, enum error_kind kind, const char *part)
{
	struct error error = ERROR_INIT;
	struct rotated rotated;

	assert_false(rotated_find(&rotated, search, &error));
	assert_int_equal(error.kind, kind);
	if (strstr(error.text, part) == NULL)
		fail_msg("'%s' in '%s'", part, error.text);
	assert_null(rotated.files);
	assert_int_equal(rotated.count, 0);
}

static void it_finds_them_in_their_folders(void **state)
{
	struct rotated rotated;

	(void)state;
	PUT("l/api.log", "l/api.log.1", "l/api.log.2.gz", "l/api-2026-11-22.log", "l/api-error.log",
	    "l/api.log.bak", "l/api.log.3.tmp", "l/archive/api.log.4.xz", "l/archive/api.log",
	    "l/archive/archive/api.log.5", "l/archived/2026-11-20/api-2026-11-20.log",
	    "l/2026-11-21/api-2026-11-21.log.zst", "l/2026-11/api.log.20261119",
	    "l/202610/api.log.20261018", "l/20261001/api.log.7", "l/2026/09/api.log.8",
	    "l/2026/api.log.9", "l/2026/13/api.log.10", "l/09/api.log.11", "l/old/api.log.12",
	    "l/2026-11-21/2026-11/api.log.13", "l/archive/2025/12/api.log.14.gz",
	    "l/archive/2025/api.log.15", "l/sub/archive/api.log.16", "api.log.17",
	    "l/backup/2024/07/31/api.log.18", "l/2026/09/07/api.log.6", "l/2026/09/32/api.log.19",
	    "l/2026/13/07/api.log.20", "l/2026/09/07/08/api.log.21", "l/old/old/api.log.22");
	find(&rotated, "l/api.log");
	expect(&rotated,
	    "l/backup/2024/07/31/api.log.18 l/archive/2025/12/api.log.14.gz l/old/api.log.12 "
	    "l/2026/09/api.log.8 l/20261001/api.log.7 l/2026/09/07/api.log.6 "
	    "l/archive/api.log.4.xz l/api.log.2.gz l/api.log.1 l/202610/api.log.20261018 "
	    "l/2026-11/api.log.20261119 l/archived/2026-11-20/api-2026-11-20.log "
	    "l/2026-11-21/api-2026-11-21.log.zst l/api-2026-11-22.log l/api.log");
	for (size_t i = 0; i < rotated.count; i++) {
		assert_int_equal(rotated.files[i].is_live, i + 1 == rotated.count);
		expect_content(&rotated.files[i], rotated.files[i].path);
	}
	assert_int_equal(rotated.failure_count, 0);
	assert_string_equal(rotated.name, "api.log");
	assert_string_equal(rotated.directory + strlen(room.path), "/l");
	rotated_release(&rotated);
}

static void it_tells_what_the_system_says(void **state)
{
	struct timespec times[2] = { { 1000000000, 5 }, { 1700000000, 123456789 } };
	struct rotated rotated;
	struct stat status;

	(void)state;
	put("api.log", "12345");
	assert_int_equal(utimensat(AT_FDCWD, "api.log", times, 0), 0);
	assert_int_equal(stat("api.log", &status), 0);
	find(&rotated, "api.log");
	assert_int_equal(rotated.count, 1);
	assert_int_equal(rotated.files[0].state.identity.device, status.st_dev);
	assert_int_equal(rotated.files[0].state.identity.inode, status.st_ino);
	assert_int_equal(rotated.files[0].state.size, 5);
	assert_int_equal(rotated.files[0].state.mtime, 1700000000123456789);
	assert_int_equal(rotated.files[0].state.ctime,
	    (int64_t)status.st_ctim.tv_sec * 1000000000 + status.st_ctim.tv_nsec);
	assert_true(rotated.files[0].state.identity.birth >= 0);
	assert_int_equal(fcntl(rotated.files[0].fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(fcntl(rotated.files[0].fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	rotated_release(&rotated);
}

static void a_link_to_the_log_is_followed_once(void **state)
{
	struct rotated rotated;

	(void)state;
	PUT("d/api.log", "d/api.log.1", "l/current.1", "elsewhere/api.log.2", "r/real.log");
	assert_int_equal(symlink("../d/api.log", "l/current"), 0);
	find(&rotated, "l/current");
	expect(&rotated, "l/../d/api.log.1 l/current");
	assert_string_equal(rotated.name, "api.log");
	assert_string_equal(rotated.directory + strlen(room.path), "/d");
	rotated_release(&rotated);

	/* a second link is the log's own, as for a name that is one */
	assert_int_equal(rename("d/api.log", "r/api"), 0);
	assert_int_equal(symlink("../r/api", "d/api.log"), 0);
	find(&rotated, "l/current");
	expect(&rotated, "l/../d/api.log.1 l/current");
	expect_content(&rotated.files[1], "d/api.log");
	assert_string_equal(rotated.name, "api.log");
	rotated_release(&rotated);
}

/* What a writer to the log's folder links there is not read. */
static void links_beside_the_log_are_not_followed(void **state)
{
	struct rotated_search search = { .path = "l/api.log" };
	struct error error = ERROR_INIT;
	struct rotated rotated;

	(void)state;
	PUT("l/api.log", "secret", "far/api.log.3");
	assert_int_equal(symlink("../secret", "l/api.log.1"), 0);
	assert_int_equal(symlink("nowhere", "l/api.log.2"), 0);
	assert_int_equal(symlink("../far", "l/archive"), 0);
	assert_int_equal(symlink("../far", "l/2026-11-24"), 0);
	assert_int_equal(mkfifo("l/api.log.4", 0600), 0);
	assert_int_equal(mkdir("l/api.log.5", 0700), 0);
	assert_true(rotated_find(&rotated, &search, &error));
	expect(&rotated, "l/api.log");
	assert_int_equal(rotated.failure_count, 2);
	assert_int_equal(rotated.failures[0].errnum, ELOOP);
	assert_string_equal(rotated.failures[0].path, "l/api.log.2");
	assert_string_equal(rotated.failures[1].path, "l/api.log.1");
	rotated_release(&rotated);
}

static void a_file_of_two_names_is_there_once(void **state)
{
	struct rotated rotated;

	(void)state;
	PUT("api.log", "api.log.2");
	assert_int_equal(link("api.log", "api.log.1"), 0);
	assert_int_equal(link("api.log.2", "api.log.3"), 0);
	find(&rotated, "api.log");
	expect(&rotated, "api.log.3 api.log");
	assert_true(rotated.files[1].is_live);
	rotated_release(&rotated);
}

static void a_compressed_twin_is_marked(void **state)
{
	static const char *const twins[] = { "api.log.3", "api.log.3", "api.log.1" };
	struct rotated rotated;
	size_t count = 0;

	(void)state;
	PUT("api.log", "api.log.1", "api.log.1.gz", "api.log.2.xz", "api.log.2.zst", "api.log.3",
	    "api.log.3.zst", "api.log.3.xz", "archive/api.log.4.gz", "api.log.4");
	find(&rotated, "api.log");
	expect(&rotated,
	    "api.log.4 archive/api.log.4.gz api.log.3 api.log.3.xz api.log.3.zst api.log.2.xz "
	    "api.log.2.zst api.log.1 api.log.1.gz api.log");
	for (size_t i = 0; i < rotated.count; i++) {
		size_t twin = rotated.files[i].twin;

		if (twin == ROTATED_NO_TWIN)
			continue;
		assert_true(count < 3);
		assert_string_equal(rotated.files[twin].path, twins[count++]);
	}
	assert_int_equal(count, 3);
	rotated_release(&rotated);
}

static void globs_name_others(void **state)
{
	char absolute[PATH_MAX + 16];
	const char *const patterns[] = { "old/*.log", "api.log*", "2*/api.log", "../far/api[12]",
		absolute, "link/api.log.7", "*/hidden/../x", "none/*", "/nowhere/*", "" };
	struct rotated_search search = { .path = "l/api.log",
		.patterns = patterns,
		.pattern_count = sizeof(patterns) / sizeof(patterns[0]) };
	struct error error = ERROR_INIT;
	struct rotated rotated;

	(void)state;
	PUT("l/api.log", "l/api.log.1", "l/api.log.save", "l/old/x.log", "l/old/.x.log",
	    "l/old/y.txt", "l/2024/api.log", "far/api1", "far/api3", "abs/one/a.gz", "abs/two/b.gz",
	    "abs/.three/c.gz", "far/api.log.7");
	assert_int_equal(symlink("../far", "l/link"), 0);
	assert_int_equal(symlink("one", "abs/four"), 0);
	(void)snprintf(absolute, sizeof(absolute), "%s/abs/*/*.gz", room.path);
	if (!rotated_find(&rotated, &search, &error))
		fail_msg("%s", error.text);
	assert_int_equal(rotated.failure_count, 0);
	assert_int_equal(rotated.count, 9);
	for (size_t i = 0; i < 2; i++) { /* "ROOM/l/..." as "l/..." */
		char *path = rotated.files[2 + i].path;

		assert_memory_equal(path, room.path, strlen(room.path));
		memmove(path, path + strlen(room.path) + 1, strlen(path + strlen(room.path)));
	}
	expect(&rotated,
	    "l/link/api.log.7 l/api.log.1 abs/one/a.gz abs/two/b.gz l/../far/api1 l/2024/api.log "
	    "l/api.log.save l/old/x.log l/api.log");
	rotated_release(&rotated);
}

static void the_log_may_be_missing_but_not_everything(void **state)
{
	struct rotated_search search = { .path = "api.log" };
	struct rotated rotated;

	(void)state;
	refuse(&search, ERROR_SYSTEM, "cannot open 'api.log': No such file");
	search.path = "nowhere/api.log";
	refuse(&search, ERROR_SYSTEM, "cannot open 'nowhere/api.log': No such file");
	PUT("api.log.1");
	find(&rotated, "api.log");
	expect(&rotated, "api.log.1");
	assert_false(rotated.files[0].is_live);
	rotated_release(&rotated);
	assert_int_equal(symlink("api.log", "now"), 0);
	find(&rotated, "now");
	expect(&rotated, "api.log.1");
	rotated_release(&rotated);
}

static void only_a_file_can_be_known_again(void **state)
{
	struct rotated_search search = { .path = "l" };

	(void)state;
	PUT("l/");
	refuse(&search, ERROR_USAGE, "'l' is a directory");
	search.path = "l/";
	refuse(&search, ERROR_USAGE, "'l/' is a directory");
	search.path = "pipe";
	assert_int_equal(mkfifo("pipe", 0600), 0);
	refuse(&search, ERROR_USAGE, "'pipe' is not a regular file");
	search.path = "/dev/null";
	refuse(&search, ERROR_USAGE, "'/dev/null' is not a regular file");
}

static void what_cannot_be_read_is_named(void **state)
{
	struct rotated rotated;

	(void)state;
	if (geteuid() == 0) { /* who may read everything */
		assert_int_equal(chown(".", 65534, (gid_t)-1), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	PUT("api.log", "api.log.1", "api.log.2", "archive/api.log.3", "archives/api.log.4");
	assert_int_equal(chmod("api.log.1", 0), 0);
	assert_int_equal(chmod("archive", 0), 0);
	find(&rotated, "api.log");
	expect(&rotated, "archives/api.log.4 api.log.2 api.log");
	assert_int_equal(rotated.failure_count, 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(rotated.failures[i].errnum, EACCES);
	rotated_release(&rotated);
	assert_int_equal(chmod("api.log", 0), 0);
	assert_int_equal(chmod("api.log.2", 0), 0);
	assert_int_equal(chmod("archives", 0), 0);
	find(&rotated, "api.log");
	expect(&rotated, "");
	assert_int_equal(rotated.failure_count, 5);
	rotated_release(&rotated);
	/* a folder that can be passed but not listed */
	assert_int_equal(chmod("api.log", 0600), 0);
	assert_int_equal(chmod(".", 0300), 0);
	find(&rotated, "api.log");
	expect(&rotated, "api.log");
	assert_int_equal(rotated.failure_count, 1);
	assert_int_equal(rotated.failures[0].errnum, EACCES);
	assert_string_equal(rotated.failures[0].path, ".");
	rotated_release(&rotated);
}

/* Who may write to the folder may give a name of the log to any file. */
static void files_of_others_with_other_names_are_not_read(void **state)
{
	struct rotated rotated;

	(void)state;
	if (geteuid() != 0)
		skip(); /* who can give files away */
	PUT("api.log", "api.log.1", "api.log.2", "api.log.3", "secret");
	assert_int_equal(chown("api.log.1", 65534, (gid_t)-1), 0); /* its only name */
	assert_int_equal(chown("secret", 65534, (gid_t)-1), 0);
	assert_int_equal(link("secret", "api.log.4"), 0);
	assert_int_equal(link("api.log.2", "a backup"), 0); /* of the same owner */
	find(&rotated, "api.log");
	expect(&rotated, "api.log.3 api.log.2 api.log.1 api.log");
	assert_int_equal(rotated.failure_count, 1);
	assert_string_equal(rotated.failures[0].path, "api.log.4");
	assert_non_null(strstr(rotated_failure_text(&rotated.failures[0]), "another owner"));
	rotated_release(&rotated);
	/* without the log its folder's owner is its own */
	assert_int_equal(unlink("api.log"), 0);
	find(&rotated, "api.log");
	expect(&rotated, "api.log.3 api.log.2 api.log.1");
	assert_int_equal(rotated.failure_count, 1);
	rotated_release(&rotated);
	/* the other way round */
	PUT("api.log");
	assert_int_equal(chown("api.log", 65534, (gid_t)-1), 0);
	find(&rotated, "api.log");
	expect(&rotated, "api.log.4 api.log.3 api.log.1 api.log");
	assert_string_equal(rotated.failures[0].path, "api.log.2");
	rotated_release(&rotated);
}

/* ---- two looks ---- */

struct rotation {
	unsigned looks, until; /* it happens between the looks of the first `until` tries */
	void (*rotate)(unsigned look);
};

static void rotate(void *context)
{
	struct rotation *rotation = context;

	if (rotation->looks++ < rotation->until)
		rotation->rotate(rotation->looks);
}

static void rename_all(unsigned look)
{
	(void)look;
	(void)rename("api.log.2", "api.log.3");
	(void)rename("api.log.1", "api.log.2");
	(void)rename("api.log", "api.log.1");
	put("api.log", "new");
}

static void replace_by_another(unsigned look)
{
	(void)look;
	put("other", "other");
	assert_int_equal(rename("other", "api.log.1"), 0);
}

static void add_one(unsigned look)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "archive/api.log.%u", look);
	put(name, name);
}

static void remove_one(unsigned look)
{
	(void)look;
	assert_int_equal(unlink("api.log.1"), 0);
}

static void remove_log(unsigned look)
{
	(void)look;
	assert_int_equal(rename("api.log", "api.log.1"), 0);
}

static void write_more(unsigned look)
{
	(void)look;
	put("api.log", "it has grown since it was looked at");
}

/* Else a file slips through from one name to another (17). */
static void a_rotation_between_the_looks_is_seen(void **state)
{
	static const struct {
		void (*rotate)(unsigned look);
		unsigned looks;
		const char *paths;
	} cases[] = {
		{ rename_all, 2, "api.log.2 api.log.1 api.log" },
		{ replace_by_another, 2, "api.log.1 api.log" },
		{ add_one, 2, "api.log.1 archive/api.log.1 api.log" },
		{ remove_one, 2, "api.log" },
		{ remove_log, 2, "api.log.1" },
		{ write_more, 1, "api.log.1 api.log" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rotation rotation = { 0, 1, cases[i].rotate };
		struct rotated_search search = {
			.path = "api.log", .between = rotate, .context = &rotation
		};
		struct error error = ERROR_INIT;
		struct rotated rotated;

		PUT("archive/", "api.log", "api.log.1");
		assert_true(rotated_find(&rotated, &search, &error));
		assert_int_equal(rotation.looks, cases[i].looks);
		expect(&rotated, cases[i].paths);
		for (size_t j = 0; j < rotated.count; j++) {
			struct stat status;

			assert_int_equal(stat(rotated.files[j].path, &status), 0);
			assert_int_equal(status.st_ino, rotated.files[j].state.identity.inode);
			assert_int_equal(fstat(rotated.files[j].fd, &status), 0);
			assert_int_equal(status.st_ino, rotated.files[j].state.identity.inode);
		}
		rotated_release(&rotated);
		assert_int_equal(system("rm -rf api.log* archive"), 0);
	}
}

static void it_gives_up_in_the_end(void **state)
{
	struct rotation rotation = { 0, 100, add_one };
	struct rotated_search search = {
		.path = "api.log", .between = rotate, .context = &rotation
	};
	struct error error = ERROR_INIT;
	struct rotated rotated;
	int next = dup(0);

	(void)state;
	(void)close(next);
	PUT("archive/", "api.log");
	refuse(&search, ERROR_STORE, "'api.log'");
	assert_int_equal(rotation.looks, ROTATED_TRIES);
	/* every descriptor of the tries was closed */
	assert_int_equal(dup(0), next);
	(void)close(next);
	rotation = (struct rotation){ 0, ROTATED_TRIES - 1, replace_by_another };
	assert_true(rotated_find(&rotated, &search, &error));
	assert_int_equal(rotation.looks, ROTATED_TRIES);
	rotated_release(&rotated);
	assert_int_equal(dup(0), next);
	(void)close(next);
}

static void more_files_are_allowed_where_needed(void **state)
{
	struct rlimit before, limit;
	struct rotated_search search = { .path = "api.log" };
	struct error error = ERROR_INIT;
	struct rotated rotated;
	bool is_still = false;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "api.log.%u", i);
		put(name, name);
	}
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit = (struct rlimit){ 40, 200 };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	find(&rotated, "api.log");
	assert_int_equal(rotated.count, 100);
	rotated_release(&rotated);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(limit.rlim_cur, 200);
	limit = (struct rlimit){ 40, 40 };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	/* no more than a few can be open: each in its turn */
	assert_true(rotated_find(&rotated, &search, &error));
	assert_true(rotated.is_in_turn);
	assert_int_equal(rotated.count, 100);
	for (size_t i = 0; i < rotated.count; i++) {
		char content[32] = "";
		int fd = rotated_reach(&rotated, i, &error);

		assert_true(fd >= 0 && fd < 40);
		assert_true(pread(fd, content, sizeof(content) - 1, 0) > 0);
		assert_string_equal(content, rotated.files[i].path);
		assert_int_equal(rotated_reach(&rotated, i, &error), fd);
	}
	assert_true(rotated_is_still(&rotated, &is_still, &error) && is_still);
	/* what was renamed meanwhile is not taken for what it was */
	assert_int_equal(rename("api.log.7", "api.log.100"), 0);
	assert_true(rotated_is_still(&rotated, &is_still, &error) && !is_still);
	assert_int_equal(rename("api.log.8", "api.log.7"), 0);
	for (size_t i = 0; i < rotated.count; i++)
		if (strcmp(rotated.files[i].path, "api.log.7") == 0)
			assert_int_equal(rotated_reach(&rotated, i, &error), -1);
	assert_int_equal(error.kind, ERROR_STORE);
	assert_true(rotated.is_lost);
	assert_true(rotated_is_still(&rotated, &is_still, &error) && !is_still);
	rotated_release(&rotated);
	limit.rlim_max = before.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_room, leave_room)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_finds_them_in_their_folders), TEST(it_tells_what_the_system_says),
		TEST(a_link_to_the_log_is_followed_once),
		TEST(links_beside_the_log_are_not_followed),
		TEST(a_file_of_two_names_is_there_once), TEST(a_compressed_twin_is_marked),
		TEST(files_of_others_with_other_names_are_not_read), TEST(globs_name_others),
		TEST(the_log_may_be_missing_but_not_everything),
		TEST(only_a_file_can_be_known_again), TEST(what_cannot_be_read_is_named),
		TEST(a_rotation_between_the_looks_is_seen), TEST(it_gives_up_in_the_end),
		TEST(more_files_are_allowed_where_needed), /* the last: it lowers a limit */
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
