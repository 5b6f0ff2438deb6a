"""Command lines as hands type them that are used to other programs: each line of typed.tsv is
accepted, or answered by exactly this second line; nothing is read or written before."""
import shlex

from program import *

ACCEPTED = "(accepted)"


def rows():
    with open(os.path.join(os.environ["TESTS"], "data", "typed.tsv"), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if line.strip() and not line.startswith("#"):
                typed, expected = line.rstrip("\n").split("\t")
                yield number, shlex.split(typed), expected


def prepare():
    for name, text in (("log", "2026-05-18 12:00:00 user=u code=9018\n"), ("nostamp", "code=9018\n"),
                       ("api.log", "code=9018\n")):
        with open(name, "w") as f:
            f.write(text)
    with open("wide", "w", encoding="utf-16") as f:
        f.write("code=9018\n")
    os.mkdir("dir")


def typed():
    prepare()
    before = sorted(os.listdir())
    faults, seen = [], set()
    for number, arguments, expected in rows():
        assert tuple(arguments) not in seen, f"line {number} stands there twice"
        seen.add(tuple(arguments))
        done = subprocess.run([PATH, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=PATIENCE, check=False)
        lines = done.stderr.decode().splitlines()
        if expected == ACCEPTED:
            right = done.returncode == 0 and not any(line.startswith("jgannotate:") for line in lines)
        else:
            right = len(lines) >= 2 and lines[0].startswith("jgannotate: ") and lines[1] == expected
        if not right:
            faults.append((number, arguments, done.returncode, lines[:2], expected))
    assert not faults, "\n" + "\n".join(map(str, faults))
    assert len(seen) >= 150, len(seen)
    same(sorted(os.listdir()), before)


main({"typed": typed})
