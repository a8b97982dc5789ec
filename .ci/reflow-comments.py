#!/usr/bin/env python3
"""Breaks comment paragraphs of Swift files that have a line of more than 120 columns. `./dev format` runs it, because
swift format leaves comments alone."""
import re
import sys

WIDTH = 120
COMMENT = re.compile(r"^(\s*)(///?)( ?)(.*)$")
# Lines that stand for themselves: tables, code, headings, and what is set out by hand.
FIXED = re.compile(r"^(\||```|#|\s{4,}|$)")
ITEM = re.compile(r"^(\s*(?:[-*]|\d+\.) )")


def wrap(prefix, paragraph):
    """The paragraph's words again, on lines of at most WIDTH columns."""
    marker = ITEM.match(paragraph[0])
    hang = " " * len(marker.group(1)) if marker else re.match(r"\s*", paragraph[0]).group(0)
    line = prefix + (marker.group(1) if marker else hang)
    words = (paragraph[0][marker.end():] if marker else paragraph[0]).split()
    words += [word for rest in paragraph[1:] for word in rest.split()]
    lines, start = [], True
    for word in words:
        if not start and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line, start = prefix + hang, True
        line += ("" if start else " ") + word
        start = False
    return lines + [line]


def reflow(text):
    result, paragraph, prefix, fenced = [], [], None, False

    def flush():
        nonlocal paragraph
        if paragraph and any(len(prefix + part) > WIDTH for part in paragraph):
            result.extend(wrap(prefix, paragraph))
        else:
            result.extend(prefix + part for part in paragraph)
        paragraph = []

    for line in text.split("\n"):
        match = COMMENT.match(line)
        body = match.group(4) if match and match.group(3) else None
        here = match.group(1) + match.group(2) + " " if match else None
        is_code = body is not None and (fenced or FIXED.match(body))
        if body is not None and body.startswith("```"):
            fenced = not fenced
        elif body is None and not (match and match.group(4) == ""):
            fenced = False
        if body is None or is_code:
            flush()
            result.append(line)
            continue
        if here != prefix or ITEM.match(body):
            flush()
            prefix = here
        paragraph.append(body)
    flush()
    return "\n".join(result)


for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as file:
        before = file.read()
    after = reflow(before)
    if after != before:
        with open(name, "w", encoding="utf-8") as file:
            file.write(after)
