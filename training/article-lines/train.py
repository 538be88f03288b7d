#!/usr/bin/env python3
"""Grow the forest that tells an article's lines from the rest of its page.

usage: train.py EVIDENCE ARTICLES OUTPUT
EVIDENCE  the example `evidence` of tallywire-cleaner, built
ARTICLES  a folder with aeb/ and wcxb/, each with ground-truth.json and html/<key>.html.gz
OUTPUT    services/cleaner/data/article-lines.txt

Prints the scores of a cross-validation by host first: five forests, each measured on the pages of hosts that it has not
seen, by the rules of the two benchmarks. The forest that is written is grown on all pages.
"""
import gzip, hashlib, json, statistics, subprocess, sys, tempfile
from collections import Counter
from urllib.parse import urlparse

import lightgbm
import numpy

from labels import WORDS, labels

SETS = ("aeb", "wcxb")
FOLDS, TREES, LEAST = 5, 80, 0.5
PARAMETERS = dict(
    objective="cross_entropy", learning_rate=0.15, num_leaves=31, min_data_in_leaf=60, feature_fraction=0.5,
    bagging_fraction=0.8, bagging_freq=1, lambda_l2=5, max_bin=63, seed=1, deterministic=True, force_row_wise=True,
    num_threads=2, verbose=-1)
# The smaller set is all news, and judges more strictly.
WEIGHT_OF_SET = {"aeb": 1.5, "wcxb": 1.0}
LONG, RUN = 50, 3  # bytes, lines: the program keeps so many long lines once that come again one behind the other

HEAD = """# The forest that tells an article's lines from the rest of its page: how to read it is in src/content/forest.rs.
# Source: grown by training/article-lines on the pages of the article-extraction-benchmark (Zyte, MIT) and of the
# development part of the web-content-extraction-benchmark (CC BY 4.0). Licence: Apache-2.0.
"""


def read_pages(articles):
    pages = {}
    for name in SETS:
        for key, gold in json.load(open(f"{articles}/{name}/ground-truth.json", encoding="utf8")).items():
            html = gzip.open(f"{articles}/{name}/html/{key}.html.gz").read().decode("utf8", "replace")
            host = urlparse(gold.get("url") or key).netloc.removeprefix("www.") or key
            pages[f"{name}/{key}"] = dict(set=name, html=html, host=host, text=gold.get("articleBody") or "")
    return pages


def gather(evidence, pages, prefix):
    """Adds to each page its lines, the numbers of each, labels and weights; returns the numbers' names."""
    records = "".join(json.dumps({"id": key, "html": page["html"]}) + "\n" for key, page in pages.items())
    subprocess.run([evidence, prefix], input=records.encode(), check=True)
    names = open(f"{prefix}.names").read().split("\n")
    rows = numpy.fromfile(f"{prefix}.f32", dtype=numpy.float32).reshape(-1, len(names))
    at = 0
    for record in map(json.loads, open(f"{prefix}.jsonl", encoding="utf8")):
        page, lines = pages[record["id"]], record["lines"]
        label, sizes = labels(lines, page["text"])
        # A page counts once: its article's words, or two fifths of all if the article is only a small part.
        whole = max(50, len(WORDS.findall(page["text"])), 0.4 * sum(sizes))
        weight = (numpy.array(sizes) + 0.5) / whole * WEIGHT_OF_SET[page["set"]]
        page.update(lines=lines, rows=rows[at:at + len(lines)], label=numpy.array(label), weight=weight)
        at += len(lines)
    return names


def grow(pages):
    rows, label, weight = (numpy.concatenate([page[field] for page in pages]) for field in ("rows", "label", "weight"))
    return lightgbm.train(PARAMETERS, lightgbm.Dataset(rows, label, weight=weight), TREES)


def text_of(page, likelihood):
    kept = [line for line, likely in zip(page["lines"], likelihood) if likely >= LEAST]
    first, run, once = {}, [], []
    for place, line in enumerate([*kept, None]):
        if line in first:
            run.append((place, line))
            continue
        long = lambda line: len(line.encode()) >= LONG
        if sum(long(line) for _, line in run) < RUN:
            once += [line for place, line in run if not (long(line) and first[line] == place - 1)]
        run = []
        if line is not None:
            first[line] = place
            once.append(line)
    return "\n\n".join(once)


def shingles(text):
    words = WORDS.findall(text)
    return Counter(tuple(words[i:i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def scores(pages, texts):
    """F1 of each set by its own rule: means of precision and recall of 4-grams; mean F1 of bags of words."""
    parts = {name: [] for name in SETS}
    for page, text in zip(pages, texts):
        bag = shingles if page["set"] == "aeb" else (lambda text: Counter(WORDS.findall(text.lower())))
        gold, mine = bag(page["text"]), bag(text)
        shared, golden, mined = (sum(counts.values()) for counts in (gold & mine, gold, mine))
        parts[page["set"]].append((shared / mined if mined else None if page["set"] == "aeb" else float(not golden), shared / golden if golden else float(not mined)))
    precision = statistics.mean(p for p, _ in parts["aeb"] if p is not None)
    recall = statistics.mean(r for _, r in parts["aeb"])
    bags = statistics.mean(2 * p * r / (p + r) if p + r else 0.0 for p, r in parts["wcxb"])
    return dict(aeb=2 * precision * recall / (precision + recall), wcxb=bags)


def cross_validate(pages):
    fold = {host: int(hashlib.md5(host.encode()).hexdigest(), 16) % FOLDS for host in {page["host"] for page in pages}}
    measured, texts = [], []
    for held_out in range(FOLDS):
        forest = grow([page for page in pages if fold[page["host"]] != held_out])
        for page in pages:
            if fold[page["host"]] == held_out and len(page["lines"]):
                measured.append(page)
                texts.append(text_of(page, forest.predict(page["rows"])))
    return scores(measured, texts)


def written(forest, names):
    """The forest as its file has it: two children stand side by side, behind their parent."""
    lines = ["evidence " + " ".join(names)]
    for tree in forest.dump_model()["tree_info"]:
        nodes, shown = [tree["tree_structure"]], []
        for node in nodes:
            if "leaf_value" in node:
                shown.append(f"={node['leaf_value']:.5g}")
            else:
                shown.append(f"{node['split_feature']}:{node['threshold']:.7g}:{len(nodes)}")
                nodes += [node["left_child"], node["right_child"]]
        lines.append("tree " + " ".join(shown))
    return HEAD + "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    evidence, articles, output = sys.argv[1:]
    pages = read_pages(articles)
    with tempfile.TemporaryDirectory() as scratch:
        names = gather(evidence, pages, f"{scratch}/lines")
    pages = list(pages.values())
    show = lambda what, scores: print(what, "  ".join(f"{name} F1 {score:.4f}" for name, score in scores.items()))
    show("other hosts", cross_validate(pages))
    forest = grow(pages)
    show("same pages ", scores(pages, [text_of(page, forest.predict(page["rows"])) if len(page["lines"]) else "" for page in pages]))
    with open(output, "w") as file:
        file.write(written(forest, names))


if __name__ == "__main__":
    main()
