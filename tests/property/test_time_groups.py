#!/usr/bin/env python3
"""Times, buckets and groups: on random logs the sums of the program's reports are those of
an independent plain implementation, whatever the log is cut into.

JGANNOTATE_SEED=random looks for what the tests do not know; a failure names its seed.
"""

import datetime
import gzip
import json
import os
import random
import tempfile

import cases
import oracle_tally

SEED = os.environ.get("JGANNOTATE_SEED", "2026")
SEED = random.SystemRandom().randrange(1 << 32) if SEED == "random" else int(SEED)
UTC = datetime.timezone.utc
ROUNDS = 25
PIECE = 1 << 20  # what one thread takes at a time

# --- the oracle itself, on lines made by hand ----------------------------------------

REFERENCE = datetime.datetime(2026, 3, 6, 0, 0, 0, tzinfo=UTC)

STAMPS = [  # line, zone, what it says in UTC
    (b"2026-03-05T10:57:48.031Z x", "UTC", "2026-03-05T10:57:48.031"),
    (b"2026-03-05T10:57:48+08:00 x", "UTC", "2026-03-05T02:57:48.000"),
    (b"2026-03-05 10:57:48,5 x", "Asia/Shanghai", "2026-03-05T02:57:48.500"),
    (b"2026/03/05 10:57:48 x", "America/New_York", "2026-03-05T15:57:48.000"),
    (b"26/03/05 10:57:48 WARN", "UTC", "2026-03-05T10:57:48.000"),
    (b'192.0.2.17 - - [05/Mar/2026:10:57:56 +0800] "GET /"', "UTC", "2026-03-05T02:57:56.000"),
    (b"Mar  5 10:57:48 host app: x", "UTC", "2026-03-05T10:57:48.000"),
    (b"Dec 31 10:57:48 host app: x", "UTC", "2025-12-31T10:57:48.000"),
    (b"03-05 10:57:48.031 D/Tag: x", "UTC", "2026-03-05T10:57:48.031"),
    (b'{"level":"info","ts":1772708268.25}', "UTC", "2026-03-05T10:57:48.250"),
    (b'{"time":1772708268031,"x":1}', "UTC", "2026-03-05T10:57:48.031"),
    (b'{"time":"2026-03-05T10:57:48Z"}', "UTC", "2026-03-05T10:57:48.000"),
    # twice on the clock: the first; never on it: on from before
    (b"2026-11-01 01:30:00 x", "America/New_York", "2026-11-01T05:30:00.000"),
    (b"2026-03-08 02:30:00 x", "America/New_York", "2026-03-08T07:30:00.000"),
    (b"2026-02-30 10:57:48 x", "UTC", None),
    (b"started in 4.127 seconds on port 9001", "UTC", None),
    (b'{"time":266}', "UTC", None),
    (b"x" * 200 + b" 2026-03-05 10:57:48", "UTC", None),
]

BUCKETS = [  # time, seconds, zone, where its bucket begins
    ("2026-03-05T10:57:48.031", 60, "UTC", "2026-03-05T10:57:00.000"),
    ("2026-03-05T10:57:48.031", 3600, "Asia/Shanghai", "2026-03-05T10:00:00.000"),
    ("2026-03-05T15:57:48.031", 86400, "Asia/Shanghai", "2026-03-04T16:00:00.000"),
    ("2026-03-05T16:00:00.000", 86400, "Asia/Shanghai", "2026-03-05T16:00:00.000"),
    ("2026-11-01T06:30:00.000", 3600, "America/New_York", "2026-11-01T06:00:00.000"),
    ("2026-03-08T20:00:00.000", 86400, "America/New_York", "2026-03-08T05:00:00.000"),
]

