"""How the environment is made, where that does not go well."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from local.layout import ROOT

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]


def test_without_a_network_one_sentence_says_so(tmp_path: Path) -> None:
    for path in ("local/bootstrap.sh", "requirements.lock", "deploy/locks/installer.lock"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    nobody = "http://127.0.0.1:1/simple/"
    index = {"PIP_INDEX_URL": nobody, "UV_DEFAULT_INDEX": nobody, "PIP_NO_CACHE_DIR": "1"}
    given = {"AMQP_URL": "amqp://127.0.0.1:1/"}  # no broker needs to be installed
    tried = subprocess.run(
        ["sh", "local/bootstrap.sh"],
        cwd=tmp_path,
        env=os.environ | index | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 1, tried.stdout
    assert tried.stderr == (
        "✗ The package index cannot be reached: is there a network? "
        "Once there is, the same command again.\n"
    )
    assert not (tmp_path / ".venv/.installed").exists(), "the next `make` tries again"
