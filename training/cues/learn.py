#!/usr/bin/env python3
"""Learn which verbs attribute, and how each takes what is said, from news with attributions marked.

usage: learn.py TRAIN.jsonl > services/figures/data/cues.txt
A line of TRAIN.jsonl is {"text", "attributions": [{"source": [[start, end]], "cue": [...], "content": [...]}]}, offsets
in code points. Only words and counts leave it; no sentence does.
"""
import collections, itertools, json, pathlib, re, sys

TOKEN = re.compile(r"''|[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d,.]*|\S")
NUMBER = re.compile(r"\d|(?:two|three|four|five|six|seven|eight|nine|ten|hundreds?|thousands?|million|billion|dozens?)$")
# A way of taking content counts as attributing where it did so this often, and in this share of all its uses.
OFTEN, SHARE = 3, 0.6
# Where this many numbers or more stand behind a verb, this share of them has to stand in what it attributes.
NUMBERS, NUMBER_SHARE = 2, 0.5
# This many numbers say more than the verb's other uses do.
MANY = 8
WAYS = ("that", "bare", "data", "quote", "to", "prep", "end", "speech", "at")
# Verbs of saying, many too rare in the training part to be counted: they attribute in these ways unless counts say no.
KNOWN = set("said says say told tells saying announced reported reports added adds wrote writes noted notes argued argues "
            "suggested suggests claimed claims stated tweeted explained explains warned warns acknowledged insisted "
            "insists concluded recalled estimated estimates estimate predicted predicts predict believes believe revealed "
            "disclosed confirmed confirms declared replied responded admitted testified indicated indicates calculated "
            "calculates calculate projected projects project complained asserted asserts contends contended maintained "
            "observed quipped joked remarked reckons reckon cautioned alleged alleges denied denies thinks forecast "
            "forecasts posted emphasized boasted asked expects expected allege warn argue deny confirm "
            "assert contend predict think expect insist concede".split())
# Verbs that put a number "at" something.
KNOWN_AT = set("put puts putting pegged pegs estimated estimates estimate valued values".split())
# Verbs that records take.
KNOWN_DATA = set("has have had gives gave give puts put pegs pegged finds found find shows showed show suggests indicates".split())
KNOWN_SHARE = 0.3
KNOWN_WAYS = ("that", "bare", "data", "prep", "end", "speech", "quote")
BE = {"is", "are", "was", "were", "be", "been", "being", "am", "get", "got", "gets"}
# Behind these a word is a noun, an adjective or an infinitive.
NO_VERB = set("a an the this that these those his her its their our my your no any of in on at for by with to as from "
              "or not than 's ’s".split())
STOP = set("has have had did does do also on about out as against back up repeatedly often recently publicly would will "
           "could should can may might must n't not never always still just now then later once don didn doesn who "
           "which that it he she they we i you is are was were be been being no yes so and or but if how what why when "
           "clear support question like more most many all both each off over too very well instead least far even "
           "skeptical angry confident supportive vocal aware willing recent released conducted published widely sharply previously strongly increasingly quickly immediately reportedly apparently allegedly openly".split())
DAYS = set("monday tuesday wednesday thursday friday saturday sunday yesterday today recently".split())
PREPOSITIONS = set("of for on in at by with about from as against during".split())
# What a verb with "data" attributes to.
SOURCE_WORDS = pathlib.Path(__file__).parents[2] / "services/figures/data/source_words.tsv"
RECORDS = set(re.search(r"^record\t(.*)$", SOURCE_WORDS.read_text(), re.M).group(1).split())
HEADER = """\
# Verbs that attribute what is said to their subject, and how each takes it: a "that" clause, "bare" (a clause without
# "that", or an object), a "quote", an infinitive ("to"), behind a phrase with a preposition ("prep"), or before it, so
# that the verb "end"s the clause ("40 ships sank, she said."), or behind the "speech" itself; "data" is "bare" where the
# subject is what numbers are read from ("a poll has 40"), and "at" stands before a number: "put the dead at 40".
# Learnt by training/cues/learn.py from the training part of PolNeAR (attributions in US news, Newell et al. 2018): words
# and how often they attribute are facts; no text of it.
# Source: collected for this project; facts, no licence.
"""


def is_minor(word):
    """Whether a word (in lower case) is an auxiliary, an adverb or another word that cannot be a cue on its own."""
    return word in STOP or word.endswith("ly") or len(word) < 3 or "'" in word or "’" in word