FIELDS = [  # line, field, its value for each hit
    (b'{"app":"web","code":9011}', "app", ["web"]),
    (b'{"app":"a","body":{"code":9011,"app":"b"}}', "app", ["b"]),
    (b'{"app":"a","body":{"code":9011}}', "app", ["a"]),
    (b'{"app":"a","body":"{\\"code\\":9011}"}', "app", ["a"]),
    (b'{"req":{"app":"a"},"body":{"code":9011}}', "app", [None]),
    (b'[{"code":9011,"app":"a"},{"code":9000}]', "app", ["a", None]),
    (b"app=web level=error code=9011", "app", ["web"]),
    (b'msg="x app=y" app=web code=9011', "app", ["web"]),
    (b'app="my web" {"code":9011}', "app", ["my web"]),
    (b'{"code":9011} app=web', "app", ["web"]),
    (b"my.app=web code=9011", "app", [None]),
    (b'"POST /v1/login?x=1 HTTP/1.1" 200 body="{\\x22code\\x22:9018}"', "path", ["/v1/login"]),
    (b'{"path":"/v1/login","code":9011}', "path", ["/v1/login"]),
    (b"url=https://example.com/v1/login?x code=9011", "path", ["/v1/login"]),
    (b"calling https://example.com/v1/login -> code=9011", "path", ["/v1/login"]),
    (b"code=9011", "path", [None]),
]

CLASSES = [
    (b'{"code":9000,"content":"verify consistent","riskCheck":{"code":0,"content":"success"}}',
     ["response", "inner"]),
    (b'code=9011 body={"code":9011,"content":"auth failed"}', ["response", "repeated"]),
    (b'[{"code":9011},{"code":9011}]', ["response", "response"]),
    (b'{"code":0,"msg":"success"}', ["held"]),
    (b'{"id":1,"code":9023,"content":"sim card changed"}', ["unlisted"]),
    (b"code=1234", ["other"]),
]


def milliseconds(text):
    return None if text is None else oracle_tally.to_milliseconds(
        datetime.datetime.fromisoformat(text).replace(tzinfo=UTC, microsecond=0),
        text[20:].encode())


def check_oracle(checks):
    for line, zone, expected in STAMPS:
        found = oracle_tally.stamp(line, oracle_tally.zone_of(zone), REFERENCE)
        checks.check(found == milliseconds(expected), "oracle: stamp", "line", line,
                     "expected", milliseconds(expected), "found", found)
    for time, seconds, zone, expected in BUCKETS:
        found = oracle_tally.bucket(milliseconds(time), seconds, oracle_tally.zone_of(zone))
        checks.check(found == milliseconds(expected), "oracle: bucket of %s" % time,
                     "expected", milliseconds(expected), "found", found)
    for line, name, expected in FIELDS:
        found = [oracle_tally.path(line) if name == "path" else
                 oracle_tally.field(line, index, name) for index in range(len(expected))]
        checks.check(found == expected, "oracle: %s" % name, "line", line,
                     "expected", expected, "found", found)
    for line, expected in CLASSES:
        found = [kind for _, kind in oracle_tally.classes(line)]
        checks.check(found == expected, "oracle: classes", "line", line,
                     "expected", expected, "found", found)
    check_oracle_tally(checks)


def check_oracle_tally(checks):
    lines = [b"code=9011", b"2026-03-05 10:00:00 app=a code=9011", b"app=b code=9000",
             b"2026-03-05 12:00:00 app=a code=9001", b"2026-03-06 00:00:00 code=9018"]
    tally = oracle_tally.Tally([("x", lines, REFERENCE)], seconds=3600, by="app")
    told = {begin: part.told()[:2] for begin, part in tally.buckets.items()}
    ten, twelve = milliseconds("2026-03-05T10:00:00.000"), milliseconds("2026-03-05T12:00:00.000")
    checks.check(told == {None: (1, 1), ten: (2, 1), twelve: (1, 0), ten + 14 * 3600000: (1, 1)},
                 "oracle: buckets", "found", told)
    told = {group: part.told()[:2] for group, part in tally.groups.items()}
    checks.check(told == {None: (2, 2), "a": (2, 1), "b": (1, 0)}, "oracle: groups", "found", told)
    tally = oracle_tally.Tally([("x", lines, REFERENCE)], since=ten + 1, until=ten + 14 * 3600000)
    checks.check((tally.total.responses, tally.outside, tally.unknown) == (1, 3, 1),
                 "oracle: window", "found", vars(tally))


# --- random logs ---------------------------------------------------------------------

