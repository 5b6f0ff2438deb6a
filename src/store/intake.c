/*
 * Owns the way from a log's name to what is new in its files, and back to the database. Must
 * not know how lines are counted.
 */
#include "store/intake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "store/survey.h"

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
static bool survey_compressed(struct intake *intake, size_t i, struct error *error)
{
	const struct rotated_file *file = &intake->rotated.files[i];
	struct claim *claim = &intake->claims[i];
	int fd = rotated_reach(&intake->rotated, i, error);
	struct survey survey;
	struct prefix *known = fd < 0 ? NULL : calloc(intake->generation_count + 1, sizeof(*known));

	if (known == NULL)
		return fd < 0 ? false : error_set_memory(error);
	for (size_t g = 0; g < intake->generation_count; g++)
		known[g].offset = intake->generations[g].prefix.offset;
	qsort(known, intake->generation_count, sizeof(*known), compare_prefixes);
	intake->known[i] = known;
	if (!survey_packed(&survey, fd, file->path, known, intake->generation_count, error)) {
		if (error->kind != ERROR_DAMAGED)
			return false;
		*error = (struct error)ERROR_INIT;
		claim->is_damaged = true;
	}
	intake->known_counts[i] = survey.reached;
	claim->whole = survey.whole;
	return true;
}

static bool is_fresh(const struct rotated_file *file)
{
	struct timespec now = { 0 };
	int64_t age;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	age = nanoseconds(now) - file->state.mtime; /* below 0: the clock was set back */
	return age > -FRESH_NANOSECONDS && age < FRESH_NANOSECONDS;
}

static bool survey_plain(struct intake *intake, size_t i, int fd, struct error *error)
{
	const struct rotated_file *file = &intake->rotated.files[i];
	struct claim *claim = &intake->claims[i];
	struct prefix front;

	if (!survey_lines(fd, file->path, file->state.size, &claim->whole, error))
		return false;
	if (claim->whole.offset < CLAIM_FRONT)
		return true;
	if (!survey_prefix(fd, file->path, CLAIM_FRONT, &front, &claim->has_front, error))
		return false;
	claim->front = claim->has_front ? front.head : claim->front;
	return true;
}

static bool survey_file(struct intake *intake, size_t i, struct error *error)
{
	const struct rotated_file *file = &intake->rotated.files[i];
	struct claim *claim = &intake->claims[i];
	int fd = rotated_reach(&intake->rotated, i, error);

	if (fd < 0 || !survey_is_packed(fd, file->path, &claim->is_compressed, error))
		return false;
	claim->is_fresh = !claim->is_compressed && is_fresh(file);
	return claim->is_compressed ? survey_compressed(intake, i, error)
	                            : survey_plain(intake, i, fd, error);
}

/* ---- the claims' reader ---- */

/* Of many files short fronts are asked for again and again: one is kept. */
struct intake_front {
	size_t file, length;
	struct prefix prefix;
	char bytes[FINGERPRINT_WINDOW];
};

/* As survey_prefix, of a plain file. */
static bool find_prefix(
    struct intake *intake, size_t i, int fd, struct prefix *own, bool *has, struct error *error)
{
	struct intake_front *front = intake->front;
	const struct claim *claim = &intake->claims[i];

	if (own->offset > FINGERPRINT_WINDOW || own->offset > claim->whole.offset)
		return survey_prefix(
		    fd, intake->rotated.files[i].path, own->offset, own, has, error);
	if (front->length == 0 || front->file != i) {
		front->file = i;
		front->prefix.offset = UINT64_MAX; /* none is known */
		if (!survey_front(
		        fd, intake->rotated.files[i].path, front->bytes, &front->length, error))
			return false;
	}
	*has = own->offset <= front->length;
	if (*has && front->prefix.offset != own->offset)
		survey_prefix_of(front->bytes, (size_t)own->offset, &front->prefix);
	if (*has)
		*own = front->prefix;
	return true;
}

