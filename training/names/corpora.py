"""The corpora as documents: text, names, and what the models see of them, which the example `features` writes."""

import gzip
import json
import subprocess
from pathlib import Path

import numpy as np

import tags

LABELS = {"PER": "PER", "PERSON": "PER", "ORG": "ORG", "LOC": "LOC", "GPE": "LOC", "FAC": "LOC"}
LABELLED = ("conllpp_train", "worldwide_train", "wikigold_all", "uner_ewt_dev")
DEVELOPMENT = ("conllpp_dev", "worldwide_dev")
# Of these, only the text is used.
UNLABELLED = ("gmb_train", "wnut17_train", "news", "polnear.train", "polnear.dev", "timebank", "articles")

# Rows of the feature table (services/entities/src/features.rs): words, affixes, shapes, flags.
WORDS, AFFIXES, SHAPES, FLAGS = 65536, 65536, 1024, 64

NO_SPACE_BEFORE = set(".,;:!?)]}%'’”…") | {"'s", "’s", "n't", "n’t", "'re", "'ve", "'ll", "'d", "'m", "'S", "''"}
NO_SPACE_BEHIND = set("([{$£€“‘#") | {"``"}


def _of_tokens(sentences):
    """Running text of a document's tokens, and its names in code points."""
    text, names = "", []
    for sentence in sentences:
        if text:
            text += " " if text[-1] in '.!?"”' else "\n\n"
        quotes, before, spans = 0, None, []
        for token, label in sentence:
            glued = before is None or token in NO_SPACE_BEFORE or before in NO_SPACE_BEHIND
            glued = glued or (token[0] in "'’" and len(token) <= 3)
            if token == '"':
                glued = before is None or quotes % 2 == 1 or before in NO_SPACE_BEHIND
                quotes += 1
            glued = glued or (before == '"' and quotes % 2 == 1)
            text += "" if glued else " "
            spans.append((len(text), len(text) + len(token), label))
            text, before = text + token, token
        open_name = None
        for start, end, label in [*spans, (0, 0, "O")]:
            if open_name and not label.startswith("I-"):
                names.append(open_name)
                open_name = None
            kind = LABELS.get(label[2:])
            if label.startswith("I-") and open_name:
                open_name = (open_name[0], end, open_name[2])
            elif kind:
                open_name = (start, end, kind)
    return {"text": text, "gold": names}


def _conll(path):
    documents, sentence = [[]], []
    for line in [*path.read_text(encoding="utf8").splitlines(), ""]:
        columns = line.split("\t")
        if not line.strip() or columns[0] == "-DOCSTART-":
            if sentence:
                documents[-1].append(sentence)
                sentence = []
            if line.strip():
                documents.append([])
        else:
            sentence.append((columns[0], columns[-1]))
    return [_of_tokens(document) for document in documents if document]


def _lines(content):
    """Lines of JSON: bytes.splitlines ends them at line breaks only, not at U+2028 within a string."""
    return content.splitlines()


def _texts(name, data):
    if name == "news":
        lines = _lines(gzip.decompress((data / "unlabelled/news.jsonl.gz").read_bytes()))
    elif name == "articles":
        truths = (data / f"articles/{rule}/ground-truth.json" for rule in ("aeb", "wcxb"))
        pages = (page for truth in truths for page in json.loads(truth.read_text(encoding="utf8")).values())
        documents = [{"text": page["articleBody"]} for page in pages]
        return [document for document in documents if document["text"]]
    else:
        file = "times/timebank-aquaint.dev.jsonl" if name == "timebank" else f"quotes/{name}.jsonl"
        lines = _lines((data / file).read_bytes())
    return [{"text": json.loads(line)["text"]} for line in lines]


def prepare(name, data, features, vocabulary, work):
    """Writes a corpus and its features into the work folder, once; `vocabulary` is a file of word pieces."""
    if not (work / f"{name}.texts").exists():
        path = Path(data) / f"entities/{name}.conll"
        see(name, _conll(path) if path.exists() else _texts(name, Path(data)), features, vocabulary, work)


def see(name, documents, features, vocabulary, work):
    """Writes documents and their features into the work folder under a name."""
    lines = "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
    subprocess.run([features, str(work / name), str(vocabulary)], input=lines.encode(), check=True)
    (work / f"{name}.texts").write_text(lines, encoding="utf8")


def load(name, work, labelled=True):
    """The documents of a corpus: text, words and sentences, feature rows, word pieces, and
    tags where it is labelled."""
    prefix = work / name
    texts = [json.loads(line) for line in _lines(Path(f"{prefix}.texts").read_bytes())]
    seen = [json.loads(line) for line in _lines(Path(f"{prefix}.jsonl").read_bytes())]
    counts = np.fromfile(f"{prefix}.counts", np.uint8).astype(np.int64)
    rows = np.fromfile(f"{prefix}.rows", "<u4").astype(np.int64)
    ends = np.concatenate([[0], np.cumsum(counts)])
    pieces = np.fromfile(f"{prefix}.pieces", "<u4").astype(np.int64)
    piece_ends = np.concatenate([[0], np.cumsum(np.fromfile(f"{prefix}.piece-counts", np.uint8).astype(np.int64))])
    documents, first = [], 0
    for text, cut in zip(texts, seen):
        last = first + len(cut["words"])
        document = {
            "text": text["text"],
            "words": cut["words"],
            "sentences": cut["sentences"],
            "rows": rows[ends[first] : ends[last]],
            "ends": ends[first : last + 1] - ends[first],
            "pieces": pieces[piece_ends[first] : piece_ends[last]],
            "piece_ends": piece_ends[first : last + 1] - piece_ends[first],
            "tags": None,
        }
        if labelled and "gold" in text:
            document["gold"] = text["gold"]
            document["tags"] = tags.of_spans(cut["words"], text["gold"])
        documents.append(document)
        first = last
    return documents


def windows(documents, longest, size, random=None):
    """Cuts documents into windows (document, first word, one past the last), between sentences where it can.

    `size(document, word)` is what a word takes of `longest`. With `random`, the first window of each document is
    shorter by chance, so that sentences have other neighbours in each epoch.
    """
    found = []
    for number, document in enumerate(documents):
        limit = random.randint(longest // 4, longest) if random else longest
        window, used = None, 0
        for a, b in document["sentences"]:
            while a < b:
                end, needed = a, 0
                while end < b and needed + size(document, end) <= longest:
                    needed += size(document, end)
                    end += 1
                if window and used + needed <= limit:
                    window, used = (window[0], end), used + needed
                else:
                    if window:
                        found.append((number, *window))
                        limit = longest
                    window, used = (a, end), needed
                a = end
        if window:
            found.append((number, *window))
    return found
