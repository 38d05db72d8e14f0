#!/usr/bin/env python3
"""Checks job.yaml against Kubernetes' published schema, and what the schema can't tell: check.py [PROGRAM]

Needs Python with kubernetes-validate, which has the schemas, and PyYAML. With PROGRAM also runs two of the job's shards
as Kubernetes would start them, with the folders of its arguments replaced."""

import os
import pathlib
import subprocess
import sys
import tempfile

import kubernetes_validate
import yaml

HERE = pathlib.Path(__file__).resolve().parent


def main(program=None):
    job = yaml.safe_load((HERE / "job.yaml").read_text())
    version = kubernetes_validate.latest_version()
    kubernetes_validate.validate(job, version, strict=True)
    spec, pod = job["spec"], job["spec"]["template"]["spec"]
    container = pod["containers"][0]
    arguments = container["args"]
    assert spec["completionMode"] == "Indexed" and pod["restartPolicy"] == "Never"
    assert f"auto/{spec['completions']}" in arguments, "the shards are not the completions"
    assert all(rule["onExitCodes"]["containerName"] == container["name"]
               for rule in spec["podFailurePolicy"]["rules"] if "onExitCodes" in rule)
    grace = float(arguments[arguments.index("--grace") + 1].rstrip("s"))
    assert pod["terminationGracePeriodSeconds"] > grace
    print(f"kubernetes: job.yaml is valid for {version}")
    if program:
        with tempfile.TemporaryDirectory() as folder:
            (media := pathlib.Path(folder, "media")).mkdir()
            for number in range(6):
                subprocess.run([HERE.parent / "make-clip.sh", media / f"{number}.mp4"], check=True,
                               stdout=subprocess.DEVNULL)
            out = pathlib.Path(folder, "out")
            places = {"/archive": str(media), "/labels": str(out)}
            for index in range(spec["completions"]):
                subprocess.run(
                    [program, "batch", *(places.get(word, word) for word in arguments)], check=True,
                    env=os.environ | {"JOB_COMPLETION_INDEX": str(index)}, stderr=subprocess.DEVNULL)
            subprocess.run([program, "batch", "status", out], check=True)
        print("kubernetes: all shards together do the whole list")


if __name__ == "__main__":
    main(*sys.argv[1:])
