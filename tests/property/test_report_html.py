#!/usr/bin/env python3
"""HTML reports are well formed, hold no script and load nothing, whatever the log said."""
import glob
import html.parser
import os
import subprocess
import unittest

SOURCE = os.environ["SOURCE"]
PROGRAM = os.environ["JGANNOTATE"]
VOID = {"meta", "rect", "line", "br"}
KNOWN = VOID | set(
    """html head title style body header main footer section div span p b small h1 h2 dl dt dd ul
    li table thead tbody tr th td svg g text details summary""".split()
)
ATTRIBUTES = set(
    """lang charset content http-equiv name class x y x1 x2 y1 y2 width height viewbox
    preserveaspectratio role aria-hidden vector-effect""".split()
)


class Page(html.parser.HTMLParser):
    """Raises on all that a report never holds; gathers the text and the policy."""

    def __init__(self):
        super().__init__()
        self.open, self.text, self.policy, self.tags = [], "", None, 0

    def handle_starttag(self, tag, attributes):
        if tag not in KNOWN:
            raise ValueError(f"tag {tag}")
        for name, value in attributes:
            if name not in ATTRIBUTES or value is None:
                raise ValueError(f"attribute {name} of {tag}")
            if "://" in value or "javascript" in value:
                raise ValueError(f"{name}={value}")
        self.tags += 1
        fields = dict(attributes)
        if fields.get("http-equiv") == "Content-Security-Policy":
            if self.open != ["html", "head"]:
                raise ValueError("the policy stands elsewhere")
            self.policy = fields["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        if tag not in VOID:
            raise ValueError(f"<{tag}/>")
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise ValueError(f"</{tag}>")

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def handle_comment(self, data):
        raise ValueError(f"comment {data}")


def read(text):
    page = Page()
    page.feed(text)
    page.close()
    if page.open:
        raise ValueError(f"not closed: {page.open}")
    return page


def style_of(text):
    return text[text.index("<style>") : text.index("</style>")]


class Html(unittest.TestCase):
    def check(self, text):
        page = read(text)
        self.assertTrue(text.startswith("<!DOCTYPE html>\n"))
        self.assertIn("default-src 'none'", page.policy)
        self.assertNotIn("script", page.policy)
        for loader in ("url(", "@import", "expression"):
            self.assertNotIn(loader, style_of(text))
        return page

    def test_golden_pages(self):
        names = glob.glob(f"{SOURCE}/tests/data/report/*.html")
        self.assertGreaterEqual(len(names), 4)
        for name in names:
            with self.subTest(os.path.basename(name)), open(name, encoding="utf-8") as file:
                self.check(file.read())

    def test_hostile_group_is_text(self):
        with open(f"{SOURCE}/tests/data/report/html-night.html", encoding="utf-8") as file:
            page = self.check(file.read())
        self.assertIn('<script>alert("1")</script>|`@all` \\xff\\x1b[31m号码', page.text)

    def test_program(self):
        command = [PROGRAM, "-r", "html", "--lang", "zh", f"{SOURCE}/samples/api.log"]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        page = self.check(output.decode("utf-8", "strict"))
        self.assertGreater(page.tags, 100)

    def test_the_reader_refuses(self):
        whole = "<!DOCTYPE html>\n<html><body>{}</body></html>"
        self.assertEqual(read(whole.format("<p>a</p>")).text.strip(), "a")
        for bad in ("<script>1</script>", '<p onclick="1">a</p>', "<p>", "</p>", '<img src="x">'):
            with self.assertRaises(ValueError):
                read(whole.format(bad))


if __name__ == "__main__":
    unittest.main()
