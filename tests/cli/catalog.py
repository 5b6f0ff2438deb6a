"""The parts of catalog.bats that need more than a shell."""
from program import *

ENTRY = "%d\tthe description of an entry\n"


def measured(catalog, log=LINE):
    """Runs over a log with this catalog; the output, CPU seconds and KiB at the peak."""
    with open("log", "wb") as f:
        f.write(log)
    process = subprocess.Popen([PATH, "-q", "-j2", "-c", catalog, "log"], stdout=subprocess.PIPE)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    same(status, 0)
    return out, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def million():
    with open("million.tsv", "w") as f:
        f.writelines(ENTRY % (1000000 + i) for i in range(1000000))
    # each thread has its own counts, in logs large enough for threads, whatever is counted by
    with open("large", "wb") as f:
        f.writelines(b"2026-05-18 12:00:00 user=%d code=%d\n" % (i % 7, 1000000 + i % 300 * 3333)
                     for i in range(300000))
    for options in (["-s"], ["-s", "--bucket", "1h", "--by", "user"], ["-r", "csv"],
                    ["-s", "--since", "2026-05-18"]):
        process = subprocess.Popen([PATH, "-j2", "-c", "million.tsv", *options, "large", "large"],
                                   stdout=subprocess.PIPE)
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        same(status, 0)
        assert b"600,000 codes" in out or b"1000000,the description" in out, out
        if not is_sanitized():
            assert usage.ru_maxrss < 256 << 10, f"{options}: peak of {usage.ru_maxrss >> 10} MiB"
    out, seconds, peak = measured("million.tsv", b"code=1999999\n")
    same(out, b"code=1999999 [failed: the description of an entry]\n")
    if not is_sanitized():
        assert peak < 256 << 10, f"peak of {peak / (1 << 10):.0f} MiB"
        assert seconds < 3, f"{seconds:.1f} s"  # 0.7 s; other work may slow it down


def every_code():
    """A log that names each code of a large catalog."""
    import random
    count = 400000
    with open("many.tsv", "w") as f:
        f.writelines(ENTRY % (1000000 + i) for i in range(count))
    with open("all", "wb") as f:
        f.writelines(b"code=%d\n" % (1000000 + i)
                     for i in random.Random(64).sample(range(count), count))
    with open("one", "wb") as f:
        f.writelines(b"code=1000000\n" for _ in range(count))
    peaks = []
    for log in ("one", "all"):
        process = subprocess.Popen([PATH, "-j1", "-s", "-c", "many.tsv", log],
                                   stdout=subprocess.PIPE)
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        same(status, 0)
        assert b"400,000 codes in 400,000 lines" in out, out
        peaks.append(usage.ru_maxrss << 10)
    if not is_sanitized():
        each = (peaks[1] - peaks[0]) // count
        assert each < 150, f"{each} bytes for each code"


def more_codes_than_are_kept():
    """Codes that take each other's place among the annotations made."""
    codes = [1000000 + 512 * i for i in range(8)] * 3
    with open("many.tsv", "w") as f:
        f.writelines("%d\tentry %d\n" % (1000000 + i, i) for i in range(5000))
    forms = ("code=%d x", '{"code":%d,"x":1}', "errCode=%d x", '{"errCode":"%d"}')
    log = "".join(form % code + "\n" for code in codes for form in forms)
    out, _, _ = measured("many.tsv", log.encode())
    for line, printed in zip(log.splitlines(), out.decode().splitlines()):
        code = int(next(filter(None, "".join(c if c.isdigit() else " " for c in line).split())))
        assert "entry %d" % (code - 1000000) in printed.replace('"', " ").replace("]", " "), printed
        same(printed.count("entry"), 1)


def chosen_keys():
    """Codes that agree in their low bits, or are far apart, cost no more than others."""
    import random
    random.seed(65)
    count = 100000
    spreads = {"random": random.sample(range(1000000, 999999999), count),
               "low bits": [(i + 1) << 13 for i in range(count)],
               "high": [999999999 - i * 9999 for i in range(count)]}
    seconds = {}
    for name, codes in spreads.items():
        with open("keys.tsv", "w") as f:
            f.writelines(ENTRY % code for code in codes)
        log = b"".join(b"code=%d\n" % code for code in codes)
        seconds[name] = min(measured("keys.tsv", log)[1] for _ in range(3))
    for name in spreads:
        assert seconds[name] < 3 * seconds["random"] + 0.1, seconds


def replaced():
    """A catalog that changes while the program runs: what was read at the start holds."""
    def write(text):
        with open("new.tsv", "w") as f:
            f.write("4711\t%s\n" % text)

    write("before")
    program = Program("-q", "-c", "new.tsv")
    program.write(b"code=4711\n")
    same(program.read_until(b"\n"), b"code=4711 [failed: before]\n")
    write("now other and longer")
    program.write(b"code=4711\n")
    same(program.read_until(b"\n"), b"code=4711 [failed: before]\n")
    os.truncate("new.tsv", 0)
    program.write(b"code=4711\n")
    same(program.read_until(b"\n"), b"code=4711 [failed: before]\n")
    os.unlink("new.tsv")
    program.write(b"code=4711\n")
    same(program.end()[:2], (0, b"code=4711 [failed: before]\n"))


main(globals())
