/*
 * Owns the thread that decodes, the ring between it and the reader, and the
 * wording of what went wrong. Must not know formats, lines, or who reads.
 *
 * The producing side is a function that fills one buffer; it runs in the thread,
 * or, without one, in the reader. The lock guards the ring's counters and the
 * flags; a buffer between the counters belongs to the reader, the next one to
 * the producer.
 */
#include "input/unpacker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RING 4u
#define BUFFER_SIZE (256u * 1024)
#define INPUT_SIZE (128u * 1024)

struct buffer {
	unsigned char *data;
	size_t start, end; /* not yet read */
};

struct unpacker {
	/* the producer's */
	struct decoder *decoder;
	const char *title;
	int fd;
	bool is_live;
	struct decoder_io io;
	bool must_decode; /* the decoder may hold more than it had room for */
	uint64_t given;
	unsigned char *input;

	/* shared, under the lock */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct buffer ring[RING];
	uint64_t filled, emptied; /* buffers so far */
	bool is_over;             /* nothing will be filled any more */
	bool is_waiting;          /* the producer waits for input, the ring has all there was */
	bool must_stop;
	struct error error; /* once is_over: ERROR_NONE at the end of the data */

	/* the reader's */
	pthread_t thread;
	bool has_thread;
	bool has_started;
	bool was_told; /* of the error */
	int news[2];   /* readable while the ring is not empty or all is over; live only */
	int stop[2];   /* its end is closed to wake the producer; live only */
};

/* ---- the producer ---- */

static bool is_readable(const struct unpacker *unpacker)
{
	struct pollfd poll_fd = { unpacker->fd, POLLIN, 0 };

	return !unpacker->is_live || poll(&poll_fd, 1, 0) != 0;
}

/* Until there is input, or the thread is to stop. */
static void wait_for_input(const struct unpacker *unpacker)
{
	struct pollfd poll_fds[2] = { { unpacker->fd, POLLIN, 0 },
		{ unpacker->has_thread ? unpacker->stop[0] : -1, POLLIN, 0 } };

	while (poll(poll_fds, 2, -1) < 0 && errno == EINTR)
		;
}

enum input { INPUT_THERE, INPUT_LATER, INPUT_ERROR };

static enum input read_input(struct unpacker *unpacker, struct error *error)
{
	for (;;) {
		ssize_t count = read(unpacker->fd, unpacker->input, INPUT_SIZE);

		if (count >= 0) {
			unpacker->io.in = unpacker->input;
			unpacker->io.in_length = (size_t)count;
			unpacker->io.is_last = count == 0;
			return INPUT_THERE;
		}
		if (unpacker->is_live && (errno == EAGAIN || errno == EWOULDBLOCK))
			return INPUT_LATER;
		if (errno != EINTR) {
			error_set_errno(error, errno, "cannot read '%s'", unpacker->title);
			return INPUT_ERROR;
		}
	}
}

/* Whether the decoder has something to go on with; reads more where it need not wait. */
static enum input have_input(struct unpacker *unpacker, struct error *error)
{
	if (unpacker->must_decode || unpacker->io.in_length > 0 || unpacker->io.is_last)
		return INPUT_THERE;
	return is_readable(unpacker) ? read_input(unpacker, error) : INPUT_LATER;
}

static void word_error(
    const struct unpacker *unpacker, const struct error *reason, struct error *error)
{
	if (reason->kind == ERROR_DAMAGED)
		error_set(error, ERROR_DAMAGED, "'%s' is damaged: %s after %" PRIu64 " byte%s",
		    unpacker->title, reason->text, unpacker->given,
		    unpacker->given == 1 ? "" : "s");
	else
		error_set(error, reason->kind, "cannot decompress '%s': %s", unpacker->title,
		    reason->text);
}

enum production {
	PRODUCED,         /* the buffer is full, or holds all there is for now */
	PRODUCED_NOTHING, /* nothing to decode: more input must come first */
	PRODUCED_LAST,    /* what there is, and the end or an error behind it */
};

/* Fills a buffer as far as that goes without waiting. */
static enum production produce(
    struct unpacker *unpacker, struct buffer *buffer, struct error *error)
{
	struct decoder_io *io = &unpacker->io;
	struct error reason = ERROR_INIT;
	enum decoder_result result = DECODER_WANTS_INPUT;
	enum input input = INPUT_THERE;

	io->out = buffer->data;
	io->out_length = BUFFER_SIZE;
	while (result == DECODER_WANTS_INPUT) {
		input = have_input(unpacker, error);
		if (input != INPUT_THERE)
			break;
		result = decoder_step(unpacker->decoder, io, &reason);
		unpacker->must_decode = result == DECODER_WANTS_ROOM;
	}
	buffer->start = 0;
	buffer->end = BUFFER_SIZE - io->out_length;
	unpacker->given += buffer->end;
	if (result == DECODER_ERROR)
		word_error(unpacker, &reason, error);
	if (result == DECODER_END || result == DECODER_ERROR || input == INPUT_ERROR)
		return PRODUCED_LAST;
	return buffer->end > 0 ? PRODUCED : PRODUCED_NOTHING;
}

