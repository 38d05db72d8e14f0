#!/usr/bin/env python3
"""HTTPS servers of a test's own, which lie in every way that a download has to withstand.

    scripts/lying-server.py FOLDER

Makes an authority and certificates with openssl in FOLDER, and a file of weights as PyTorch writes
them. Then serves on 127.0.0.1 until standard input is closed. The first line on standard output is
a JSON object: the ports of the servers `good`, `self`, `expired` and `other` (a certificate for
another host), of `proxy` and of `plain` (HTTP without encryption), the path of the authority's
certificate, and the weights' SHA-256. FOLDER/requests.log has a line for each request.
"""

import array
import collections
import hashlib
import http.server
import json
import pathlib
import pickle
import random
import select
import socket
import ssl
import subprocess
import sys
import tarfile
import threading
import time
import types
import zipfile

FOLDER = pathlib.Path(sys.argv[1])
# What a slow answer sends at once, and how often.
PIECE, PAUSE = 1 << 16, 0.05


class Storage:
    def __init__(self, key, count):
        self.key, self.count = key, count


class Tensor:
    def __init__(self, storage, shape):
        self.storage, self.shape = storage, shape

    def __reduce__(self):
        strides = [1]
        for side in reversed(self.shape[1:]):
            strides.insert(0, strides[0] * side)
        return sys.modules["torch._utils"]._rebuild_tensor_v2, (
            self.storage, 0, self.shape, tuple(strides), False, collections.OrderedDict(),
        )


def pretend_torch():
    """The names that a pickle of PyTorch's refers to."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})
    utils._rebuild_tensor_v2 = lambda *arguments: None
    utils._rebuild_tensor_v2.__module__ = "torch._utils"
    utils._rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2.__name__ = "_rebuild_tensor_v2"
    sys.modules["torch"], sys.modules["torch._utils"] = torch, utils
    return torch


def squeezenet():
    """The names and shapes of torchvision's squeezenet1_1."""
    yield "features.0", (64, 3, 3, 3)
    inputs = 64
    for place, squeeze, expand in [
        (3, 16, 64), (4, 16, 64), (6, 32, 128), (7, 32, 128),
        (9, 48, 192), (10, 48, 192), (11, 64, 256), (12, 64, 256),
    ]:
        yield f"features.{place}.squeeze", (squeeze, inputs, 1, 1)
        yield f"features.{place}.expand1x1", (expand, squeeze, 1, 1)
        yield f"features.{place}.expand3x3", (expand, squeeze, 3, 3)
        inputs = 2 * expand
    yield "classifier.1", (1000, inputs, 1, 1)


def write_weights(path):
    torch = pretend_torch()
    seeded = random.Random(1)
    noise = [seeded.uniform(-1, 1) for _ in range(4099)]
    state, data = collections.OrderedDict(), []

    def add(name, shape, bound):
        count = 1
        for side in shape:
            count *= side
        values = (noise * (count // len(noise) + 1))[:count]
        data.append(array.array("f", [bound * value for value in values]).tobytes())
        state[name] = Tensor(Storage(str(len(data) - 1), count), shape)

    for name, shape in squeezenet():
        add(f"{name}.weight", shape, (6 / (shape[1] * shape[2] * shape[3])) ** 0.5)
        add(f"{name}.bias", shape[:1], 0.1)

    class Pickler(pickle.Pickler):
        def persistent_id(self, item):
            if isinstance(item, Storage):
                return "storage", torch.FloatStorage, item.key, "cpu", item.count
            return None

    with zipfile.ZipFile(path, "w") as archive:
        with archive.open("archive/data.pkl", "w") as file:
            Pickler(file, 2).dump(state)
        for number, content in enumerate(data):
            archive.writestr(f"archive/data/{number}", content)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], cwd=FOLDER, check=True, capture_output=True)


