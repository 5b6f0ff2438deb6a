/*
 * What happens when there is no memory (faults 85): the whole program is run in
 * scenarios, each again and again, with the first allocation failing, the
 * second, and so on until a run meets no failure; once, and for good. Libraries
 * get their memory here as well. JGANNOTATE_ALL=1 tries every allocation where
 * otherwise some are left out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define main jgannotate_main
int jgannotate_main(int argc, char **argv);
#include "../../src/cli/main.c"
#undef main

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* --- an allocator that fails --------------------------------------------------- */

#if SANITIZED
#define REAL(name) __interceptor_##name
#else
#define REAL(name) __libc_##name
#endif
void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t count, size_t size);
void *REAL(realloc)(void *memory, size_t size);

/* Shared with the children. */
struct plan {
	atomic_ulong allocations; /* so far */
	unsigned long failing;    /* which fails, from 1; 0: none */
	bool for_good;            /* and all behind it */
};

static struct plan *plan; /* NULL: nothing fails in this process */

static bool fails(void)
{
	unsigned long number;

	if (plan == NULL)
		return false;
	number = atomic_fetch_add(&plan->allocations, 1) + 1;
	if (plan->failing == 0 || number < plan->failing ||
	    (number > plan->failing && !plan->for_good))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : REAL(malloc)(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : REAL(calloc)(count, size);
}

void *realloc(void *memory, size_t size)
{
	return fails() ? NULL : REAL(realloc)(memory, size);
}

/* --- scenarios ----------------------------------------------------------------- */

enum { MAX_ARGUMENTS = 16 };

enum output {
	LINES_OUT, /* what comes is the beginning of what would have come, up to an LF */
	WHOLE_OUT, /* all or nothing */
};

struct scenario {
	const char *name;
	const char *arguments[MAX_ARGUMENTS];
	enum output output;
	int status;         /* without a failure */
	int failed;         /* with one: this or 1 */
	const char *before; /* a command of the shell before each run */
	unsigned long last; /* so many of the last allocations are all tried */
};

static const struct scenario scenarios[] = {
	{ "lines", { "log" }, LINES_OUT, 0, 1, NULL, 0 },
	{ "hits", { "-o", "json", "log" }, LINES_OUT, 0, 1, NULL, 0 },
	{ "text report", { "-s", "log" }, WHOLE_OUT, 0, 1, NULL, 0 },
	{ "chosen lines", { "--only", "error", "--add", "outcome,notes", "--color=always", "log" },
	    LINES_OUT, 0, 1, NULL, 0 },
	{ "lines, threads", { "-j2", "big" }, LINES_OUT, 0, 1, NULL, 0 },
	{ "text report, threads", { "-j2", "-s", "big" }, WHOLE_OUT, 0, 1, NULL, 0 },
	{ "compressed", { "-r", "json", "log.gz", "log.zst", "log.xz" }, WHOLE_OUT, 0, 1, NULL, 0 },
	{ "user catalog", { "-c", "catalog.tsv", "log" }, LINES_OUT, 0, 1, NULL, 0 },
	{ "patterns", { "-e", "code\\W+(?<code>\\d+)", "--where", "code", "-k", "+jgCode", "log" },
	    LINES_OUT, 0, 1, NULL, 0 },
	{ "buckets and groups",
	    { "-s", "--bucket", "1m", "--by", "path", "--since", "2020-01-01", "log" }, WHOLE_OUT,
	    0, 1, NULL, 0 },
	{ "report files",
	    { "-r", "r.json", "-r", "r.html", "-r", "r.md", "-r", "r.csv", "-r", "r.prom", "log" },
	    WHOLE_OUT, 0, 1, NULL, 0 },
	{ "merge", { "--merge", "-s", "one.json", "two.json" }, WHOLE_OUT, 0, 1, NULL, 0 },
	{ "baseline", { "-s", "--baseline", "one.json", "log" }, WHOLE_OUT, 0, 1, NULL, 0 },
	{ "thresholds", { "-w", "2%", "--critical", "account:1000", "log" }, WHOLE_OUT, 1, 3,
	    NULL, 0 },
	/* at the end it reads in one transaction, then writes in another */
	{ "database", { "--db", "state.db", "-s", "log" }, WHOLE_OUT, 0, 4, "cp old.db state.db",
	    400 },
	{ "explain", { "--explain", "9018", "token" }, WHOLE_OUT, 0, 1, NULL, 0 },
	{ "wrong option", { "--hlep" }, WHOLE_OUT, 2, 2, NULL, 0 },
};

#define SCENARIOS (sizeof(scenarios) / sizeof(scenarios[0]))

static struct plan *shared;
static char folder[] = "/tmp/jgannotate-memory-XXXXXX";

static void shell(const char *command)
{
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

static char *read_file(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY);
	struct stat status;
	char *text;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	text = calloc((size_t)status.st_size + 1, 1);
	assert_non_null(text);
	assert_int_equal(read(fd, text, (size_t)status.st_size), status.st_size);
	(void)close(fd);
	*length = (size_t)status.st_size;
	return text;
}

static size_t files_here(void)
{
	DIR *directory = opendir(".");
	size_t count = 0;

	assert_non_null(directory);
	while (readdir(directory) != NULL)
		count++;
	(void)closedir(directory);
	return count;
}

static void send_to(int fd, const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (file < 0 || dup2(file, fd) != fd)
		_exit(99);
	(void)close(file);
}

/* Runs the program; its status, or 1000 and the signal that ended it. */
static int run(const struct scenario *scenario, unsigned long failing, bool for_good)
{
	char *arguments[MAX_ARGUMENTS + 2] = { (char *)"jgannotate" };
	int count = 1, status;
	pid_t child;

	for (; scenario->arguments[count - 1] != NULL; count++)
		arguments[count] = (char *)scenario->arguments[count - 1];
	if (scenario->before != NULL)
		shell(scenario->before);
	atomic_store(&shared->allocations, 0);
	shared->failing = failing;
	shared->for_good = for_good;
	child = fork();
	if (child == 0) {
		send_to(STDOUT_FILENO, "out");
		send_to(STDERR_FILENO, "err");
		(void)alarm(60);
		plan = shared;
		status = jgannotate_main(count, arguments);
		plan = NULL; /* what looks for leaks needs memory */
		exit(status);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static bool is_output_so_far(const struct scenario *scenario, int status, bool names_it,
    const char *out, const char *expected, size_t length)
{
	if (length == 0 || strncmp(out, "JGANNOTATE UNKNOWN", 18) == 0)
		return true;
	/* a report over what could be read */
	if (scenario->output == WHOLE_OUT && status != scenario->status && names_it)
		return out[length - 1] == '\n';
	if (length > strlen(expected) || memcmp(out, expected, length) != 0)
		return false;
	if (scenario->output == WHOLE_OUT)
		return length == strlen(expected);
	return out[length - 1] == '\n';
}

/* What a run with a failure has left. */
static const char *complaint(const struct scenario *scenario, int status, const char *expected)
{
	size_t out_length, err_length;
	char *out = read_file("out", &out_length), *err = read_file("err", &err_length);
	bool is_done = status == scenario->status;
	bool is_complete = out_length == strlen(expected) && memcmp(out, expected, out_length) == 0;
	bool names_it = strstr(err, "memory") != NULL;
	const char *wrong = NULL;

	/* a sanitizer cannot start a thread without memory */
	if (strstr(err, "Sanitizer: CHECK failed: sanitizer") != NULL)
		wrong = NULL;
	else if (strstr(err, "Sanitizer") != NULL || strstr(err, "runtime error") != NULL)
		wrong = "is found fault with";
	else if (!is_done && status != scenario->failed && status != 1)
		wrong = "ends with another status";
	else if (!is_output_so_far(scenario, status, names_it, out, expected, out_length))
		wrong = "writes something else";
	else if (!is_complete && is_done && !names_it)
		wrong = "keeps silent";
	else if (!is_done && !names_it)
		wrong = "does not name memory";
	if (wrong != NULL)
		print_message("%.2000s\n", err);
	free(out);
	free(err);
	return wrong;
}

/* Every allocation, or those that tell most: the first ones and some of the others. */
static unsigned long next_of(
    const struct scenario *scenario, unsigned long failing, unsigned long allocations)
{
	const char *all = getenv("JGANNOTATE_ALL");
	unsigned long next = failing + 1 + failing / (SANITIZED ? 6 : 20);
	unsigned long last = SANITIZED || scenario->last > allocations ? 0 : scenario->last;

	if ((all != NULL && *all == '1') || failing + last >= allocations)
		return failing + 1;
	return next + last > allocations ? allocations - last : next;
}

static void test_scenario(const struct scenario *scenario)
{
	size_t length, files, wrong = 0;
	unsigned long allocations;
	char *expected;

	(void)run(scenario, 0, false);
	assert_int_equal(run(scenario, 0, false), scenario->status);
	allocations = atomic_load(&shared->allocations);
	expected = read_file("out", &length);
	files = files_here();
	for (int for_good = 0; for_good < 2; for_good++)
		for (unsigned long failing = 1; failing <= allocations;
		     failing = next_of(scenario, failing, allocations)) {
			int status = run(scenario, failing, for_good == 1);
			const char *what = complaint(scenario, status, expected);

			if (what == NULL && files_here() != files)
				what = "leaves other files";
			if (what != NULL) {
				print_message("%s: without allocation %lu of %lu%s it %s "
				              "(status %d)\n",
				    scenario->name, failing, allocations,
				    for_good ? " and all after it" : "", what, status);
				wrong++;
				if (wrong > 20)
					fail_msg("too much is wrong");
			}
		}
	free(expected);
	assert_int_equal(wrong, 0);
}

static void test(void **state)
{
	test_scenario(*state);
}

static int prepare(void **state)
{
	static const struct scenario preparations[] = {
		{ .arguments = { "-r", "one.json", "--label", "one", "log" } },
		{ .arguments = { "-r", "two.json", "--label", "two", "log" } },
		{ .arguments = { "--db", "old.db", "-r", "json", "log" },
		    .before = "mv log whole; head -n 100 whole >log" },
		{ .arguments = { "--version" }, .before = "mv whole log" },
	};
	static const char make_log[] =
	    "i=0; while [ $i -lt 200 ]; do i=$((i+1)); "
	    "echo \"2026-03-05T10:57:48 GET /a/$i code=$((9000 + i % 25)) x\"; "
	    "echo '{\"id\":1,\"code\":8000,\"content\":\"get phone success\",\"riskCheck\":"
	    "{\"code\":0,\"content\":\"success\"}}'; done >log;"
	    "i=0; while [ $i -lt 150 ]; do i=$((i+1)); cat log; done >big;"
	    "gzip -k log; zstd -q log; xz -k log;"
	    "printf '4711\\tone\\n4712\\ttwo\\tmine\\tauth\\tyes\\tnotes\\n' >catalog.tsv";

	(void)state;
	shared =
	    mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || mkdtemp(folder) == NULL || chdir(folder) != 0)
		return -1;
	/* without memory the locale is C: then also in the runs to compare with */
	if (setenv("LC_ALL", "C", 1) != 0)
		return -1;
	shell(make_log);
	for (size_t i = 0; i < sizeof(preparations) / sizeof(preparations[0]); i++)
		if (run(&preparations[i], 0, false) != 0)
			return -1;
	return 0;
}

static int clean(void **state)
{
	(void)state;
	if (chdir("/") != 0 || setenv("FOLDER", folder, 1) != 0)
		return -1;
	shell("rm -r \"$FOLDER\"");
	return 0;
}

int main(void)
{
	struct CMUnitTest tests[SCENARIOS];

	for (size_t i = 0; i < SCENARIOS; i++)
		tests[i] = (struct CMUnitTest){ .name = scenarios[i].name,
			.test_func = test,
			.initial_state = (void *)&scenarios[i] };
	return _cmocka_run_group_tests("memory", tests, SCENARIOS, prepare, clean);
}
