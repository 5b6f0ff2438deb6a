/*
 * A library to be put in front of a program (LD_PRELOAD), in which calls fail. What fails, how and
 * when is said by the environment:
 *
 *     FAULTS=CALLS:HOW:WHEN[:PATH]
 *         CALLS  names of the table below, with commas between; or `all`
 *         HOW    a name of the other table, EIO for instance; or `short`: fewer bytes than asked
 *                for, where the call counts bytes
 *         WHEN   N: the Nth of these calls, from 1; N+: it and all behind it
 *         PATH   only calls on files whose path fits this pattern, as of the shell
 *     FAULTS_LOG=FILE
 *         gets a line for each fault: call, how, path
 *
 * To add a call: one row in `calls`, and a function of its name that asks meet() first.
 *
 * Nothing in here may allocate: it may be an allocation that is to fail. For 64-bit Linux with
 * glibc.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(long) == 8 && sizeof(off_t) == 8, "for 64-bit systems only");

/* ---- the tables ---- */

enum call {
	CALL_OPEN,
	CALL_READ,
	CALL_PREAD,
	CALL_LSEEK,
	CALL_FSTAT,
	CALL_STAT,
	CALL_STATX,
	CALL_MALLOC,
	CALL_MMAP,
	CALL_THREAD,
	CALL_COUNT,
};

static const char *const calls[CALL_COUNT] = {
	[CALL_OPEN] = "open",     /* openat, too */
	[CALL_READ] = "read",
	[CALL_PREAD] = "pread",   /* preadv, too */
	[CALL_LSEEK] = "lseek",
	[CALL_FSTAT] = "fstat",
	[CALL_STAT] = "stat",     /* lstat and fstatat, too */
	[CALL_STATX] = "statx",
	[CALL_MALLOC] = "malloc", /* calloc, realloc and those that align, too */
	[CALL_MMAP] = "mmap",
	[CALL_THREAD] = "pthread_create",
};

#define SHORT (-1)

static const struct {
	const char *name;
	int how; /* an errno, or SHORT */
} hows[] = { { "short", SHORT }, { "EIO", EIO }, { "ESTALE", ESTALE }, { "EINTR", EINTR },
	{ "EAGAIN", EAGAIN }, { "EACCES", EACCES }, { "ENOMEM", ENOMEM }, { "ENOSPC", ENOSPC },
	{ "EDQUOT", EDQUOT }, { "EMFILE", EMFILE }, { "ENOENT", ENOENT }, { "EINVAL", EINVAL } };

/* ---- the plan ---- */

static struct {
	bool is_there;
	bool fails[CALL_COUNT];
	int how;
	const char *how_name;
	unsigned long first;
	bool for_good;
	const char *pattern; /* NULL: whatever the path */
	int log;             /* -1: none */
} plan = { .log = -1 };

static atomic_ulong seen; /* calls that the plan is about */

static void refuse(const char *what)
{
	(void)fprintf(stderr, "FAULTS: not understood: '%s'\n", what);
	_exit(99);
}

static void plan_calls(char *names)
{
	char *rest = NULL;

	for (char *name = strtok_r(names, ",", &rest); name != NULL;
	     name = strtok_r(NULL, ",", &rest)) {
		bool is_known = strcmp(name, "all") == 0;

		for (int i = 0; i < CALL_COUNT; i++)
			if (strcmp(name, "all") == 0 || strcmp(name, calls[i]) == 0)
				is_known = plan.fails[i] = true;
		if (!is_known)
			refuse(name);
	}
}

static void plan_how(const char *name)
{
	for (size_t i = 0; i < sizeof(hows) / sizeof(hows[0]); i++)
		if (strcmp(name, hows[i].name) == 0) {
			plan.how = hows[i].how;
			plan.how_name = hows[i].name;
		}
	if (plan.how == 0)
		refuse(name);
}

static void plan_when(const char *text)
{
	char *end;

	plan.first = strtoul(text, &end, 10);
	plan.for_good = *end == '+';
	if (plan.first == 0 || strcmp(end, plan.for_good ? "+" : "") != 0)
		refuse(text);
}

__attribute__((constructor)) static void make_plan(void)
{
	static char text[PATH_MAX];
	const char *asked = getenv("FAULTS");
	const char *log = getenv("FAULTS_LOG");
	char *parts[4] = { NULL };
	char *rest = text;

	if (asked == NULL || plan.is_there)
		return;
	if (strlen(asked) >= sizeof(text))
		refuse(asked);
	memcpy(text, asked, strlen(asked) + 1);
	for (size_t i = 0; i < 4 && rest != NULL; i++)
		parts[i] = strsep(&rest, i < 3 ? ":" : "");
	if (parts[2] == NULL)
		refuse(asked);
	plan_calls(parts[0]);
	plan_how(parts[1]);
	plan_when(parts[2]);
	plan.pattern = parts[3];
	if (log != NULL) /* out of the way: descriptors are counted by some tests */
		plan.log = fcntl((int)syscall(SYS_openat, AT_FDCWD, log,
		                     O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600),
		    F_DUPFD_CLOEXEC, 512);
	plan.is_there = true;
}

