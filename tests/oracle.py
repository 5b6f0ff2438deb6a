#!/usr/bin/env python3
"""A second, naive reading of the rules for finding and annotating codes.

Written from the specification alone and knowing nothing of the program's
source, so that the tests can ask both and compare. One line at a time, no
thought of speed.

    oracle.py find < log       per line the numbers of its codes, comma-separated, or -
    oracle.py annotate < log   the log as `jgannotate` prints it
"""

import os
import re
import sys
import urllib.parse

CATALOG_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                            "..", "src", "catalog", "codes.tsv")

# --- the catalog ---------------------------------------------------------------


class Entry:
    def __init__(self, fields):
        self.code = int(fields[0])
        self.description = fields[1].encode()
        self.category = fields[2].encode()
        self.outcome = fields[3].encode()


def read_catalog(path=CATALOG_FILE):
    catalog = {}
    with open(path, encoding="utf-8") as rows:
        for row in rows:
            if row.strip() and not row.startswith("#"):
                entry = Entry(row.rstrip("\n").split("\t"))
                catalog[entry.code] = entry
    return catalog


CATALOG = read_catalog()

# Everybody's envelope: counted only where the field `content` confirms them.
NEEDS_CONTENT = {0, 2000}

# --- the grammar ---------------------------------------------------------------

ASCII_KEYS = [
    b"code", b"errcode", b"err_code", b"error_code", b"errorcode", b"retcode",
    b"ret_code", b"rescode", b"resultcode", b"result_code", b"respcode",
    b"resp_code", b"rspcode", b"returncode", b"return_code", b"bizcode",
    b"biz_code", b"consistencycode",
]
CHINESE_KEYS = ["返回码", "错误码", "响应码", "结果码", "错误代码", "返回代码"]
TRADITIONAL_KEYS = ["錯誤碼"]
# With blanks between, a code of the catalog behind one of these is doubtful.
EXCLUDING_WORDS = [b"exit", b"status", b"http", b"zip", b"postal", b"area",
                   b"country", b"verification", b"verify", b"sms", b"promo", b"otp",
                   b"invite", b"coupon", b"pin", b"branch", b"currency", b"activation"]
CHINESE_WORD = "验证码".encode()

BLANK = rb"(?:[ \t]|\\+t|%20|%09|#011|&nbsp;)"
BLANKS = BLANK + rb"*"

# ESC [ ... m or ESC [ K, the escape raw or in any of its spellings.
SGR = rb"(?:(?:\x1b|\\+(?i:x1b|u001b|033|e))\[(?:[0-9;:]*m|K))"
BETWEEN = rb"(?:" + BLANK + rb"|" + SGR + rb")*"

# A quote in any spelling. Longer spellings first.
HEX_QUOTE = rb"(?:\\+x5[cC])*\\+x2[27]"
UNICODE_QUOTE = rb"(?:\\+u005[cC])*\\+u002[27]"
ENCODED_QUOTE = rb"(?:%5[cC])*%2[27]"
ENTITY = rb"&(?i:quot|apos|#34|#39|#x2[27]);"
QUOTE = (rb"(?:" + HEX_QUOTE + rb"|" + UNICODE_QUOTE + rb"|" + ENCODED_QUOTE + rb"|" + ENTITY +
         rb'|(?:\\*"){1,2}|\\*' + rb"')")

KEY = (rb"(?i:" + b"|".join(sorted(ASCII_KEYS, key=len, reverse=True)) + rb")")
CHINESE = rb"(?:" + b"|".join(
    [re.escape(key.encode(charset)) for key in CHINESE_KEYS for charset in ("utf-8", "gbk")] +
    [re.escape(key.encode()) for key in TRADITIONAL_KEYS] +
    # \\uHHHH and \\xHH, however often escaped
    [b"".join(rb"\\+u%04x" % ord(char) for char in key) for key in CHINESE_KEYS] +
    [b"".join(rb"\\+x%02x" % byte for byte in key.encode()) for key in CHINESE_KEYS]
) + rb")"
CHINESE = rb"(?i:" + CHINESE + rb")"

