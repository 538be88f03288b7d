"""A transformer that tags words: MiniLM, which becomes the accurate model, or MPNet, the teacher. What the features say of
a word is added to each of its pieces."""

import math

import torch
import torch.nn.functional as F
from torch import nn

import tags

# Bits of a word's marks: flags and shapes of services/entities/src/features.rs.
MARKS = 128
# How far apart words are, to MPNet: shared between layers (Song et al. 2020, after Raffel et al. 2020).
BUCKETS, FARTHEST = 32, 128


class Layer(nn.Module):
    def __init__(self, width, heads, inner, epsilon):
        super().__init__()
        self.heads = heads
        self.attend, self.join = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=epsilon), nn.LayerNorm(width, eps=epsilon)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x, bias):
        batch, length, width = x.shape
        q, k, v = self.attend(x).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5 + bias, -1)
        attended = weights @ v
        x = self.norm1(x + self.dropout(self.join(attended.transpose(1, 2).reshape(batch, length, width))))
        return self.norm2(x + self.dropout(self.narrow(F.gelu(self.widen(x)))))


class Encoder(nn.Module):
    def __init__(self, settings, vocabulary):
        super().__init__()
        self.vocabulary = vocabulary
        width, self.padding = settings["hidden_size"], settings["pad_token_id"]
        heads, epsilon = settings["num_attention_heads"], settings["layer_norm_eps"]
        self.relative = "relative_attention_num_buckets" in settings
        self.pieces = nn.Embedding(settings["vocab_size"], width)
        self.positions = nn.Embedding(settings["max_position_embeddings"], width)
        self.apart = nn.Embedding(BUCKETS, heads) if self.relative else None
        self.marks = nn.Linear(MARKS, width, bias=False)
        nn.init.normal_(self.marks.weight, 0, 0.01)
        self.norm, self.dropout = nn.LayerNorm(width, eps=epsilon), nn.Dropout(0.1)
        self.layers = nn.ModuleList(
            Layer(width, heads, settings["intermediate_size"], epsilon) for _ in range(settings["num_hidden_layers"])
        )
        self.out = nn.Linear(width, len(tags.TAGS))

    @staticmethod
    def pretrained(published):
        """Takes over the published weights."""
        model, weights = Encoder(published.settings(), published.vocabulary()), published.weights()

        def put(module, *names):
            for part in ("weight", "bias"):
                getattr(module, part).data = torch.cat([weights[f"{name}.{part}"] for name in names])

        model.pieces.weight.data = weights["embeddings.word_embeddings.weight"]
        positions = weights["embeddings.position_embeddings.weight"]
        if "embeddings.token_type_embeddings.weight" in weights:
            positions = positions + weights["embeddings.token_type_embeddings.weight"][0]
        # MPNet counts positions from behind its padding's number on.
        model.positions.weight.data = positions[model.padding + 1 :] if model.relative else positions
        put(model.norm, "embeddings.LayerNorm")
        if model.relative:
            model.apart.weight.data = weights["encoder.relative_attention_bias.weight"]
        for number, layer in enumerate(model.layers):
            at = f"encoder.layer.{number}"
            put(layer.attend, *(f"{at}.{part}" for part in published.attention))
            put(layer.join, f"{at}.{published.join}")
            put(layer.norm1, f"{at}.{published.norm}")
            put(layer.widen, f"{at}.intermediate.dense")
            put(layer.narrow, f"{at}.output.dense")
            put(layer.norm2, f"{at}.output.LayerNorm")
        return model

    def forward(self, pieces, marks, inside):
        bias = torch.where(inside, 0.0, -1e4)[:, None, None, :]
        if self.relative:
            bias = bias + self.apart(_buckets(pieces.shape[1])).permute(2, 0, 1).detach()
        return self.tag(self.pieces(pieces), marks, bias)

    def tag(self, embedded, marks, bias):
        """The tags' scores, of embedded pieces and their marks; `bias` is added to what each pays another in attention."""
        x = embedded + self.positions.weight[: embedded.shape[1]] + self.marks(marks)
        x = self.dropout(self.norm(x))
        if torch.is_autocast_enabled("cpu"):
            bias = bias.to(torch.bfloat16)
        for layer in self.layers:
            x = layer(x, bias)
        return self.out(self.dropout(x))


def _buckets(length):
    """The bucket of each distance: near ones alone, far ones together on a logarithmic scale, a half for each side."""
    at = torch.arange(length)
    distance = at[None, :] - at[:, None]
    side, distance = (distance > 0) * (BUCKETS // 2), distance.abs()
    near = BUCKETS // 4
    far = near + (torch.log(distance.clamp(min=1) / near) / math.log(FARTHEST / near) * near).long()
    return side + torch.where(distance < near, distance, far.clamp(max=BUCKETS // 2 - 1))