/* ---- the ring; all of these with the lock held ---- */

static bool is_full(const struct unpacker *unpacker)
{
	return unpacker->filled - unpacker->emptied == RING;
}

static bool is_empty(const struct unpacker *unpacker)
{
	return unpacker->filled == unpacker->emptied;
}

/* `news` holds a byte from the first thing there is to read on. */
static void raise_news(const struct unpacker *unpacker)
{
	if (unpacker->is_live && is_empty(unpacker) && !unpacker->is_over) {
		ssize_t ignored = write(unpacker->news[1], "", 1);

		(void)ignored;
	}
}

static void lower_news(const struct unpacker *unpacker)
{
	char byte;

	if (unpacker->is_live && is_empty(unpacker) && !unpacker->is_over) {
		ssize_t ignored = read(unpacker->news[0], &byte, 1);

		(void)ignored;
	}
}

static void publish(struct unpacker *unpacker, enum production production,
    const struct buffer *buffer, const struct error *error)
{
	if (production == PRODUCED_NOTHING)
		return;
	raise_news(unpacker);
	if (buffer->end > 0)
		unpacker->filled++;
	if (production == PRODUCED_LAST) {
		unpacker->error = *error;
		unpacker->is_over = true;
	}
	(void)pthread_cond_signal(&unpacker->changed);
}

/* Produces one buffer; the lock is free meanwhile. Returns whether there was any. */
static bool produce_one(struct unpacker *unpacker)
{
	struct buffer *buffer = &unpacker->ring[unpacker->filled % RING];
	struct error error = ERROR_INIT;
	enum production production;

	(void)pthread_mutex_unlock(&unpacker->lock);
	production = produce(unpacker, buffer, &error);
	(void)pthread_mutex_lock(&unpacker->lock);
	publish(unpacker, production, buffer, &error);
	return production != PRODUCED_NOTHING;
}

static void *run(void *argument)
{
	struct unpacker *unpacker = argument;

	(void)pthread_mutex_lock(&unpacker->lock);
	while (!unpacker->must_stop && !unpacker->is_over) {
		if (is_full(unpacker)) {
			(void)pthread_cond_wait(&unpacker->changed, &unpacker->lock);
			continue;
		}
		if (produce_one(unpacker))
			continue;
		unpacker->is_waiting = true;
		(void)pthread_cond_signal(&unpacker->changed);
		(void)pthread_mutex_unlock(&unpacker->lock);
		wait_for_input(unpacker);
		(void)pthread_mutex_lock(&unpacker->lock);
		unpacker->is_waiting = false;
	}
	(void)pthread_mutex_unlock(&unpacker->lock);
	return NULL;
}

/* ---- the reader ---- */

/* Signals are for the thread that asks about them. */
static void start(struct unpacker *unpacker)
{
	sigset_t all;
	sigset_t before;

	if (unpacker->has_started)
		return;
	unpacker->has_started = true;
	/* the thread may look at it before pthread_create is back */
	unpacker->has_thread = true;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&unpacker->thread, NULL, run, unpacker) != 0)
		unpacker->has_thread = false;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* With the lock: until something can be read, or the producer waits for input.
 * Returns true when something can be read. */
static bool settle(struct unpacker *unpacker)
{
	start(unpacker);
	while (is_empty(unpacker) && !unpacker->is_over) {
		if (unpacker->has_thread) {
			if (unpacker->is_waiting)
				return false;
			(void)pthread_cond_wait(&unpacker->changed, &unpacker->lock);
		} else if (!produce_one(unpacker)) {
			return false;
		}
	}
	return true;
}

bool unpacker_would_block(struct unpacker *unpacker)
{
	bool is_there;

	(void)pthread_mutex_lock(&unpacker->lock);
	is_there = settle(unpacker);
	(void)pthread_mutex_unlock(&unpacker->lock);
	return !is_there;
}

bool unpacker_wait(struct unpacker *unpacker, int wake_fd)
{
	struct pollfd poll_fds[2] = { { unpacker->has_thread ? unpacker->news[0] : unpacker->fd,
		                          POLLIN, 0 },
		{ wake_fd, POLLIN, 0 } };

	if (!unpacker->is_live)
		return true;
	while (poll(poll_fds, 2, -1) < 0 && errno == EINTR)
		;
	return poll_fds[0].revents != 0;
}

