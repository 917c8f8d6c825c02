"""An official Python client at the tasks of this benchmark.

    python official-client.py ENDPOINT

Each line of its input, TASK and REPETITION, is a task to do; it is answered with the milliseconds that it took.
"""

import sys
import time

from openshell import SandboxClient

WORKSPACE = "default"
SHARED = "python-shared"
GETS = 1_000
OUTPUT = 64 * 1024 * 1024


def first_output(client, name):
    session = client.create_session(workspace=WORKSPACE, name=name)
    client.wait_ready(name, workspace=WORKSPACE)
    assert session.exec(["echo", "first"]).stdout.strip() == "first"


def gets(client, _name):
    for _ in range(GETS):
        client.get(SHARED, workspace=WORKSPACE)


def output(client, _name):
    result = client.get_session(SHARED, workspace=WORKSPACE).exec(["head", "-c", str(OUTPUT), "/dev/zero"])
    assert len(result.stdout) == OUTPUT


TASKS = {"first-output": first_output, "gets": gets, "output": output}


def main():
    client = SandboxClient(sys.argv[1])
    client.create(workspace=WORKSPACE, name=SHARED)
    client.wait_ready(SHARED, workspace=WORKSPACE)
    for order in sys.stdin:
        task, repetition = order.split()
        name = f"python-{repetition}"
        started = time.perf_counter()
        TASKS[task](client, name)
        print((time.perf_counter() - started) * 1000, flush=True)
        if task == "first-output":
            client.delete(name, workspace=WORKSPACE)
    client.delete(SHARED, workspace=WORKSPACE)


main()
