"""The parts of hostile.bats that need more than a shell."""
from program import *

READ_SIZES = ("1", "2", "3", "7", "4096")


def bounded(chunks, status, *arguments):
    """Pipes the chunks through and looks at the peak of memory before the end."""
    program = Program(*arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for chunk in chunks:
        program.write(chunk)
    program.is_waiting()
    with open(f"/proc/{program.pid}/status") as f:
        peak = next(int(line.split()[1]) for line in f if line.startswith("VmHWM:"))
    same(program.end()[0], status)
    if not is_sanitized():
        assert peak < 8 << 10, f"peak of {peak / (1 << 10):.1f} MiB"


def mixed_chunks(size):
    chunk = b"".join(b'{"id":%d,"code":90%02d,"content":"x"} plain text here\n' % (i, i % 20)
                     for i in range(20000))
    return [chunk] * (size // len(chunk) + 1)


def memory_stream():
    bounded(mixed_chunks(64 << 20), 0, "-j1")


def memory_tally():
    bounded(mixed_chunks(64 << 20), 0, "-s", "-j1")


def memory_other_numbers():
    """Millions of different numbers under a key do not pile up."""
    bounded((b"".join(b"code=%d\n" % (100000 + i) for i in range(start, start + 50000))
             for start in range(0, 2000000, 50000)), 0, "-s", "-j1")


def memory_long_line():
    size = 2 << 30 if os.environ.get("JGANNOTATE_LONG") == "1" else 64 << 20
    bounded([b"code=9018 " + b"a" * (1 << 20)] + [b"a" * (1 << 20)] * (size >> 20), 3, "-j1")


def memory_newlines():
    bounded([b"\n" * (1 << 20)] * 64, 0, "-j1")


def memory_nuls():
    bounded([b"\0" * (1 << 20)] * 64, 3, "-j1")


def all_bytes():
    data = bytearray()
    for byte in range(256):
        if byte == 10:
            continue
        one = bytes([byte])
        data += one + b" code=9018 " + one + b"\n" + one * 3 + b"\n"
    program = Program()
    program.write(bytes(data))
    status, out, err = program.end()
    same(status, 0)
    same(out, bytes(data).replace(b"9018", b"9018 [account: appKey no money]"))
    assert b"255 errors of 255 responses" in err, err


def random_bytes():
    import random
    random.seed(9018)
    data = random.randbytes(1 << 20)
    program = Program(stdout=open("out", "wb"))
    program.write(data)
    status, _, _ = program.end()
    same(status, 0)
    with open("out", "rb") as f:
        same(f.read(), data)  # no code in it, by its seed


def read_sizes():
    data = (b'a\n{"code":9018,"content":"appKey no money"}\r\n\ncode=9011 \xd6\xd0 code=9001\n'
            b"\xe9\x94\x99\xe8\xaf\xaf\xe7\xa0\x81\xef\xbc\x9a9003\n\0\0\ncode=4711\n" * 8
            + b"code=9018")
    with open("in", "wb") as f:
        f.write(data)
    for arguments in (["in"], ["-o", "json", "in"], ["-r", "json", "in"],
                      ["-e", r"code\W+(?<code>\d+)", "in"], ["--only", "error", "in"]):
        expected = subprocess.run([PATH, *arguments], capture_output=True)
        same(expected.returncode, 0)
        for size in READ_SIZES:
            got = subprocess.run([PATH, *arguments], capture_output=True,
                                 env={**os.environ, "JGANNOTATE_TEST_READ_SIZE": size})
            same(got.stdout, expected.stdout)
            same(got.stderr, expected.stderr)
            same(got.returncode, 0)


def boundaries():
    """A hit on every offset around the places where blocks and pieces end."""
    for border in (1 << 18, 1 << 20):
        for offset in list(range(-14, 4)):
            with open("in", "wb") as f:
                filler = border + offset
                f.write((b"x" * 63 + b"\n") * (filler // 64) + b";" * (filler % 64))
                f.write(b"code=9018\ncode=9011\n" + b"z\n" * 70000)
            done = subprocess.run([PATH, "-o", "json", "in"], capture_output=True)
            codes = [line.split(b'"code":')[1][:4] for line in done.stdout.splitlines()]
            same(codes, [b"9018", b"9011"])
            done = subprocess.run([PATH, "in"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            with open("in", "rb") as f:
                same(done.stdout, f.read().replace(b"9018", b"9018 [account: appKey no money]")
                     .replace(b"9011", b"9011 [auth: auth failed]"))


def growing():
    """A file that grows while it is read ends somewhere, on a whole line or not."""
    with open("in", "wb") as f:
        f.write(LINE * 1000)
        f.flush()
        reader, writer = small_pipe()
        program = Program("in", stdout=writer, stdin=subprocess.DEVNULL)
        os.close(writer)
        program.is_waiting()
        f.write(LINE * 10)
        f.flush()
    got = b""
    while True:
        piece = os.read(reader, 65536)
        if not piece:
            break
        got += piece
    same(program.end()[0], 0)
    assert got in (NOTED * 1000, NOTED * 1010), len(got) / len(NOTED)


def shrinking():
    """A file that is cut while it is read: no crash, no line made of two."""
    with open("in", "wb") as f:
        f.write(LINE * 200000)
    reader, writer = small_pipe()
    program = Program("in", stdout=writer, stdin=subprocess.DEVNULL)
    os.close(writer)
    program.is_waiting()
    os.truncate("in", 15)
    got = b""
    while True:
        piece = os.read(reader, 65536)
        if not piece:
            break
        got += piece
    status = program.end()[0]
    assert status in (0, 1, 3), status
    whole, _, rest = got.rpartition(b"\n")
    same((whole + b"\n").replace(NOTED, b""), b"")
    assert NOTED.startswith(rest) or rest in (b"code=", b"code=9"), rest


def short_reads():
    """Each byte a read of its own, with signals between them."""
    program = Program(stderr=subprocess.DEVNULL)
    data = b"x\ncode=9018\r\n" * 5 + b"code=9018"
    program.write(data[:1])
    program.is_waiting()
    for byte in data[1:]:
        program.write(bytes([byte]))
        program.send(signal.SIGUSR1)
    status, out, _ = program.end()
    same((status, out), (0, data.replace(b"9018", b"9018 [account: appKey no money]")))


def descriptors():
    """Every set of closed standard descriptors: no file is taken for one, no crash."""
    with open("log", "wb") as f:
        f.write(LINE)
    for mask in range(1, 8):
        for arguments in (["log"], [], ["-r", "r.json", "log"], ["-c", "c.tsv", "log"]):
            with open("c.tsv", "w") as f:
                f.write("4711\tx\n")

            def close():
                null = os.open("/dev/null", os.O_RDWR)
                for fd in range(3):
                    os.dup2(null, fd)
                os.close(null)
                for fd in range(3):
                    if mask >> fd & 1:
                        os.close(fd)
            done = subprocess.Popen([PATH, *arguments], preexec_fn=close)
            status = done.wait(PATIENCE)
            needs_in = not arguments
            needs_out = arguments in (["log"], ["-c", "c.tsv", "log"])
            broken = (mask & 1 and needs_in) or (mask & 2 and needs_out)
            expected = 1 if broken else 0
            same((mask, arguments, status), (mask, arguments, expected))
            with open("log", "rb") as f:
                same(f.read(), LINE)
            with open("c.tsv") as f:
                same(f.read(), "4711\tx\n")


main(globals())
