"""The fast model, as services/entities/src/model/fast.rs computes it: hashed embeddings, three convolutions, and what is
read of the same word elsewhere."""

import copy
import math
import random

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file
from torch import nn

import corpora
import tags

FORMS, SIGNS = corpora.WORDS + corpora.AFFIXES, corpora.SHAPES + corpora.FLAGS
WIDTH, MEMORY, HIDDEN = 128, 64, 64
# How far the neighbours are that each convolution sees.
DISTANCES = (1, 1, 2)
# How much of the running mean of the weights each step keeps.
KEPT = 0.998


class Student(nn.Module):
    def __init__(self, dropout=0.15):
        super().__init__()
        self.table, self.norm = nn.EmbeddingBag(FORMS + SIGNS, WIDTH, mode="sum"), nn.LayerNorm(WIDTH)
        # What training hardly sees must not speak by chance: rows of words and affixes begin next to zero.
        for rows, deviation in zip(self.table.weight.data.split((FORMS, SIGNS)), (0.01, 0.1 / math.sqrt(WIDTH / 64))):
            nn.init.normal_(rows, 0, deviation)
        self.convolutions = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in DISTANCES)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DISTANCES)
        self.memory, self.hidden = nn.Linear(WIDTH, MEMORY), nn.Linear(WIDTH + MEMORY, HIDDEN)
        self.out, self.dropout = nn.Linear(HIDDEN, len(tags.TAGS)), nn.Dropout(dropout)

    def forward(self, batch):
        rows, starts, weights, inside, same = batch
        x = self.table(rows, starts, per_sample_weights=weights).view(*inside.shape[:2], WIDTH)
        x = self.dropout(self.norm(x) * inside)
        for number, (convolution, norm) in enumerate(zip(self.convolutions, self.norms)):
            apart = DISTANCES[number]
            padded = F.pad(x, (0, 0, apart, apart))
            near = [padded[:, k * apart : k * apart + x.shape[1]] for k in range(3)]
            x = self.dropout(norm(x + F.relu(convolution(torch.cat(near, -1)))) * inside)
        own = self.memory(x).flatten(0, 1).float()
        greatest = torch.full((int(same.max()) + 1, MEMORY), -1e4)
        greatest = greatest.scatter_reduce(0, same[:, None].expand_as(own), own, "amax")
        memory = torch.where((same > 0)[:, None], greatest[same], own).view(*inside.shape[:2], MEMORY)
        hidden = self.dropout(F.relu(self.hidden(torch.cat([x, F.relu(memory)], -1))))
        return self.out(hidden)


def group(documents):
    """Numbers the words with a capital that are the same in a document; the others have 0."""
    for document in documents:
        numbers = {}
        document["same"] = np.zeros(len(document["words"]), np.int64)
        for at, (start, end) in enumerate(document["words"]):
            word = document["text"][start:end]
            if word[0].isupper():
                form = word.lower().removesuffix(".")
                document["same"][at] = numbers.setdefault(form, len(numbers) + 1)


def _windows(documents, longest, chance=None):
    return corpora.windows(documents, longest, lambda document, word: 1, chance)


def _batch(documents, windows, left_out=0.0):
    """The rows of the words of windows. `left_out` is the share of words whose own rows are left out, so that the model
    learns to do without; of all other rows, half that share."""
    shape = (len(windows), max(b - a for _, a, b in windows))
    counts, same = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    inside, rows, groups = np.zeros((*shape, 1), np.float32), [], 0
    for row, (number, a, b) in enumerate(windows):
        document = documents[number]
        ends = document["ends"]
        counts[row, : b - a] = np.diff(ends[a : b + 1])
        rows.append(document["rows"][ends[a] : ends[b]])
        inside[row, : b - a] = 1
        numbers = document["same"]
        same[row, : b - a] = np.where(numbers[a:b] > 0, numbers[a:b] + groups, 0)
        groups += int(numbers.max())
    rows = np.concatenate(rows)
    starts = np.concatenate([[0], np.cumsum(counts.ravel())[:-1]])
    weights = np.ones(len(rows), np.float32)
    if left_out:
        weights = (np.random.rand(len(rows)) >= left_out / 2).astype(np.float32)
        words = starts[counts.ravel() > 0]
        kept = (np.random.rand(len(words)) >= left_out).astype(np.float32)
        weights[words] = weights[words + 1] = kept
    return tuple(map(torch.from_numpy, (rows, starts, weights, inside, same.ravel())))


