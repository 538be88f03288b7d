"""Writes the accurate model as services/entities/src/model/accurate.rs runs it: ONNX, most weights in eight bits."""

import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from encoder import MARKS


class _Window(nn.Module):
    """One window, without padding; the table of pieces in eight bits, with a scale for each."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        table = model.pieces.weight.detach()
        scales = table.abs().amax(1).clamp(min=1e-8) / 127
        self.register_buffer("table", torch.round(table / scales[:, None]).to(torch.int8))
        self.register_buffer("scales", scales)

    def forward(self, pieces, marks):
        embedded = self.table[pieces].float() * self.scales[pieces][..., None]
        return self.model.tag(embedded, marks, torch.zeros(1))


def write(model, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocabulary.txt").write_text("\n".join(model.vocabulary) + "\n", encoding="utf8")
    example = torch.zeros((1, 20), dtype=torch.int64), torch.zeros(1, 20, MARKS)
    names = ["pieces", "marks", "scores"]
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            _Window(model.eval()), example, str(whole), dynamo=False, opset_version=17, input_names=names[:2],
            output_names=names[2:], dynamic_axes={name: {1: "length"} for name in names},
        )
        # In eight bits, the first and the last matrix cost accuracy and save little.
        nodes = [node.name for node in onnx.load(whole).graph.node if "/out/" in node.name or "/marks/" in node.name]
        quantize_dynamic(
            str(whole), str(folder / "names.onnx"), per_channel=True, weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"], nodes_to_exclude=nodes,
        )