COLON = rb"(?::|%3[aA]|&#58;|&#[xX]3[aA];|" + "：".encode() + rb"|" + "：".encode("gbk") + rb")"
GREATER = rb"(?:>|&gt;|\\+u003[eE])"
EQUALS = rb"(?:=|%3[dD]|&#61;|&#[xX]3[dD];)"
SEPARATOR = rb"(?:" + EQUALS + rb"(?:" + GREATER + rb"|=)?|->|" + COLON + rb")"
ANNOTATION = rb"(?: " + SGR + rb"?\[[^\]\n]*\]" + SGR + rb"?)"
WRAPPED = (rb"(?:\[(?=[0-9]+" + ANNOTATION + rb"?\])|" + "【".encode() +
           rb"(?=[0-9]+" + ANNOTATION + rb"?" + "】".encode() + rb"))")
COPULA = rb"(?:" + b"|".join(word.encode(charset) for word in ("为", "是")
                            for charset in ("utf-8", "gbk")) + rb")"

# What may stand right behind the number for it to be a whole token.
MESSAGE_NAME = rb"(?i:message|msg|content|desc)[ \t]*[=:]"
END = rb"(?=" + MESSAGE_NAME + rb"|(?![A-Za-z0-9_]|[.\-][0-9]))"
NO_THOUSANDS = rb"(?![0-9]{1,3},[0-9]{3}(?![A-Za-z0-9_]))"
NUMBER = NO_THOUSANDS + rb"(?P<number>0|[1-9][0-9]{0,8})(?P<fraction>\.0" + END + rb"|" + END + rb")"

CLOSING = rb"(?:(?P<closing>" + QUOTE + rb")(?:>>)?)?[\])]?"

# After the key; a Chinese one needs no separator.
SEPARATED = (rb"(?:" + SGR + rb"*" + GREATER + rb"|" + SGR + rb"*" + CLOSING + BETWEEN +
             rb"(?P<separator>" + SEPARATOR + rb"|(?<=>>),))" + BETWEEN +
             rb"(?:<<|Some\(|Optional\()?(?P<opening>" + QUOTE + rb")?" + SGR + rb"*" + NUMBER)
# A bare key's number in brackets.
IN_BRACKETS = BETWEEN + SEPARATOR + BETWEEN + WRAPPED + NUMBER
BRACKETED = re.compile(rb"(?P<key>" + KEY + rb"|" + CHINESE + rb")" + IN_BRACKETS)
CODE = re.compile(rb"(?P<key>" + KEY + rb")" + SEPARATED)
CHINESE_CODE = re.compile(rb"(?P<key>" + CHINESE + rb")" + SEPARATED)
CHINESE_BARE = re.compile(rb"(?P<key>" + CHINESE + rb")\]?" + BETWEEN + rb"(?:" + COPULA +
                          BETWEEN + rb"(?:" + SEPARATOR + BETWEEN + rb")?)?" +
                          rb"(?P<opening>" + QUOTE + rb")?" + SGR + rb"*" + NUMBER)

# A letter or digit in front of a key may be the end of an escape.
ENDS_ESCAPE = re.compile(
    rb"(?:\\[abefnrtv]|#0[0-9][0-9]|(?:\\x(?=..\Z)|\\u(?=....\Z)|%(?=..\Z))"
    rb"(?P<digits>[0-9A-Fa-f]+))\Z", re.DOTALL)
ENDS_COLOUR = re.compile(SGR + rb"\Z")
EXCLUDED = re.compile(
    rb"(?P<word>" + b"|".join(EXCLUDING_WORDS) + rb")(?P<gap>" + BETWEEN + rb")\Z",
    re.IGNORECASE)


