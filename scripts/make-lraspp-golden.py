#!/usr/bin/env python3
"""Writes Tests/Golden/lraspp_mobilenet_v3_large.safetensors: torchvision's network on seeded numbers.

Needs torch, torchvision and NumPy. Weights and image come from `golden/seeded.py`, so the file has
only results: some feature maps, and the logits before they are interpolated to the image's size.
"""

import json
import pathlib
import struct
import sys

import numpy as np
import torch
import torchvision

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts" / "golden"))

import seeded  # noqa: E402

NAME, CLASSES, HEIGHT, WIDTH = "lraspp_mobilenet_v3_large", 5, 72, 100
# Feature maps to keep: the first of stride 8, the last before the dilated blocks, and their first.
TAPS = {"backbone.4": None, "backbone.12": None, "backbone.13": None}


def fill(network):
    """Seeded weights; a batch norm only adds the bias that the folded layer has."""
    modules = dict(network.named_modules())
    for path, module in modules.items():
        if not isinstance(module, torch.nn.Conv2d):
            continue
        weight = seeded.weight(path, list(module.weight.shape))
        module.weight.data = torch.from_numpy(weight.astype(np.float64))
        parent, _, last = path.rpartition(".")
        norm = modules.get(f"{parent}.{int(last) + 1}") if last.isdigit() else None
        if isinstance(norm, torch.nn.BatchNorm2d):
            norm.running_mean.zero_()
            norm.running_var.fill_(1 - norm.eps)
            norm.weight.data.fill_(1)
            norm.bias.data = torch.from_numpy(seeded.bias(path, norm.num_features).astype(np.float64))
        else:
            # The gate has none, but a folded layer always does.
            bias = torch.from_numpy(seeded.bias(path, module.out_channels).astype(np.float64))
            module.bias = torch.nn.Parameter(bias)


def write(path, tensors):
    header, parts, at = {}, [], 0
    for name, tensor in sorted(tensors.items()):
        data = np.ascontiguousarray(tensor, dtype="<f4")
        header[name] = {
            "dtype": "F32", "shape": list(data.shape), "data_offsets": [at, at + data.nbytes]}
        parts.append(data.tobytes())
        at += data.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def main():
    network = torchvision.models.segmentation.lraspp_mobilenet_v3_large(
        weights=None, weights_backbone=None, num_classes=CLASSES).double().eval()
    fill(network)
    for name in TAPS:
        def keep(_, __, value, name=name):
            TAPS[name] = value
        dict(network.named_modules())[name].register_forward_hook(keep)
    image = seeded.uniform(f"{NAME}/input", [3, HEIGHT, WIDTH]).astype(np.float64)
    with torch.no_grad():
        features = network.backbone(torch.from_numpy(image)[None])
        logits = network.classifier(features)
    tensors = {name: value[0].numpy() for name, value in TAPS.items()}
    tensors["output"] = logits[0].permute(1, 2, 0).reshape(-1, CLASSES).numpy()
    for name, value in tensors.items():
        print(name, value.shape, value.std())
    path = ROOT / "Tests" / "Golden" / f"{NAME}.safetensors"
    write(path, tensors)
    print(path.stat().st_size, "bytes")


main()
