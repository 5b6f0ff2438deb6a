/*
 * Owns the way from a log's name to what is new in its files, and back to the database. Must
 * not know how lines are counted.
 *
 * Compressed files that were counted to their end and not touched since are known without being
 * read. Of all others the fingerprints are taken, and the rules of continuation.h say where each is
 * new; they ask for more fingerprints, which for a compressed file were all taken in one pass.
 */
#include "store/log_news.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "store/fingerprint.h"

/* What was written to no longer ago than this may be a copy that is still being written. */
#define FRESH_NANOSECONDS INT64_C(1000000000)

static int64_t nanoseconds(struct timespec time)
{
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* ---- what the files hold ---- */

static int compare_prefixes(const void *left, const void *right)
{
	const struct prefix *a = left;
	const struct prefix *b = right;

	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* One pass for all offsets that generations ask for. */
static bool identify_compressed(struct log_news *news, size_t i, struct error *error)
{
	const struct rotated_file *rotated = &news->rotated.files[i];
	struct continuation *file = &news->files[i];
	int fd = rotated_reach(&news->rotated, i, error);
	struct packed_file found;
	struct prefix *known = fd < 0 ? NULL : calloc(news->generation_count + 1, sizeof(*known));

	if (known == NULL)
		return fd < 0 ? false : error_set_memory(error);
	for (size_t g = 0; g < news->generation_count; g++)
		known[g].offset = news->generations[g].prefix.offset;
	qsort(known, news->generation_count, sizeof(*known), compare_prefixes);
	news->known[i] = known;
	if (!fingerprint_packed(&found, fd, rotated->path, known, news->generation_count, error)) {
		if (error->kind != ERROR_DAMAGED)
			return false;
		*error = (struct error)ERROR_INIT;
		file->is_damaged = true;
	}
	news->known_counts[i] = found.reached;
	file->whole = found.whole;
	return true;
}

static bool is_fresh(const struct rotated_file *rotated)
{
	struct timespec now = { 0 };
	int64_t age;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	age = nanoseconds(now) - rotated->state.mtime; /* below 0: the clock was set back */
	return age > -FRESH_NANOSECONDS && age < FRESH_NANOSECONDS;
}

static bool identify_plain(struct log_news *news, size_t i, int fd, struct error *error)
{
	const struct rotated_file *rotated = &news->rotated.files[i];
	struct continuation *file = &news->files[i];
	struct prefix front;

	if (!fingerprint_lines(fd, rotated->path, rotated->state.size, &file->whole, error))
		return false;
	if (file->whole.offset < CONTINUATION_FRONT)
		return true;
	if (!fingerprint_prefix(
	        fd, rotated->path, CONTINUATION_FRONT, &front, &file->has_front, error))
		return false;
	file->front = file->has_front ? front.head : file->front;
	return true;
}

static bool identify_file(struct log_news *news, size_t i, struct error *error)
{
	const struct rotated_file *rotated = &news->rotated.files[i];
	struct continuation *file = &news->files[i];
	int fd = rotated_reach(&news->rotated, i, error);

	if (fd < 0 || !fingerprint_is_packed(fd, rotated->path, &file->is_compressed, error))
		return false;
	file->is_fresh = !file->is_compressed && is_fresh(rotated);
	return file->is_compressed ? identify_compressed(news, i, error)
	                           : identify_plain(news, i, fd, error);
}

/* ---- what the rules ask for ---- */

/* Where a log has many files the short fronts of each are asked for again and again: the bytes
 * of the one that was asked for last are kept. */
struct log_news_front {
	size_t file, length;
	struct prefix prefix;
	char bytes[FINGERPRINT_WINDOW];
};

/* As fingerprint_prefix, of a plain file. */
static bool find_prefix(
    struct log_news *news, size_t i, int fd, struct prefix *own, bool *has, struct error *error)
{
	struct log_news_front *front = news->front;
	const struct continuation *file = &news->files[i];

	if (own->offset > FINGERPRINT_WINDOW || own->offset > file->whole.offset)
		return fingerprint_prefix(
		    fd, news->rotated.files[i].path, own->offset, own, has, error);
	if (front->length == 0 || front->file != i) {
		front->file = i;
		front->prefix.offset = UINT64_MAX; /* none is known */
		if (!fingerprint_front(
		        fd, news->rotated.files[i].path, front->bytes, &front->length, error))
			return false;
	}
	*has = own->offset <= front->length;
	if (*has && front->prefix.offset != own->offset)
		fingerprint_prefix_of(front->bytes, (size_t)own->offset, &front->prefix);
	if (*has)
		*own = front->prefix;
	return true;
}

static bool has_prefix(
    void *context, size_t i, const struct prefix *prefix, bool *has, struct error *error)
{
	struct log_news *news = context;
	const struct rotated_file *rotated = &news->rotated.files[i];
	struct prefix own = { .offset = prefix->offset };
	const struct prefix *known = NULL;
	int fd = rotated_reach(&news->rotated, i, error);

	if (fd < 0)
		return false;
	if (!news->files[i].is_compressed) {
		if (!find_prefix(news, i, fd, &own, has, error))
			return false;
	} else if (news->known[i] != NULL &&
	           (known = bsearch(prefix, news->known[i], news->known_counts[i], sizeof(*known),
	                compare_prefixes)) != NULL) {
		own = *known;
		*has = true;
	} else if (!fingerprint_packed_prefix(
	               fd, rotated->path, prefix->offset, &own, has, error)) {
		return false; /* no generation had that length when the file was read */
	}
	*has = *has && prefix_equals(&own, prefix);
	return true;
}

static bool has_time(void *context, size_t i, bool *has, struct error *error)
{
	struct log_news *news = context;
	const struct rotated_file *rotated = &news->rotated.files[i];
	int fd = rotated_reach(&news->rotated, i, error);

	return fd >= 0 && fingerprint_has_time(fd, rotated->path,
	                      (size_t)news->files[i].whole.offset, news->stamps, has, error);
}

/* ---- all ---- */

/* Drops the files that an earlier release, which did not know such names, counted as logs of
 * their own. */
static bool drop_others(struct log_news *news, struct store *store, struct error *error)
{
	for (size_t i = news->rotated.count; i-- > 0;) {
		char *directory = NULL;
		char *name = NULL;
		bool is_known = false;
		bool is_read = true;

		if (!news->rotated.files[i].name.is_late)
			continue;
		is_read = rotated_locate(news->rotated.files[i].path, &directory, &name, error) &&
		          store_knows_log(store, directory, name, &is_known, error);
		free(directory);
		free(name);
		if (!is_read)
			return false;
		if (is_known)
			rotated_drop(&news->rotated, i);
	}
	return true;
}

/* When the log was last looked at; INT64_MIN: nobody needs to know. */
static bool find_last_look(
    const struct log_news *news, struct store *store, int64_t *last, struct error *error)
{
	bool has_late = false;

	for (size_t i = 0; i < news->rotated.count; i++)
		has_late |= news->rotated.files[i].name.is_late;
	*last = INT64_MIN;
	/* the generations that the last run saw come first */
	return !has_late || news->is_first || news->generation_count == 0 ||
	       store_read_end(store, news->generations[0].seen, last, error);
}

/* Fills in what is known of the files before they are read, and finds those that are finished. */
static bool prepare(struct log_news *news, int64_t last_look, struct error *error)
{
	size_t count = news->rotated.count + 1;

	news->files = calloc(count, sizeof(*news->files));
	news->last_times = calloc(count, sizeof(*news->last_times));
	news->known = calloc(count, sizeof(struct prefix *));
	news->known_counts = calloc(count, sizeof(*news->known_counts));
	news->front = calloc(1, sizeof(*news->front));
	if (news->front == NULL || news->files == NULL || news->last_times == NULL ||
	    news->known == NULL || news->known_counts == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < news->rotated.count; i++) {
		news->files[i].state = news->rotated.files[i].state;
		news->files[i].is_live = news->rotated.files[i].is_live;
		news->files[i].is_late = news->rotated.files[i].name.is_late &&
		                         news->rotated.files[i].state.mtime / 1000000 < last_look;
		if (news->rotated.files[i].twin != ROTATED_NO_TWIN)
			news->files[i].twin = &news->files[news->rotated.files[i].twin];
		news->files[i].is_compressed = true; /* it may be; identify_file looks */
	}
	continuation_settle_finished(
	    news->files, news->rotated.count, news->generations, news->generation_count);
	return true;
}

static bool identify_all(struct log_news *news, struct error *error)
{
	struct continuation_reader reader = { news, has_prefix, has_time };

	for (size_t i = 0; i < news->rotated.count; i++) {
		if (news->files[i].is_finished)
			continue;
		if (!identify_file(news, i, error))
			return false;
	}
	if (!continuation_settle(news->files, news->rotated.count, news->generations,
	        news->generation_count, &reader, error))
		return false;
	for (size_t i = 0; i < news->rotated.count; i++)
		news->last_times[i] = news->files[i].last_time;
	return true;
}

bool log_news_init(struct log_news *news, struct store *store, const struct rotated_search *search,
    const struct timestamp_rule *stamps, bool from_now, struct error *error)
{
	bool is_known = false;
	int64_t last_look;

	memset(news, 0, sizeof(*news));
	news->stamps = stamps;
	if (!rotated_find(&news->rotated, search, error)) {
		news->is_missing = true;
		return false;
	}
	if (!store_knows_log(store, news->rotated.directory, news->rotated.name, &is_known, error))
		goto failed;
	news->is_first = !is_known;
	if (!store_read_generations(store, news->rotated.directory, news->rotated.name,
	        &news->generations, &news->generation_count, error) ||
	    !drop_others(news, store, error) || !find_last_look(news, store, &last_look, error) ||
	    !prepare(news, last_look, error) || !identify_all(news, error))
		goto failed;
	for (size_t i = 0; from_now && news->is_first && i < news->rotated.count; i++)
		news->files[i].from = news->files[i].whole.offset;
	return true;
failed:
	log_news_release(news);
	return false;
}

void log_news_release(struct log_news *news)
{
	for (size_t i = 0; news->known != NULL && i < news->rotated.count; i++)
		free(news->known[i]);
	free(news->known);
	free(news->known_counts);
	free(news->front);
	free(news->files);
	free(news->last_times);
	free(news->generations);
	rotated_release(&news->rotated);
	memset(news, 0, sizeof(*news));
}

static bool check_pair(const struct log_news *a, const struct log_news *b, struct error *error)
{
	for (size_t i = 0; i < a->rotated.count; i++)
		for (size_t j = 0; j < b->rotated.count; j++)
			if (file_identity_is_same(
			        &a->files[i].state.identity, &b->files[j].state.identity))
				return error_set(error, ERROR_USAGE,
				    "'%s' belongs to two logs, '%s' and '%s': its lines would "
				    "count twice; name each log once, and --rotated more narrowly",
				    b->rotated.files[j].path, a->rotated.name, b->rotated.name);
	return true;
}

bool log_news_check_apart(const struct log_news *news, size_t count, struct error *error)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			if (!check_pair(&news[i], &news[j], error))
				return false;
	return true;
}

int log_news_reach(struct log_news *news, size_t file, struct error *error)
{
	return rotated_reach(&news->rotated, file, error);
}

bool log_news_has_news(const struct log_news *news, size_t file)
{
	return news->files[file].from < news->files[file].whole.offset;
}

static bool check_file(struct log_news *news, size_t i, bool *is_same, struct error *error)
{
	const struct rotated_file *rotated = &news->rotated.files[i];
	const struct continuation *file = &news->files[i];
	struct prefix now;
	struct stat status;
	int fd;

	/* nothing of it is counted, and it may still be written to */
	if (file->twin != NULL && file->is_copy)
		return true;
	fd = rotated_reach(&news->rotated, i, error);
	if (fd < 0) {
		*is_same = !news->rotated.is_lost;
		return !*is_same;
	}
	/* a file that shrank was cut meanwhile: what was its end may be in a file made since */
	if (file_stat(fd, &status) != 0)
		return error_set_errno(error, errno, "cannot read '%s'", rotated->path);
	*is_same = (uint64_t)status.st_size >= rotated->state.size;
	if (!*is_same || file->is_finished)
		return true;
	if (file->is_compressed) {
		*is_same = (uint64_t)status.st_size == rotated->state.size &&
		           nanoseconds(status.st_mtim) == rotated->state.mtime;
		return true;
	}
	if (!fingerprint_prefix(fd, rotated->path, file->whole.offset, &now, is_same, error))
		return false;
	*is_same = *is_same && prefix_equals(&now, &file->whole);
	return true;
}

bool log_news_check(struct log_news *news, bool *is_same, struct error *error)
{
	if (!rotated_is_still(&news->rotated, is_same, error))
		return false;
	for (size_t i = 0; i < news->rotated.count && *is_same; i++)
		if (!check_file(news, i, is_same, error))
			return false;
	return true;
}

bool log_news_next_gap(const struct log_news *news, size_t *at, struct store_gap *gap)
{
	if (news->rotated.failure_count > 0)
		return false;
	while (*at < news->generation_count) {
		const struct generation *generation = &news->generations[(*at)++];
		uint64_t size = generation->file.size;
		uint64_t counted = generation->prefix.offset;

		if (!continuation_leaves_gap(news->files, news->rotated.count, generation))
			continue;
		*gap = (struct store_gap){ news->rotated.name, size > counted ? size - counted : 0,
			"truncated without a copy, or deleted, before it was read to its end" };
		return true;
	}
	return false;
}

static bool write_file(
    const struct log_news *news, size_t i, struct store *store, int64_t run, struct error *error)
{
	const struct continuation *file = &news->files[i];
	struct generation generation = { .last_time = COUNT_NO_TIME };

	if (file->is_partial || (file->whole.offset == 0 && !file->is_left))
		return true;
	if (file->generation != NULL)
		generation = *file->generation;
	if (!file->is_left)
		generation.prefix = file->whole;
	generation.file = file->state;
	generation.is_finished = file->is_compressed;
	generation.is_live = news->rotated.files[i].is_live;
	generation.is_copy = file->is_copy || (generation.is_copy && !log_news_has_news(news, i));
	generation.last_time = news->last_times[i];
	generation.seen = run;
	return store_write_generation(
	    store, news->rotated.directory, news->rotated.name, &generation, error);
}

/* Whether a file that cannot be read now may continue it later. */
static bool may_go_on(const struct log_news *news, const struct generation *left)
{
	return news->rotated.failure_count > 0 ||
	       continuation_may_go_on(news->files, news->rotated.count, left);
}

/* Writes a generation that no file continues: it is not the log any more, so that its gap is
 * told only once. */
static bool write_left(const struct log_news *news, const struct generation *left,
    struct store *store, int64_t run, struct error *error)
{
	struct generation generation = *left;
	int64_t last = news->generations[0].seen; /* the last run's come first */

	for (size_t i = 0; i < news->rotated.count; i++)
		if (news->files[i].generation == left)
			return true;
	if (may_go_on(news, left)) {
		if (generation.seen < last)
			return true;
		generation.seen = run;
		return store_write_generation(
		    store, news->rotated.directory, news->rotated.name, &generation, error);
	}
	if (generation.is_copy)
		return store_drop_generation(store, generation.id, error);
	if (!generation.is_live)
		return true;
	generation.is_live = false;
	return store_write_generation(
	    store, news->rotated.directory, news->rotated.name, &generation, error);
}

bool log_news_write(
    const struct log_news *news, struct store *store, int64_t run, struct error *error)
{
	if (!store_write_log(store, news->rotated.directory, news->rotated.name, error))
		return false;
	for (size_t g = 0; g < news->generation_count; g++)
		if (!write_left(news, &news->generations[g], store, run, error))
			return false;
	for (size_t i = 0; i < news->rotated.count; i++)
		if (!write_file(news, i, store, run, error))
			return false;
	return store_drop_generations(
	    store, news->rotated.directory, news->rotated.name, run, error);
}