static bool has_prefix(
    void *context, size_t i, const struct prefix *prefix, bool *has, struct error *error)
{
	struct intake *intake = context;
	const struct rotated_file *file = &intake->rotated.files[i];
	struct prefix own = { .offset = prefix->offset };
	const struct prefix *known = NULL;
	int fd = rotated_reach(&intake->rotated, i, error);

	if (fd < 0)
		return false;
	if (!intake->claims[i].is_compressed) {
		if (!find_prefix(intake, i, fd, &own, has, error))
			return false;
	} else if (intake->known[i] != NULL &&
	           (known = bsearch(prefix, intake->known[i], intake->known_counts[i],
	                sizeof(*known), compare_prefixes)) != NULL) {
		own = *known;
		*has = true;
	} else if (!survey_packed_prefix(fd, file->path, prefix->offset, &own, has, error)) {
		return false; /* nobody had thought of it before */
	}
	*has = *has && prefix_equals(&own, prefix);
	return true;
}

static bool has_time(void *context, size_t i, bool *has, struct error *error)
{
	struct intake *intake = context;
	const struct rotated_file *file = &intake->rotated.files[i];
	int fd = rotated_reach(&intake->rotated, i, error);

	return fd >= 0 && survey_has_time(fd, file->path, (size_t)intake->claims[i].whole.offset,
	                      intake->stamps, has, error);
}

/* ---- all ---- */

/* What has a late name may be counted as a log of its own, by an earlier release. */
static bool drop_others(struct intake *intake, struct store *store, struct error *error)
{
	for (size_t i = intake->rotated.count; i-- > 0;) {
		char *directory = NULL;
		char *name = NULL;
		bool is_known = false;
		bool is_read = true;

		if (!intake->rotated.files[i].name.is_late)
			continue;
		is_read = rotated_locate(intake->rotated.files[i].path, &directory, &name, error) &&
		          store_knows_log(store, directory, name, &is_known, error);
		free(directory);
		free(name);
		if (!is_read)
			return false;
		if (is_known)
			rotated_drop(&intake->rotated, i);
	}
	return true;
}

/* When the log was last looked at; INT64_MAX: there is no need to know. */
static bool find_last_look(
    const struct intake *intake, struct store *store, int64_t *last, struct error *error)
{
	bool has_late = false;

	for (size_t i = 0; i < intake->rotated.count; i++)
		has_late |= intake->rotated.files[i].name.is_late;
	*last = INT64_MIN;
	/* generations come by the runs that saw them, the last one first */
	return !has_late || intake->is_first || intake->generation_count == 0 ||
	       store_read_end(store, intake->generations[0].seen, last, error);
}

/* A finished file is known by its outside, before it is read. */
static bool prepare(struct intake *intake, int64_t last_look, struct error *error)
{
	size_t count = intake->rotated.count + 1;

	intake->claims = calloc(count, sizeof(*intake->claims));
	intake->last_times = calloc(count, sizeof(*intake->last_times));
	intake->known = calloc(count, sizeof(struct prefix *));
	intake->known_counts = calloc(count, sizeof(*intake->known_counts));
	intake->front = calloc(1, sizeof(*intake->front));
	if (intake->front == NULL || intake->claims == NULL || intake->last_times == NULL ||
	    intake->known == NULL || intake->known_counts == NULL)
		return error_set_memory(error);
	for (size_t i = 0; i < intake->rotated.count; i++) {
		intake->claims[i].file = intake->rotated.files[i].state;
		intake->claims[i].is_live = intake->rotated.files[i].is_live;
		intake->claims[i].is_late =
		    intake->rotated.files[i].name.is_late &&
		    intake->rotated.files[i].state.mtime / 1000000 < last_look;
		if (intake->rotated.files[i].twin != ROTATED_NO_TWIN)
			intake->claims[i].twin = &intake->claims[intake->rotated.files[i].twin];
		intake->claims[i].is_compressed = true; /* as far as its outside tells */
	}
	claims_settle_finished(
	    intake->claims, intake->rotated.count, intake->generations, intake->generation_count);
	return true;
}

