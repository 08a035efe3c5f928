"""What ``make dist`` builds: its wheels hold everything, install without the rest, and serve as a private index."""

import subprocess
import venv
from collections.abc import Iterator
from email import message_from_string
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import pytest
from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

ROOT = Path(__file__).parents[2]
PLUGINS = {"meritline-after-sales-common", "meritline-appliance-repair", "meritline-call-center",
           "meritline-ecommerce-service"}  # fmt: skip
ALL = {"meritline", "meritline-sdk", *PLUGINS}


def wheels(folder: Path) -> dict[str, Path]:
    return {str(parse_wheel_filename(path.name)[0]): path for path in folder.glob("*.whl")}


def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return {one.partition("/")[2] for one in archive.namelist()}


def test_every_distribution_is_a_wheel_and_a_source_archive(distributions: Path) -> None:
    assert set(wheels(distributions)) == ALL
    assert {str(parse_sdist_filename(path.name)[0]) for path in distributions.glob("*.tar.gz")} == ALL


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_wheel_says_who_made_it_and_holds_its_licence(distributions: Path, name: str) -> None:
    wheel = wheels(distributions)[name]
    with ZipFile(wheel) as archive:
        metadata = next(one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        licence = next(one for one in archive.namelist() if one.endswith(".dist-info/licenses/LICENSE"))
        told = message_from_string(archive.read(metadata).decode())
        assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()
    assert (told["License-Expression"], told["Author"]) == ("Apache-2.0", "The Meritline maintainers")
    assert told["Summary"]
    assert f"# {name}" in str(told.get_payload())
    if name != "meritline":
        assert "Typing :: Typed" in told.get_all("Classifier", [])
        assert "py.typed" in names(wheel)
        assert [one for one in told.get_all("Requires-Dist", []) if "extra" not in one and not one.startswith(
            ("meritline-sdk", "meritline-after-sales-common"))] == (["pluggy>=1.6"] if name == "meritline-sdk" else [])


@pytest.mark.parametrize(("name", "folder"), [("meritline", "platform/server/src/meritline"),
                                              ("meritline-sdk", "platform/sdk/src/meritline_sdk")])
def test_a_wheel_holds_every_file_of_its_package(distributions: Path, name: str, folder: str) -> None:
    source = ROOT / folder
    there = {path.relative_to(source).as_posix() for path in source.rglob("*")
             if path.is_file() and "__pycache__" not in path.parts}
    missing = there - names(wheels(distributions)[name])
    assert not missing
    if name == "meritline":
        pages = {f"console/{path.name}" for path in (ROOT / "platform" / "console").iterdir()}
        assert pages
        assert pages <= names(wheels(distributions)[name])
    else:
        assert any(one.startswith("template/") for one in there)


def in_new_environment(folder: Path, *pip: str) -> Path:
    """An environment with what pip installs into it and nothing else; its folder of programs."""
    venv.create(folder, with_pip=True, symlinks=True)
    programs = folder / "bin"
    done = subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", *pip],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return programs


def installed(programs: Path) -> set[str]:
    listed = subprocess.run([programs / "python", "-m", "pip", "list", "--format=freeze"],
                            capture_output=True, text=True, check=True)  # fmt: skip
    return {line.partition("==")[0] for line in listed.stdout.split()} - {"pip"}


def test_the_sdk_installs_with_pluggy_alone_from_a_folder(distributions: Path, tmp_path: Path) -> None:
    programs = in_new_environment(tmp_path / "env", "--find-links", str(distributions), "meritline-sdk")
    assert installed(programs) == {"meritline-sdk", "pluggy"}
    told = subprocess.run([programs / "meritline-sdk", "--help"], cwd=tmp_path, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "usage: meritline-sdk" in told.stdout


@pytest.fixture
def index(distributions: Path, tmp_path: Path) -> Iterator[str]:
    """The folder served as a simple index (PEP 503) on the loopback."""
    for path in distributions.glob("meritline*"):
        name = canonicalize_name(path.name.split("-")[0])
        (tmp_path / "simple" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "simple" / name / path.name).symlink_to(path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """Lists folders as links, which is all that PEP 503 asks; says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_a_private_index_serves_a_plugin_by_name(index: str, tmp_path: Path) -> None:
    """pip takes our distributions from the index and pluggy from where it always comes."""
    programs = in_new_environment(tmp_path / "env", "--extra-index-url", index, "meritline-call-center")
    assert installed(programs) == {"meritline-sdk", "pluggy", "meritline-after-sales-common", "meritline-call-center"}
    found = subprocess.run([programs / "meritline-sdk", "check", "meritline_call_center"], cwd=tmp_path,
                           capture_output=True, text=True, check=False)  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert "call_center.call_answer_rate" in found.stdout
