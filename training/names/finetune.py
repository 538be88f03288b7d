"""Fine-tunes an encoder on the tags of words, and says with one how probable each tag is."""

import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import corpora
import tags
from encoder import MARKS

# The first row for a shape, and the first for a flag.
SHAPE = corpora.WORDS + corpora.AFFIXES
FLAG = SHAPE + corpora.SHAPES
# The longest window in pieces, when learning and when asked (services/entities/src/model/accurate.rs).
LEARNT, ASKED = 160, 192


class Batches:
    """Windows of documents as a network reads them, whose vocabulary may be numbered anew."""

    def __init__(self, known, vocabulary):
        numbers = {piece: number for number, piece in enumerate(vocabulary)}
        of = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>"}
        number = [numbers.get(piece, numbers.get(of.get(piece), numbers["[UNK]"])) for piece in known]
        self.number, self.ends = np.array(number), (known.index("[CLS]"), known.index("[SEP]"))

    def __call__(self, documents, windows):
        """Pieces, marks and mask of windows, and where the first piece of each word is."""
        length = 2 + max(_size(documents[number], a, b) for number, a, b in windows)
        shape = (len(windows), (length + 15) // 16 * 16)
        pieces, inside = np.full(shape, self.ends[1]), np.zeros(shape, bool)
        marks, firsts = np.zeros((*shape, MARKS), np.float32), []
        for row, (number, a, b) in enumerate(windows):
            document = documents[number]
            starts = document["piece_ends"][a : b + 1]
            count = starts[-1] - starts[0]
            pieces[row, 0], pieces[row, 1 : count + 1] = self.ends[0], document["pieces"][starts[0] : starts[-1]]
            marks[row, 1 : count + 1] = np.repeat([_marks(document, word) for word in range(a, b)], np.diff(starts), 0)
            inside[row, : count + 2] = True
            firsts.append(1 + starts[:-1] - starts[0])
        return *map(torch.from_numpy, (self.number[pieces], marks, inside)), firsts


def _marks(document, word):
    marks = np.zeros(MARKS, np.float32)
    rows = document["rows"][document["ends"][word] : document["ends"][word + 1]]
    marks[rows[rows >= FLAG] - FLAG] = 1
    shapes = rows[(rows >= SHAPE) & (rows < FLAG)] - SHAPE
    marks[corpora.FLAGS + shapes % (MARKS - corpora.FLAGS)] = 1
    return marks


def _size(document, a, b):
    return document["piece_ends"][b] - document["piece_ends"][a]


def _windows(documents, longest, chance=None):
    return corpora.windows(documents, longest - 2, lambda document, word: _size(document, word, word + 1), chance)


def predict(model, batches, documents):
    """For each document the probabilities of the tags of its words."""
    model.eval()
    found = [np.zeros((len(document["words"]), len(tags.TAGS)), np.float16) for document in documents]
    windows = sorted(_windows(documents, ASKED), key=lambda window: window[2] - window[1])
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(windows), 16):
            some = windows[start : start + 16]
            pieces, marks, inside, firsts = batches(documents, some)
            probabilities = torch.softmax(model(pieces, marks, inside).float(), -1).numpy()
            for row, (number, a, b) in enumerate(some):
                found[number][a:b] = probabilities[row, firsts[row]]
    return found


def scores(model, batches, development):
    """F1 on the development corpora."""

    def of(documents):
        logarithms = (np.log(np.maximum(p.astype(np.float32), 1e-7)) for p in predict(model, batches, documents))
        return tags.f1(documents, logarithms)

    return {name: of(documents) for name, documents in development.items()}


def train(model, batches, documents, epochs, rate, size, seed=1):
    """Teaches a model the probabilities of tags that are `wanted` of each document's words."""
    chance = random.Random(seed)
    torch.manual_seed(seed)
    groups = [
        {"params": [], "weight_decay": 0.0, "factor": 1},
        {"params": [], "weight_decay": 0.01, "factor": 1},
        # What the published network does not have learns faster.
        {"params": [], "weight_decay": 0.01, "factor": 5},
    ]
    for name, parameter in model.named_parameters():
        group = 2 if name.split(".")[0] in ("out", "marks") else int(parameter.ndim > 1)
        groups[group]["params"].append(parameter)
    optimizer = torch.optim.AdamW(groups, lr=rate, fused=True)
    steps, step = None, 0
    for epoch in range(epochs):
        model.train()
        windows = _windows(documents, LEARNT, chance)
        chance.shuffle(windows)
        parts = []
        for start in range(0, len(windows), 8 * size):
            # Windows of like length go together: little is computed for nothing.
            some = sorted(windows[start : start + 8 * size], key=lambda window: _size(documents[window[0]], *window[1:]))
            parts += [some[at : at + size] for at in range(0, len(some), size)]
        chance.shuffle(parts)
        steps = steps or epochs * len(parts)
        for some in parts:
            part = min(1, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = rate * group["factor"] * part
            pieces, marks, inside, firsts = batches(documents, some)
            wanted = np.zeros((*pieces.shape, len(tags.TAGS)), np.float32)
            for row, (number, a, b) in enumerate(some):
                wanted[row, firsts[row]] = documents[number]["wanted"][a:b]
            wanted = torch.from_numpy(wanted)
            with torch.autocast("cpu", torch.bfloat16):
                out = model(pieces, marks, inside)
            loss = -(wanted * F.log_softmax(out.float(), -1)).sum() / wanted.sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            if step % 100 == 0:
                print(f"step {step} of {steps}, loss {loss.item():.4f}", flush=True)
    return model