static bool survey_all(struct intake *intake, struct error *error)
{
	struct claim_reader reader = { intake, has_prefix, has_time };

	for (size_t i = 0; i < intake->rotated.count; i++) {
		if (intake->claims[i].is_finished)
			continue;
		if (!survey_file(intake, i, error))
			return false;
	}
	if (!claims_settle(intake->claims, intake->rotated.count, intake->generations,
	        intake->generation_count, &reader, error))
		return false;
	for (size_t i = 0; i < intake->rotated.count; i++)
		intake->last_times[i] = intake->claims[i].last_time;
	return true;
}

bool intake_init(struct intake *intake, struct store *store, const struct rotated_search *search,
    const struct timestamp_rule *stamps, bool from_now, struct error *error)
{
	bool is_known = false;
	int64_t last_look;

	memset(intake, 0, sizeof(*intake));
	intake->stamps = stamps;
	if (!rotated_find(&intake->rotated, search, error)) {
		intake->is_missing = true;
		return false;
	}
	if (!store_knows_log(
	        store, intake->rotated.directory, intake->rotated.name, &is_known, error))
		goto failed;
	intake->is_first = !is_known;
	if (!store_read_generations(store, intake->rotated.directory, intake->rotated.name,
	        &intake->generations, &intake->generation_count, error) ||
	    !drop_others(intake, store, error) ||
	    !find_last_look(intake, store, &last_look, error) ||
	    !prepare(intake, last_look, error) || !survey_all(intake, error))
		goto failed;
	for (size_t i = 0; from_now && intake->is_first && i < intake->rotated.count; i++)
		intake->claims[i].from = intake->claims[i].whole.offset;
	return true;
failed:
	intake_release(intake);
	return false;
}

void intake_release(struct intake *intake)
{
	for (size_t i = 0; intake->known != NULL && i < intake->rotated.count; i++)
		free(intake->known[i]);
	free(intake->known);
	free(intake->known_counts);
	free(intake->front);
	free(intake->claims);
	free(intake->last_times);
	free(intake->generations);
	rotated_release(&intake->rotated);
	memset(intake, 0, sizeof(*intake));
}

static bool check_pair(const struct intake *a, const struct intake *b, struct error *error)
{
	for (size_t i = 0; i < a->rotated.count; i++)
		for (size_t j = 0; j < b->rotated.count; j++)
			if (a->claims[i].file.identity.device ==
			        b->claims[j].file.identity.device &&
			    a->claims[i].file.identity.inode == b->claims[j].file.identity.inode)
				return error_set(error, ERROR_USAGE,
				    "'%s' belongs to two logs, '%s' and '%s': its lines would "
				    "count twice; name each log once, and --rotated more narrowly",
				    b->rotated.files[j].path, a->rotated.name, b->rotated.name);
	return true;
}

bool intake_check_apart(const struct intake *intakes, size_t count, struct error *error)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			if (!check_pair(&intakes[i], &intakes[j], error))
				return false;
	return true;
}

int intake_reach(struct intake *intake, size_t file, struct error *error)
{
	return rotated_reach(&intake->rotated, file, error);
}

bool intake_has_news(const struct intake *intake, size_t file)
{
	return intake->claims[file].from < intake->claims[file].whole.offset;
}

static bool check_file(struct intake *intake, size_t i, bool *is_same, struct error *error)
{
	const struct rotated_file *file = &intake->rotated.files[i];
	const struct claim *claim = &intake->claims[i];
	struct prefix now;
	struct stat status;
	int fd;

	/* nothing was read of it that counts, and it may be still being written */
	if (claim->twin != NULL && claim->is_copy)
		return true;
	fd = rotated_reach(&intake->rotated, i, error);
	if (fd < 0) {
		*is_same = !intake->rotated.is_lost;
		return !*is_same;
	}
	/* a file that shrank was cut after it was looked for: its end may be in one made since */
	if (file_stat(fd, &status) != 0)
		return error_set_errno(error, errno, "cannot read '%s'", file->path);
	*is_same = (uint64_t)status.st_size >= file->state.size;
	if (!*is_same || claim->is_finished)
		return true;
	if (claim->is_compressed) {
		*is_same = (uint64_t)status.st_size == file->state.size &&
		           nanoseconds(status.st_mtim) == file->state.mtime;
		return true;
	}
	if (!survey_prefix(fd, file->path, claim->whole.offset, &now, is_same, error))
		return false;
	*is_same = *is_same && prefix_equals(&now, &claim->whole);
	return true;
}

