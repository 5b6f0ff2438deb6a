#!/usr/bin/env python3
"""Makes this folder's database anew: make.py JGANNOTATE-0.1.0 (needs faketime).

Seven days of two logs and what their nightly runs kept: groups, every class, hits without a time, a
rotated log, a gap, and a last run that nobody was told of. The logs are those that a next run finds.
"""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.dirname(HERE)
FIRST = 16  # of November 2026
REPLIES = (
    "code=8000 content=get phone success",
    "code=9000 content=verify consistent",
    "code=9018 content=appKey no money",
    "code=9003 content=token expired or not exist",
    "code=8000 content=get phone success",
    '{"id":1,"code":9077,"content":"something new"}',
    '{"mobile":"13800138000","code":"9001"}',
    '{"code":8000,"content":"get phone success","riskCheck":{"code":0,"content":"success"}}',
    'code=9018 content=appKey no money {"code":9018,"content":"appKey no money"}',
    "http code=200",
)


def day(number, until=24):
    """A line in every hour."""
    return "".join(
        f"2026-11-{number:02}T{hour:02}:{(7 * hour + number) % 60:02}:09Z"
        f" svc={('pay', 'login', 'sms')[hour % 3]} {REPLIES[(hour + number) % len(REPLIES)]}\n"
        for hour in range(until))


def foreign():
    """Other systems' numbers, for the reasons for which hits are held back."""
    with open(os.path.join(DATA, "ambiguous.tsv"), encoding="utf-8") as rows:
        return "".join(
            row.rstrip("\n").split("\t")[2] + "\n" for row in rows
            if row.count("\t") == 2 and not row.startswith("#") and "\\" not in row)


class World:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder

    def add(self, name, text, how="a"):
        with open(os.path.join(self.folder, name), how, encoding="utf-8") as log:
            log.write(text)

    def go(self, time, *arguments):
        done = subprocess.run(
            ["faketime", "-f", time, self.program, "-d", "api.db", *arguments], cwd=self.folder,
            env={"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C.UTF-8", "NO_FAKE_STAT": "1"},
            stdout=subprocess.PIPE, check=False)
        assert done.returncode in (0, 3), done
        return done.stdout


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = World(os.path.abspath(sys.argv[1]), folder)
        logs = ("--by", "svc", "api.log", "web.log")
        world.add("web.log", foreign())
        for number in range(FIRST, FIRST + 7):
            if number == FIRST + 3:
                os.rename(os.path.join(folder, "api.log"), os.path.join(folder, "api.log.1"))
            if number == FIRST + 4:  # what was not read is gone
                world.add("web.log", f"2026-11-{number}T01:00:00Z svc=web code=9018\n", "w")
            world.add("api.log", day(number))
            world.go(f"2026-11-{number + 1:02} 00:05:00", "-s", *logs)
        world.add("api.log", day(FIRST + 7, 10))
        world.go("2026-11-23 10:05:00", "-q", *logs)
        for name, arguments in (
                ("all.json", ("-r", "json")), ("all.prom", ("-r", "prometheus")),
                ("day.json", ("--by", "svc", "-r", "json", "--since", "2026-11-21", "--until", "2026-11-22"))):
            with open(os.path.join(HERE, name), "wb") as report:
                report.write(world.go("2026-11-23 10:06:00", *arguments, "--label", "host"))
        for name in ("api.db", "api.log", "api.log.1", "web.log"):
            shutil.copyfile(os.path.join(folder, name), os.path.join(HERE, name))


main()
