"""Python's trafilatura on a folder of pages, round by round, for the bench beside this file.

usage: baseline.py FOLDER    a line on standard input starts a round, the end of the input ends it

Prints a line of JSON when the pages are loaded, {"pages", "characters"}, and one a round: {"seconds", "read"}, the
processor time of this process, user's and system's, and how many pages had a text.
"""
import gzip, json, pathlib, sys, time

import trafilatura


def load(path):
    read = gzip.open if path.suffix == ".gz" else open
    with read(path, "rb") as file:
        return file.read().decode("utf-8", "replace")


def has_text(html):
    document = trafilatura.bare_extraction(html, with_metadata=True)
    return bool(document and document.text)


folder = pathlib.Path(sys.argv[1])
files = sorted(path for path in folder.iterdir() if path.name.endswith((".html", ".html.gz")))
pages = [load(path) for path in files]
print(json.dumps({"pages": len(pages), "characters": sum(map(len, pages))}), flush=True)
for _ in sys.stdin:
    begun = time.process_time()
    read = sum(map(has_text, pages))
    print(json.dumps({"seconds": time.process_time() - begun, "read": read}), flush=True)