bool intake_check(struct intake *intake, bool *is_same, struct error *error)
{
	if (!rotated_is_still(&intake->rotated, is_same, error))
		return false;
	for (size_t i = 0; i < intake->rotated.count && *is_same; i++)
		if (!check_file(intake, i, is_same, error))
			return false;
	return true;
}

bool intake_next_gap(const struct intake *intake, size_t *at, struct store_gap *gap)
{
	if (intake->rotated.failure_count > 0)
		return false;
	while (*at < intake->generation_count) {
		const struct generation *generation = &intake->generations[(*at)++];
		uint64_t size = generation->file.size;
		uint64_t counted = generation->prefix.offset;

		if (!claims_leave_gap(intake->claims, intake->rotated.count, generation))
			continue;
		*gap =
		    (struct store_gap){ intake->rotated.name, size > counted ? size - counted : 0,
			    "truncated without a copy, or deleted, before it was read to its end" };
		return true;
	}
	return false;
}

static bool write_claim(
    const struct intake *intake, size_t i, struct store *store, int64_t run, struct error *error)
{
	const struct claim *claim = &intake->claims[i];
	struct generation generation = { .last_time = COUNT_NO_TIME };

	if (claim->is_partial || (claim->whole.offset == 0 && !claim->is_left))
		return true;
	if (claim->generation != NULL)
		generation = *claim->generation;
	if (!claim->is_left)
		generation.prefix = claim->whole;
	generation.file = claim->file;
	generation.is_finished = claim->is_compressed;
	generation.is_live = intake->rotated.files[i].is_live;
	generation.is_copy = claim->is_copy || (generation.is_copy && !intake_has_news(intake, i));
	generation.last_time = intake->last_times[i];
	generation.seen = run;
	return store_write_generation(
	    store, intake->rotated.directory, intake->rotated.name, &generation, error);
}

/* Whether a file that cannot be read now may continue it later. */
static bool may_go_on(const struct intake *intake, const struct generation *left)
{
	return intake->rotated.failure_count > 0 ||
	       claims_may_go_on(intake->claims, intake->rotated.count, left);
}

/* A generation that no file continues is no log any more: its gap is told once. */
static bool write_left(const struct intake *intake, const struct generation *left,
    struct store *store, int64_t run, struct error *error)
{
	struct generation generation = *left;
	int64_t last = intake->generations[0].seen; /* they come in this order */

	for (size_t i = 0; i < intake->rotated.count; i++)
		if (intake->claims[i].generation == left)
			return true;
	if (may_go_on(intake, left)) {
		if (generation.seen < last)
			return true;
		generation.seen = run;
		return store_write_generation(
		    store, intake->rotated.directory, intake->rotated.name, &generation, error);
	}
	if (generation.is_copy)
		return store_drop_generation(store, generation.id, error);
	if (!generation.is_live)
		return true;
	generation.is_live = false;
	return store_write_generation(
	    store, intake->rotated.directory, intake->rotated.name, &generation, error);
}

bool intake_write(
    const struct intake *intake, struct store *store, int64_t run, struct error *error)
{
	if (!store_write_log(store, intake->rotated.directory, intake->rotated.name, error))
		return false;
	for (size_t g = 0; g < intake->generation_count; g++)
		if (!write_left(intake, &intake->generations[g], store, run, error))
			return false;
	for (size_t i = 0; i < intake->rotated.count; i++)
		if (!write_claim(intake, i, store, run, error))
			return false;
	return store_drop_generations(
	    store, intake->rotated.directory, intake->rotated.name, run, error);
}