def stem(word):
    """What the forms of a regular verb have in common."""
    for ending in ("ies", "ied", "ing", "es", "ed", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[:-len(ending)]
    return word


def way_of(words, at):
    """How the verb at `at` takes what is said."""
    for back in range(at - 1, max(at - 9, -1), -1):
        if words[back] in ("”", '"', "''", "’"):
            return "speech"
        if words[back] in (".", ";", "“", "?", "!"):
            break
    after = [word.lower() for word in words[at + 1:at + 5]] + ["."] * 4
    while after[0] in DAYS or after[0].endswith("ly") or after[0] == "on" and after[1] in DAYS:
        after.pop(0)
    if after[0] == "last" and after[1] in ("week", "month", "year", "night"):
        after = after[2:]
    word = after[0]
    # "reported at least 40"
    if word in ("at", "about", "by", "for", "from") and (after[1] in ("least", "most") or NUMBER.match(after[1])):
        return "bare"
    if word in PREPOSITIONS:
        # "said in a note that"
        phrase = itertools.takewhile(lambda word: word not in ".,;:“", words[at + 1:at + 8])
        return "that" if "that" in phrase else "prep"
    if word in ("“", '"', "''", ":", "‘"):
        return "quote"
    if word in (".", ",", ";"):
        return "end"
    return word if word in ("that", "to") else "bare"


def counts(path):
    """For each word and each way four counts: as a cue with a source, in all; of the numbers behind it in the sentence
    those in something attributed, and all."""
    found = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0, 0, 0]))
    for line in open(path, encoding="utf8"):
        article = json.loads(line)
        spans = lambda part: [span for one in article["attributions"] if one["source"] for span in one[part]]
        cues, contents = ({at for start, end in spans(part) for at in range(start, end)} for part in ("cue", "content"))
        tokens = list(TOKEN.finditer(article["text"]))
        words = [token.group() for token in tokens]
        # The verb of a cue is its first word that is no auxiliary and no adverb: "has also said".
        verbs = set()
        for start, end in spans("cue"):
            inside = (token for token in TOKEN.finditer(article["text"], start, end))
            verbs.update([token.start() for token in inside if not is_minor(token.group().lower())][:1])
        for at, token in enumerate(tokens):
            word, before = token.group(), words[at - 1].lower() if at else ""
            is_verb = before not in NO_VERB and (before not in BE or word.endswith("ing"))
            if not (word[0].islower() and is_verb and token.start() not in contents):
                continue
            if token.start() in cues and token.start() not in verbs:
                continue
            way = way_of(words, at)
            back = range(max(at - 12, 0), at)
            ways = [way, "data"] if way in ("bare", "that") and any(words[one].lower() in RECORDS for one in back) else [way]
            numbers = []
            for next in range(at + 1, min(at + 40, len(tokens))):
                if words[next] == "." and next + 1 < len(tokens) and words[next + 1][0].isupper() or words[next] in "“;":
                    break
                if NUMBER.match(words[next].lower()):
                    numbers.append(tokens[next].start() in contents)
            for way in ways:
                count = found[word][way]
                count[0] += token.start() in cues
                count[1] += 1
                if way not in ("end", "speech", "quote"):
                    count[2] += sum(numbers)
                    count[3] += len(numbers)
    return found


def attributes(way, count, family, is_known):
    """Whether a verb attributes in a way: by the numbers behind it where they are many, else by how often it is a cue, in
    this form or, where that stands too seldom, in all its forms."""
    hits, uses, attributed, numbers = count
    share = KNOWN_SHARE if is_known else NUMBER_SHARE
    if numbers >= MANY:
        return hits >= OFTEN and attributed >= share * numbers
    if is_known:
        return way in ("end", "speech", "quote") or uses < MANY or hits >= NUMBER_SHARE * uses
    if uses < OFTEN:
        hits, uses = family
    return hits >= OFTEN and hits >= SHARE * uses and (numbers < NUMBERS or attributed >= share * numbers)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = counts(sys.argv[1])
    families = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0]))
    for word, ways in found.items():
        for way, (hits, uses, _, _) in ways.items():
            families[stem(word)][way][0] += hits
            families[stem(word)][way][1] += uses
    rows = []
    for word in {*found, *KNOWN, *KNOWN_DATA, *KNOWN_AT}:
        family = families[stem(word)]
        takes = [way for way in WAYS if attributes(way, found[word][way], family[way], word in KNOWN and way in KNOWN_WAYS)
                 and not is_minor(word) or way == "data" and word in KNOWN_DATA or way == "at" and word in KNOWN_AT]
        # A form of its own that never attributed is another word: "accounting".
        if takes and (word in KNOWN | KNOWN_DATA | KNOWN_AT or any(count[0] for count in found[word].values())):
            rows.append((-sum(found[word][way][0] for way in takes), word, takes))
    print(HEADER, end="")
    for _, word, takes in sorted(rows):
        print(f"{word}\t{' '.join(takes)}")


if __name__ == "__main__":
    main()