def begins_token(line, at, characters=rb"[A-Za-z0-9_/\-]"):
    """Whether a token may begin at this offset."""
    before = line[:at]
    if not re.search(characters + rb"\Z", before) or ENDS_COLOUR.search(before):
        return True
    escape = ENDS_ESCAPE.search(before)
    if escape is None:
        return False
    # An escape that spells such a character is one: `\\u0041code`.
    digits = escape.group("digits")
    if digits is None:
        return True
    spelled = chr(int(digits, 16)).encode("utf-8", "surrogatepass")
    return not re.match(characters, spelled)


def is_excluded(line, at):
    """Whether a word like `exit` stands in front, with blanks between; but not as a
    value (`action=verify code=9011`) or as the end of a path or a longer name."""
    before = line[:at]
    plain = re.sub(rb"(?:" + SGR + rb"|" + BLANK + rb")+\Z", b"", before)
    if plain.endswith(CHINESE_WORD):
        return True
    found = EXCLUDED.search(before)
    if found is None or re.search(BLANK, found.group("gap")) is None:
        return False
    ahead = before[:found.start("word")]
    return (ahead == b"" or ahead[-1:] in b" \t([{<\"'`" or ahead.endswith((b"&quot;", b"&#34;")) or ENDS_COLOUR.search(ahead) is not None
            or (re.search(rb"[A-Za-z0-9]\Z", ahead) is not None
                and ENDS_ESCAPE.search(ahead) is not None))


class Hit:
    def __init__(self, line, match):
        groups = match.groupdict()
        self.key = groups["key"]
        self.key_start = match.start("key")
        self.start = match.start("number")
        self.number_end = match.end("number")
        self.code = int(groups["number"])
        # The spelling of the quote that closes the key, which its siblings take over.
        self.quote = groups.get("closing")
        opening = groups.get("opening")

        bare_end = match.end("fraction")
        self.closed = True
        self.value_end = bare_end
        if opening is not None:
            self.closed = line.startswith(opening, bare_end)
            if self.closed:
                self.value_end = bare_end + len(opening)
        self.is_member = (
            self.quote is not None and self.closed and re.fullmatch(
                SGR + rb"*" + re.escape(self.quote) + BLANKS +
                rb"(?::|%3[aA]|&#58;|&#[xX]3[aA];)" + BLANKS +
                re.escape(opening or b""), line[match.end("key"):self.start]) is not None)
        # In a URL what is put behind the value is encoded, as the quotes or the separator are.
        start = match.start("opening") if opening is not None else self.start
        ahead = line[match.end("key"):start]
        self.is_encoded = (self.quote if self.is_member else ahead)[-3:-2] == b"%"
        # Cut off by the end of the line: nothing is put into the open string.
        self.can_insert = self.closed or line[bare_end:] not in (b"", b"\r")
        # A closing quote that stands twice may be one of the text's own.
        if opening is not None and self.closed and line.startswith(opening, self.value_end):
            self.can_insert = False


# The value of exID, which the caller chooses.
CALLERS = re.compile(rb"exID(?P<name>" + QUOTE + rb")" + BLANKS + SEPARATOR + BLANKS +
                     rb"(?P<value>(?P=name))|exID" + BLANKS + SEPARATOR + BLANKS +
                     rb"(?P<bare>[\"'])")


def is_callers(line, at):
    for match in CALLERS.finditer(line, 0, at):
        end = line.find(match["value"] or match["bare"], match.end())
        if match.end() <= at and (end < 0 or end >= at):
            return True
    return False


def hits_of(line):
    hits = []
    at = 0
    while at < len(line):
        match = CODE.match(line, at)
        if match is None and BRACKETED.match(line, at):
            match = BRACKETED.match(line, at)
        if match is not None and match["key"].isascii() and match["key"][:1] != b"\\" \
                and not begins_token(line, at):
            match = None
        match = match or CHINESE_CODE.match(line, at) or CHINESE_BARE.match(line, at)
        if match is None:
            at += 1
            continue
        hit = Hit(line, match)
        hit.is_doubtful = is_excluded(line, at)
        if (not hit.is_doubtful or hit.code in CATALOG) and not is_callers(line, at):
            hits.append(hit)
        at = match.end("number")
    return hits


