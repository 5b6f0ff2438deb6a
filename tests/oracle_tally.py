"""A second, naive reading of the rules for times, windows, buckets and groups.

Written from the specification alone, like oracle.py, whose hits it counts. A log is a
list of files, a file a list of lines; everything is held in memory.

What it does not know: the marks of other systems, stamps by --time-format, and notations
of fields other than JSON, `key=value` and those that read alike.
"""

import datetime
import json
import re
import zoneinfo

import oracle

UTC = datetime.timezone.utc
RISK = b"risk"
ERRORS = {b"request", b"auth", b"account", b"limit", b"server", b"failed"}

# --- what a hit counts as --------------------------------------------------------


def innermost(line, at):
    """The innermost pair of braces or parentheses around an offset, or None."""
    opened = []
    for offset, byte in enumerate(line):
        if offset == at:
            start = opened[-1] if opened else None
            break
        if byte in b"{(":
            opened.append(offset)
        elif byte in b"})" and opened:
            opened.pop()
    else:
        return None
    if start is None:
        return None
    depth = 0
    for offset in range(at, len(line)):
        if line[offset] in b"{(":
            depth += 1
        elif line[offset] in b"})":
            if depth == 0:
                return start, offset
            depth -= 1
    return start, len(line)


def are_separate(one, other):
    return (one is not None and other is not None and
            (one[1] <= other[0] or other[1] <= one[0]))


def classes(line):
    """[(hit, class)] of a line, the classes named as in the reports."""
    hits = oracle.hits_of(line)
    seen = {}
    found = []
    for index, hit in enumerate(hits):
        entry = oracle.CATALOG.get(hit.code)
        counts = oracle.counts(line, hits, index)
        if entry is None:
            kind = "unlisted" if counts else "other"
        elif entry.category == RISK and oracle.in_risk_check(line, hit):
            kind = "inner"
        elif not counts:
            kind = "held"
        else:
            kind = "response"
            place = innermost(line, hit.start)
            before = seen.setdefault(hit.code, [])
            if before and not all(are_separate(place, other) for other in before):
                kind = "repeated"
            before.append(place)
        found.append((hit, kind))
    return found


# --- time stamps -------------------------------------------------------------------