size_t unpacker_pending(struct unpacker *unpacker)
{
	size_t count = 0;

	(void)pthread_mutex_lock(&unpacker->lock);
	start(unpacker);
	/* what came by now is decoded first, as far as the ring can hold it */
	while (!is_full(unpacker) && !unpacker->is_over && unpacker->is_live) {
		if (!unpacker->has_thread) {
			if (!produce_one(unpacker))
				break;
		} else if (unpacker->is_waiting && !is_readable(unpacker)) {
			break;
		} else {
			(void)pthread_cond_wait(&unpacker->changed, &unpacker->lock);
		}
	}
	for (uint64_t i = unpacker->emptied; i != unpacker->filled; i++)
		count += unpacker->ring[i % RING].end - unpacker->ring[i % RING].start;
	(void)pthread_mutex_unlock(&unpacker->lock);
	return count;
}

/* With the lock: takes from the oldest buffer. */
static size_t take(struct unpacker *unpacker, char *to, size_t size)
{
	struct buffer *buffer = &unpacker->ring[unpacker->emptied % RING];
	size_t length = buffer->end - buffer->start;

	length = length < size ? length : size;
	(void)pthread_mutex_unlock(&unpacker->lock);
	memcpy(to, buffer->data + buffer->start, length);
	(void)pthread_mutex_lock(&unpacker->lock);
	buffer->start += length;
	if (buffer->start == buffer->end) {
		unpacker->emptied++;
		lower_news(unpacker);
		(void)pthread_cond_signal(&unpacker->changed);
	}
	return length;
}

static ssize_t finish(struct unpacker *unpacker, struct error *error)
{
	if (unpacker->error.kind == ERROR_NONE || unpacker->was_told)
		return 0;
	unpacker->was_told = true;
	*error = unpacker->error;
	return -1;
}

ssize_t unpacker_read(struct unpacker *unpacker, char *buffer, size_t size, struct error *error)
{
	ssize_t count;

	(void)pthread_mutex_lock(&unpacker->lock);
	while (!settle(unpacker)) {
		if (unpacker->has_thread)
			(void)pthread_cond_wait(&unpacker->changed, &unpacker->lock);
		else
			wait_for_input(unpacker);
	}
	count =
	    is_empty(unpacker) ? finish(unpacker, error) : (ssize_t)take(unpacker, buffer, size);
	(void)pthread_mutex_unlock(&unpacker->lock);
	return count;
}

/* ---- making and ending ---- */

static bool open_pipe(int ends[2])
{
	return pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static bool make_buffers(struct unpacker *unpacker, struct error *error)
{
	unpacker->input = malloc(INPUT_SIZE);
	if (unpacker->input == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < RING; i++) {
		unpacker->ring[i].data = malloc(BUFFER_SIZE);
		if (unpacker->ring[i].data == NULL)
			return error_set_memory(error);
	}
	if (unpacker->is_live && (!open_pipe(unpacker->news) || !open_pipe(unpacker->stop)))
		return error_set_errno(error, errno, "cannot make a pipe");
	return true;
}

struct unpacker *unpacker_new(
    const struct decoder_format *format, const struct unpacker_input *input, struct error *error)
{
	struct unpacker *unpacker = calloc(1, sizeof(*unpacker));

	if (unpacker == NULL) {
		error_set_memory(error);
		return NULL;
	}
	(void)pthread_mutex_init(&unpacker->lock, NULL);
	(void)pthread_cond_init(&unpacker->changed, NULL);
	unpacker->title = input->title;
	unpacker->fd = input->fd;
	unpacker->is_live = input->is_live;
	for (int i = 0; i < 2; i++)
		unpacker->news[i] = unpacker->stop[i] = -1;
	unpacker->decoder = decoder_new(format, error);
	if (unpacker->decoder == NULL || !make_buffers(unpacker, error)) {
		unpacker_free(unpacker);
		return NULL;
	}
	memcpy(unpacker->input, input->head, input->head_length);
	unpacker->io.in = unpacker->input;
	unpacker->io.in_length = input->head_length;
	return unpacker;
}

void unpacker_free(struct unpacker *unpacker)
{
	if (unpacker == NULL)
		return;
	if (unpacker->has_thread) {
		(void)pthread_mutex_lock(&unpacker->lock);
		unpacker->must_stop = true;
		(void)pthread_cond_signal(&unpacker->changed);
		(void)pthread_mutex_unlock(&unpacker->lock);
		close_fd(&unpacker->stop[1]);
		(void)pthread_join(unpacker->thread, NULL);
	}
	for (int i = 0; i < 2; i++) {
		close_fd(&unpacker->news[i]);
		close_fd(&unpacker->stop[i]);
	}
	for (size_t i = 0; i < RING; i++)
		free(unpacker->ring[i].data);
	(void)pthread_cond_destroy(&unpacker->changed);
	(void)pthread_mutex_destroy(&unpacker->lock);
	decoder_free(unpacker->decoder);
	free(unpacker->input);
	free(unpacker);
}
