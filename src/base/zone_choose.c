/*
 * Owns how a time zone is named: what the system knows, and what was meant where it does not. The
 * choice is kept where libc finds it, in TZ: an offset becomes a rule of POSIX, and a name is only
 * set where the system's folder of zones has it, since libc would silently take UTC for any other.
 */
#include "base/zone.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/nearest.h"

#define FOLDER "/usr/share/zoneinfo"
#define LONGEST_NAME 64

/* Names that hands type and no system has, or that stand for a clock without summer. */
static const struct {
	const char *name, *meant;
} known[] = {
	{ "Asia/Beijing", "Asia/Shanghai" },
	{ "Beijing", "Asia/Shanghai" },
	{ "China", "Asia/Shanghai" },
	{ "CN", "Asia/Shanghai" },
	{ "CST", "Asia/Shanghai' or 'America/Chicago" },
	{ "IST", "Asia/Kolkata" },
	{ "JST", "Asia/Tokyo" },
	{ "BST", "Europe/London" },
	{ "CEST", "Europe/Berlin" },
	{ "EDT", "America/New_York" },
	{ "PST", "America/Los_Angeles" },
	{ "PDT", "America/Los_Angeles" },
	{ "SGT", "Asia/Singapore" },
	{ "HKT", "Asia/Hong_Kong" },
};

const char *zone_folder(void)
{
	const char *name = getenv("TZDIR");

	return name != NULL && *name != '\0' ? name : FOLDER;
}

