"""What a terminal is sent, for controls.bats: everything hostile, in all formats and messages."""
import re

from program import *

# ESC, C1 in both forms, bidi overrides, DEL, BEL, CR, bytes that are no UTF-8
EVIL = [b"\x1b]0;t\x07", b"\x1b[2J", b"\xc2\x9b2J", b"\x9b2J", "\u202e".encode(),
        "\u2066".encode(), b"\x7f", b"\x07", b"\x08\x08", b"\r", b"\x1b[31m", b"\xff", b"\x0e"]
ALL = b"".join(EVIL)
SGR = re.compile(rb"\x1b\[[0-9;]*m")
REDRAWN = (b"\x1b[H\x1b[2J", b"\r\x1b[K")
FORMATS = ("text", "json", "csv", "markdown", "html", "prometheus")


def log():
    lines = [b'2026-05-18 12:00:%02d 10.0.0.1 "GET /p%s?token=1 HTTP/1.1" user=u%s code=%d\n'
             % (i % 60, evil, evil, code) for code in (9018, 9011, 9001) for i, evil in enumerate(EVIL)]
    lines += [b'{"code":9023,"content":"new %s","id":"1"}\n' % evil for evil in EVIL]
    lines += [b'{"user":"\\u001b]0;x\\u0007\\u202e","code":9018}\n', b"x" + ALL + b" code=404\n" * 20]
    return b"".join(lines)


def runs():
    """Arguments, and whether lines are printed, which keep a log's own colours."""
    evil = os.fsdecode(b"f" + ALL.replace(b"/", b""))
    with open(evil, "wb") as f:
        f.write(log())
    for at in ([], ["--color=always"], ["--lang", "zh"]):
        yield ["-q", *at, evil], True
        yield [*at, evil], True
        yield ["-o", "json", *at, evil], False
        for form in FORMATS:
            groups = (["--by", "user"], ["--by", "file", "--bucket", "1h"])
            for by in (["--by", "path"],) if at else groups:
                yield ["-r", form, *by, *at, "--label", evil, evil], False
        for word in ("/dev/stdout", "/dev/fd/1", "/dev/tty"):
            yield ["-r", "csv:" + word, "--by", "user", evil], False
            yield ["-r", "prometheus:" + word, "--label", evil, evil], False
    with open("catalog" + evil, "wb") as f:
        f.write(b"9018\t" + ALL + b"\n")
    with open("c" + evil + ".tsv", "wb") as f:
        f.write(b"9018\tours\tmine\n")
    done = subprocess.run([PATH, "-r", "json:report" + evil, "--by", "user", "--label", evil, evil])
    same(done.returncode, 0)
    yield ["-c", "catalog" + evil, evil], False
    for form in FORMATS:
        yield ["-c", "c" + evil + ".tsv", "-r", form, evil], False
        yield ["--merge", "-r", form, "report" + evil], False
        yield ["--merge", "--by", "label", "-r", form, "report" + evil], False
        yield ["--baseline", "report" + evil, "-r", form, evil], False
    yield ["-c", "c" + evil + ".tsv", "--explain"], False
    yield ["-c", "c" + evil + ".tsv", "--explain", "9018"], False
    yield ["-c", "c" + evil + ".tsv", "--explain", evil, "9018," + evil], False
    yield ["-c", "c" + evil + ".tsv", "-v", "-s", evil], False
    yield ["-v", "-s", evil, "missing" + evil], False
    yield ["-k", evil, evil], True
    yield ["-k", "+code" + evil, "-s", evil], False
    yield ["--merge", evil], False
    yield ["-d", evil, "-s", evil], False
    yield ["-d", "a.db", "-s", evil], False
    yield ["-d", "a.db", "-r", "prometheus"], False
    yield ["-w", "9018:1", evil], False
    yield ["-w", "1%", "-r", "text", evil], False
    for option in ("--only", "--errors", "--where", "-e", "--since", "--until", "--bucket", "--tz",
                   "--time-format", "--time-key", "--by", "-w", "--critical", "--min-responses", "--baseline",
                   "--every", "-o", "-r", "--color", "--lang", "--trust", "--add", "--top", "-j",
                   "-n", "--keep", "--rotated", "-c", "--" + evil, "-" + evil):
        yield [option + ("=" if option.startswith("--") else "") + evil, "none"], False
        yield [option, "(" + evil, "none"], False
        yield [option, "1" + evil, "none"], False
    for file in ("text:no/" + evil, "text:" + evil + "/x", evil + ".pdf"):
        yield ["-r", file, "none"], False


def check(arguments, out, prints):
    text = SGR.sub(b"", out)
    for drawn in REDRAWN:
        text = text.replace(drawn, b"")
    if not prints and "--color=always" not in arguments:
        assert b"\x1b[31mP" not in out, (arguments, out)
    try:
        text = text.decode()
    except UnicodeDecodeError as fault:
        raise AssertionError((arguments, fault, text)) from None
    for character in text:
        number = ord(character)
        assert character in "\n\t" or 0x20 <= number < 0x7f or (number > 0x9f and not (
            0x202a <= number <= 0x202e or 0x2066 <= number <= 0x2069)), (arguments, hex(number), out)


def terminal():
    here = os.path.dirname(os.path.abspath(__file__))
    for arguments, prints in runs():
        done = subprocess.run(["python3", os.path.join(here, "terminal.py"), "--stderr", *arguments],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
        assert done.returncode in (0, 1, 2, 3, 4), (arguments, done)
        assert done.stdout or "-q" in arguments, arguments
        check(arguments, done.stdout, prints)


def piped():
    with open("log", "wb") as f:
        f.write(log())
    out = subprocess.run([PATH, "-r", "csv", "--by", "user", "log"], stdout=subprocess.PIPE).stdout
    for evil in EVIL[2:3] + EVIL[4:7]:
        assert b"\n,u" + evil + b"," in out, (evil, out)
    label = os.fsdecode(EVIL[1])
    out = subprocess.run([PATH, "-r", "prometheus", "--label", label, "log"], stdout=subprocess.PIPE)
    assert b'{log="\x1b[2J"' in out.stdout, out
    done = subprocess.run([PATH, "-q", "log"], stdout=subprocess.PIPE)
    same(re.sub(rb" \[(account: appKey no money|auth: auth failed|negative: [a-z ]*)\]", b"", done.stdout)
         .replace(b',"code_outcome":"unlisted"', b"").replace(b',"code_outcome":"account",'
         b'"code_description":"appKey no money"', b""), log())


main({"terminal": terminal, "piped": piped})