REPLIES = [  # as an object's members, without app
    '"code":9000,"content":"verify consistent"', '"code":9001,"content":"verify not consistent"',
    '"code":9011,"content":"auth failed"', '"code":9018,"content":"appKey no money"',
    '"code":8000,"content":"get phone success"', '"code":0,"msg":"ok"',
    '"id":1,"code":9023,"content":"sim card changed"', '"code":4711,"x":1',
    '"code":9000,"content":"verify consistent","riskCheck":{"code":0,"content":"success"}',
]
APPS = ["web", "ios", "android", "h5", "网页", "a/b"]
PATHS = ["/v1/login", "/v1/verify", "/", "/v2/web/verify"]


def random_line(rng, text):
    """One line with the stamp `text` (or without, where it is empty)."""
    reply, app, path = rng.choice(REPLIES), rng.choice(APPS), rng.choice(PATHS)
    code = rng.choice([9000, 9001, 9003, 9011, 9018, 8000, 7110])
    shape = rng.randrange(9)
    if shape == 0:
        return '%s INFO Client: app=%s "POST %s?x=1 HTTP/1.1" {%s}' % (text, app, path, reply)
    if shape == 1:
        return '%s ERROR Client: path=%s code=%d app=%s' % (text, path, code, app)
    if shape == 2:
        return '{"time":"%s","app":"%s","url":"https://example.com%s","body":{%s}}' % (
            text, app, path, reply)
    if shape == 3:
        return '{"time":"%s","body":{%s,"app":"%s"},"app":"outer"}' % (text, reply, app)
    if shape == 4:
        return '{"time":"%s","app":"%s","body":%s}' % (text, app, json.dumps("{" + reply + "}"))
    if shape == 5:
        return '%s nothing here, app=%s, on port 9001' % (text, app)
    if shape == 6:
        return '%s failed: code=%d and again code=%d app=%s' % (text, code, code, app)
    if shape == 7:
        return '%s {"req":{"app":"%s"},"resp":{%s}}' % (text, app, reply)
    return '%s 极光认证失败，错误码：%d' % (text, code)


