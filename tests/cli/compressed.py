"""The parts of compressed.bats that need many runs, or both ends of a pipe."""
import gzip
import lzma
import random
import subprocess
import zlib

from program import *

CODES = (9000, 9001, 9003, 9018, 4011)


def make_log(lines, seed=1):
    rng = random.Random(seed)
    return b"".join(b"12:%02d:%02d id=%08x code=%d\n" % (
        i // 60 % 60, i % 60, rng.getrandbits(32), rng.choice(CODES)) for i in range(lines))


def zstd(data, *options):
    return subprocess.run(["zstd", "-qc", *options], input=data, stdout=subprocess.PIPE,
                          check=True).stdout


PACK = {"gzip": gzip.compress, "zstd": zstd, "xz": lzma.compress}
BEGIN = {"gzip": 3, "zstd": 5, "xz": 7}  # bytes after which the format is known


def run(data, *arguments):
    """Exit status, output, messages; a signal or a sanitizer's finding fails."""
    done = subprocess.run([PATH, *arguments], input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=PATIENCE)
    assert done.returncode in (0, 1, 3), (done.returncode, done.stderr)
    return done.returncode, done.stdout, done.stderr


def count(report):
    found = [line for line in report.splitlines() if b" codes in " in line or b" code in " in line]
    return int(found[0].split()[0].replace(b",", b"")) if found else 0


def cut(name):
    """All that is whole comes out; of the last line, no number at the cut counts."""
    log = make_log(25)
    packed = PACK[name](log)
    seen = set()
    for length in range(BEGIN[name], len(packed)):
        status, out, err = run(packed[:length], "-q", "-e", "(?<code>NEVER)")
        same(status, 3)
        assert b"'standard input' is damaged: unexpected end of " in err, err
        assert log.startswith(out), (length, out)
        assert b" after %d byte" % len(out) in err, err
        if name == "gzip":
            same(out, zlib.decompressobj(31).decompress(packed[:length]))
        # a line's only code ends it: it counts when its LF is there
        if len(out) not in seen:
            seen.add(len(out))
            status, report, err = run(packed[:length], "-s")
            same(status, 3)
            same(count(report), out.count(b"\n"))
            assert b"1 file damaged" in report, report
    assert name != "gzip" or len(seen) > 100, len(seen)


def bent(name):
    """A wrong byte anywhere: named, or it did not matter. Never a crash."""
    log = make_log(12)
    packed = PACK[name](log)
    noticed = 0
    for at in range(BEGIN[name] - 1, len(packed)):
        wrong = bytearray(packed)
        wrong[at] ^= 0x55
        status, out, err = run(bytes(wrong), "-q", "-e", "(?<code>NEVER)")
        noticed += status != 0
        if status == 0:
            same(out, log)
        elif status == 1:
            assert b"cannot decompress 'standard input': " in err, err
        else:
            assert b"'standard input' is damaged: " in err, err
    assert noticed > len(packed) * 0.9, (noticed, len(packed))


def live():
    """What a gzip stream holds is out while the pipe stays open."""
    for flush in (zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH):
        program = Program()
        packer = zlib.compressobj(wbits=31)
        for _ in range(3):
            program.write(packer.compress(LINE) + packer.flush(flush))
            same(program.read(len(NOTED)), NOTED)
        program.write(packer.flush())
        same(program.end()[:2], (0, b""))


def live_in_bytes():
    """The same, one byte of it at a time."""
    program = Program()
    packer = zlib.compressobj(wbits=31)
    for byte in packer.compress(LINE) + packer.flush(zlib.Z_SYNC_FLUSH):
        program.write(bytes([byte]))
        program.is_waiting()
    same(program.read(len(NOTED)), NOTED)
    program.end()


def prefix():
    """Bytes that only look like a beginning are waited behind, then are lines."""
    for start in (b"(", b"P", b"\x28\xb5", b"\xfd7zX", b"\x1f"):
        program = Program()
        program.write(start)
        program.is_waiting()
        program.write(LINE)
        program.read_until(b"\n")
        program.process.stdin.close()
        same(program.process.wait(), 0)
    for start in (b"(", b"\x1f", b"\x28\xb5\x2f"):
        same(run(start, "-q")[:2], (0, start))


def interrupted():
    """INT finishes what came and dies of it, whatever it was waiting for."""
    packer = zlib.compressobj(wbits=31)
    whole = packer.compress(LINE) + packer.flush(zlib.Z_SYNC_FLUSH)
    for data, expected in ((whole, NOTED), (whole[:9], b""), (b"(", b""), (b"\x1f", b"")):
        program = Program()
        program.write(data)
        program.is_waiting()
        program.send(signal.SIGINT)
        same(program.process.stdout.read(), expected)
        same(program.process.wait(), -signal.SIGINT)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
