#!/usr/bin/env python3
"""The rate of a v2 log: the risk check inside a reply is no reply of its own."""

import json

import cases

CALLS = 100
SUCCESSES = ((8000, "get phone success"), (9000, "verify consistent"))
FAILURES = ((9003, "token expired or not exist"), (9018, "appKey no money"),
            (9011, "auth failed"), (8001, "get phone fail"), (9099, "bad server"))
RISK_FAILED = (1804, "qps limit")


def is_failure(call):
    return call % 10 == 7


def reply(call):
    """The body of a call. Every success holds a risk check; so does one failure."""
    code, text = (FAILURES if is_failure(call) else SUCCESSES)[call // 10 % 2 if not
                  is_failure(call) else call // 10 % len(FAILURES)]
    body = {"id": 117270465679982592 + call, "code": code, "content": text, "exID": "e%d" % call}
    if not is_failure(call) or call == 7:
        risk_code, risk_text = RISK_FAILED if call in (20, 41) else (0, "success")
        body.update(score=0, riskCheck={"code": risk_code, "content": risk_text, "score": 0,
                                        "tags": ["F24004"], "detail": {"F24004": {"score": 900}}})
    return body


def java(value):
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s=%s" % (name, java(part)) for name, part in value.items())
    if isinstance(value, list):
        return "[%s]" % ", ".join(java(part) for part in value)
    return str(value)


def compact(body):
    return json.dumps(body, separators=(",", ":"))


SPELLINGS = {
    "compact": compact,
    "spaced": json.dumps,
    "risk first": lambda body: compact(dict(reversed(list(body.items())))),
    "in a string": lambda body: json.dumps({"level": "info", "log": compact(body) + "\n"}),
    "in a string's string": lambda body: json.dumps({"log": json.dumps({"body": compact(body)})}),
    "nginx": lambda body: 'body="%s"' % compact(body).replace('"', "\\x22"),
    "csv": lambda body: 'x,"%s",7' % compact(body).replace('"', '""'),
    "python": repr,
    "java": lambda body: "Reply" + java(body).replace("riskCheck={", "riskCheck=RiskCheck{"),
    "risk as text": lambda body: compact(
        {**body, **({"riskCheck": compact(body["riskCheck"])} if "riskCheck" in body else {})}),
    "enveloped": lambda body: compact({"code": 200, "message": "OK", "data": body}),
}


def check_spelling(checks, name, spell):
    log = "".join("2026-11-22 00:00:%02d verify %s\n" % (call % 60, spell(reply(call)))
                  for call in range(CALLS)).encode()
    for trust in ("normal", "strict"):
        report = json.loads(cases.run(log, "-r", "json", "--trust", trust))
        hits = report["hits"]
        title = "%s, --trust %s" % (name, trust)
        checks.check(hits["responses"] == 100, title + ": responses", "hits", hits)
        checks.check(report["errors"] == 10, title + ": errors", "errors", report["errors"])
        checks.check(report["error_rate"] == 0.1, title + ": rate", "rate", report["error_rate"])
        checks.check(hits["inner"] == 91, title + ": inner", "hits", hits)
        checks.check(hits["held_back"] == 0 and hits["repeated"] == 0 and hits["unlisted"] == 0,
                     title + ": nothing else", "hits", hits)


def main():
    checks = cases.Checks()
    for name, spell in SPELLINGS.items():
        check_spelling(checks, name, spell)
    checks.end()


if __name__ == "__main__":
    main()