def make_certificates():
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    key = ["-newkey", "rsa:2048", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
            "-subj", "/CN=Test authority", "-addext", "basicConstraints=critical,CA:TRUE")
    openssl("req", "-x509", *key, "-keyout", "self.key", "-out", "self.pem", "-days", "30",
            "-subj", "/CN=localhost", "-addext", names)
    (FOLDER / "index.txt").write_text("")
    (FOLDER / "ca.cnf").write_text(
        "[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\nnew_certs_dir=.\ndefault_md=sha256\n"
        "policy=p\nrand_serial=yes\nunique_subject=no\n[p]\ncommonName=supplied\n"
        f"[here]\n{names}\n[there]\nsubjectAltName=DNS:other.example\n")
    dates = {"expired": ("20200101000000Z", "20200201000000Z")}
    for name in ["good", "expired", "other"]:
        start, end = dates.get(name, ("20200101000000Z", "20491231000000Z"))
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr",
                "-subj", "/CN=localhost" if name != "other" else "/CN=other.example")
        openssl("ca", "-batch", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key",
                "-extensions", "there" if name == "other" else "here", "-in", f"{name}.csr",
                "-out", f"{name}.pem", "-startdate", start, "-enddate", end)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    counts = collections.Counter()
    lock = threading.Lock()
    files, ports = {}, {}

    def log_message(self, *_):
        pass

    def do_GET(self):
        with self.lock:
            Handler.counts[self.path] += 1
            turn = Handler.counts[self.path]
            with open(FOLDER / "requests.log", "a") as log:
                log.write(f"{self.path} {self.headers.get('Range', '-')} "
                          f"{self.headers.get('If-Range', '-')}\n")
        self.close_connection = True
        _, way, name = self.path.split("/", 2)
        body = self.files[name.split("/")[-1].split("?")[0]]
        try:
            getattr(self, "answer_" + way.replace("-", "_"))(body, name, turn)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            pass

    def head(self, status, length=None, **fields):
        self.send_response_only(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def file(self, body, tag='"v1"', count=None, send=None):
        """The file, or the rest of it, as a server should; `count` bytes of it."""
        start = 0
        wanted = self.headers.get("Range", "")
        if wanted.startswith("bytes=") and self.headers.get("If-Range", tag) == tag:
            start = int(wanted[6:].split("-")[0])
        part = body[start:]
        fields = {"ETag": tag}
        if start:
            fields["Content_Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self.head(206 if start else 200, len(part), **fields)
        (send or self.wfile.write)(part[:count])

    def slowly(self, part):
        for start in range(0, len(part), PIECE):
            self.wfile.write(part[start:start + PIECE])
            time.sleep(PAUSE)

    def answer_files(self, body, name, turn):
        self.file(body)

    def answer_cut(self, body, name, turn):
        self.file(body, count=len(body) // 2 if turn == 1 else None)

    def answer_always_cut(self, body, name, turn):
        self.file(body, count=100)

    def answer_wrong(self, body, name, turn):
        self.file(body[:-1] + bytes([body[-1] ^ 1]))

    def answer_redirect_host(self, body, name, turn):
        self.head(302, 0, Location=f"https://127.0.0.1:{self.ports['good']}/files/{name}")

    def answer_redirect_here(self, body, name, turn):
        self.head(301, 0, Location=f"/files/{name}")

    def answer_redirect_plain(self, body, name, turn):
        self.head(302, 0, Location=f"http://localhost:{self.ports['plain']}/files/{name}")

    def answer_redirect_loop(self, body, name, turn):
        self.head(302, 0, Location=self.path)

    def answer_missing(self, body, name, turn):
        self.head(404, 0)

    def answer_busy(self, body, name, turn):
        self.head(503, 0)

    def answer_endless(self, body, name, turn):
        self.head(200)
        while True:
            self.wfile.write(bytes(PIECE))

    def answer_longer(self, body, name, turn):
        self.head(200, len(body) + 1000)
        self.wfile.write(body)

    def answer_shorter(self, body, name, turn):
        self.head(200, len(body) - 1000)
        self.wfile.write(body)

    def answer_changed(self, body, name, turn):
        if turn == 1:
            self.file(bytes(len(body)), tag='"old"', count=len(body) // 2)
        else:
            self.file(body, tag='"new"')

    def answer_stall(self, body, name, turn):
        self.file(body, count=len(body) // 2)
        time.sleep(60)

    def answer_silent(self, body, name, turn):
        time.sleep(60)

    def answer_slow(self, body, name, turn):
        self.file(body, send=self.slowly if turn == 1 else None)

    def answer_slow_always(self, body, name, turn):
        self.file(body, send=self.slowly)

    def answer_html(self, body, name, turn):
        page = b"<html>Please log in</html>"
        self.head(200, len(page))
        self.wfile.write(page)


class Proxy(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_CONNECT(self):
        with open(FOLDER / "requests.log", "a") as log:
            log.write(f"CONNECT {self.path}\n")
        host, port = self.path.rsplit(":", 1)
        if host == "refused.example":
            return self.send_error(403)
        # Every name is this machine's here.
        with socket.create_connection(("127.0.0.1", int(port))) as server:
            self.send_response_only(200)
            self.end_headers()
            ends = {self.connection: server, server: self.connection}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    data = end.recv(PIECE)
                    if not data:
                        return None
                    ends[end].sendall(data)


def write_graph(path):
    """A small frozen TensorFlow graph of a detector, from the golden files."""
    golden = pathlib.Path(__file__).resolve().parent.parent / "Tests/Golden/tensorflow.safetensors"
    content = golden.read_bytes()
    length = int.from_bytes(content[:8], "little")
    start, end = json.loads(content[8 : 8 + length])["detector.model"]["data_offsets"]
    path.write_bytes(content[8 + length :][start:end])


def serve(handler, certificate=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(FOLDER / f"{certificate}.pem", FOLDER / f"{certificate}.key")
        # Handshakes on the threads of the connections: one that fails must not end the server.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def main():
    make_certificates()
    weights = FOLDER / "squeezenet1_1.pth"
    write_weights(weights)
    body = weights.read_bytes()
    digest = hashlib.sha256(body).hexdigest()
    Handler.files = collections.defaultdict(lambda: body)
    Handler.files["text.pth"] = b"This is a text. " * 1000
    with tarfile.open(FOLDER / "net.tar.gz", "w:gz") as archive:
        archive.add(FOLDER / "ca.cnf", "squeezenet/README")
        archive.add(weights, "squeezenet/weights.pth")
    Handler.files["net.tar.gz"] = (FOLDER / "net.tar.gz").read_bytes()
    write_graph(FOLDER / "graph.pb")
    with tarfile.open(FOLDER / "graph.tar.gz", "w:gz") as archive:
        # What no extraction may follow.
        archive.add(FOLDER / "ca.cnf", "../../models/ca.cnf")
        link = tarfile.TarInfo("graph/frozen_inference_graph.pb")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        archive.add(FOLDER / "graph.pb", "../graph/frozen_inference_graph.pb")
    Handler.files["graph.tar.gz"] = (FOLDER / "graph.tar.gz").read_bytes()
    for certificate in ["good", "self", "expired", "other"]:
        Handler.ports[certificate] = serve(Handler, certificate)
    Handler.ports["plain"] = serve(Handler)
    Handler.ports["proxy"] = serve(Proxy)
    print(json.dumps({
        **Handler.ports, "authority": str(FOLDER / "ca.pem"), "sha256": digest,
        "text": hashlib.sha256(Handler.files["text.pth"]).hexdigest(), "size": len(body),
        "graph": hashlib.sha256(Handler.files["graph.tar.gz"]).hexdigest(),
        "archive": hashlib.sha256(Handler.files["net.tar.gz"]).hexdigest(),
    }), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
