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
import subprocess
import unittest

import jsonschema

SOURCE = os.environ["SOURCE"]
PROGRAM = os.environ["JGANNOTATE"]

with open(f"{SOURCE}/src/report/report.schema.json", encoding="utf-8") as file:
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
