#!/usr/bin/env python3
"""A database of release 0.1.0 (tests/data/upgrade) goes on: what it kept stays as it was reported, each
line is counted once, and reports say which counts older rules made."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import cases

DATA = os.path.join(cases.TESTS, "data", "upgrade")
LOGS = ("api.log", "web.log")
CHANGE = "2026-11-23 10:05:00"  # when 0.1.0 last counted
SAID = f"counts until {CHANGE} were made by older rules"
NOON = 1795435200  # 2026-11-23 12:00
DAY = 86400
MASK = (1 << 64) - 1
LINES = 'jgannotate_lines_total{log="host"}'
PRIMES = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63,
          0x27D4EB2F165667C5)


# ---- a row's checksum, for the one row that says where the logs are ----

def rotate(value, bits):
    return (value << bits | value >> 64 - bits) & MASK


def one_round(lane, word):
    return rotate((lane + word * PRIMES[1]) & MASK, 31) * PRIMES[0] & MASK


def xxh64(data, seed):
    at = 0
    if len(data) < 32:
        value = seed + PRIMES[4]
    else:
        lanes = [seed + PRIMES[0] + PRIMES[1], seed + PRIMES[1], seed, seed - PRIMES[0]]
        while at + 32 <= len(data):
            for i in range(4):
                lanes[i] = one_round(lanes[i], int.from_bytes(data[at:at + 8], "little"))
                at += 8
        value = sum(rotate(lane & MASK, bits) for lane, bits in zip(lanes, (1, 7, 12, 18)))
        for lane in lanes:
            value = ((value ^ one_round(0, lane)) * PRIMES[0] + PRIMES[3]) & MASK
    value = (value + len(data)) & MASK
    for size, prime in ((8, None), (4, PRIMES[0]), (1, PRIMES[4])):
        while at + size <= len(data) and (size != 4 or at + 8 > len(data)):
            word = int.from_bytes(data[at:at + size], "little")
            at += size
            if size == 8:
                value = rotate(value ^ one_round(0, word), 27) * PRIMES[0] + PRIMES[3]
            elif size == 4:
                value = rotate(value ^ word * prime & MASK, 23) * PRIMES[1] + PRIMES[2]
            else:
                value = rotate(value ^ word * prime & MASK, 11) * PRIMES[0]
            value &= MASK
    for bits, prime in ((33, PRIMES[1]), (29, PRIMES[2])):
        value = (value ^ value >> bits) * prime & MASK
    return value ^ value >> 32


def checksum(table, values):
    total = 0x6A67616E6E6F7461
    for value in (*values, None):
        kind, data = (("t", table.encode()) if value is None
                      else ("i", value.to_bytes(8, "little", signed=True))
                      if isinstance(value, int) else ("s", value.encode()))
        total = xxh64(ord(kind).to_bytes(8, "little") + len(data).to_bytes(8, "little"), total)
        total = xxh64(data, total) if data else total
    return total - (1 << 64) if total >> 63 else total


def settle(database, folder):
    """The logs are in this folder now."""
    with sqlite3.connect(database) as db:
        for number, was, name, kept in db.execute("SELECT * FROM log").fetchall():
            assert kept == checksum("log", (number, was, name))
            db.execute("UPDATE log SET directory = ?, checksum = ? WHERE id = ?",
                       (folder, checksum("log", (number, folder, name)), number))
    db.close()


# ---- the tests ----

def line(time, code=9018):
    return f"{time}Z svc=pay code={code} content=appKey no money\n"


def totals(text):
    return {name: int(value) for name, value in
            re.findall(r"^(\w+_total(?:\{.*\})?) (\d+)$", text, re.M)}


def counts(report):
    """What was found, without its version and what it says of runs."""
    report = json.loads(report)
    kept = {name: report[name] for name in (
        "hits", "errors", "outcomes", "codes", "inner", "unlisted", "groups", "gaps", "label")}
    # when each was seen 0.1.0 did not tell of a database
    kept["codes"] = [{name: value for name, value in row.items() if name not in (
        "first", "last", "first_at")} for row in kept["codes"]]
    kept["unlisted"] = [(row["code"], row["count"]) for row in kept["unlisted"]]
    kept["held_back"] = sorted((row["code"], row["reason"], row["count"])
                               for row in report["held_back"])
    return kept


def kept(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as stream:
        return stream.read()


class Upgrade(unittest.TestCase):
    rotated = 0

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = os.path.realpath(temporary.name)
        for name in ("api.db", "api.log", "api.log.1", "web.log"):
            shutil.copyfile(os.path.join(DATA, name), self.path(name))
        settle(self.path("api.db"), self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def go(self, *arguments, now=NOON, status=0):
        done = subprocess.run(
            [cases.program(), "-d", "api.db", *arguments], cwd=self.folder, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
            env={**os.environ, "JGANNOTATE_TEST_NOW": str(now), "TZ": "UTC"})
        self.err = done.stderr.decode()
        self.assertEqual(done.returncode, status, self.err)
        return done.stdout.decode()

    def upgrade(self, *arguments, **options):
        return self.go(*(arguments or ("-q",)), "--by", "svc", *LOGS, **options)

    def add(self, *lines, name="api.log"):
        with open(self.path(name), "a", encoding="ascii") as log:
            log.write("".join(lines))

    def assert_said(self, text):
        self.assertIn(SAID, re.sub(r"\s+", " ", text))

    def assert_not_said(self, text):
        self.assertNotIn("older rules", re.sub(r"\s+", " ", text))

    def test_it_is_brought_up_to_date_once_and_as_it_was_kept_beside(self):
        self.go("-s", status=4)
        self.assertIn("made by an older release", self.err)
        before = self.read("api.db")
        self.upgrade()
        self.assertIn("'api.db.bak'", self.err)
        self.assertIn("the counts of before were made by older rules; they go on", self.err)
        self.assertNotIn("seen for the first time", self.err)
        self.assertEqual(self.rows("api.db.bak"), self.rows_of(before))
        self.upgrade()
        self.assertNotIn("older", self.err)

    def read(self, name):
        with open(self.path(name), "rb") as stream:
            return stream.read()

    def rows(self, name):
        db = sqlite3.connect(self.path(name))
        dump = list(db.iterdump())
        db.close()
        return dump

    def rows_of(self, database):
        with open(self.path("before.db"), "wb") as stream:
            stream.write(database)
        return self.rows("before.db")

    def test_what_was_counted_is_reported_as_before(self):
        self.upgrade()
        self.assertEqual(counts(self.go("-r", "json", "--label", "host")), counts(kept("all.json")))
        window = ("--since", "2026-11-21", "--until", "2026-11-22", "--by", "svc")
        self.assertEqual(counts(self.go("-r", "json", "--label", "host", *window)),
                         counts(kept("day.json")))
        # held back for many reasons: each is kept as a number
        self.assertGreater(len({row["reason"] for row in json.loads(kept("all.json"))["held_back"]}), 10)

    def test_each_line_is_counted_once_and_totals_never_fall(self):
        steps = (
            lambda: None,
            lambda: self.add(line("2026-11-23T10:30:00"), line("2026-11-23T10:31:00", 9003)),
            self.rotate,
            lambda: self.add(line("2026-11-24T01:00:00")),
            self.rotate,
        )
        before = totals(kept("all.prom"))
        self.assertGreater(len(before), 5)
        first, lines = before, 0
        for number, step in enumerate(steps):
            step()
            now = totals(self.upgrade("-r", "prometheus", "--label", "host", now=NOON + number * DAY))
            for name, value in before.items():
                self.assertGreaterEqual(now.get(name, -1), value, name)
            before = now
        lines = before[LINES] - first[LINES]
        self.assertEqual(lines, 3 + 2)
        report = json.loads(self.go("-r", "json"))
        self.assertEqual(report["hits"]["total"], json.loads(kept("all.json"))["hits"]["total"] + 5)
        self.assertEqual(len(report["gaps"]), 1)

    def rotate(self):
        os.replace(self.path("api.log.1"), self.path("api.log.2"))
        os.replace(self.path("api.log"), self.path("api.log.1"))
        self.rotated += 1  # each file begins as no other does
        self.add(line(f"2026-11-23T23:{self.rotated:02}:00"))

    def test_what_nobody_was_told_of_is_told_now(self):
        # 0.1.0 took in ten lines in a run without a report
        self.add(line("2026-11-23T11:00:00"))
        report = self.upgrade("-r", "json")
        hits = json.loads(report)["hits"]["total"]
        self.assertEqual([run["lines"] for run in json.loads(report)["runs"]], [10, 1])
        self.assertGreater(hits, 10)
        self.assertEqual(json.loads(report)["older_rules_until"], "2026-11-23T10:05:00+00:00")
        # once
        self.add(line("2026-11-23T11:01:00"))
        report = json.loads(self.upgrade("-r", "json"))
        self.assertEqual(report["hits"]["total"], 1)
        self.assertIsNone(report["older_rules_until"])

    def test_whatever_reaches_before_the_change_says_so(self):
        self.add(line("2026-11-23T11:00:00"), line("2026-11-24T01:00:00"))
        self.upgrade(now=NOON + DAY)
        reaching = ("--since", "2026-11-22", "--until", "2026-11-25")
        later = ("--since", "2026-11-24", "--until", "2026-11-25")
        for form in (("-s",), ("-r", "text"), ("-r", "markdown"), ("-r", "html"), (),
                     ("-w", "1%", "--min-responses", "1")):
            done = subprocess.run(
                [cases.program(), "-d", "api.db", *form, *reaching], cwd=self.folder, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "TZ": "UTC"})
            self.assertEqual(done.returncode, 1 if "-w" in form else 0)
            self.assert_said(done.stdout.decode())
            if "-w" in form:
                self.assert_said(done.stdout.decode().split("|")[0])
            done = subprocess.run(
                [cases.program(), "-d", "api.db", *form, *later], cwd=self.folder, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "TZ": "UTC"})
            self.assert_not_said(done.stdout.decode())
        self.assert_said(self.go("-s", "--since", "2026-11-20", "--until", "2026-11-21").replace(
            "2026-11-21 00:05:00", CHANGE))
        self.assertIn("之前的计数按旧规则得出", self.go("-s", "--lang", "zh", *reaching))
        report = json.loads(self.go("-r", "json", *reaching))
        self.assertEqual(report["older_rules_until"], "2026-11-23T10:05:00+00:00")
        self.assertIsNone(report["rules"])
        report = json.loads(self.go("-r", "json", *later))
        self.assertIsNone(report["older_rules_until"])
        self.assertIsNotNone(report["rules"])

    def test_a_merge_keeps_it(self):
        self.upgrade()
        with open(self.path("new.json"), "w", encoding="utf-8") as stream:
            stream.write(self.go("-r", "json", "--label", "a"))
        with open(self.path("old.json"), "w", encoding="utf-8") as stream:
            stream.write(kept("all.json"))
        for files in (("new.json",), ("new.json", "old.json"), ("old.json", "new.json")):
            done = subprocess.run([cases.program(), "--merge", "-r", "text", *files], check=True,
                                  cwd=self.folder, stdout=subprocess.PIPE,
                                  env={**os.environ, "TZ": "UTC"})
            self.assert_said(done.stdout.decode())

    def test_a_window_goes_over_the_change(self):
        self.add(line("2026-11-23T11:00:00"))
        self.upgrade()
        whole = json.loads(self.go("-r", "json", "--since", "2026-11-16", "--until", "2026-11-24"))
        parts = [json.loads(self.go("-r", "json", "--since", f"2026-11-{day}",
                                    "--until", f"2026-11-{day + 1}")) for day in range(16, 24)]
        for name in ("responses", "held_back", "inner", "repeated", "unlisted"):
            self.assertEqual(whole["hits"][name], sum(part["hits"][name] for part in parts))
        db = sqlite3.connect(self.path("api.db"))
        all_responses = json.loads(self.go("-r", "json"))["hits"]["responses"]
        self.assertEqual(db.execute("SELECT sum(count) FROM responses").fetchone()[0],
                         all_responses)
        db.close()
        self.assertIn("9018", self.go("-s", "--since", "2026-11-16", "--until", "2026-11-24"))

    def test_since_last_begins_where_the_database_does(self):
        self.add(line("2026-11-23T11:00:00"))
        report = json.loads(self.upgrade("-r", "json", "--since", "last"))
        self.assertEqual(report["time"]["until"], "2026-11-23T12:00:00+00:00")
        self.assertGreater(report["hits"]["responses"], 150)
        self.add(line("2026-11-23T12:10:00"))
        report = json.loads(self.upgrade("-r", "json", "--since", "last", now=NOON + 3600))
        self.assertEqual(report["hits"]["responses"], 1)
        self.assertIsNone(report["older_rules_until"])

    def test_days_of_other_rules_are_no_baseline(self):
        for day in range(23, 27):
            self.add(*[line(f"2026-11-{day}T{hour}:00:00") for hour in range(11, 20)])
            self.upgrade(now=NOON + (day - 22) * DAY)
        window = ("--since", "2026-11-26", "--until", "2026-11-27", "--baseline", "7d")
        text = re.sub(r"\s+", " ", self.go("-s", *window, now=NOON + 5 * DAY))
        self.assertIn("of which 2 count: 5 were counted by other rules", text)
        self.assertIn("--baseline 7d: 5 of 7 days left out", self.err)
        baseline = json.loads(self.go("-r", "json", *window))["baseline"]
        self.assertEqual((baseline["days"], baseline["days_with_responses"],
                          baseline["days_by_other_rules"]), (7, 2, 5))
        self.assertEqual((baseline["responses"], baseline["error_rate"]), (9, 1))
        for form in ("markdown", "html"):
            self.assertIn("5 were counted by other rules", self.go("-r", form, *window))
        # none is left, and nothing is new
        window = ("--since", "2026-11-24", "--until", "2026-11-25", "--baseline", "3d")
        baseline = json.loads(self.go("-r", "json", *window))["baseline"]
        self.assertEqual((baseline["days_with_responses"], baseline["days_by_other_rules"],
                          baseline["codes"]), (0, 3, []))
        # where older rules made all, they are compared
        window = ("--since", "2026-11-20", "--until", "2026-11-21", "--baseline", "3d")
        baseline = json.loads(self.go("-r", "json", *window))["baseline"]
        self.assertEqual((baseline["days_with_responses"], baseline["days_by_other_rules"]), (3, 0))
        # and a window of both is compared with none
        window = ("--since", "2026-11-23", "--until", "2026-11-24", "--baseline", "3d")
        baseline = json.loads(self.go("-r", "json", *window))["baseline"]
        self.assertEqual((baseline["days_with_responses"], baseline["days_by_other_rules"]), (0, 3))

    def test_a_window_of_other_rules_is_no_baseline(self):
        self.add(line("2026-11-24T11:00:00"), line("2026-11-25T11:00:00"))
        self.upgrade(now=NOON + 3 * DAY)
        window = ("--since", "2026-11-25", "--until", "2026-11-26", "--baseline")
        text = re.sub(r"\s+", " ", self.go("-s", *window, "2026-11-20..2026-11-21"))
        self.assertIn("2026-11-20..2026-11-21, not compared: counted by other rules", text)
        self.assertIn("not compared, since it was counted by other rules", self.err)
        baseline = json.loads(self.go("-r", "json", *window, "2026-11-20..2026-11-21"))["baseline"]
        self.assertEqual((baseline["responses"], baseline["codes"], baseline["by_other_rules"]),
                         (0, [], True))
        baseline = json.loads(self.go("-r", "json", *window, "2026-11-24..2026-11-25"))["baseline"]
        self.assertEqual((baseline["responses"], baseline["by_other_rules"]), (1, False))

    def test_a_report_of_0_1_0_is_compared_and_told(self):
        self.upgrade()
        shutil.copyfile(os.path.join(DATA, "day.json"), self.path("old.json"))
        text = re.sub(r"\s+", " ", self.go("-s", "--baseline", "old.json"))
        self.assertRegex(text, r"old\.json, host, [^)]*, counted by other rules")
        self.assertGreater(
            json.loads(self.go("-r", "json", "--baseline", "old.json"))["baseline"]["responses"], 0)

    def test_other_options_stay_apart(self):
        self.upgrade("-s", "-k", "errno", status=4)
        self.assertIn("was begun with other options", self.err)
        # refused: nothing was changed
        self.assertFalse(os.path.exists(self.path("api.db.bak")) and
                         "responses" in "".join(self.rows("api.db")))
        self.add("2026-11-23T11:00:00Z errno=9018\n")
        report = json.loads(self.upgrade("-r", "json", "-k", "errno", "--new-epoch"))
        self.assertEqual(report["hits"]["total"], 1)
        self.assertIsNone(report["older_rules_until"])
        db = sqlite3.connect(self.path("api.db"))
        self.assertEqual(db.execute("SELECT sum(count) FROM responses").fetchone()[0], 1)
        db.close()

    def test_a_database_that_can_only_be_read_says_so(self):
        self.upgrade()
        os.chmod(self.path("api.db"), 0o444)
        os.chmod(self.folder, 0o555)
        self.addCleanup(os.chmod, self.folder, 0o755)
        done = subprocess.run(
            ["sh", os.path.join(cases.TESTS, "cli", "bound"), cases.program(), "-d", "api.db", "-s"],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
            env={**os.environ, "TZ": "UTC"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_said(done.stdout.decode())

    def test_a_dry_run_changes_nothing(self):
        before = self.read("api.db")
        self.add(line("2026-11-23T11:00:00"))
        self.assert_said(self.upgrade("-s", "--since", "2026-11-20", "--dry-run"))
        self.assertEqual(self.read("api.db"), before)
        self.assertFalse(os.path.exists(self.path("api.db.bak")))


if __name__ == "__main__":
    sys.exit(unittest.main())
