#!/usr/bin/env python3
"""JSON reports keep to the published schema, the schema is a valid one, and it is
strict: a member taken away, added or of another type is refused. CSV and JSON of the
same input hold the same counts."""
import copy
import csv
import glob
import io
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import jsonschema

SOURCE = os.environ["SOURCE"]
PROGRAM = os.environ["JGANNOTATE"]

with open(f'{os.environ["BUILD"]}/report.schema.json', encoding="utf-8") as file:
    SCHEMA = json.load(file)


def valid(report):
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(report)


def golden(name):
    with open(f"{SOURCE}/tests/data/report/{name}", encoding="utf-8") as stream:
        return json.load(stream)


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], check=True, stdout=subprocess.PIPE).stdout


def objects(value):
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, (dict, list)):
            yield from objects(inner)


class Schema(unittest.TestCase):
    def test_it_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_reports_keep_to_it(self):
        names = [os.path.basename(path) for path in glob.glob(f"{SOURCE}/tests/data/report/*.json")]
        self.assertGreaterEqual(len(names), 4)
        for name in names:
            with self.subTest(name):
                jsonschema.validate(golden(name), SCHEMA, cls=jsonschema.Draft202012Validator)
        live = json.loads(run("-r", "json", f"{SOURCE}/samples/api.log"))
        jsonschema.validate(live, SCHEMA, cls=jsonschema.Draft202012Validator)

    def test_reports_from_a_database_keep_to_it(self):
        with tempfile.TemporaryDirectory() as folder:
            log, database = f"{folder}/api.log", f"{folder}/a.db"
            shutil.copy(f"{SOURCE}/samples/api.log", log)
            run("-d", database, "-r", "json", log)
            with open(log, "w", encoding="utf-8") as stream:  # a gap
                stream.write("2026-11-22 10:00:00 code=9018 path=/a\n")
            subprocess.run([PROGRAM, "-d", database, "-s", log], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            window = ["--since", "2026-11-22", "--until", "2026-11-23"]
            reports = [
                run("-d", database, "-r", "json"),
                run("-d", database, "-r", "json", log),
                run("-d", database, "-r", "json", "--bucket", "1h", *window),
                run("-d", database, "-r", "json", "--baseline", "2d", *window),
                run("-d", database, "-r", "json", "--baseline", "2026-11-01..2026-11-02"),
            ]
            for report in reports:
                report = json.loads(report)
                jsonschema.validate(report, SCHEMA, cls=jsonschema.Draft202012Validator)
                for at, inner in enumerate(list(objects(report))):
                    for member in inner:
                        changed = copy.deepcopy(report)
                        del list(objects(changed))[at][member]
                        self.assertFalse(valid(changed), f"without {member}")
                    if at > 30:
                        break
            with open(f"{folder}/a.json", "wb") as stream:
                stream.write(reports[2])
            merged = json.loads(run("--merge", "-r", "json", f"{folder}/a.json"))
            jsonschema.validate(merged, SCHEMA, cls=jsonschema.Draft202012Validator)
            self.assertIsNone(merged["lines"])
            self.assertEqual(len(json.loads(reports[0])["gaps"]), 1)

    def test_every_member_counts(self):
        whole = golden("json-night.json")
        seen = 0
        for at in range(len(list(objects(whole)))):
            if at > 120 and at % 17:  # rows are many and alike
                continue
            for member in list(list(objects(whole))[at]):
                report = copy.deepcopy(whole)
                victim = list(objects(report))[at]
                kept = victim.pop(member)
                self.assertFalse(valid(report), f"without {member}")
                victim[member] = {"other": kept}
                self.assertFalse(valid(report), f"other {member}")
                seen += 1
            report = copy.deepcopy(whole)
            list(objects(report))[at]["more"] = 1
            self.assertFalse(valid(report), "one more member")
        self.assertGreater(seen, 200)


class Csv(unittest.TestCase):
    def test_counts_are_those_of_json(self):
        log = f"{SOURCE}/samples/api.log"
        report = json.loads(run("-r", "json", log))
        text = run("-r", "csv", log).decode()
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        self.assertEqual(sum(int(row["count"]) for row in rows), report["hits"]["total"])
        counted = {
            int(row["code"]): int(row["count"]) for row in rows if row["counts_as"] == "response"
        }
        self.assertEqual(counted, {row["code"]: row["count"] for row in report["codes"]})


if __name__ == "__main__":
    unittest.main()
