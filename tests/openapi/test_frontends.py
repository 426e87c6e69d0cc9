"""Tools that frontends use take our documents: Redocly's linter, the AsyncAPI parser, TypeScript.

The tools come from npm, installed once on a machine (tests/helping/node.py).
"""

import json
import shutil
from pathlib import Path

import pytest

from local import docs
from tests.helping.node import installed, run

HERE = Path(__file__).with_name("npm")
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}

pytestmark = pytest.mark.timeout(600)  # the first run on a machine installs the tools


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the tools can be imported."""
    found = installed(HERE)
    if isinstance(found, str):
        pytest.fail(found)
    made = tmp_path_factory.mktemp("openapi")
    (made / "node_modules").symlink_to(found / "node_modules")
    for file in HERE.glob("*.mjs"):
        shutil.copy(file, made)
    return made


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all documents, as they are committed."""
    made = tmp_path_factory.mktemp("openapi-documents")
    for path, text in docs.documents().items():
        (made / path.name).write_text(text)
    return made


def linted(tools: Path, *files: Path) -> list[str]:
    """The errors by Redocly's recommended rules."""
    program = tools / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
    done = run([program, "lint", "--extends=recommended", "--format=json", *files], **QUIET)
    assert done.stdout, done.stderr
    rest, errors = done.stdout.strip(), []
    while rest:  # one JSON object for each file
        report, end = json.JSONDecoder().raw_decode(rest)
        rest = rest[end:].strip()
        for problem in report["problems"]:
            if problem["severity"] == "error":
                at = problem["location"][0].get("pointer")
                errors.append(f"{problem['ruleId']}: {problem['message']} {at}")
    return errors


def test_redocly_finds_no_error(tools: Path, written: Path) -> None:
    files = sorted(written.glob("*.json"))
    assert len(files) == 5
    assert linted(tools, *files) == []


def test_redocly_finds_what_is_wrong(tools: Path, written: Path, tmp_path: Path) -> None:
    """The control: what the documents had wrong before."""
    document = json.loads((written / "registry.json").read_text())
    del document["components"]["schemas"]["ProblemField"]
    del document["paths"]["/healthz"]["get"]["security"]
    del document["servers"]
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(document))
    rules = {found.partition(":")[0] for found in linted(tools, wrong)}
    assert {"no-unresolved-refs", "security-defined", "no-empty-servers"} <= rules


def test_the_asyncapi_parser_finds_no_error(tools: Path, written: Path, tmp_path: Path) -> None:
    wrong = {
        "asyncapi": "3.0.0",
        "info": {"title": "control", "version": "1"},
        "channels": {"a": {"messages": {"b": {"$ref": "#/components/messages/nothing"}}}},
    }
    (tmp_path / "wrong.yaml").write_text(json.dumps(wrong))
    done = run([tools / "asyncapi.mjs", written / "asyncapi.yaml", tmp_path / "wrong.yaml"])
    assert done.returncode == 0, done.stderr
    ours, control = json.loads(done.stdout)
    assert ours == []
    assert control


def test_generated_typescript_clients_compile(tools: Path, written: Path) -> None:
    """client.ts uses all five; it holds lines that must not compile, too (`@ts-expect-error`)."""
    work = tools / "clients"
    work.mkdir()
    for file in written.glob("*.json"):
        shutil.copy(file, work)
    done = run([tools / "generate.mjs", work])
    assert done.returncode == 0, done.stderr
    shutil.copy(HERE / "client.ts", work)
    program = tools / "node_modules" / "typescript" / "bin" / "tsc"
    strict = ["--noEmit", "--strict", "--noUncheckedIndexedAccess", "--skipLibCheck"]
    modern = [
        "--target",
        "es2022",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
        "--lib",
        "es2022,dom",
    ]
    compiled = run([program, *strict, *modern, work / "client.ts"])
    assert compiled.returncode == 0, compiled.stdout