def random_stamp(rng, moment):
    kind = rng.randrange(6)
    if kind == 0:
        return moment.strftime("%Y-%m-%d %H:%M:%S.") + "%03d" % (moment.microsecond // 1000)
    if kind == 1:
        return moment.strftime("%Y-%m-%dT%H:%M:%S,") + "%03d" % (moment.microsecond // 1000)
    if kind == 2:
        return moment.strftime("%Y/%m/%d %H:%M:%S")
    if kind == 3:
        return moment.strftime("192.0.2.1 - - [%d/%b/%Y:%H:%M:%S +0530]")
    if kind == 4:
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.strftime("%y/%m/%d %H:%M:%S")


def random_lines(rng, count):
    """Lines in about the order of time; some have no stamp."""
    # the clocks of New York change on the first two of these days
    day = rng.choice([datetime.datetime(2026, 3, 8), datetime.datetime(2026, 11, 1),
                      datetime.datetime(2026, 7, 4, 20)])
    moment = day + datetime.timedelta(seconds=rng.randrange(3600))
    lines = []
    for _ in range(count):
        moment += datetime.timedelta(milliseconds=rng.randrange(300000))
        if rng.random() < 0.05:
            moment -= datetime.timedelta(hours=2)
        text = "" if rng.random() < 0.2 else random_stamp(rng, moment)
        lines.append(random_line(rng, text).lstrip().encode())
    return lines


class Files:
    """A log cut into files, some of them compressed."""

    def __init__(self, rng, folder, lines):
        self.names = []
        self.parts = []
        cuts = sorted(rng.randrange(len(lines)) for _ in range(rng.randrange(3)))
        for number, (begin, end) in enumerate(zip([0] + cuts, cuts + [len(lines)])):
            # time does not go from one file into the next
            data = b"".join(line + b"\n" for line in lines[begin:end])
            name = os.path.join(folder, "log.%d" % number)
            if rng.random() < 0.3:
                name += ".gz"
                data = gzip.compress(data)
            with open(name, "wb") as out:
                out.write(data)
            self.names.append(name)
            self.parts.append((name, lines[begin:end], None))


# --- what the program says -----------------------------------------------------------


def report(arguments, log=b""):
    return json.loads(cases.run(log, "-r", "json", *arguments))


def told(part):
    """A bucket or group of a report as Part.told() says it."""
    return (part["responses"], part["errors"], part["held_back"], part["unlisted"],
            tuple(sorted((code["code"], code["count"]) for code in part["codes"])))


def told_buckets(found):
    """{start: counts} without the empty ones."""
    rows = {}
    for row in found["buckets"]:
        start = row["start"]
        if start is not None:
            moment = datetime.datetime.fromisoformat(start.replace("Z", "+00:00"))
            start = round(moment.timestamp() * 1000)
        if any(told(row)[:4]):
            rows[start] = told(row)
    return rows


def told_groups(found):
    rows = {}
    for row in found["groups"]["values"]:
        if any(told(row)[:4]):
            rows["(other)" if row["other"] else row["group"]] = told(row)
    return rows


def told_total(found):
    return (found["hits"]["responses"], found["errors"], found["hits"]["held_back"],
            found["hits"]["unlisted"],
            tuple(sorted((code["code"], code["count"]) for code in found["codes"])))


def sum_of(rows):
    codes = {}
    for row in rows:
        for code, count in row[4]:
            codes[code] = codes.get(code, 0) + count
    return tuple(sum(row[i] for row in rows) for i in range(4)) + (tuple(sorted(codes.items())),)


def filled(parts):
    return {name: part.told() for name, part in parts.items() if not part.is_empty()}


# --- the properties ------------------------------------------------------------------


def check_classes(checks, rng):
    """Without any option of time: the oracle's reading of the lines is the program's."""
    for number in range(ROUNDS):
        lines = random_lines(rng, 60)
        tally = oracle_tally.Tally([("-", lines, None)])
        found = report([], b"".join(line + b"\n" for line in lines))
        checks.check(told_total(found) == tally.total.told(), "totals, round %d" % number,
                     "expected", tally.total.told(), "found", told_total(found))


def check_round(checks, rng, folder, number):
    files = Files(rng, folder, random_lines(rng, rng.randrange(1, 150)))
    zone = rng.choice(["UTC", "Asia/Shanghai", "America/New_York"])
    seconds, length = rng.choice([(60, "1m"), (900, "15m"), (3600, "1h"), (86400, "1d")])
    by = rng.choice(["app", "path", "file"])
    tally = oracle_tally.Tally(files.parts, oracle_tally.zone_of(zone), seconds=seconds, by=by)
    asked = ["--tz", zone, "--bucket", length, "--by", by]
    found = report(["-j1", *asked, *files.names])
    name = "round %d: %s" % (number, " ".join(asked))
    total, buckets, groups = told_total(found), told_buckets(found), told_groups(found)
    checks.check(total == tally.total.told(), name + ": total",
                 "expected", tally.total.told(), "found", total)
    checks.check(sum_of(buckets.values()) == total, name + ": the buckets' sum", "found", buckets)
    checks.check(sum_of(groups.values()) == total, name + ": the groups' sum", "found", groups)
    checks.check(buckets == filled(tally.buckets), name + ": buckets",
                 "expected", filled(tally.buckets), "found", buckets)
    checks.check(groups == filled(tally.groups), name + ": groups",
                 "expected", filled(tally.groups), "found", groups)
    again = report(["-j2", *asked, *files.names])
    checks.check(again == found, name + ": -j2")
    check_window(checks, rng, files, zone, name)


def rfc3339(time):
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=time)
    return moment.isoformat(timespec="milliseconds") + "Z"


def check_window(checks, rng, files, zone, name):
    times = [oracle_tally.stamp(line, oracle_tally.zone_of(zone))
             for _, lines, _ in files.parts for line in lines]
    times = [time for time in times if time is not None]
    if not times:
        return
    since, until = sorted((rng.choice(times), rng.choice(times)))
    tally = oracle_tally.Tally(files.parts, oracle_tally.zone_of(zone), since, until)
    found = report(["--tz", zone, "--since", rfc3339(since), "--until", rfc3339(until),
                    *files.names])
    name += ": %s to %s" % (rfc3339(since), rfc3339(until))
    checks.check(told_total(found) == tally.total.told(), name + ": window",
                 "expected", tally.total.told(), "found", told_total(found))
    counted = (found["time"]["unknown"], found["time"]["outside"])
    checks.check(counted == (tally.unknown, tally.outside), name + ": unknown, outside",
                 "expected", (tally.unknown, tally.outside), "found", counted)


def check_threads(checks, rng, folder):
    """A log of several pieces gives the same report whatever the number of threads."""
    lines = [line + b"\n" for line in random_lines(rng, 2000)]
    log = b"".join(lines)
    name = os.path.join(folder, "large.log")
    with open(name, "wb") as out:
        while out.tell() < 4 * PIECE:
            out.write(log)
    for asked in (["--bucket", "15m"], ["--by", "app"], ["--bucket", "1h", "--by", "path"]):
        reports = [cases.run(b"", "-r", "json", "-j%d" % threads, *asked, name)
                   for threads in (1, 2, 5)]
        checks.check(len(set(reports)) == 1, "-j1, -j2, -j5: %s" % " ".join(asked))


def split(rng, lines, places):
    cuts = sorted(rng.sample(places, min(len(places), rng.randrange(1, 4))))
    return [lines[begin:end] for begin, end in zip([0] + cuts, cuts + [len(lines)])]


def merge(folder, parts, asked, rng=None):
    """The report of the reports of the parts, in their order, or with `rng` in any."""
    names = []
    for index, part in enumerate(parts):
        name = os.path.join(folder, "part%d.json" % index)
        with open(name, "wb") as out:
            out.write(cases.run(b"".join(line + b"\n" for line in part), "-r", "json",
                                "--label", "part%d" % index, *asked))
        names.append(name)
    if rng is not None:
        rng.shuffle(names)
    return report(["--merge", *names])


COUNTS = ("lines", "bytes", "lines_with_hits", "hits", "errors", "error_rate", "outcomes",
          "categories", "inner", "held_back")


def check_members(checks, merged, whole, name, *members):
    for member in members:
        expected, found = (member(whole), member(merged)) if callable(member) else (
            whole[member], merged[member])
        checks.check(found == expected, "%s: %s" % (name, member), "whole", expected,
                     "merged", found)


def codes_without_places(found):
    """`first_at` names a line of the part."""
    return [{key: value for key, value in row.items() if key != "first_at"}
            for row in found["codes"] + found["unlisted"]]


def check_merge(checks, rng, folder, number):
    """Cut where a line has a time of its own: others have that of the line before."""
    lines = random_lines(rng, rng.randrange(10, 150))
    asked = ["--tz", "America/New_York", "--bucket", "1h", "--by", "app"]
    whole = report(asked, b"".join(line + b"\n" for line in lines))
    places = [at for at, line in enumerate(lines)
              if at > 0 and oracle_tally.stamp(line) is not None]
    parts = split(rng, lines, places)
    if len(parts) > 1:
        check_merge.count += 1
    check_members(checks, merge(folder, parts, asked, rng), whole, "merge %d" % number,
                  told_total, told_buckets, told_groups, *COUNTS)
    check_members(checks, merge(folder, parts, asked), whole, "merge in order %d" % number,
                  told_total, told_buckets, told_groups, codes_without_places, "span", *COUNTS)


check_merge.count = 0


def check_merge_anywhere(checks, rng, folder, number):
    """Cut at any line's end: all but the times of lines without one."""
    lines = random_lines(rng, rng.randrange(2, 60))
    asked = ["--by", rng.choice(["app", "path"])]
    whole = report(asked, b"".join(line + b"\n" for line in lines))
    parts = split(rng, lines, range(1, len(lines)))
    check_members(checks, merge(folder, parts, asked), whole, "merge anywhere %d" % number,
                  told_total, told_groups, "span", *COUNTS)


def main():
    checks = cases.Checks()
    rng = random.Random(SEED)
    check_oracle(checks)
    check_classes(checks, rng)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            check_round(checks, rng, folder, number)
        check_threads(checks, rng, folder)
        for number in range(ROUNDS):
            check_merge(checks, rng, folder, number)
            check_merge_anywhere(checks, rng, folder, number)
    checks.check(check_merge.count > ROUNDS // 2, "too few logs were cut")
    if checks.failed:
        print("JGANNOTATE_SEED=%d" % SEED)
    checks.end()


if __name__ == "__main__":
    main()
