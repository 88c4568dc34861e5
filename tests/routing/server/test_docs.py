"""The pages about the interface say what is, and their clients work as pasted."""

import asyncio
import re
import sys
from pathlib import Path

import grpc
import pytest
from google.protobuf.descriptor import ServiceDescriptor

from routing.config.roster_file import load_roster
from routing.config.site import load_site
from routing.server.errors import STATUS_BY_REASON
from routing.v1 import agents_pb2, callbacks_pb2, handling_pb2, interactions_pb2, operators_pb2, refusal_pb2
from tests.routing.server.harness import a_desk

API = Path("docs/reference/api.md").read_text()
HOW_TO = Path("docs/how-to/connect-a-platform.md").read_text()
SERVICES = [
    *interactions_pb2.DESCRIPTOR.services_by_name.values(),
    *callbacks_pb2.DESCRIPTOR.services_by_name.values(),
    *agents_pb2.DESCRIPTOR.services_by_name.values(),
    *handling_pb2.DESCRIPTOR.services_by_name.values(),
    *operators_pb2.DESCRIPTOR.services_by_name.values(),
]


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_call_is_listed(service: ServiceDescriptor) -> None:
    """In the row of its service."""
    (row,) = [line for line in API.splitlines() if line.startswith(f"| `{service.name}`")]
    assert sorted(re.findall(r"`(\w+)`", row.split("|")[3])) == sorted(method.name for method in service.methods)


def test_every_refusal_is_listed_with_its_status() -> None:
    """The table is the mapping."""
    listed = {
        name: row.split("|")[1].strip(" `")
        for row in API.splitlines()
        if row.startswith("| `") and row.split("|")[1].strip(" `") in grpc.StatusCode.__members__
        for name in re.findall(r"`(\w+)`", row.split("|")[2])
    }
    expected = {
        refusal_pb2.RefusalReason.Name(reason).removeprefix("REFUSAL_REASON_"): status.name for reason, status in STATUS_BY_REASON.items()
    }
    assert listed == expected


async def test_the_clients_work_as_pasted(tmp_path: Path) -> None:
    """The platform brings a call in, the desktop takes it and ends it, and both come to their own end."""
    site = load_site(Path("examples/boston-311/site.toml"))
    agents = load_roster(Path("examples/boston-311/roster.toml"), site).agents
    async with a_desk(tmp_path / "data", site=site, agents=agents) as desk:
        address = f"127.0.0.1:{desk.server.port}"  # a free port: another server may have the page's
        programs = []
        for name in ("a_desktop.py", "a_platform.py"):
            (block,) = re.findall(rf"^```python\n(# {re.escape(name)}\n.*?)^```", HOW_TO, flags=re.MULTILINE | re.DOTALL)
            file = tmp_path / name
            file.write_text(block.replace("127.0.0.1:7070", address))
            programs.append(
                await asyncio.create_subprocess_exec(
                    sys.executable, str(file), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
                )
            )
        (desktop_out, desktop_err), (platform_out, platform_err) = await asyncio.gather(*(program.communicate() for program in programs))
    assert (desktop_err, platform_err) == (b"", b"")
    assert b"ringing: {'caller': 'a fallen tree'}" in desktop_out
    assert platform_out.splitlines()[1:] == [b"connect the caller to ada", b"ended END_CAUSE_HANDLED"]
