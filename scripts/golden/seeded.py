"""Reproducible values: weights and inputs come from a seed, never from a file.

A tensor's values are a SplitMix64 sequence whose seed is the FNV-1a hash of the tensor's name.
Each is (next >> 40) / 2**24 * 2 - 1: exact in single precision, in [-1, 1).
"""

import numpy as np

GAMMA = np.uint64(0x9E3779B97F4A7C15)


def fnv1a(text):
    """The 64-bit FNV-1a hash of the text's UTF-8 bytes."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def uniform(name, shape):
    """The values of the tensor `name`, in row-major order, in single precision."""
    count = int(np.prod(shape))
    with np.errstate(over="ignore"):
        z = np.uint64(fnv1a(name)) + np.arange(1, count + 1, dtype=np.uint64) * GAMMA
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    unit = (z >> np.uint64(40)).astype(np.float64) / 2**24 * 2 - 1
    return unit.astype(np.float32).reshape(shape)


def weight(name, shape):
    """`name.weight`: uniform within sqrt(6 / fan-in), which keeps activations near 1.

    The limit is rounded to single precision before the product, and the product after it.
    """
    limit = np.float32(np.sqrt(6.0 / np.prod(shape[1:])))
    return uniform(name + ".weight", shape) * limit


def bias(name, count):
    """`name.bias`: uniform within ±0.25, so that biases matter but don't dominate."""
    return uniform(name + ".bias", [count]) * np.float32(0.25)