def find(line):
    """All codes of a line in order: (start, end_of_number, value_end, code)."""
    return [(hit.start, hit.number_end, hit.value_end, hit.code) for hit in hits_of(line)]


# --- the object around a hit -----------------------------------------------------

WINDOW = 2048


def level_of(backslashes):
    """How deep a backslashed quote is nested: 0, 1, 3, 7 backslashes are 0, 1, 2, 3."""
    level = 0
    while (1 << level) - 1 < backslashes:
        level += 1
    return level if (1 << level) - 1 == backslashes else None


def quotes_of(line, quote):
    """The quotes of one spelling: (start, end, kind), where kind is `own` for a quote
    that opens or closes a string at this level, `outer` for one of an enclosing string."""
    found = []
    if b'""' in quote or quote.count(b'"') == 2 or quote.endswith((b"22", b"27", b";")):
        for match in re.finditer(QUOTE, line):
            text = match.group()
            if text == quote:
                found.append((match.start(), match.end(), "own"))
            elif text == b'"' or (b'"' not in quote and len(text) < len(quote)
                                  and text.endswith(quote[-3:])):
                found.append((match.start(), match.end(), "outer"))
        return found
    character = quote[-1:]
    own = len(quote) - 1
    level = level_of(own)
    for match in re.finditer(rb"\\*" + re.escape(character), line):
        count = len(match.group()) - 1
        if level is None:
            kind = "own" if count == own else None
        else:
            kind = None
            for depth in range(level + 1):
                escape = (1 << depth) - 1
                if count >= escape and (count - escape) % (2 * (escape + 1)) == 0:
                    kind = "own" if depth == level else "outer"
                    break
        if kind is not None:
            # Of `\\"` only the part that spells the quote itself is the quote.
            start = match.end() - 1 - (own if kind == "own" else 0)
            found.append((start, match.end(), kind))
    return found


class Surroundings:
    """What stands around a hit at the level of its own object."""

    def __init__(self, line):
        self.line = line
        # Strings at this level: (text, its start, the end of the closing quote).
        self.strings = []
        # The bytes of this level, nested objects left out.
        self.flat = b""
        self.enclosed = False


def walk_back(line, hit, quotes, low, around):
    """From the key towards the line's start."""
    ends = {end: (start, kind) for start, end, kind in quotes}
    inside = hit.quote is not None
    string_end = closing_end = hit.key_start
    depth = 0
    at = hit.key_start
    flat = []
    strings = []
    while at > low:
        if at in ends:
            start, kind = ends[at]
            if kind == "outer":
                break
            if inside:
                if depth == 0:
                    strings.append((line[at:string_end], at, closing_end))
                inside = False
            else:
                inside = True
                string_end, closing_end = start, at
            if depth == 0:
                flat.append(line[start:at])
            at = start
            continue
        byte = line[at - 1:at]
        if not inside and byte == b"}":
            depth += 1
        elif not inside and byte == b"{":
            if depth == 0:
                around.enclosed = True
                break
            depth -= 1
        elif depth == 0:
            flat.append(byte)
        at -= 1
    around.strings = strings[::-1] + around.strings
    around.flat = b"".join(flat[::-1]) + around.flat
    return at


def walk_on(line, hit, quotes, high, around):
    """From the value towards the line's end."""
    starts = {start: (end, kind) for start, end, kind in quotes}
    inside = False
    string_start = 0
    depth = 0
    at = hit.value_end
    while at < high:
        if at in starts:
            end, kind = starts[at]
            if kind == "outer":
                break
            if inside:
                if depth == 0:
                    around.strings.append((line[string_start:at], string_start, end))
                inside = False
            else:
                inside = True
                string_start = end
            if depth == 0:
                around.flat += line[at:end]
            at = end
            continue
        byte = line[at:at + 1]
        if not inside and byte == b"{":
            depth += 1
        elif not inside and byte == b"}":
            if depth == 0:
                around.enclosed = True
                break
            depth -= 1
        elif depth == 0:
            around.flat += byte
        at += 1
    return at


