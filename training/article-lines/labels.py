"""Which lines of a page are its article's, where the article's text is known.

The lines of a page and its article are aligned as sequences of words: each line gets the places of the article that
share runs of three words with it (a line of fewer words: the places that have all of them), and the heaviest chain of
places that keep the order of the page is the alignment. A line's label is the share of its words that its place covers.
"""
import re

WORDS = re.compile(r"\w+", re.UNICODE)
PLACES_OF_LINE, PLACES_OF_RUN, PLACES_OF_WORD = 12, 30, 60
NEAR = 6  # runs whose places differ by no more words belong together


class HeaviestBefore:
    """The heaviest chain that ends before a place (a Fenwick tree of maxima)."""

    def __init__(self, size):
        self.best = [(0, -1)] * (size + 2)

    def before(self, place):
        best, place = (0, -1), place + 1
        while place > 0:
            best = max(best, self.best[place], key=lambda chain: chain[0])
            place -= place & -place
        return best

    def add(self, place, chain):
        place += 1
        while place < len(self.best):
            if chain[0] > self.best[place][0]:
                self.best[place] = chain
            place += place & -place


def places(words, at_word, at_run, article):
    """Where a line may stand in the article: (start, end, weight, share of its words)."""
    size = len(words)
    if size < 3:
        for start in at_word.get(words[0], [])[:PLACES_OF_WORD]:
            if article[start:start + size] == words:
                yield start, start + size, 0.4 * size, 1.0
        return
    shifts = {}
    for i in range(size - 2):
        for j in at_run.get(tuple(words[i:i + 3]), [])[:PLACES_OF_RUN]:
            shifts.setdefault(j - i, set()).update((i, i + 1, i + 2))
    for shift in sorted(shifts, key=lambda shift: -len(shifts[shift]))[:PLACES_OF_LINE]:
        near = {other: covered for other, covered in shifts.items() if abs(other - shift) <= NEAR}
        covered = set().union(*near.values())
        start = max(0, min(min(c) + other for other, c in near.items()))
        end = max(max(c) + other + 1 for other, c in near.items())
        yield start, end, len(covered) ** 2 / size, len(covered) / size


def labels(lines, article):
    """The label of each line, from 0 to 1, and its number of words."""
    article = WORDS.findall(article.lower())
    at_word, at_run = {}, {}
    for i, word in enumerate(article):
        at_word.setdefault(word, []).append(i)
        if i + 2 < len(article):
            at_run.setdefault(tuple(article[i:i + 3]), []).append(i)
    heaviest, chain, sizes = HeaviestBefore(len(article)), [], []
    for number, line in enumerate(lines):
        words = WORDS.findall(line.lower())
        sizes.append(len(words))
        found = []
        for start, end, weight, share in places(words, at_word, at_run, article) if words else ():
            before, previous = heaviest.before(start)
            found.append((end, before + weight, previous, number, share))
        for end, weight, *link in found:
            chain.append(link)
            heaviest.add(end, (weight, len(chain) - 1))
    label, at = [0.0] * len(lines), heaviest.before(len(article))[1]
    while at >= 0:
        at, number, share = chain[at]
        label[number] = share
    return label, sizes
