#!/usr/bin/env python3
"""Writes inputs for the fuzzer to start from: seeds.py FOLDER makes FOLDER/PARSER/NAME.

They come from this repository or are written here, so that no binary has to be committed.
"""

import io
import json
import pathlib
import pickle
import struct
import sys
import tarfile
import types
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "Tests/Golden"


def tensors(path):
    """The bytes of each tensor of a safetensors file."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    for name, entry in json.loads(content[8 : 8 + length]).items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            yield name, content[8 + length :][start:end]


def header(path):
    content = path.read_bytes()
    return content[8 : 8 + struct.unpack("<Q", content[:8])[0]]


def safetensors(entries, metadata):
    """A small model file's container."""
    data, listed = b"", {"__metadata__": metadata}
    for name, (kind, shape, content) in entries.items():
        listed[name] = {
            "dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    head = json.dumps(listed).encode()
    return struct.pack("<Q", len(head)) + head + data


def checkpoint():
    """What torch.save writes, without torch: the pickler only needs the names."""
    rebuild = types.FunctionType(compile("0", "", "eval"), {}, "_rebuild_tensor_v2")
    rebuild.__module__, rebuild.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    storage = type("FloatStorage", (), {"__module__": "torch"})
    sys.modules["torch"] = types.SimpleNamespace(FloatStorage=storage, _utils=None)
    sys.modules["torch._utils"] = types.SimpleNamespace(_rebuild_tensor_v2=rebuild)

    class Storage:
        def __init__(self, key, count):
            self.key, self.count = key, count

    class Tensor:
        def __init__(self, key, shape):
            self.key, self.shape = key, shape

        def __reduce__(self):
            count, strides = 1, []
            for side in reversed(self.shape):
                strides.insert(0, count)
                count *= side
            arguments = (Storage(self.key, count), 0, self.shape, tuple(strides), False, {})
            return rebuild, arguments

    class Pickler(pickle._Pickler):
        def persistent_id(self, item):
            if isinstance(item, Storage):
                return ("storage", storage, item.key, "cpu", item.count)
            return None

    state = {"state_dict": {
        "features.0.0.weight": Tensor("0", (2, 3, 1, 1)), "features.0.0.bias": Tensor("1", (2,))}}
    path = pathlib.Path(sys.argv[1]) / "checkpoint.tmp"
    with zipfile.ZipFile(path, "w") as archive:
        with archive.open("archive/data.pkl", "w") as member:
            Pickler(member, 2).dump(state)
        for key, count in (("0", 6), ("1", 2)):
            archive.writestr(f"archive/data/{key}", struct.pack(f"<{count}f", *range(count)))
    content = path.read_bytes()
    path.unlink()
    return content


NCNN = b"""7767517
5 5
Input            data   0 1 data 0=32 1=16 2=3
Convolution      a      1 1 data a 0=2 1=1 5=1 6=6 9=3 -23310=2,0.0,6.0
ConvolutionDepthWise b  1 1 a b 0=2 1=3 3=2 4=1 5=1 6=18 7=2
InnerProduct     d      1 1 b d 0=1 1=1 2=2
Softmax          prob   1 1 d prob
"""

COCO = {
    "images": [{"id": 1, "file_name": "a.jpg", "width": 640, "height": 480}],
    "categories": [{"id": 3, "name": "car"}],
    "annotations": [{
        "id": 9, "image_id": 1, "category_id": 3, "bbox": [1, 2, 30.5, 40], "area": 1220,
        "iscrowd": 0, "ignore": True}],
}
VOC = b"""<?xml version="1.0"?><!-- c --><annotation><filename>a.jpg</filename>
<size><width>64</width><height>48</height></size><object><name>a&#65;&amp;</name>
<difficult>1</difficult><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9.5</xmax><ymax>9</ymax></bndbox>
</object><![CDATA[x]]></annotation>"""
CVAT = b"""<annotations><version>1.1</version><meta><task><name>a</name><original_size>
<width>64</width><height>48</height></original_size></task></meta><image id="0" name='a.jpg'
width="64" height="48"><box label="a" xtl="1.5" ytl="2" xbr="9" ybr="10"/></image><track id="0"
label="b"><box frame="3" outside="0" xtl="1" ytl="2" xbr="3" ybr="4"/><polygon frame="4"
outside="1" points="1,2;3,4"/></track></annotations>"""
MEGADETECTOR = {
    "detection_categories": {"1": "animal"},
    "images": [
        {"file": "a.jpg", "width": 64, "height": 48, "detections": [
            {"category": "1", "conf": 0.5, "bbox": [0.1, 0.2, 0.3, 0.4]}]},
        {"file": "b.mp4", "frame_rate": 25.0, "frames_processed": [0, 5], "detections": [
            {"category": "2", "conf": 0.5, "bbox": [0, 0, 1, 1], "frame_number": 5}]},
        {"file": "c.jpg", "failure": "a", "detections": None}],
}
ZONES = b"""# c
zones:
  door:
    points: 0.1,0.5 0.9,0.5 0.9,1
    classes: &c [person, "a"]
    loiter: 1:30
  yard: {points: [[64, 180], [576, 180], "576,300.5"], unit: px, anchor: center, classes: *c}
lines:
  in: {points: "128,180 512,180 px"}
"""
LINES = b"""{"type":"run","schema":"stream-detect/1"}
{"type":"frame","source":"a","frame":0,"pts":0,"t":0,"width":64,"height":48,"objects":\
[{"label":"b","class_id":1,"confidence":0.5,"bbox":[1,2,3,4]}]}
{"type":"event","source":"a","id":"a-1","phase":"update","change":"cross","t":1,"frame":9,\
"label":"b","confidence":0.5,"track_id":1,"bbox":[1,2,3,4],"zones":["c"],"line":"d",\
"direction":"in","total":1}
{"type":"end","source":"a"}
"""


def box(kind, *content):
    content = b"".join(content)
    return struct.pack(">I", len(content) + 8) + kind + content


def heif():
    """A turned and mirrored picture, without its pixels."""
    entry = box(b"infe", b"\2\0\0\0\0\1\0\0grid\0")
    properties = box(b"ipco", box(b"irot", b"\1"), box(b"imir", b"\1"))
    association = box(b"ipma", bytes(4), struct.pack(">IHBBB", 1, 1, 2, 0x81, 0x82))
    return box(b"ftyp", b"heic\0\0\0\0mif1") + box(
        b"meta", bytes(4), box(b"pitm", bytes(4), b"\0\1"),
        box(b"iinf", bytes(4), b"\0\1", entry), box(b"iprp", properties, association))


def protected():
    """The sample entry of an encrypted track."""
    scheme = box(b"schm", bytes(4), b"cbcs\0\1\0\0")
    details = box(b"schi", box(b"tenc", bytes(4), b"\0\0\1\0", bytes(16)))
    entry = box(b"encv", bytes(78), box(b"sinf", scheme, details))
    table = box(b"stbl", box(b"stsd", bytes(4), b"\0\0\0\1", entry))
    handler = box(b"hdlr", bytes(8), b"vide")
    return box(b"moov", box(b"trak", box(b"mdia", handler, box(b"minf", table))))


def archive():
    """A file in a compressed archive."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for name, size in [("a/a", 700), ("a/b", 40)]:
            entry = tarfile.TarInfo(name)
            entry.size = size
            tar.addfile(entry, io.BytesIO(bytes(range(20)) * (size // 20)))
    return content.getvalue()


def seeds():
    small = sorted(GOLDEN.glob("*.safetensors"), key=lambda path: path.stat().st_size)[:3]
    described = json.loads(header(ROOT / "Sources/CDefaultModel/default.safetensors"))
    weights = struct.pack("<6f", *range(6))
    yield "safetensors", safetensors({
        "conv.weight": ("F32", [2, 3, 1, 1], weights), "half": ("F16", [2], weights[:4]),
        "count": ("I64", [], weights[:8])}, {"stream_detect": "{}"})
    for path in small:
        yield "safetensors", header(path)
    yield "safetensors", b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}'
    yield "safetensors", described["__metadata__"]["stream_detect"].encode()
    yield "torch", checkpoint()
    yield "torch", (GOLDEN / "hdf5.h5").read_bytes()
    for name, content in tensors(GOLDEN / "onnx.safetensors"):
        if name.endswith(".model") and len(content) < 4096:
            yield "onnx", content
    for name, content in tensors(GOLDEN / "tflite.safetensors"):
        if name.endswith(".model"):
            yield "tflite", content
    for name, content in tensors(GOLDEN / "tensorflow.safetensors"):
        if name.endswith(".model"):
            yield "frozen-graph", content
    yield "ncnn", NCNN + b"\0" + bytes(4) + weights + bytes(8) + bytes(4) + bytes(72) + bytes(80)
    yield "gzipped-tar", archive()
    yield "annotations", b"n01440764 tench, Tinca tinca\nb\n"
    yield "annotations", b'{"0": "a", "1": "b"}'
    yield "annotations", b'["a", "b"]'
    yield "http", b"HTTP/1.1 206 P\r\nContent-Range: bytes 3-6/7\r\nETag: \"a\"\r\n\r\nabcd"
    yield "http", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    yield "http", b"HTTP/1.1 302 F\r\nLocation: //b/c?d\r\nContent-Length: 0\r\n\r\n"
    yield "arguments", b"https://example.org:8443/a/b-00112233.pth?c=d#e"
    yield "annotations", json.dumps(COCO).encode()
    yield "annotations", VOC
    yield "annotations", CVAT
    yield "annotations", json.dumps(MEGADETECTOR).encode()
    yield "annotations", b"1,7,11.0,21.0,30.0,60.0,1,1,1\n2,-1,1,1,3,4,0.5,-1,-1,-1\n"
    yield "annotations", b"[Sequence]\nname=a\nframeRate=25\nseqLength=5\nimWidth=64\n"
    yield "annotations", b"0 0.5 0.5 0.1 0.1\n1 0.1 0.1 0.2 0.2 0.3 0.3\n"
    yield "annotations", b"names: {0: 'a', 1: \"b\"} # c\n"
    yield "annotations", b"path: x\nnames:\n- a\n- 'b'\nnc: 2\n"
    yield "annotations", ZONES
    yield "annotations", b'{"lines": {"in": {"points": [[2, 3.5], [9, 3]], "unit": "px"}}}'
    yield "arguments", b"door=0.1,0.5 0.9,0.5 0.9,1"
    yield "arguments", b"in=64,180 576,180 px"
    yield "predictions", LINES
    yield "predictions", b'[{"image_id":1,"category_id":3,"bbox":[1,2,3,4],"score":0.5}]'
    yield "predictions", b"1,4,10,10,40,80,1,1,0.5\n2,4,15.5,10,40,80,0,2,-1\n3, 4, 2, 1, 4, 8\n"
    for line in LINES.splitlines():
        yield "predictions", line
    yield "arguments", b"a/[!b-d]*?.mp4\naxyz.mp4"
    yield "arguments", b"# list\na\nrtsp:x\n\n"
    yield "arguments", b'{"id":"door","uri":"a"}\n'
    yield "arguments", b"rtsp://user:pass@host:554/x?token=abc&b=1#key=2"
    yield "arguments", b"failed: http://a:b@[::1]:80/password=%73x/y, then more"
    yield "arguments", b"2,3"
    yield "arguments", b"auto"
    yield "arguments", b"01:02:03.5"
    yield "arguments", b"100ms..2s"
    yield "container-extent", b"\0\0\0\x10ftypisom\0\0\2\0\0\0\0\x08mdat"
    yield "container-extent", b"RIFF\x20\0\0\0AVI LIST"
    yield "container-extent", b"\x1a\x45\xdf\xa3\x81\0\x18\x53\x80\x67\x84\1\2"
    yield "container-extent", b"\xff\xd8\xff\xe0\0\4ab\xff\xd9"
    tags = b"".join(struct.pack("<HHII", tag, 4, 1, value)
                    for tag, value in ((259, 1), (273, 50), (274, 6), (279, 9), (322, 64)))
    yield "picture", b"II*\0\x08\0\0\0\5\0" + tags
    yield "picture", b"\x89PNG\r\n\x1a\n\0\0\0\4eXIfMM\0*\0\0\0\0"
    yield "picture", b"RIFF\x20\0\0\0WEBPEXIF\x08\0\0\0II*\0\x08\0\0\0ANIM\0\0\0\0"
    yield "picture", b"".join(b"G\x01\0\x90" + bytes(184) for _ in range(5))
    yield "picture", heif()
    yield "picture", protected()
    yield "picture", (b'#EXTM3U\n#EXT-X-KEY:METHOD=SAMPLE-AES,KEYFORMAT="a,b",URI="c"\n'
                      b"#EXTINF:1,\na.ts\n")
    yield "picture", b"#EXTM3U\n#EXT-X-STREAM-INF:A=1\nb.m3u8\n#EXT-X-SESSION-KEY:METHOD=AES-128\n"
    yield "arguments", b"a\xc3\xa9\xe9\xf4\x8f\xbf\xa9"
    yield "container-extent", b"\x89PNG\r\n\x1a\n\0\0\0\0IEND"


for number, (parser, content) in enumerate(seeds()):
    folder = pathlib.Path(sys.argv[1]) / parser
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"seed-{number}").write_bytes(content)