def predict(model, documents):
    model.eval()
    found = [np.zeros((len(document["words"]), len(tags.TAGS)), np.float32) for document in documents]
    windows = sorted(_windows(documents, 2000), key=lambda window: window[2] - window[1])
    with torch.inference_mode():
        for start in range(0, len(windows), 8):
            some = windows[start : start + 8]
            scores = torch.log_softmax(model(_batch(documents, some)), -1).numpy()
            for row, (number, a, b) in enumerate(some):
                found[number][a:b] = scores[row, : b - a]
    return found


def train(documents, development, epochs, seed, rate=3e-3, size=32, left_out=0.25):
    """Learns the probabilities of tags that are `wanted` of each document's words."""
    chance = random.Random(seed)
    torch.manual_seed(seed)
    np.random.seed(seed)
    for some in (documents, *development.values()):
        group(some)
    model = Student()
    mean = copy.deepcopy(model)
    others = [parameter for name, parameter in model.named_parameters() if name != "table.weight"]
    # Rows that are seldom seen learn less each time than their optimizer would have it.
    groups = [{"params": [model.table.weight], "eps": 3e-6}, {"params": others}]
    optimizer = torch.optim.AdamW(groups, lr=rate, weight_decay=1e-3, betas=(0.9, 0.99), fused=True)
    steps, step = None, 0
    for epoch in range(epochs):
        model.train()
        windows = _windows(documents, 256, chance)
        chance.shuffle(windows)
        batches = []
        for start in range(0, len(windows), 16 * size):
            # Windows of like length go together: little is computed for nothing.
            some = sorted(windows[start : start + 16 * size], key=lambda window: window[2] - window[1])
            batches += [some[at : at + size] for at in range(0, len(some), size)]
        chance.shuffle(batches)
        steps = steps or epochs * len(batches)
        for some in batches:
            part = min(1, (step + 1) / 200) * max(0.01, 0.5 * (1 + math.cos(math.pi * min(1, step / steps))))
            for settings in optimizer.param_groups:
                settings["lr"] = rate * part
            with torch.autocast("cpu", torch.bfloat16):
                out = model(_batch(documents, some, left_out))
            out = F.log_softmax(out.float(), -1)
            wanted = np.zeros(out.shape, np.float32)
            for row, (number, a, b) in enumerate(some):
                wanted[row, : b - a] = documents[number]["wanted"][a:b]
            wanted = torch.from_numpy(wanted)
            loss = -(wanted * out).sum() / wanted.sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            kept = min(KEPT, 1 - 1 / (1 + step / 10))
            with torch.no_grad():
                for slow, fast in zip(mean.parameters(), model.parameters()):
                    slow.lerp_(fast, 1 - kept)
        scores = {name: tags.f1(of, predict(mean, of)) for name, of in development.items()}
        print(f"student, epoch {epoch + 1}: {scores}", flush=True)
    return mean


def write(model, path):
    """Writes the weights as services/entities/src/model/fast.rs reads them, the table in eight bits."""
    state = {name: tensor.detach().float().numpy() for name, tensor in model.state_dict().items()}
    table = state["table.weight"]
    scales = np.maximum(np.abs(table).max(1), 1e-8) / 127
    parts = {"table": np.round(table / scales[:, None]).clip(-127, 127).astype(np.int8), "scales": scales}

    def put_norm(name, source):
        parts[f"{name}.scale"], parts[f"{name}.shift"] = state[f"{source}.weight"], state[f"{source}.bias"]

    def put_dense(name, source):
        parts[f"{name}.weights"], parts[f"{name}.bias"] = state[f"{source}.weight"].T, state[f"{source}.bias"]

    put_norm("norm", "norm")
    for number in range(len(DISTANCES)):
        put_dense(f"convolution{number + 1}", f"convolutions.{number}")
        put_norm(f"norm{number + 1}", f"norms.{number}")
    for name in ("memory", "hidden", "out"):
        put_dense(name, name)
    save_file({name: np.ascontiguousarray(part) for name, part in parts.items()}, path)
