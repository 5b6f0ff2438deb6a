#!/usr/bin/env python3
"""Zones, gaps, folds and buckets agree with Python's zoneinfo, which reads the same files."""

import datetime
import os
import random
import subprocess
import sys
import zoneinfo

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe",
         "Asia/Kolkata", "America/Havana", "America/Sao_Paulo", "Pacific/Apia", "Africa/Cairo",
         "America/St_Johns", "Asia/Kathmandu", "UTC")
UTC = datetime.timezone.utc
DAY = 86400
FIRST = int(datetime.datetime(1970, 1, 2, tzinfo=UTC).timestamp())
LAST = int(datetime.datetime(2037, 1, 1, tzinfo=UTC).timestamp())


def shown(zone, seconds):
    """What the clocks show, and their offset in seconds."""
    at = datetime.datetime.fromtimestamp(seconds, zone)
    return at.replace(tzinfo=None), int(at.utcoffset().total_seconds())


def changes(zone):
    """The seconds at which the offset changes."""
    found = []
    for day in range(FIRST, LAST, DAY):
        low, high = day, day + DAY
        before = shown(zone, low)[1]
        if before == shown(zone, high)[1]:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if shown(zone, middle)[1] == before else (low, middle)
        found.append(high)
    return found


def first_instant(zone, wall, all_changes):
    """The first second at which the clocks show `wall` or later."""
    seconds = int(wall.replace(tzinfo=zone).timestamp())  # fold=0: the first, or behind a gap
    if shown(zone, seconds)[0] == wall:
        return seconds
    return max(change for change in all_changes if change <= seconds)


def bucket(zone, seconds, length, all_changes):
    """Days, and hours longer than any fold, by the clock's face."""
    wall, offset = shown(zone, seconds)
    for change in all_changes:  # seen the second time: as the last moment of the first
        back = shown(zone, change - 1)[1] - offset
        if back > 0 and change <= seconds < change + back:
            wall = shown(zone, change - 1)[0]
    midnight = wall.replace(hour=0, minute=0, second=0)
    start = midnight + (wall - midnight) // length * length
    return (first_instant(zone, start, all_changes),
            first_instant(zone, start + length, all_changes))


def questions(randoms, name):
    """Pairs of a question and what must be answered."""
    zone = zoneinfo.ZoneInfo(name)
    all_changes = changes(zone)
    times = [randoms.randrange(FIRST, LAST) for _ in range(500)]
    for change in randoms.sample(all_changes, min(40, len(all_changes))):
        times += [change - 1, change, change + 1]
        times += [change + randoms.randrange(-2 * DAY, 2 * DAY) for _ in range(10)]
        times += [change + randoms.randrange(-7200, 7200) for _ in range(20)]
    randoms.shuffle(times)
    for seconds in times:
        wall, offset = shown(zone, seconds)
        sign, minutes = ("-", -offset // 60) if offset < 0 else ("+", offset // 60)
        yield "utc %d" % seconds, "%s%s%02d:%02d" % (
            wall.strftime("%Y-%m-%dT%H:%M:%S"), sign, minutes // 60, minutes % 60)
        # a time on the clock's face, perhaps one that it never shows
        wall += datetime.timedelta(seconds=randoms.choice((0, 0, 1800, 3600, -3600)))
        yield wall.strftime("wall %Y-%m-%d %H:%M:%S"), "%d" % int(
            wall.replace(tzinfo=zone).timestamp())
        length = randoms.choice((2, 6, 12, 24))
        yield "bucket %d %d" % (length * 3600, seconds), "%d %d" % bucket(
            zone, seconds, datetime.timedelta(hours=length), all_changes)


def main():
    # the same in every run of the tests; JGANNOTATE_SEED=random looks for what they do not know
    seed = os.environ.get("JGANNOTATE_SEED", "2026")
    seed = random.SystemRandom().randrange(1 << 32) if seed == "random" else int(seed)
    randoms = random.Random(seed)
    asked, expected = [], []
    for name in ZONES:
        asked.append("zone " + name)
        for question, answer in questions(randoms, name):
            asked.append(question)
            expected.append((name, question, answer))
    done = subprocess.run([os.path.join(os.environ["BUILD"], "tests", "test_zone"), "answer"],
                          input="\n".join(asked) + "\n", stdout=subprocess.PIPE, text=True,
                          check=True, timeout=120)
    answers = done.stdout.splitlines()
    wrong = [(name, question, answer, got)
             for (name, question, answer), got in zip(expected, answers) if answer != got]
    for name, question, answer, got in wrong[:10]:
        print("%s, %s: %s instead of %s" % (name, question, got, answer))
    if wrong or len(answers) != len(expected):
        sys.exit("%d wrong, %d of %d answered; JGANNOTATE_SEED=%d" % (
            len(wrong), len(answers), len(expected), seed))


if __name__ == "__main__":
    main()
