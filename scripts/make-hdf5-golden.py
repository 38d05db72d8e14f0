#!/usr/bin/env python3
"""Writes Tests/Golden/hdf5.h5, an HDF5 file as Keras saves weights. Needs h5py.

The arrays under `numbers` hold 0, 1, 2, … and so do the weights of the layers, each from its own
start: 1000 times the number of the layer. What the importer has to pass over is in it too.
"""

import pathlib

import h5py
import numpy as np

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Golden/hdf5.h5"


def counted(shape, kind="<f4", start=0):
    return (np.arange(np.prod(shape, dtype=int)) + start).reshape(shape).astype(kind)


# Without the time of writing, so that the bytes are the same every time.
with h5py.File(OUTPUT, "w", track_order=False) as file:
    file.attrs["model_config"] = "{" + " " * 2000 + "}"
    numbers = file.create_group("numbers")
    for kind in ("<f2", "<f4", "<f8", "<i4", "<i8", "<u4"):
        numbers.create_dataset(kind[1:], data=counted((2, 3), kind))
    numbers.create_dataset("scalar", data=np.float32(7))
    numbers.create_dataset("empty", data=counted((0, 3)))
    numbers.create_dataset("big_endian", data=counted((2,), ">f4"))
    numbers.create_dataset("packed", data=counted((64,)), chunks=(16,), compression="gzip")
    numbers.create_dataset("unwritten", shape=(4,), dtype="<f4")
    file["text"] = np.array([b"a", b"bc"])
    file["link"] = h5py.SoftLink("/numbers/f4")
    weights = file.create_group("model_weights")
    # More entries than a node of a group's tree holds.
    for index in range(18):
        layer = weights.create_group(f"layer_{index:02}/layer_{index:02}")
        layer.create_dataset("bias:0", data=counted((3,), start=1000 * index))
print(OUTPUT.stat().st_size, "bytes")
