"""A run that is broken by strace, at the call and in the way that is asked for, and the one after.

The scenario: a first run has counted and reported; then the log was rotated by rename and
compressed, rotated again, and went on. The second run is broken, the third must mend all.
"""

import gzip
import json
import multiprocessing
import multiprocessing.util
import os
import shutil
import subprocess
import tempfile

import cases

REPORT = "report.json"
FOLDER = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # where a sync costs nothing
BEFORE = 40
NEWS = 25


def lines(first, count):
    return b"".join(b'2026-11-22 03:%02d:%02d api {"code":9018,"req":%d,"x":"%s"}\n' % (
        i // 60 % 60, i % 60, i, b"x" * 30) for i in range(first, first + count))


class Scenario:
    """A folder that is as before the broken run, again and again. The database knows the folder by
    its path, so each process has a scenario of its own."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="broken.", dir=FOLDER)
        self.files = {"api.log": lines(0, BEFORE)}
        self.reset()
        done = run_plain(self.folder)
        assert done.returncode == 0, done
        for name in os.listdir(self.folder):
            with open(os.path.join(self.folder, name), "rb") as f:
                self.files[name] = f.read()
        self.files.update({
            "api.log.2.gz": gzip.compress(lines(0, BEFORE + 5), mtime=0),
            "api.log.1": lines(100, 10),
            "api.log": lines(200, 10) + b'{"code":9018',
        })

    def reset(self):
        self.remove()
        os.mkdir(self.folder)
        for name, data in self.files.items():
            with open(os.path.join(self.folder, name), "wb") as f:
                f.write(data)
        return self.folder

    def remove(self):
        shutil.rmtree(self.folder)


def pool():
    """Workers with a scenario each, SCENARIO."""
    return multiprocessing.Pool(min(os.cpu_count() or 1, 4), make_scenario)


def make_scenario():
    global SCENARIO
    SCENARIO = Scenario()
    multiprocessing.util.Finalize(SCENARIO, SCENARIO.remove, exitpriority=1)


SCENARIO = None


def run_plain(folder, *options, stdout=subprocess.PIPE):
    return subprocess.run(
        [cases.program(), "-j1", "-d", "a.db", "-r", "json:" + REPORT, *options, "api.log"],
        cwd=folder, stdout=stdout, stderr=subprocess.PIPE, timeout=60, check=False)


def run_broken(folder, call, how, report="json:" + REPORT):
    """`how`: of strace's inject=. Returns the run, and whether it got that far."""
    trace = os.path.join(folder, "trace")
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}  # it cannot work here
    done = subprocess.run(
        ["strace", "-f", "-o", trace, "-e", "trace=" + call,
         "-e", "inject=%s:%s" % (call, how),
         cases.program(), "-j1", "-d", "a.db", "-r", report, "api.log"],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        timeout=60, check=False)
    with open(trace, encoding="utf-8", errors="replace") as f:
        text = f.read()
    os.unlink(trace)
    return done, "(INJECTED)" in text or "+++ killed by SIGKILL" in text


def responses(report):
    return report["hits"]["responses"]


def total(folder):
    """What the database holds: None where it must be put right by a run that may write."""
    done = subprocess.run([cases.program(), "-d", "a.db", "-r", "json"], cwd=folder,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
    if done.returncode == 4 and b"must run once to put it right" in done.stderr:
        return None
    assert done.returncode == 0, done
    return responses(json.loads(done.stdout))


def report_of(folder):
    """The file; the old one stands until the new one is whole."""
    with open(os.path.join(folder, REPORT), encoding="utf-8") as f:
        return json.load(f)


def check_mended(folder, is_delivered):
    """The run after: nothing lost, nothing twice. `is_delivered` None: not known."""
    done = run_plain(folder)
    assert done.returncode == 0, ("the next run", done)
    found = responses(report_of(folder))
    allowed = {True: (0,), False: (NEWS,), None: (0, NEWS)}[is_delivered]
    assert found in allowed, ("the next run reports", found, allowed)
    assert total(folder) == BEFORE + NEWS, ("the total after the next run", total(folder))
    assert not os.path.exists(os.path.join(folder, "a.db-journal")), "a journal is left"
