/*
 * Owns the signal handlers and the only volatile variables. Must not know what
 * the program does when a signal came.
 */
#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* So much of the processor within the second means that the program is at work and does not ask,
 * in milliseconds; less than so much that it waits in a call. Between the two it was kept from
 * running by others, and has another second. */
#define AT_WORK 500
#define WAITING 5

static volatile sig_atomic_t stop_signal;
static volatile sig_atomic_t is_heard; /* the program knows that it has to stop */
static volatile sig_atomic_t worked;   /* milliseconds of the processor when it was told */
static volatile sig_atomic_t report_wanted;
static volatile sig_atomic_t tick_due;
static volatile sig_atomic_t is_woken; /* there may be something in the pipe */
static int wake_pipe[2] = { -1, -1 };

static void wake(void)
{
	int saved = errno;
	ssize_t ignored;

	is_woken = 1;
	ignored = write(wake_pipe[1], "", 1);
	(void)ignored;
	errno = saved;
}

static sig_atomic_t work(void)
{
	struct timespec time = { 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (sig_atomic_t)(time.tv_sec % 1000000 * 1000 + time.tv_nsec / 1000000);
}

static void ask_to_stop(int number)
{
	if (stop_signal != 0) {
		(void)signal(number, SIG_DFL);
		(void)raise(number); /* delivered when this handler returns */
		return;
	}
	stop_signal = number;
	worked = work();
	(void)alarm(1);
	wake();
}

/* A second after it was asked to stop: a program that has not heard it yet is at something that
 * takes long, or waits for somebody. */
static void stop_unheard(void)
{
	sig_atomic_t since = work() - worked;

	if (is_heard)
		return;
	if (since >= WAITING && since < AT_WORK) {
		worked = work();
		(void)alarm(1);
		return;
	}
	(void)signal(stop_signal, SIG_DFL);
	(void)raise(stop_signal);
}

static void ask_for_report(int number)
{
	(void)number;
	report_wanted = 1;
	wake();
}

static void note_tick(int number)
{
	(void)number;
	if (stop_signal != 0) {
		stop_unheard();
		return;
	}
	tick_due = 1;
	wake();
}

static bool start_ticks(unsigned seconds, struct error *error)
{
	struct itimerval every = { { (time_t)seconds, 0 }, { (time_t)seconds, 0 } };

	return seconds == 0 || setitimer(ITIMER_REAL, &every, NULL) == 0 ||
	       error_set_errno(error, errno, "cannot start a timer");
}

static bool handle(int number, void (*handler)(int), struct error *error)
{
	struct sigaction action;
	struct sigaction before;

	/* what the caller had ignored (nohup) stays ignored */
	if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_IGN)
		return true;
	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	action.sa_flags = SA_RESTART;
	(void)sigemptyset(&action.sa_mask);
	return sigaction(number, &action, NULL) == 0 ||
	       error_set_errno(error, errno, "cannot handle signals");
}

bool signals_install(unsigned tick_seconds, struct error *error)
{
	if (pipe(wake_pipe) != 0)
		return error_set_errno(error, errno, "cannot make a pipe");
	for (int i = 0; i < 2; i++) {
		(void)fcntl(wake_pipe[i], F_SETFD, FD_CLOEXEC);
		(void)fcntl(wake_pipe[i], F_SETFL, O_NONBLOCK);
	}
	return handle(SIGINT, ask_to_stop, error) && handle(SIGTERM, ask_to_stop, error) &&
	       handle(SIGHUP, ask_to_stop, error) && handle(SIGUSR1, ask_for_report, error) &&
	       handle(SIGPIPE, SIG_IGN, error) && handle(SIGXFSZ, SIG_IGN, error) &&
	       handle(SIGALRM, note_tick, error) && start_ticks(tick_seconds, error);
}

int signals_wake_fd(void)
{
	return wake_pipe[0];
}

int signals_stop(void)
{
	if (stop_signal != 0)
		is_heard = 1;
	return stop_signal;
}

bool signals_take_report(void)
{
	char drained[16];
	bool wanted;

	/* asked at every block: no call of the system for nothing */
	if (!is_woken)
		return false;
	is_woken = 0;
	while (read(wake_pipe[0], drained, sizeof(drained)) > 0)
		;
	wanted = report_wanted != 0;
	report_wanted = 0;
	return wanted;
}

bool signals_take_tick(void)
{
	bool due = tick_due != 0;

	tick_due = 0;
	return due;
}

int signals_wait_stop(int milliseconds)
{
	struct pollfd poll_fd = { wake_pipe[0], POLLIN, 0 };

	if (stop_signal == 0)
		(void)poll(&poll_fd, 1, milliseconds);
	return signals_stop();
}

void signals_die(int signal_number)
{
	sigset_t set;

	(void)signal(signal_number, SIG_DFL);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, signal_number);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	(void)raise(signal_number);
}