/* The path of a descriptor; "" where it has none. */
static void path_of(int fd, char path[PATH_MAX])
{
	char link[32] = "/proc/self/fd/";
	char digits[12];
	size_t count = 0;
	size_t at = strlen(link);
	long length;

	for (unsigned number = (unsigned)fd; count == 0 || number > 0; number /= 10)
		digits[count++] = (char)('0' + number % 10);
	while (count > 0)
		link[at++] = digits[--count];
	link[at] = '\0';
	length = fd < 0 ? -1 : syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
	path[length < 0 ? 0 : length] = '\0';
}

static void tell(enum call call, const char *path)
{
	struct iovec parts[] = { { (void *)(uintptr_t)calls[call], strlen(calls[call]) }, { " ", 1 },
		{ (void *)(uintptr_t)plan.how_name, strlen(plan.how_name) }, { " ", 1 },
		{ (void *)(uintptr_t)path, strlen(path) }, { "\n", 1 } };

	if (plan.log >= 0)
		(void)syscall(SYS_writev, plan.log, parts, 6);
}

/* Whether this call is to fail: 0, an errno (which is set), or SHORT. `path` NULL: that of `fd`. */
static int meet(enum call call, int fd, const char *path)
{
	char own[PATH_MAX];
	unsigned long number;

	if (!plan.is_there || !plan.fails[call])
		return 0;
	if (path == NULL || path[0] == '\0') {
		path_of(fd, own);
		path = own;
	}
	if (plan.pattern != NULL && fnmatch(plan.pattern, path, 0) != 0)
		return 0;
	number = atomic_fetch_add(&seen, 1) + 1;
	if (number < plan.first || (number > plan.first && !plan.for_good))
		return 0;
	tell(call, path);
	if (plan.how != SHORT)
		errno = plan.how;
	return plan.how;
}

/* Fewer bytes, but some. */
static size_t shorten(size_t size)
{
	return size > 1 ? (size + 1) / 2 : size;
}

#define REAL(name, type) \
	static type *real; \
	if (real == NULL) \
		real = (type *)(uintptr_t)dlsym(RTLD_NEXT, name)

/* ---- opening ---- */

typedef int openat_function(int folder, const char *path, int flags, ...);

static int open_any(int folder, const char *path, int flags, mode_t mode)
{
	REAL("openat", openat_function);
	return meet(CALL_OPEN, -1, path) > 0 ? -1 : real(folder, path, flags, mode);
}

static mode_t mode_of(int flags, va_list arguments)
{
	return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name) \
	int name(const char *path, int flags, ...) \
	{ \
		va_list arguments; \
		mode_t mode; \
		va_start(arguments, flags); \
		mode = mode_of(flags, arguments); \
		va_end(arguments); \
		return open_any(AT_FDCWD, path, flags, mode); \
	}
#define OPENAT(name) \
	int name(int folder, const char *path, int flags, ...) \
	{ \
		va_list arguments; \
		mode_t mode; \
		va_start(arguments, flags); \
		mode = mode_of(flags, arguments); \
		va_end(arguments); \
		return open_any(folder, path, flags, mode); \
	}
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* what a program calls that is built with checks */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);

int __open_2(const char *path, int flags)
{
	return open_any(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
	return open_any(AT_FDCWD, path, flags, 0);
}

int __openat_2(int folder, const char *path, int flags)
{
	return open_any(folder, path, flags, 0);
}

int __openat64_2(int folder, const char *path, int flags)
{
	return open_any(folder, path, flags, 0);
}

/* ---- reading ---- */

ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room);
ssize_t __pread_chk(int fd, void *buffer, size_t size, off_t offset, size_t room);
ssize_t __pread64_chk(int fd, void *buffer, size_t size, off_t offset, size_t room);

typedef ssize_t read_function(int fd, void *buffer, size_t size);
typedef ssize_t pread_function(int fd, void *buffer, size_t size, off_t offset);
typedef ssize_t preadv_function(int fd, const struct iovec *parts, int count, off_t offset);

ssize_t read(int fd, void *buffer, size_t size)
{
	int how = meet(CALL_READ, fd, NULL);

	REAL("read", read_function);
	return how > 0 ? -1 : real(fd, buffer, how == SHORT ? shorten(size) : size);
}