/* Whether a folder of zones holds one of this name, which leads nowhere else. */
static bool is_held(const char *name)
{
	char path[PATH_MAX];
	char magic[4];
	bool is_zone;
	int length, fd;

	if (*name == '\0' || *name == '/' || strstr(name, "..") != NULL)
		return false;
	length = snprintf(path, sizeof(path), "%s/%s", zone_folder(), name);
	if (length < 0 || (size_t)length >= sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return false;
	is_zone = read(fd, magic, sizeof(magic)) == (ssize_t)sizeof(magic) &&
	          memcmp(magic, "TZif", sizeof(magic)) == 0;
	(void)close(fd);
	return is_zone;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads "+08:00", "-0330", "+8": the offset in minutes. */
static bool read_offset(const char *text, int *minutes)
{
	const char *at = text + 1;
	int hour = 0, minute = 0;

	if ((*text != '+' && *text != '-') || !is_digit(*at))
		return false;
	hour = *at++ - '0';
	if (is_digit(*at))
		hour = hour * 10 + *at++ - '0';
	if (*at == ':')
		at++;
	if (is_digit(at[0]) && is_digit(at[1])) {
		minute = (at[0] - '0') * 10 + at[1] - '0';
		at += 2;
	} else if (at[-1] == ':') {
		return false;
	}
	*minutes = (*text == '-' ? -1 : 1) * (hour * 60 + minute);
	return *at == '\0' && hour <= 15 && minute <= 59;
}

static bool set(const char *value, struct error *error)
{
	if (setenv("TZ", value, 1) != 0)
		return error_set_memory(error);
	tzset();
	return true;
}

static bool set_offset(int minutes, struct error *error)
{
	int size = minutes < 0 ? -minutes : minutes;
	char value[32];

	/* POSIX counts to the west: its sign is the other one. */
	(void)snprintf(value, sizeof(value), "<%c%02d%02d>%c%02d:%02d", minutes < 0 ? '-' : '+',
	    size / 60, size % 60, minutes < 0 ? '+' : '-', size / 60, size % 60);
	return set(value, error);
}

/* Whether this is a rule rather than a name: CST-8, <+08>-8, CET-1CEST,M3.5.0,M10.5.0/3 */
static bool is_posix_rule(const char *value)
{
	const char *at = value;

	if (*at == '<') {
		at = strchr(at, '>');
		if (at == NULL)
			return false;
		at++;
	} else {
		while (isalpha((unsigned char)*at))
			at++;
		if (at - value < 3)
			return false;
	}
	if (*at == '+' || *at == '-')
		at++;
	return is_digit(*at);
}

/* The zone that TZ names, else that of the system. */
static bool choose_local(struct error *error)
{
	static const char marker[] = "/zoneinfo/";
	const char *value = getenv("TZ");
	char path[PATH_MAX];
	ssize_t length;
	const char *name;

	if (value != NULL) {
		if (*value == ':')
			value++;
		/* libc takes UTC, without a word, for what it does not know: our name says so */
		if (!is_held(value) && !is_posix_rule(value) && *value != '/')
			return set("<UTC>0", error);
		tzset();
		return true;
	}
	length = readlink("/etc/localtime", path, sizeof(path) - 1);
	path[length > 0 ? length : 0] = '\0';
	name = strstr(path, marker);
	if (name != NULL && is_held(name + strlen(marker)))
		return set(name + strlen(marker), error);
	tzset();
	return true;
}

/* Looks through the system's list of zones for a name, or the city of one, that is near. */
static bool find_near(const char *name, char found[LONGEST_NAME])
{
	char path[PATH_MAX], line[256], zone[LONGEST_NAME];
	FILE *file;
	bool is_found = false;

	(void)snprintf(path, sizeof(path), "%s/zone.tab", zone_folder());
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	while (!is_found && fgets(line, sizeof(line), file) != NULL) {
		const char *city = zone;

		if (*line == '#' || sscanf(line, "%*s %*s %63s", zone) != 1)
			continue;
		if (strrchr(zone, '/') != NULL)
			city = strrchr(zone, '/') + 1;
		is_found =
		    nearest_find(name, (const char *[]){ zone, city }, 2, sizeof(city)) != NULL;
	}
	(void)fclose(file);
	if (is_found)
		memcpy(found, zone, sizeof(zone));
	return is_found;
}

static bool refuse(const char *name, struct error *error)
{
	char near[LONGEST_NAME];
	int minutes;

	(void)error_set(error, ERROR_USAGE, "unknown time zone '%s'", name);
	if ((strncasecmp(name, "UTC", 3) == 0 || strncasecmp(name, "GMT", 3) == 0) &&
	    read_offset(name + 3, &minutes)) {
		(void)zone_format_offset(minutes * 60, near);
		(void)snprintf(error->hint, sizeof(error->hint), "did you mean '%s'?\n", near);
		return false;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcasecmp(name, known[i].name) == 0) {
			(void)snprintf(error->hint, sizeof(error->hint), "did you mean '%s'?\n",
			    known[i].meant);
			return false;
		}
	}
	if (find_near(name, near))
		(void)snprintf(error->hint, sizeof(error->hint), "did you mean '%s'?\n", near);
	else if (access(zone_folder(), R_OK) != 0)
		(void)snprintf(error->hint, sizeof(error->hint),
		    "this system has no zones (package tzdata); an offset works: +08:00\n");
	else
		(void)snprintf(error->hint, sizeof(error->hint),
		    "a zone is a name like Asia/Shanghai, an offset like +08:00, UTC or local\n");
	return false;
}

bool zone_choose(const char *name, struct error *error)
{
	int minutes;

	if (strcmp(name, "local") == 0)
		return choose_local(error);
	if (strcasecmp(name, "UTC") == 0 || strcmp(name, "Z") == 0)
		return set("<UTC>0", error);
	if (read_offset(name, &minutes))
		return set_offset(minutes, error);
	if (!is_held(name))
		return refuse(name, error);
	return set(name, error);
}

const char *zone_name(void)
{
	const char *value = getenv("TZ");

	if (value == NULL || *value == '<' || *value == '\0')
		return tzname[0];
	return *value == ':' ? value + 1 : value;
}

bool zone_is_american(void)
{
	static const char *const areas[] = { "America/", "US/", "Canada/", "Mexico/", "Brazil/",
		"Chile/", "EST", "CST6CDT", "MST", "PST8PDT", "Navajo", "Cuba", "Jamaica" };
	const char *name = zone_name();
	int minutes;

	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
		if (strncmp(name, areas[i], strlen(areas[i])) == 0)
			return true;
	return read_offset(name, &minutes) && minutes >= -600 && minutes <= -120;
}
