"""Tags of words (BIOES, as services/entities/src/model.rs has them), and how well found names fit the right ones."""

import re

import numpy as np

KINDS = ("PER", "ORG", "LOC")
TAGS = ["O"] + [f"{part}-{kind}" for kind in KINDS for part in "BIES"]
NUMBER = {tag: number for number, tag in enumerate(TAGS)}


def of_spans(words, spans):
    """The tags of words for named spans, both in code points; a span that is no run of whole words is left out."""
    tags = np.zeros(len(words), np.int64)
    first = {start: at for at, (start, _) in enumerate(words)}
    last = {end: at for at, (_, end) in enumerate(words)}
    for start, end, kind in spans:
        a, b = first.get(start), last.get(end)
        if a is None or b is None:
            continue
        if a == b:
            tags[a] = NUMBER[f"S-{kind}"]
        else:
            tags[a + 1 : b] = NUMBER[f"I-{kind}"]
            tags[a], tags[b] = NUMBER[f"B-{kind}"], NUMBER[f"E-{kind}"]
    return tags


def _may_follow(tag, after):
    goes_on = after[0] in "IE"
    return goes_on and tag[2:] == after[2:] if tag[0] in "BI" else not goes_on


_STEP = np.array([[0.0 if _may_follow(a, b) else -1e9 for b in TAGS] for a in TAGS], np.float32)
_END = np.array([-1e9 if tag[0] in "BI" else 0.0 for tag in TAGS], np.float32)


def best_path(scores):
    """The allowed tags with the greatest sum of scores (Viterbi)."""
    sums, back = _STEP[0] + scores[0], []
    for word in scores[1:]:
        ways = sums[:, None] + _STEP
        back.append(ways.argmax(0))
        sums = ways.max(0) + word
    tag = int((sums + _END).argmax())
    path = [tag]
    for step in reversed(back):
        tag = int(step[tag])
        path.append(tag)
    return path[::-1]


def spans(path):
    """The names of a path: first word, one past the last, kind."""
    found, start = [], 0
    for at, tag in enumerate(path):
        part, kind = TAGS[tag][0], TAGS[tag][2:]
        if part in "BS":
            start = at
        if part in "ES":
            found.append((start, at + 1, kind))
    return found


def _without_article(text, start, end):
    """A span without a leading article and a trailing possessive: the conventions of corpora differ there."""
    article = re.match(r"(?:the|a|an)\s+", text[start:end], re.I)
    if article and start + article.end() < end:
        start += article.end()
    for ending in ("'s", "’s", "'", "’"):
        if text[start:end].endswith(ending) and end - start > len(ending):
            end -= len(ending)
            break
    return start, end


def f1(documents, scores):
    """F1 in percent, of each kind and of all, over exact spans and kinds."""
    counts = {kind: [0, 0, 0] for kind in (*KINDS, "all")}
    for document, of_words in zip(documents, scores):
        text, words = document["text"], document["words"]
        right = {(*_without_article(text, start, end), kind) for start, end, kind in document["gold"]}
        found = set()
        for a, b in document["sentences"]:
            for i, j, kind in spans(best_path(of_words[a:b])):
                found.add((*_without_article(text, words[a + i][0], words[a + j - 1][1]), kind))
        for kind, count in counts.items():
            r, f = ({span for span in s if kind in ("all", span[2])} for s in (right, found))
            for at, number in enumerate((len(r & f), len(f), len(r))):
                count[at] += number
    return {kind: round(200 * both / max(1, f + r), 1) for kind, (both, f, r) in counts.items()}
