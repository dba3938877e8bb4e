"""Fetch one pinned file that a bare machine cannot install otherwise, and check its hash.

    python3 bootstrap/fetch.py uv TARGET     the uv of uv.lock, for this machine
    python3 bootstrap/fetch.py axe TARGET    the axe-core of tests/browser/package-lock.json

Only the standard library: this runs before anything is installed. Addresses and hashes stand in
the lock files, nowhere else.
"""

import base64
import hashlib
import io
import json
import os
import platform
import re
import stat
import sys
import tarfile
import urllib.request
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
UV_PACKAGE = re.compile(r'\[\[package\]\]\nname = "uv"\n(.*?)\n\n', re.DOTALL)
WHEEL = re.compile(r'url = "([^"]+\.whl)", hash = "sha256:([0-9a-f]{64})"')


def main():
    """Fetch what the command line names."""
    what, target = sys.argv[1:3]
    os.makedirs(target, exist_ok=True)
    {"uv": fetch_uv, "axe": fetch_axe}[what](target)


def fetch_uv(target):
    """Put the programs of the locked uv wheel for this machine into TARGET/bin."""
    with open(os.path.join(ROOT, "uv.lock"), encoding="utf-8") as lock:
        package = UV_PACKAGE.search(lock.read() + "\n\n").group(1)
    suffix = wheel_suffix()
    for address, sha256 in WHEEL.findall(package):
        if suffix in address:
            content = download(address)
            check(address, hashlib.sha256(content).hexdigest(), sha256)
            unpack_programs(content, os.path.join(target, "bin"))
            return
    sys.exit("uv.lock has no uv for '%s'. Install uv by hand into %s/bin." % (suffix, target))


def fetch_axe(target):
    """Put axe.min.js of the locked axe-core into TARGET."""
    path = os.path.join(ROOT, "tests", "browser", "package-lock.json")
    with open(path, encoding="utf-8") as lock:
        package = json.load(lock)["packages"]["node_modules/axe-core"]
    content = download(package["resolved"])
    kind, _, expected = package["integrity"].partition("-")
    found = base64.b64encode(hashlib.new(kind, content).digest()).decode()
    check(package["resolved"], found, expected)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        script = archive.extractfile("package/axe.min.js").read()
    with open(os.path.join(target, "axe.min.js"), "wb") as out:
        out.write(script)


def wheel_suffix():
    """The part of a wheel's name that says it runs here."""
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    if sys.platform == "darwin":
        return "macosx_11_0_arm64" if machine == "aarch64" else "macosx_10_12_x86_64"
    if platform.libc_ver()[0] == "glibc":
        return "manylinux_2_17_%s" % machine
    return "musllinux_1_1_%s" % machine


def download(address):
    """The bytes behind an address of a lock file."""
    with urllib.request.urlopen(address, timeout=180) as answer:
        return answer.read()


def check(address, found, expected):
    """Stop when a file is not the one that the lock names."""
    if found != expected:
        sys.exit(
            "%s has the hash %s, the lock file names %s. Nothing was installed; try again, and if "
            "it stays so, do not trust the network." % (address, found, expected)
        )


def unpack_programs(wheel, folder):
    """Put the scripts of a wheel into a folder, executable."""
    os.makedirs(folder, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        for name in archive.namelist():
            if ".data/scripts/" in name:
                path = os.path.join(folder, os.path.basename(name))
                with open(path, "wb") as out:
                    out.write(archive.read(name))
                os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


if __name__ == "__main__":
    main()