ssize_t __read_chk(int fd, void *buffer, size_t size, size_t room)
{
	if (size > room)
		abort();
	return read(fd, buffer, size);
}

ssize_t pread(int fd, void *buffer, size_t size, off_t offset)
{
	int how = meet(CALL_PREAD, fd, NULL);

	REAL("pread", pread_function);
	return how > 0 ? -1 : real(fd, buffer, how == SHORT ? shorten(size) : size, offset);
}

ssize_t pread64(int fd, void *buffer, size_t size, off_t offset)
{
	return pread(fd, buffer, size, offset);
}

ssize_t __pread_chk(int fd, void *buffer, size_t size, off_t offset, size_t room)
{
	if (size > room)
		abort();
	return pread(fd, buffer, size, offset);
}

ssize_t __pread64_chk(int fd, void *buffer, size_t size, off_t offset, size_t room)
{
	return __pread_chk(fd, buffer, size, offset, room);
}

ssize_t preadv(int fd, const struct iovec *parts, int count, off_t offset)
{
	int how = meet(CALL_PREAD, fd, NULL);

	REAL("preadv", preadv_function);
	for (; how == SHORT && count > 1 && parts[0].iov_len == 0; count--)
		parts++;
	if (how == SHORT && count > 0) {
		struct iovec part = { parts[0].iov_base, shorten(parts[0].iov_len) };

		return real(fd, &part, 1, offset);
	}
	return how > 0 ? -1 : real(fd, parts, count, offset);
}

ssize_t preadv64(int fd, const struct iovec *parts, int count, off_t offset)
{
	return preadv(fd, parts, count, offset);
}

/* ---- where, and what it is ---- */

typedef off_t lseek_function(int fd, off_t offset, int whence);
typedef int fstat_function(int fd, struct stat *status);
typedef int fstatat_function(int folder, const char *path, struct stat *status, int flags);
typedef int statx_function(
    int folder, const char *path, int flags, unsigned mask, struct statx *status);

off_t lseek(int fd, off_t offset, int whence)
{
	REAL("lseek", lseek_function);
	return meet(CALL_LSEEK, fd, NULL) > 0 ? -1 : real(fd, offset, whence);
}

off_t lseek64(int fd, off_t offset, int whence)
{
	return lseek(fd, offset, whence);
}

int fstat(int fd, struct stat *status)
{
	REAL("fstat", fstat_function);
	return meet(CALL_FSTAT, fd, NULL) > 0 ? -1 : real(fd, status);
}

int fstatat(int folder, const char *path, struct stat *status, int flags)
{
	REAL("fstatat", fstatat_function);
	return meet(CALL_STAT, folder, path) > 0 ? -1 : real(folder, path, status, flags);
}

int stat(const char *path, struct stat *status)
{
	return fstatat(AT_FDCWD, path, status, 0);
}

int lstat(const char *path, struct stat *status)
{
	return fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

int fstat64(int fd, struct stat64 *status)
{
	return fstat(fd, (struct stat *)status);
}

int fstatat64(int folder, const char *path, struct stat64 *status, int flags)
{
	return fstatat(folder, path, (struct stat *)status, flags);
}

int stat64(const char *path, struct stat64 *status)
{
	return stat(path, (struct stat *)status);
}

int lstat64(const char *path, struct stat64 *status)
{
	return lstat(path, (struct stat *)status);
}

int statx(int folder, const char *path, int flags, unsigned mask, struct statx *status)
{
	REAL("statx", statx_function);
	return meet(CALL_STATX, folder, path) > 0 ? -1 : real(folder, path, flags, mask, status);
}

/* ---- memory and threads ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

typedef void *mmap_function(
    void *address, size_t length, int protection, int flags, int fd, off_t offset);
typedef int pthread_create_function(pthread_t *thread, const pthread_attr_t *attributes,
    void *(*run)(void *argument), void *argument);

void *malloc(size_t size)
{
	return meet(CALL_MALLOC, -1, "memory") > 0 ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return meet(CALL_MALLOC, -1, "memory") > 0 ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	return meet(CALL_MALLOC, -1, "memory") > 0 ? NULL : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return meet(CALL_MALLOC, -1, "memory") > 0 ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
	void *found = aligned_alloc(alignment, size);

	if (found == NULL)
		return ENOMEM;
	*memory = found;
	return 0;
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	REAL("mmap", mmap_function);
	return meet(CALL_MMAP, -1, "memory") > 0
	           ? MAP_FAILED
	           : real(address, length, protection, flags, fd, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	return mmap(address, length, protection, flags, fd, offset);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
    void *(*run)(void *argument), void *argument)
{
	int how = meet(CALL_THREAD, -1, "thread");

	REAL("pthread_create", pthread_create_function);
	return how > 0 ? how : real(thread, attributes, run, argument);
}
