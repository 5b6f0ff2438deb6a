/*
 * Owns the progress line. Must not know what is worked on.
 */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/now.h"

#define SHOW_AFTER 2000
#define SHOW_EVERY 200
#define BAR 30

static void print(const char *text)
{
	(void)file_write(STDERR_FILENO, text, strlen(text));
}

void progress_init(struct progress *progress, uint64_t total)
{
	memset(progress, 0, sizeof(*progress));
	progress->total = total;
	progress->is_wanted = total > 0 && isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) != 1;
	progress->start = now_steady();
	progress->next = progress->start + SHOW_AFTER;
}

void progress_update(struct progress *progress, uint64_t done)
{
	char bar[BAR + 1];
	char line[128];
	double share;
	double rate;
	int64_t time;
	int filled;

	if (!progress->is_wanted)
		return;
	time = now_steady();
	if (time < progress->next)
		return;
	progress->next = time + SHOW_EVERY;
	done += progress->before;
	share = (double)done / (double)progress->total;
	share = share > 1 ? 1 : share;
	rate = (double)done / (double)(time - progress->start) * 1000;
	filled = (int)(share * BAR);
	memset(bar, '-', BAR);
	memset(bar, '#', (size_t)filled);
	bar[BAR] = '\0';
	(void)snprintf(line, sizeof(line), "\r[%s] %3.0f%%  %.0f MB/s  %.0f s left \x1b[K", bar,
	    share * 100, rate / 1e6, rate > 0 ? (double)progress->total * (1 - share) / rate : 0.0);
	print(line);
	progress->is_shown = true;
}

void progress_next_file(struct progress *progress, uint64_t bytes)
{
	progress->before += bytes;
}

void progress_clear(struct progress *progress)
{
	if (progress->is_shown)
		print("\r\x1b[K");
	progress->is_shown = false;
}
