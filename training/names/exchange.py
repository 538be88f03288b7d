"""Texts whose names are exchanged for others of their kind: what stands around a name is learnt with many names."""

import re
from collections import defaultdict

import numpy as np

import tags

# How sure a model must be of each word of a name for it to be exchanged, and how often that is done.
SURE, SHARE = 0.9, 0.7
# Names of a sort are exchanged among themselves, if there are so many.
ENOUGH = 20

_NAME = re.compile(r"[^\W\d_][\w .'’&-]{,48}")


def _names(document):
    """A document's names: those of its labels, else those that a model's word leaves no doubt of."""
    if "gold" in document:
        return document["gold"]
    word = document["word"]
    found, scores = [], np.log(np.maximum(word.astype(np.float32), 1e-7))
    for a, b in document["sentences"]:
        for i, j, kind in tags.spans(tags.best_path(scores[a:b])):
            if word[a + i : a + j].max(1).min() > SURE:
                found.append((document["words"][a + i][0], document["words"][a + j - 1][1], kind))
    return found


def _sort(name, kind):
    """Names of a sort can stand for each other: kind, number of words, capitals, whether it is short for something."""
    words = name.split()
    return kind, min(len(words), 4), name.isupper(), name[0].isupper(), "." in name and len(words) == 1


def sorts(documents):
    """The names of all documents, by their sort."""
    found = defaultdict(set)
    for document in documents:
        for start, end, kind in _names(document):
            name = document["text"][start:end]
            if _NAME.fullmatch(name):
                found[_sort(name, kind)].add(name)
    return {sort: sorted(of_sort) for sort, of_sort in found.items() if len(of_sort) >= ENOUGH}


def _instead(name, kind, known, chosen, chance):
    """What stands for a name. A first or last word of a longer name that was exchanged goes with it."""
    if " " not in name:
        for (longer, of_longer), other in chosen.items():
            words = longer.split()
            if of_longer == kind and len(words) > 1 and name in (words[0], words[-1]):
                return other.split()[-1 if name == words[-1] else 0]
    others = known.get(_sort(name, kind))
    return chance.choice(others) if others and chance.random() < SHARE else name


def exchanged(document, known, chance):
    """A document's text with other names, the same for the same throughout, and where they are."""
    text, spans, chosen = document["text"], _names(document), {}
    for start, end, kind in sorted(spans, key=lambda span: span[0] - span[1]):
        name = text[start:end]
        if (name, kind) not in chosen:
            chosen[name, kind] = _instead(name, kind, known, chosen, chance)
    other, at, gold = "", 0, []
    for start, end, kind in sorted(spans):
        other += text[at:start]
        name, at = chosen[text[start:end], kind], end
        gold.append((len(other), len(other) + len(name), kind))
        other += name
    return {"text": other + text[at:], "gold": gold}