def surroundings_of(line, hits, index):
    hit = hits[index]
    quotes = quotes_of(line, hit.quote) if hit.quote is not None else []
    around = Surroundings(line)
    walk_back(line, hit, quotes, max(0, hit.key_start - WINDOW), around)
    around.flat += line[hit.key_start:hit.value_end]
    walk_on(line, hit, quotes, min(len(line), hit.value_end + WINDOW), around)
    if around.enclosed:
        return around
    # No braces: what stands between the neighbouring hits.
    low = hits[index - 1].value_end if index > 0 else 0
    high = hits[index + 1].key_start if index + 1 < len(hits) else len(line)
    around = Surroundings(line)
    walk_back(line, hit, quotes, max(low, hit.key_start - WINDOW), around)
    around.flat += line[hit.key_start:hit.value_end]
    walk_on(line, hit, quotes, min(high, hit.value_end + WINDOW), around)
    return around


def begins_with(value, text):
    """Whether a value begins with a text, up to a word's end."""
    spelled = re.escape(text).replace(rb"\ ", rb"(?: |\+|%20)")
    return re.match(spelled + rb"(?![A-Za-z0-9_])", value) is not None


def content_is(line, hit, around, text):
    """Whether a field `content` of the hit's object begins with this text."""
    if hit.quote is not None:
        for (name, _, end), (_, start, _) in zip(around.strings, around.strings[1:]):
            gap = line[end:start]
            if name.lower() == b"content" and begins_with(line[start:], text) and re.fullmatch(
                    BLANKS + SEPARATOR + BLANKS + rb"u?" + re.escape(hit.quote), gap):
                return True
        return False
    return any(begins_with(around.flat[match.end():], text) for match in re.finditer(
        rb"(?<![A-Za-z0-9_\-])[cC]ontent" + BETWEEN + SEPARATOR + BETWEEN +
        rb"(?:Some\(|Optional\(|\[|<<)?(?:" + QUOTE + rb")?" + SGR + rb"*", around.flat))


RISK_OPEN = re.compile(
    rb"(?<![A-Za-z0-9_])riskCheck" + SGR + rb"*" + QUOTE + rb"?" + BETWEEN + SEPARATOR +
    BETWEEN + rb"(?:[A-Za-z_][A-Za-z0-9_.$]*)?" + rb"[{(]\Z", re.IGNORECASE)


def in_risk_check(line, hit):
    """Whether one of the brackets open at the hit is the value of riskCheck."""
    quotes = quotes_of(line, hit.quote) if hit.quote is not None else []
    ends = {end: (start, kind) for start, end, kind in quotes}
    inside = hit.quote is not None
    depth = 0
    at = hit.key_start
    low = max(0, hit.key_start - WINDOW)
    while at > low:
        if at in ends:
            start, kind = ends[at]
            if kind == "outer":
                return False
            inside = not inside
            at = start
            continue
        byte = line[at - 1:at]
        if not inside and byte in (b"}", b")"):
            depth += 1
        elif not inside and byte in (b"{", b"("):
            if depth > 0:
                depth -= 1
            elif RISK_OPEN.search(line[:at]):
                return True
        at -= 1
    return False


def names_around(hit, around):
    """The names of the fields beside the code."""
    if hit.quote is not None:
        return {text for text, _, end in around.strings
                if re.match(BLANKS + SEPARATOR, around.line[end:])}
    return set(re.findall(rb"(?<![A-Za-z0-9_\-])([A-Za-z_]+)" + BETWEEN + SEPARATOR, around.flat))


def is_unlisted(line, hits, index):
    """Whether a number of no catalog stands in an object like JiGuang's."""
    names = names_around(hits[index], surroundings_of(line, hits, index))
    return b"content" in names and (b"id" in names or b"exID" in names)


