"""clang_tidy.py BUILD: runs clang-tidy over what changed since it last had no complaint.

A translation unit is clean as long as it, every header of this project that it includes, its command line and
.clang-tidy are what they were then.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def dependencies(build):
    """The files of this project that each object was made from, as ninja recorded them."""
    listing = subprocess.run(["ninja", "-C", build, "-t", "deps"], check=True, capture_output=True, text=True).stdout
    found, files = {}, []
    for line in listing.splitlines():
        if line.startswith("    "):
            path = pathlib.Path(build, line.strip()).resolve()
            if path.is_relative_to(ROOT) and path.exists():
                files.append(path)
        elif ":" in line:
            files = found.setdefault(line.split(":")[0], [])
    return found


def fingerprint(entry, files):
    """Names the state of everything that clang-tidy's answer depends on."""
    state = hashlib.sha256(entry["command"].encode())
    for path in [ROOT / ".clang-tidy", pathlib.Path(entry["file"]), *sorted(files)]:
        state.update(path.read_bytes())
    return state.hexdigest()


def check(build, entry, stamp):
    run = subprocess.run(["clang-tidy-14", "--quiet", "-p", build, entry["file"]], capture_output=True, text=True)
    if run.returncode == 0:
        stamp.touch()
    return entry["file"], run


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    stamps = build / "clang-tidy"
    stamps.mkdir(exist_ok=True)
    made_from = dependencies(build)
    entries = [
        entry for entry in json.loads((build / "compile_commands.json").read_text())
        if not pathlib.Path(entry["file"]).is_relative_to(build)]
    due = []
    for entry in entries:
        stamp = stamps / fingerprint(entry, made_from.get(entry["output"], []))
        if not stamp.exists():
            due.append((entry, stamp))

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, run in pool.map(lambda work: check(build, *work), due):
            if run.returncode != 0:
                failed += 1
                print(f"{os.path.relpath(file, ROOT)}:\n{run.stdout}{run.stderr}", file=sys.stderr)
    print(f"-- {len(entries)} files, {len(due)} of them changed, {failed} with complaints")
    return failed != 0


sys.exit(main())
