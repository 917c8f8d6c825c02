"""Times one task of an official Python client; prints the milliseconds of each repetition as JSON.

    python official-client.py ENDPOINT first-output|gets|output REPETITIONS
"""

import json
import sys
import time

from openshell import SandboxClient

WORKSPACE = "default"
GETS = 1_000
OUTPUT = 64 * 1024 * 1024


def first_output(client, name):
    session = client.create_session(workspace=WORKSPACE, name=name)
    client.wait_ready(name, workspace=WORKSPACE)
    assert session.exec(["echo", "first"]).stdout.strip() == "first"


def gets(client, name):
    for _ in range(GETS):
        client.get(name, workspace=WORKSPACE)


def output(client, name):
    result = client.get_session(name, workspace=WORKSPACE).exec(["head", "-c", str(OUTPUT), "/dev/zero"])
    assert len(result.stdout) == OUTPUT


def main():
    endpoint, task, repetitions = sys.argv[1], sys.argv[2], int(sys.argv[3])
    client = SandboxClient(endpoint)
    shared = "python-shared"
    if task != "first-output":
        client.create(workspace=WORKSPACE, name=shared)
        client.wait_ready(shared, workspace=WORKSPACE)
    samples = []
    for repetition in range(repetitions):
        name = f"python-{repetition}" if task == "first-output" else shared
        started = time.perf_counter()
        {"first-output": first_output, "gets": gets, "output": output}[task](client, name)
        samples.append((time.perf_counter() - started) * 1000)
        if task == "first-output":
            client.delete(name, workspace=WORKSPACE)
    if task != "first-output":
        client.delete(shared, workspace=WORKSPACE)
    print(json.dumps(samples))


main()
