#!/usr/bin/env python3
"""Writes Tests/Golden/*.safetensors: outputs of small seeded networks in double precision.

usage: scripts/make-golden.py [OUT_DIR]

Needs only NumPy; the tests need no Python. See Tests/Golden/README.md.
"""

import json
import pathlib
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts" / "golden"))

import numpy as np  # noqa: E402

import boxes  # noqa: E402
import detectors  # noqa: E402
import nasnet  # noqa: E402
import networks  # noqa: E402
import residuals  # noqa: E402
import seeded  # noqa: E402
import shuffles  # noqa: E402
import vgg  # noqa: E402

CLASSES = 10
# name: network, width, input height and width, padding, feature maps to keep
CLASSIFIERS = {
    "mobilenet_v1": (networks.mobilenet_v1, 0.25, 64, 64, "even", "0 1 6 13"),
    "mobilenet_v1_same": (networks.mobilenet_v1, 0.5, 50, 66, "same", "0 2 6 13"),
    "mobilenet_v2": (networks.mobilenet_v2, 0.25, 64, 64, "even", "0 1 7 14 18"),
    "mobilenet_v2_same": (networks.mobilenet_v2, 0.35, 49, 70, "same", "2 4 7 14"),
    "mobilenet_v3_large": (networks.mobilenet_v3_large, 0.25, 64, 64, "even", "0 3 4 12 16"),
    "mobilenet_v3_small": (networks.mobilenet_v3_small, 0.25, 64, 64, "even", "0 1 4 9 12"),
    "mobilenet_v3_small_same": (networks.mobilenet_v3_small, 0.75, 42, 58, "same", "0 1 4 9"),
    "squeezenet1_0": (networks.squeezenet1_0, 1.0, 65, 65, "even", "6 11 12"),
    "squeezenet1_1": (networks.squeezenet1_1, 1.0, 65, 82, "even", "2 5 8 12"),
    "shufflenet_v2": (shuffles.shufflenet_v2, 0.5, 64, 74, "even", "maxpool stage2 stage3 stage4"),
    "shufflenet_v2_x1": (shuffles.shufflenet_v2, 1.0, 49, 66, "even", "stage2 stage4 conv5"),
    "mobilenet_v1_relu6": (networks.mobilenet_v1_relu6, 0.25, 50, 66, "same", "0 6 13"),
    "squeezenet_simple": (
        networks.squeezenet1_0_simple_bypass, 1.0, 65, 65, "even", "8 12"),
    "squeezenet_complex": (
        networks.squeezenet1_0_complex_bypass, 1.0, 65, 65, "even", "8 12"),
    "shufflenet_v1_g1": (shuffles.shufflenet_v1_g1, 0.5, 64, 64, "even", "maxpool 0 3 11"),
    "shufflenet_v1_g2": (shuffles.shufflenet_v1_g2, 0.5, 64, 70, "even", "0 1 15"),
    "shufflenet_v1_g3": (shuffles.shufflenet_v1_g3, 1.5, 49, 66, "even", "4 15"),
    "shufflenet_v1_g4": (shuffles.shufflenet_v1_g4, 0.5, 50, 67, "same", "maxpool 0 1 15"),
    "shufflenet_v1_g8": (shuffles.shufflenet_v1_g8, 0.5, 64, 64, "even", "1 15"),
    "shufflenet_v1_g8_x1": (shuffles.shufflenet_v1_g8, 1.0, 33, 35, "even", "0 15"),
    "xception": (residuals.xception, 0.125, 79, 64, "even", "conv2 block1 block3 block11 conv4"),
    "xception_same": (residuals.xception, 0.0625, 75, 98, "same", "block1 block3 block11 block12"),
    "resnet18": (residuals.resnet18, 0.25, 64, 64, "even", "maxpool layer1 layer3"),
    "resnet34": (residuals.resnet34, 0.125, 45, 67, "even", "layer1 layer2 layer4"),
    "resnet50": (residuals.resnet50, 0.125, 50, 66, "same", "relu layer1 layer3"),
    "resnet101": (residuals.resnet101, 0.125, 33, 48, "even", "layer2 layer3 layer4"),
    "resnet152": (residuals.resnet152, 0.125, 48, 33, "even", "layer2 layer3 layer4"),
    "nasnet_mobile": (
        nasnet.nasnet_mobile, 1.0, 49, 64, "even", "conv0 cell_0 cell_1 cell_6 cell_15"),
    "nasnet_mobile_same": (nasnet.nasnet_mobile, 1.0, 66, 47, "same", "cell_2 cell_11"),
    "vgg16": (vgg.vgg16, 0.0625, 224, 224, "even", "23 30"),
}
# name: network, input height and width, padding
DETECTORS = {
    "ssdlite_mobilenet_v3_large": (detectors.ssdlite_mobilenet_v3_large, 96, 96, "even"),
    "ssdlite_mobilenet_v2_same": (detectors.ssdlite_mobilenet_v2, 100, 84, "same"),
    "ssd_mobilenet_v1": (detectors.ssd_mobilenet_v1, 67, 84, "same"),
    "ssd_1x1_mobilenet_v1": (detectors.ssd_1x1_mobilenet_v1, 67, 84, "same"),
    "ssdlite_1x1_mobilenet_v1": (detectors.ssdlite_1x1_mobilenet_v1, 67, 84, "same"),
    "ssd300_vgg16": (vgg.ssd300_vgg16, 268, 271, "even"),
}
DETECTOR_CLASSES = 4
MAPS_320 = [(20, 20), (10, 10), (5, 5), (3, 3), (2, 2), (1, 1)]
MAPS_300 = [(19, 19), (10, 10), (5, 5), (3, 3), (2, 2), (1, 1)]
WIDE = (96, 128)
MAPS_WIDE = [(6, 8), (3, 4), (2, 2), (1, 1), (1, 1), (1, 1)]
CAFFE_SMALLEST = [60, 105, 150, 195, 240, 285]
CAFFE_LARGEST = [None, 150, 195, 240, 285, 300]
CAFFE_RATIOS = [[2]] + [[2, 3]] * 5


