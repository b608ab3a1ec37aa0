"""A run in parts and a run on a cluster give what one machine gives, byte for byte."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from run_helpers import OPEN, write_notebook

from lostudy.errors import RunError, StudyError
from lostudy.run import Shard, plan, raise_failures, run_shard, run_study
from lostudy.study import Study, load_study

SLOW = "import time\n\ntime.sleep(1.5)\nlo.plot_response(lo.response(study))"
TREES = ("reports", "data/ledger/current")


def content(study: Study) -> dict[str, bytes]:
    """Everything that a run leaves, by its path."""
    paths = [path for tree in TREES for path in (study.folder / tree).rglob("*") if path.is_file()]
    return {path.relative_to(study.folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def study(study: Study) -> Study:
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", OPEN, SLOW)
    return study


@pytest.fixture
def elsewhere(study: Study, tmp_path: Path) -> Study:
    """The same study in another folder, as on another machine."""
    shutil.copytree(study.folder, tmp_path / "elsewhere")
    return load_study(tmp_path / "elsewhere")


def test_parts_of_two_machines_are_what_one_machine_makes(study: Study, elsewhere: Study) -> None:
    for number in (1, 2):
        raise_failures(run_shard(elsewhere, Shard(number, 2)))
    raise_failures(run_shard(study, Shard(1, 2)))
    assert not (elsewhere.folder / "reports").exists(), "a part leaves the reports alone"
    shutil.move(
        elsewhere.folder / "data" / "shards" / "2-of-2", study.folder / "data" / "shards"
    )
    again = run_shard(study, Shard(1, 2))
    assert again.ran == () and len(again.skipped) == 3, "a part that is done is not run again"
    joined = run_study(study, merging=True)
    raise_failures(joined)
    assert joined.ran == () and len(joined.skipped) == 5
    raise_failures(run_study(elsewhere))
    assert content(study) == content(elsewhere)
    assert run_study(study).ran == (), "the joined reports are up to date"
    refuses_what_is_not_one_whole_run(study)


def refuses_what_is_not_one_whole_run(study: Study) -> None:
    """Overlap, a gap, another origin and nothing at all; the reports stand."""
    before = content(study)
    shards = study.folder / "data" / "shards"

    def said() -> list[str]:
        with pytest.raises(RunError) as error:
            run_study(study, merging=True)
        assert content(study) == before
        return [str(problem) for problem in error.value.problems]

    shutil.copytree(shards / "1-of-2", shards / "1-of-3")
    assert said() == [
        f"data/shards: 00-proof/{group} stands in more than one part. "
        "To do: take away the folder that does not belong to this run"
        for group in ("B", "D", "all")
    ]
    shutil.rmtree(shards / "1-of-3")
    holds = json.loads((shards / "1-of-2" / "shard.json").read_text())
    changed = {**holds, "jobs": {**holds["jobs"], "00-proof/B": "of other data"}}
    (shards / "1-of-2" / "shard.json").write_text(json.dumps(changed))
    assert said() == [
        "data/shards/1-of-2: 00-proof/B was made from other data, code or declaration. "
        "To do: make every part from the same deliveries, notebooks and version of lostudy"
    ]
    (shards / "1-of-2" / "shard.json").write_text("{")
    assert said() == [
        "data/shards/1-of-2/shard.json: what this part holds cannot be read. "
        "To do: bring this part again from the machine that made it"
    ]
    (shards / "1-of-2" / "shard.json").write_text(json.dumps(holds))
    for name in damaged(shards / "1-of-2", "00-proof/B"):
        assert said() == [
            "data/shards/1-of-2: 00-proof/B is not as this part made it. "
            "To do: bring this part again from the machine that made it"
        ], name
    shutil.rmtree(shards / "2-of-2")
    assert said() == [
        f"data/shards: 00-proof/{group} stands in no part. To do: run `lostudy run --shard 2/2`"
        for group in ("A", "C")
    ]
    shutil.rmtree(shards)
    assert len(said()) == 1


def damaged(part: Path, job: str) -> Iterator[str]:
    """A part in which one file of a job is cut off, changed, gone or too many; then put back."""
    findings, figure, page = (
        next((part / tree / job).rglob(name))
        for tree, name in (("reports", "*.jsonl"), ("reports", "*.svg"), ("ledger", "*.*"))
    )
    for path in (findings, figure, page):
        before = path.read_bytes()
        path.write_bytes(before[:-1])
        yield f"{path.name} cut off"
        path.unlink()
        yield f"{path.name} gone"
        path.write_bytes(before)
    more = figure.with_name("more.svg")
    more.write_bytes(b"<svg/>")
    yield "one too many"
    more.unlink()


@pytest.mark.parametrize("of", [1, 2, 3, 7])
def test_every_job_is_in_exactly_one_part(study: Study, of: int) -> None:
    jobs = plan(study)
    parts = [job.name for number in range(1, of + 1) for job in Shard(number, of).part(jobs)]
    assert sorted(parts) == sorted(job.name for job in jobs)


@pytest.mark.parametrize("text", ["", "2", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/b"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(StudyError, match="is no part of a run"):
        Shard.parse(text)


def test_a_part_does_not_clean(study: Study) -> None:
    shutil.rmtree(study.folder / "data" / "processed")
    with pytest.raises(RunError, match="run `lostudy clean` once before the parts"):
        run_shard(study, Shard(1, 2))


def test_a_scheduler_that_is_not_there_is_told(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    monkeypatch.setattr("lostudy.run.cluster.PATIENCE", 2)
    with pytest.raises(RunError, match="no Dask scheduler answers at tcp://127.0.0.1:9"):
        run_study(study, scheduler="tcp://127.0.0.1:9")
    assert not (study.folder / "reports").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the warm engine is for Linux")
def test_a_cluster_that_loses_a_worker_gives_the_same(study: Study, elsewhere: Study) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    )
    killed: list[int] = []

    def kill_one(*_: object) -> None:
        if not killed:
            with distributed.Client(cluster) as client:
                killed.extend(client.run(os.getpid).values())
            os.kill(killed[0], signal.SIGKILL)

    try:
        summary = run_study(study, scheduler=cluster.scheduler_address, progress=kill_one)
    finally:
        cluster.close()
    raise_failures(summary)
    assert killed and len(summary.ran) == 5
    raise_failures(run_study(elsewhere))
    assert content(study) == content(elsewhere)
    assert not (study.folder / "reports.new").exists()