def counts(line, hits, index):
    """Whether the hit is annotated."""
    hit = hits[index]
    entry = CATALOG.get(hit.code)
    if entry is None:
        return is_unlisted(line, hits, index)
    if hit.code not in NEEDS_CONTENT and not hit.is_doubtful:
        return True
    around = surroundings_of(line, hits, index)
    if content_is(line, hit, around, entry.description):
        return True
    return hit.code == 0 and in_risk_check(line, hit)


# --- annotating ------------------------------------------------------------------


def encode(text):
    return urllib.parse.quote(text, safe="").encode()


def members(hit):
    """The members an annotation adds, by name, in order: in a URL encoded as the quotes are."""
    quote = hit.quote
    comma, colon = b",", b":"
    if hit.is_encoded:
        comma, colon = b"%2C", b"%3A"
    entry = CATALOG.get(hit.code)
    texts = [(b"_outcome", entry.outcome if entry else b"unlisted")]
    if entry:
        texts.append((b"_description", entry.description))
    return [(hit.key + suffix,
             comma + quote + hit.key + suffix + quote + colon + quote +
             (encode(text) if hit.is_encoded else text) + quote)
            for suffix, text in texts]


def text_form(hit):
    entry = CATALOG.get(hit.code)
    text = b" [" + entry.outcome + b": " + entry.description + b"]" if entry else b" [unlisted]"
    return encode(text) if hit.is_encoded else text


def standing(line, hit):
    """The annotation that already stands behind the value: (length, names)."""
    at = hit.value_end
    if not hit.is_member:
        text = text_form(hit)
        return (len(text), {b""}) if line.startswith(text, at) else (0, set())
    names = set()
    end = at
    again = True
    while again:
        again = False
        for name, text in members(hit):
            if name not in names and line.startswith(text, end):
                names.add(name)
                end += len(text)
                again = True
    return end - at, names


def annotate(line):
    """A line without its LF, annotated."""
    hits = hits_of(line)
    stands = [standing(line, hit) for hit in hits]

    # Evidence comes from the line as it was before any annotation.
    bare = bytearray()
    at = 0
    for hit, (length, _) in zip(hits, stands):
        bare += line[at:hit.value_end]
        at = hit.value_end + length
    bare = bytes(bare + line[at:])
    evidence = hits_of(bare)
    if [hit.code for hit in evidence] != [hit.code for hit in hits]:
        # Text that only looks like an annotation: `code=9001 [..]5`.
        bare, evidence = line, hits

    out = bytearray()
    at = 0
    for index, (hit, (_, names)) in enumerate(zip(hits, stands)):
        out += line[at:hit.value_end]
        at = hit.value_end
        if not counts(bare, evidence, index) or not hit.can_insert:
            continue
        if hit.is_member:
            around = surroundings_of(bare, evidence, index)
            for name, text in members(hit):
                if name not in names and not has_member(bare, around, name):
                    out += text
        elif not names:
            out += text_form(hit)
    return bytes(out + line[at:])


def has_member(line, around, name):
    return any(text == name and re.match(BLANKS + rb":", line[end:])
               for text, _, end in around.strings)


# --- the command line --------------------------------------------------------------


def main(arguments):
    if arguments not in (["find"], ["annotate"]):
        sys.exit("usage: oracle.py find|annotate < log")
    log = sys.stdin.buffer.read()
    lines = log.split(b"\n")
    unfinished = lines.pop()
    work = [(line, b"\n") for line in lines] + ([(unfinished, b"")] if unfinished else [])
    out = sys.stdout.buffer
    for line, end in work:
        if arguments == ["find"]:
            codes = ",".join(str(code) for _, _, _, code in find(line))
            out.write((codes or "-").encode() + b"\n")
        else:
            out.write(annotate(line) + end)


if __name__ == "__main__":
    main(sys.argv[1:])
