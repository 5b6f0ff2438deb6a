#!/usr/bin/env python3
"""A database of many pages, in which bytes are changed or a page is put in another's place:
each report is refused, or it is the very one of before."""
import os
import random
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["JGANNOTATE"]
PAGE = 4096
REPORTS = (
    ["-r", "csv", "--by", "path"],
    ["-r", "csv", "--since", "2026-11-21", "--until", "2026-11-22"],
    ["-r", "prometheus"],
    ["-r", "json", "--since", "2026-11-21", "--until", "2026-11-22", "--baseline", "1d"],
)


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def log(path):
    choice = random.Random(7)
    with open(path, "w", encoding="utf-8") as file:
        for day in range(20, 23):
            for minute in range(0, 24 * 60, 15):
                for code in (9000, 9001, 9018, 9003, 7110):
                    file.write(f"2026-11-{day}T{minute // 60:02}:{minute % 60:02}:00 code={code}"
                               f" path=/p/{choice.randrange(5)}\n")


def change(data, choice):
    data = bytearray(data)
    at = choice.randrange(len(data))
    if choice.random() < 0.2:  # a page in another's place, as by a lost or misplaced write
        source = choice.randrange(len(data) // PAGE) * PAGE
        at -= at % PAGE
        data[at:at + PAGE] = data[source:source + PAGE]
    else:
        for i in range(at, min(at + choice.choice((1, 1, 4, 64)), len(data))):
            data[i] ^= choice.choice((1, 2, 0x40, 0x80, 0xFF))
    return data


class Damage(unittest.TestCase):
    def test_no_report_is_another_without_a_word(self):
        choice = random.Random(5)
        with tempfile.TemporaryDirectory() as folder:
            database, path = f"{folder}/a.db", f"{folder}/api.log"
            log(path)
            run("-d", database, "-s", "--by", "path", path).check_returncode()
            with open(database, "rb") as file:
                whole = file.read()
            self.assertGreater(len(whole), 20 * PAGE)
            before = [run("-d", database, *report) for report in REPORTS]
            self.assertEqual([report.returncode for report in before], [0] * len(REPORTS))
            refused = 0
            for turn in range(200):
                with open(database, "wb") as file:
                    file.write(change(whole, choice))
                which = turn % len(REPORTS)
                after = run("-d", database, *REPORTS[which])
                with self.subTest(turn):
                    if after.returncode != 0:
                        self.assertIn(after.returncode, (1, 4))
                        self.assertEqual(after.stdout, b"")
                        self.assertIn(b"a.db", after.stderr)
                        refused += 1
                    else:
                        self.assertEqual(after.stdout, before[which].stdout)
            self.assertGreater(refused, 50)


if __name__ == "__main__":
    unittest.main()
