"""run_example.py PROGRAM LIBRARY: the README's program reaches a ready session."""

import json
import subprocess
import sys

import lbwire_ctypes as lbw


def main():
    program, library = sys.argv[1:]
    lib = lbw.Library(library)
    gateway = lib.create(lib.gateway_create, json.dumps({"tcp": "127.0.0.1:0", "tokens": ["hello"]}))
    lib.check(lib.gateway_start(gateway))
    config = {"url": "tcp://" + lib.address(gateway), "token": "hello", "delivery": "queue"}
    with subprocess.Popen([program, json.dumps(config)], stdout=subprocess.PIPE, text=True) as example:
        seen = []
        for line in example.stdout:
            seen.append(line.strip())
            if line.startswith("ready"):
                break
        example.kill()
    assert seen[-1:] == ["ready"], seen
    lib.check(lib.gateway_destroy(gateway))
    print(" -> ".join(seen))


main()
