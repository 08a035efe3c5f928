"""A server that only answers holds nothing of a run: what is loaded stays in the memory of each process for good."""

import subprocess
import sys

LOADS = """
import sys
import meritline.bootstrap, meritline.cli.serve, meritline.http.server
from meritline.graphql.schema import schema
schema()
print("\\n".join(sys.modules))
"""
OF_RUNS = ("meritline.measuring", "meritline.appraisal.run.snapshot", "meritline.appraisal.refresh.",
           "meritline.appraisal.simulation.service", "meritline.rewards.service", "meritline.domain.rewarding",
           "meritline_sdk.acceptance", "meritline_sdk.explain", "arq", "tortoise", "openpyxl")  # fmt: skip


def test_a_server_that_only_answers_loads_nothing_of_a_run() -> None:
    found = subprocess.run([sys.executable, "-c", LOADS], capture_output=True, text=True, check=True).stdout.split()
    assert "meritline.http.app" in found
    assert [each for each in found if each.startswith(OF_RUNS)] == []
