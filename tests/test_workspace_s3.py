"""A workspace whose artefacts lie in S3, and one whose settings change while it is open."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import obstore
import pytest

from loop.world import TOPICS, question
from northloop import setup
from northloop.core.artefacts import Kind
from northloop.core.errors import ConfigurationError
from northloop.core.interaction import Interaction
from northloop.core.treatment import Mode
from northloop.loop import lineage, promote, propose, steps
from northloop.settings import FILE_NAME
from northloop.testing.servers import S3Server
from northloop.workspace import STATE
from shop_workspace import ShopWorkspace, make_shop


def opened(folder: Path) -> ShopWorkspace:
    workspace = ShopWorkspace.open(folder)
    assert isinstance(workspace, ShopWorkspace)
    return workspace


def test_a_turn_is_made_on_one_machine_and_served_by_another(s3: S3Server, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    make_shop(here)
    prefix = f"{tmp_path.parent.name}/{tmp_path.name}"
    setup.write_settings(here, {"storage.artefacts": s3.url(prefix)})
    one = opened(here)
    first = propose.propose_first(one.records)
    propose.approve(one.records, first.proposal_id)
    # What this model learns is wrong more often than right: it may begin with drafts alone.
    spec = msgspec.structs.replace(one.turn_spec(), mode=Mode.CERTIFIED)
    state = propose.carry_out(one.parts, spec, first.proposal_id)
    promote.promote_release(one.artefacts, one.records, state["release"])
    one.close()
    assert not (here / STATE / "artefacts").exists()
    # The records go along; of the artefacts nothing does.
    shutil.copytree(here, there, ignore=shutil.ignore_patterns("fetched", "work"))
    other = opened(there)
    about, reply = TOPICS["sizes"]
    *_, kept = other.live.answer(question(f"Could you explain {about} to me?"))
    assert isinstance(kept, Interaction)
    assert (kept.answer, kept.release) == (reply, state["release"])
    behind = lineage.behind(other.artefacts, other.records, kept.interaction_id)
    assert {a.hash for a in behind.artefacts} >= {state["dataset"], state["adapter"]}
    assert [a.hash for a in other.artefacts.list(Kind.DATASET)] == [state["dataset"]]
    spec = other.turn_spec()
    again = steps.make_dataset(other.parts, spec.prepare, spec.sources, [], None)
    assert again.hash == state["dataset"]
    other.close()
    found = [m["path"] for page in obstore.list(s3.store(), prefix) for m in page]
    assert f"{prefix}/release/{state['release']}.json" in found


def test_settings_are_read_again_while_the_workspace_is_open(tmp_path: Path) -> None:
    make_shop(tmp_path / "shop")
    workspace = opened(tmp_path / "shop")
    records = workspace.records
    setup.write_settings(
        tmp_path / "shop", {"serving.prompt": "Be brief.", "serving.port": 9999, "seed": 7}
    )
    assert workspace.prompt == "You help customers of a shop."
    assert workspace.reload() == ("seed", "serving.port")
    assert workspace.prompt == workspace.turn_spec().recipe.prompt == "Be brief."
    assert (workspace.settings.serving.port, workspace.settings.seed) == (8321, 1)
    assert workspace.origins["serving.port"] == "workspace file"
    assert workspace.records is records
    assert opened(tmp_path / "shop").settings.serving.port == 9999
    (tmp_path / "shop" / FILE_NAME).write_text("[serving]\nport = true\n")
    with pytest.raises(ConfigurationError):
        workspace.reload()
    assert workspace.prompt == "Be brief."
    workspace.close()


def test_flags_stay_above_what_is_read_again(tmp_path: Path) -> None:
    make_shop(tmp_path / "shop")
    workspace = ShopWorkspace.open(tmp_path / "shop", {"serving.prompt": "From the flag."})
    setup.write_settings(tmp_path / "shop", {"serving.prompt": "Be brief."})
    assert workspace.reload() == ()
    assert workspace.prompt == "From the flag."