def write(path, tensors):
    """A safetensors file of single-precision tensors, sorted by name."""
    header, parts, at = {}, [], 0
    for name, tensor in sorted(tensors.items()):
        data = np.ascontiguousarray(tensor, dtype="<f4")
        header[name] = {
            "dtype": "F32", "shape": list(data.shape), "data_offsets": [at, at + data.nbytes],
        }
        parts.append(data.tobytes())
        at += data.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def describe(name, net):
    spread = "  ".join(f"{key} {value.std():.3f}" for key, value in net.maps.items())
    print(f"{name}: {net.parameters} parameters; standard deviations: {spread}")


def input_of(name, height, width):
    return seeded.uniform(f"{name}/input", [3, height, width]).astype(np.float64)


def classifier(name):
    build, width, input_height, input_width, padding, kept = CLASSIFIERS[name]
    net = networks.Network(padding)
    build(net, input_of(name, input_height, input_width), width, CLASSES)
    describe(name, net)
    names = [f"features.{item}" if item.isdigit() else item for item in kept.split()]
    tensors = {name: net.maps[name] for name in names}
    tensors["output"] = net.maps["output"].reshape(1, CLASSES)
    return tensors


def detector(name):
    build, height, width, padding = DETECTORS[name]
    net = networks.Network(padding)
    build(net, input_of(name, height, width), DETECTOR_CLASSES)
    describe(name, net)
    return net.maps


def generator_samples():
    """The start of a few tensors, to tell a wrong generator from a wrong network."""
    return {
        "features.0.0.weight": seeded.weight("features.0.0", [8, 3, 3, 3]),
        "features.0.0.bias": seeded.bias("features.0.0", 8),
        "mobilenet_v1/input": seeded.uniform("mobilenet_v1/input", [3, 64, 64])[:, :2, :8],
    }


def caffe_sizes(height, width):
    return boxes.caffe_sizes(height, width, CAFFE_SMALLEST, CAFFE_LARGEST, CAFFE_RATIOS)


def prior_sets():
    """Each rule on a square image, as networks use it, and on a wide one."""
    return {
        "torchvision": boxes.grid(MAPS_320, boxes.torchvision_sizes()),
        "torchvision_wide": boxes.grid(MAPS_WIDE, boxes.torchvision_sizes()),
        "tensorflow": boxes.grid(MAPS_300, boxes.tensorflow_sizes(300, 300)),
        "tensorflow_wide": boxes.grid(MAPS_WIDE, boxes.tensorflow_sizes(*WIDE)),
        "vgg16_wide": boxes.vgg_priors(
            [(12, 16), (6, 8), (3, 4), (2, 2), (1, 1), (1, 1)], *WIDE),
        "caffe": boxes.grid(MAPS_300, caffe_sizes(300, 300)),
        "caffe_wide": boxes.grid(MAPS_WIDE, caffe_sizes(*WIDE)),
    }


def coder_case():
    """Codes up to about 3 against priors inside the image."""
    codes = seeded.uniform("coder/codes", [64, 4]).astype(np.float64) * 3
    unit = seeded.uniform("coder/priors", [64, 4]).astype(np.float64) / 2 + 0.5
    priors = np.concatenate([unit[:, :2], unit[:, 2:] * 0.5 + 0.02], axis=1).astype(np.float32)
    decoded = boxes.decode(codes, priors.astype(np.float64))
    return {"codes": codes, "priors": priors, "decoded": decoded}


def suppression_case():
    """Boxes on a grid of 1/64, so that overlaps are exact and one pair meets the threshold."""
    unit = seeded.uniform("suppression/boxes", [300, 4]).astype(np.float64) / 2 + 0.5
    corner = np.floor(unit[:, :2] * 48) / 64
    size = (np.floor(unit[:, 2:] * 15) + 1) / 64
    corners = np.concatenate([corner, corner + size], axis=1)
    # The second is half of the first: an overlap of exactly 0.5.
    corners[0], corners[1] = (0, 0, 0.25, 0.125), (0, 0, 0.125, 0.125)
    scores = seeded.uniform("suppression/scores", [300]).astype(np.float64) / 2 + 0.5
    labels = np.floor((seeded.uniform("suppression/labels", [300]) / 2 + 0.5) * 3) + 1
    labels[1] = labels[0]
    tensors = {"boxes": corners, "scores": scores, "labels": labels}
    for threshold in (0.3, 0.5):
        apart = boxes.suppress(corners, scores, labels, threshold)
        together = boxes.suppress(corners, scores, np.zeros(300), threshold)
        tensors[f"kept_by_label_{threshold}"] = np.array(apart)
        tensors[f"kept_agnostic_{threshold}"] = np.array(together)
        print(f"suppression at {threshold}: {len(apart)} kept by label, {len(together)} agnostic")
    return tensors


def main():
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "Tests" / "Golden"
    out.mkdir(parents=True, exist_ok=True)
    files = {name: classifier(name) for name in CLASSIFIERS}
    files |= {name: detector(name) for name in DETECTORS}
    files |= {
        "generator": generator_samples(),
        "priors": prior_sets(),
        "coder": coder_case(),
        "suppression": suppression_case(),
    }
    total = 0
    for name, tensors in files.items():
        path = out / f"{name}.safetensors"
        write(path, tensors)
        total += path.stat().st_size
    print(f"{len(files)} files, {total} bytes, in {out}")


main()
