"""What of a notebook reaches reports/: what was protected; rows of people stay under data/."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from run_helpers import OPEN, write_notebook

from lostudy.run import run_study
from lostudy.run.outputs import publishable
from lostudy.study import Study

WAYS = {
    "a frame": "study.responses.head()",
    "a frame by display": "display(study.responses.head())",
    "a column": 'study.responses["va01"]',
    "a printed frame": "print(study.responses.head())",
    "a list of answers": 'study.responses["va01"].tolist()[:30]',
    "one person": "dict(study.responses.iloc[0])",
    "raw HTML": "from IPython.display import HTML\nHTML(study.responses.head().to_html())",
    "a picture": "import matplotlib.pyplot as plt\n\nfig, ax = plt.subplots()\n"
    'ax.plot(study.responses["va01"].dropna().tolist())\nfig',
    "a passage": 'study.processed("segments")["text"].iloc[0]',
    "a warning": 'import warnings\n\nwarnings.warn(study.responses["person"].iloc[0])',
}


def published(
    study: Study, *cells: str, engine: str = "auto"
) -> tuple[nbformat.NotebookNode, tuple]:
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", OPEN, *cells)
    summary = run_study(study, organisation="A", engine=engine)
    assert not summary.failed, summary.failed
    path = study.folder / "reports" / "00-proof" / "A" / "notebook.ipynb"
    return nbformat.read(path, as_version=4), summary.ran[0].left_out


def shown(notebook: nbformat.NotebookNode) -> str:
    return "\n".join(str(cell.get("outputs", "")) for cell in notebook.cells)


def test_rows_of_people_do_not_reach_the_reports_in_any_way(study: Study) -> None:
    notebook, left_out = published(study, *WAYS.values(), "lo.response(study)")
    assert left_out == tuple(range(5, 5 + len(WAYS)))
    people = pd.read_parquet(study.folder / "data" / "processed" / "A" / "responses.parquet")
    said = shown(notebook)
    assert not [person for person in people["person"] if person in said]
    assert "data-mime" not in said and "image/png" not in said
    assert said.count("deze uitvoer is geen beschermde tabel of figuur") == len(WAYS)
    assert 'class="lostudy"' in said, "the protected table stays"
    whole = nbformat.read(study.folder / "data" / "executed" / "00-proof-A.ipynb", as_version=4)
    assert people["person"].iloc[0] in shown(whole), "nothing is lost: it stands under data/"


OWN_FILES = (
    "import os\nfrom pathlib import Path\n\nout = Path(os.environ['LOSTUDY_OUTPUT'])\n"
    "study.responses.to_csv(out / 'rows.csv')\n"
    "(out / 'figures').mkdir(exist_ok=True)\n"
    "(out / 'figures' / 'dots.svg').write_text('<svg/>')\n"
    "(out / 'deep' / 'er').mkdir(parents=True)\n"
    "(out / 'deep' / 'er' / 'x.json').write_text('{}')\n"
    "(out.parent / 'beside.csv').write_text('1')\n"
    "(out.parents[1] / 'above.csv').write_text('1')"
)


def test_files_that_a_notebook_writes_by_itself_do_not_reach_the_reports(study: Study) -> None:
    write_notebook(
        study.folder / "notebooks" / "00-proof.ipynb",
        OPEN, OWN_FILES, "lo.plot_response(lo.response(study))",
    )  # fmt: skip
    summary = run_study(study, organisation="A")
    strays = ("deep/er/x.json", "figures/dots.svg", "rows.csv")
    assert summary.ran[0].strays == strays
    aside = study.folder / "data" / "executed" / "00-proof-A"
    assert all((aside / name).exists() for name in strays), "nothing is lost"
    left = {path.name for path in (study.folder / "reports").rglob("*") if path.is_file()}
    assert not left & {"rows.csv", "dots.svg", "x.json", "beside.csv", "above.csv"}
    assert len([name for name in left if name.startswith("response-A.")]) == 5


def test_the_whole_notebook_goes_when_everything_is_protected(study: Study) -> None:
    published(study, "study.responses.head()")
    kept = study.folder / "data" / "executed" / "00-proof-A.ipynb"
    assert kept.exists()
    assert published(study, "lo.response(study)")[1] == ()
    assert not kept.exists()


def test_in_a_kernel_rows_show_their_shape_until_they_are_asked_for(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOSTUDY_STUDY", str(study.folder))
    path = study.folder / "notebooks" / "00-proof.ipynb"
    cells = ["study.responses", 'study.responses["va01"]', "study.responses.head().T"]
    other = "import pandas as pd\n\npd.DataFrame({'n': [7]})"
    write_notebook(path, OPEN, *cells, other, "lo.look(study)")
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    said = [cell.outputs[0].data["text/plain"] for cell in notebook.cells[3:]]
    assert all(" rijen over personen, kolommen: " in each for each in said[:3]), said
    assert "7" in said[3], "a table about nobody is shown as ever"
    person = pd.read_parquet(study.folder / "data" / "processed" / "A" / "responses.parquet")
    assert person["person"].iloc[0] in said[4], "who asks by name sees rows"


def test_a_run_refuses_to_look(study: Study) -> None:
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", OPEN, "lo.look(study)")
    failed = run_study(study, organisation="A").failed
    assert failed[0].failed == "DisclosureError"
    assert failed[0].said.startswith("a run shows no rows about people")


@pytest.mark.parametrize("html", ['<table class="other">', "<b>x</b>", ""])
def test_only_what_lostudy_made_stays(tmp_path: Path, html: str) -> None:
    new = nbformat.v4
    ours = new.new_output("display_data", data={"text/html": '<table class="lostudy"></table>'})
    other = new.new_output("display_data", data={"text/html": html, "text/plain": "p1"})
    mixed = new.new_output("display_data", data={**ours.data, "application/json": {"p": 1}})
    cell = new.new_code_cell("x", outputs=[ours, other, mixed])
    path = tmp_path / "n.ipynb"
    nbformat.write(new.new_notebook(cells=[cell]), path)
    assert publishable(path, tmp_path / "whole.ipynb", "en") == (1,)
    kept = nbformat.read(path, as_version=4).cells[0].outputs
    assert len(kept) == 2 and kept[1].data["text/plain"].startswith("Left out: ")