MONTHS = {name: number for number, name in enumerate(
    b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
MONTH = rb"(?P<name>" + b"|".join(MONTHS) + rb")"
CLOCK = (rb"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d):(?P<second>[0-5]\d|60)"
         rb"(?:[.,](?P<fraction>\d+))?")
OFFSET = rb"(?: ?(?P<offset>Z|[+-]\d\d:?\d\d))?"
STAMPS = [re.compile(rb"(?<![0-9A-Za-z])" + text) for text in (
    rb"(?P<year>\d{4})[-/](?P<month>\d\d)[-/](?P<day>\d\d)[T ]" + CLOCK + OFFSET,
    rb"(?P<short>\d\d)/(?P<month>\d\d)/(?P<day>\d\d) " + CLOCK,
    rb"(?P<day>\d\d)/" + MONTH + rb"/(?P<year>\d{4}):" + CLOCK + OFFSET,
    MONTH + rb" (?P<day>[ 0123]\d) " + CLOCK,
    rb"(?P<month>\d\d)-(?P<day>\d\d) " + CLOCK,
)]
MEMBER = re.compile(rb'"(?:ts|time|timestamp|@timestamp)" ?: ?(\d+)(?:\.(\d+))?(?=[,} ])')
REACH = 128


def to_milliseconds(moment, fraction):
    """Of a datetime with its zone, and the digits behind its seconds."""
    elapsed = moment - datetime.datetime(1970, 1, 1, tzinfo=UTC)
    whole = elapsed // datetime.timedelta(seconds=1)
    return whole * 1000 + int((fraction or b"").ljust(3, b"0")[:3] or 0)


def moment_of(year, part, zone):
    month = MONTHS[part["name"]] if part.get("name") else int(part["month"])
    moment = datetime.datetime(year, month, int(part["day"]), int(part["hour"]),
                               int(part["minute"]), min(int(part["second"]), 59))
    offset = part.get("offset")
    if offset is None:
        # the first of two, and on from before a gap: what fold=0 means
        return moment.replace(tzinfo=zone)
    if offset != b"Z":
        minutes = int(offset[1:3]) * 60 + int(offset[-2:])
        moment -= datetime.timedelta(minutes=-minutes if offset[:1] == b"-" else minutes)
    return moment.replace(tzinfo=UTC)


def stamp_in_text(line, zone, reference):
    found = [match for match in (stamp.search(line[:REACH + 40]) for stamp in STAMPS)
             if match is not None and match.start() < REACH]
    for match in sorted(found, key=lambda match: match.start()):
        part = match.groupdict()
        try:
            if part.get("year"):
                year = int(part["year"])
            elif part.get("short"):
                year = 2000 + int(part["short"])
            else:
                # not more than a day after the reference
                year = reference.year
                late = reference.replace(tzinfo=None) + datetime.timedelta(days=1)
                if moment_of(year, part, zone).replace(tzinfo=None) > late:
                    year -= 1
            return to_milliseconds(moment_of(year, part, zone), part["fraction"])
        except ValueError:
            continue  # the 30th of February
    return None


def stamp_in_member(line):
    for match in MEMBER.finditer(line):
        number = int(match.group(1))
        if 10**9 <= number <= 4 * 10**9:
            return number * 1000 + int((match.group(2) or b"").ljust(3, b"0")[:3])
        if 10**12 <= number <= 4 * 10**12:
            return number
    return None


def stamp(line, zone=UTC, reference=None):
    """Milliseconds since 1970, or None."""
    reference = reference or datetime.datetime.now(UTC)
    found = stamp_in_text(line, zone, reference.astimezone(zone))
    return stamp_in_member(line) if found is None else found


def bucket(time, seconds, zone):
    """Where the bucket of a time begins, counted from the zone's midnight."""
    moment = datetime.datetime.fromtimestamp(time // 1000, zone)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    begin = to_milliseconds(midnight.astimezone(UTC), b"")
    return begin + (time - begin) // (seconds * 1000) * (seconds * 1000)


# --- fields ------------------------------------------------------------------------


def members_in(value, path, target):
    """The objects on the way to the one that is `target`, outermost first; or None."""
    if isinstance(value, dict):
        children = value.values()
    elif isinstance(value, list):
        children = value
    else:
        return None
    here = path + [value] if isinstance(value, dict) else path
    if value is target:
        return here
    for child in children:
        found = members_in(child, here, target)
        if found is not None:
            return found
    return None


def objects_of(value):
    """All objects within a JSON value that hold a code, in the order of the text."""
    if isinstance(value, dict):
        for name, child in value.items():
            if name == "code":
                yield value
            yield from objects_of(child)
    elif isinstance(value, list):
        for child in value:
            yield from objects_of(child)


def unwrap(value):
    """A text member that is JSON itself becomes what it holds."""
    if isinstance(value, dict):
        return {name: unwrap(child) for name, child in value.items()}
    if isinstance(value, list):
        return [unwrap(child) for child in value]
    if isinstance(value, str) and value.startswith("{"):
        try:
            return unwrap(json.loads(value))
        except ValueError:
            return value
    return value


def as_text(value):
    if value is None or isinstance(value, (dict, list)):
        return None
    return (value if isinstance(value, str) else json.dumps(value)) or None


def parse(line):
    """What stands before the line's JSON, and its value; None where it has none."""
    at = line.find(b"{")
    if at < 0:
        return line, None
    try:
        value, end = json.JSONDecoder().raw_decode(line[at:].decode())
    except ValueError:
        return line, None
    return line[:at] + line[at + len(line[at:].decode()[:end].encode()):], unwrap(value)


PLAIN = re.compile(rb'(?P<name>[A-Za-z0-9_.\-/]+)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[^ ,;)}"\]]+))'
                   rb'|"[^"]*"')


def plain_field(text, name):
    """Of `key=value` in a text; what stands in quotes holds no fields."""
    for found in PLAIN.finditer(text):
        if found.group("name") == name.encode():
            quoted = found.group("quoted")
            value = found.group("bare") if quoted is None else quoted
            return value.decode(errors="replace") or None
    return None


def field(line, index, name):
    """The value of a field for the hit of this index, or None."""
    text, value = parse(line)
    if value is not None:
        holders = list(objects_of(value))
        if index < len(holders):
            for holder in reversed(members_in(value, [], holders[index])):
                found = as_text(holder.get(name))
                if found is not None:
                    return found
    return plain_field(text, name)


REQUEST = re.compile(rb"\b(?:GET|POST|PUT|DELETE) (?:https?://[^/ ]+)?(/[^ ?#\"]*)")
PATH_FIELD = re.compile(
    rb"(?:^|[ ,{\"])(?:path|uri|url|request_uri)\"? ?[=:] ?\"?(?:https?://[^/ \"]+)?(/[^ ?#\",}]*)")
URL = re.compile(rb"https?://[^/ \"]+(/[^ ?#\",}]*)")


def path(line):
    for form in (REQUEST, PATH_FIELD, URL):
        found = form.search(line)
        if found is not None:
            return found.group(1).decode(errors="replace")
    return None


# --- the tally ---------------------------------------------------------------------


class Part:
    """The counts of a total, a bucket or a group."""

    def __init__(self):
        self.responses = self.errors = self.held = self.unlisted = 0
        self.codes = {}

    def add(self, hit, kind):
        if kind == "held":
            self.held += 1
        elif kind == "unlisted":
            self.unlisted += 1
        elif kind == "response":
            self.responses += 1
            self.errors += oracle.CATALOG[hit.code].outcome in ERRORS
            self.codes[hit.code] = self.codes.get(hit.code, 0) + 1

    def is_empty(self):
        return not (self.responses or self.held or self.unlisted)

    def told(self):
        return (self.responses, self.errors, self.held, self.unlisted,
                tuple(sorted(self.codes.items())))


class Tally:
    """Of files, each (name, lines without LF, reference for stamps without a year)."""

    def __init__(self, files, zone=UTC, since=None, until=None, seconds=None, by=None):
        self.total = Part()
        self.buckets = {}
        self.groups = {}
        self.unknown = self.outside = 0
        self.zone, self.since, self.until = zone, since, until
        self.seconds, self.by = seconds, by
        for name, lines, reference in files:
            time = None
            for line in lines:
                found = stamp(line, zone, reference)
                time = time if found is None else found
                for index, (hit, kind) in enumerate(classes(line)):
                    self.take(name, line, index, hit, kind, time)

    def take(self, name, line, index, hit, kind, time):
        is_windowed = self.since is not None or self.until is not None
        if time is None:
            self.unknown += 1
            if is_windowed:
                return
        elif ((self.since is not None and time < self.since) or
              (self.until is not None and time >= self.until)):
            self.outside += 1
            return
        self.total.add(hit, kind)
        if self.seconds:
            begin = None if time is None else bucket(time, self.seconds, self.zone)
            self.buckets.setdefault(begin, Part()).add(hit, kind)
        if self.by:
            group = (name if self.by == "file" else
                     path(line) if self.by == "path" else field(line, index, self.by))
            self.groups.setdefault(group, Part()).add(hit, kind)


def zone_of(name):
    return zoneinfo.ZoneInfo(name)
