#!/usr/bin/env python3
"""Makes dangol.min.js and Sources/Server/Assets/BrowserScript.swift, which is served, from dangol.js.

No comments, no spaces that mean nothing, short names.

`minify.py` writes them, `minify.py --check` fails when they are not what the source gives. It understands what the source
uses, not all of JavaScript: strings in single quotes, regular expressions after an opening parenthesis, semicolons at
the ends of statements.
"""

import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).parent
SHIPPED = FOLDER / "dangol.min.js"
CONSTANT = FOLDER.parent / "Sources/Server/Assets/BrowserScript.swift"
TOKEN = re.compile(
    r"(?P<keep>/\*!.*?\*/|'(?:\\.|[^'\\])*'|(?<=[(])/(?:\\.|[^/\\\n])+/)|(?P<drop>//[^\n]*|\s+)"
    r"|(?P<number>\d[\w.]*)|(?P<name>[A-Za-z_$][\w$]*)|(?P<other>.)",
    re.S,
)


def local_names(source):
    """Names of functions and variables of the script's own scope that are longer than they need to be."""
    names = set(re.findall(r"\bfunction ([a-z]\w+)", source))
    for line in re.findall(r"^  var ([^;]*)", source, re.M):
        names |= set(re.findall(r"(?:^|, )([a-z]\w+)", line))
    for line in re.findall(r"^    +var ([^;]*)", source, re.M):
        names |= set(re.findall(r"(?:^|, )([a-z]\w+)", line))
    return names


def minify(source):
    tokens = [m for m in TOKEN.finditer(source)]
    used = {m["name"] for m in tokens if m["name"]}
    letters = [a for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] + ["$", "_"] + [a + b for a in "abc" for b in "abcdefghij"]
    short = iter(letter for letter in letters if letter not in used)
    count = {name: sum(m["name"] == name for m in tokens) for name in local_names(source)}
    rename = {name: next(short) for name in sorted(count, key=lambda n: (-count[n] * len(n), n)) if len(name) > 2}
    out = ""
    for index, match in enumerate(tokens):
        if match["drop"]:
            continue
        text = match.group()
        if match["name"] in rename:
            before = source[: match.start()].rstrip()[-1:]
            after = source[match.end():].lstrip()[:1]
            # A member's name, and the key of an object, stay what they are.
            is_key = after == ":" and before in "{," and before
            if before != "." and not is_key:
                text = rename[match["name"]]
        if out and re.match(r"[\w$]", text) and re.search(r"[\w$]$", out):
            out += " "
        if text in "+-" and out.endswith(text):
            out += " "
        if text == "}" and out.endswith(";"):
            out = out[:-1]
        out += text
    return out.replace("*/", "*/\n", 1) + "\n"


def swift(script):
    """The script as a Swift constant, so that the program needs no file beside it."""
    lines = []
    for line in script.rstrip("\n").split("\n"):
        pieces = [line[at : at + 100] for at in range(0, len(line), 100)]
        lines += [piece + "\\#" for piece in pieces[:-1]] + pieces[-1:]
    body = "\n".join("        " + line for line in lines)
    return (
        "/// The script for browsers that is served as `/dangol.js`. Made by Browser/minify.py from Browser/dangol.js.\n"
        f'package enum BrowserScript {{\n    package static let text = #"""\n{body}\n\n        """#\n}}\n'
    )


def main():
    script = minify((FOLDER / "dangol.js").read_text())
    for path, text in {SHIPPED: script, CONSTANT: swift(script)}.items():
        if "--check" not in sys.argv:
            path.write_text(text)
        elif path.read_text() != text:
            sys.exit(f"{path.name} is not what Browser/dangol.js gives: run Browser/minify.py")


main()
