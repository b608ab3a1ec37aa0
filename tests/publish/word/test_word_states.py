"""The three-way comparison on real documents: each state, and what a refresh does with it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from lostudy.errors import DocumentError
from lostudy.publish.document import refresh_document
from lostudy.publish.states import FAILING, STATES, STRICT, state_of
from lostudy.publish.wish import Wish
from lostudy.publish.word.refresh import refresh_word
from publish.word.word_helpers import (
    CHANGED,
    NS,
    W,
    check,
    document,
    edited,
    refresh,
    registry,
    states,
    text_of,
    xml_of,
)

Q = f"{{{W}}}"
NUMBER, NEW = "3,40 [3,31; 3,59]", "3,60 [3,40; 3,80]"


@pytest.fixture
def path(tmp_path: Path, records: dict, figures: Path) -> Path:
    """A document in which one number was put in place."""
    made = document(tmp_path / "a.docx", "In A is het {{lq2.VA.A}} punt.")
    refresh(made, records, figures)
    return made


@pytest.fixture
def changed(figures: Path) -> dict:
    return registry(figures, **CHANGED)


@pytest.mark.parametrize(
    ("shown", "written", "latest", "state"),
    [
        ("a", "a", "a", "ok"),
        ("b", "a", "b", "ok"),
        ("a", "a", "b", "stale"),
        ("x", "a", "a", "edited"),
        ("x", "a", "b", "conflict"),
        ("x", "", "b", "conflict"),
        ("b", "", "b", "ok"),
    ],
)
def test_three_digests_give_a_state(shown: str, written: str, latest: str, state: str) -> None:
    number = {"kind": "number", "status": ""}
    assert state_of(number, "", shown, written, latest) == state


@pytest.mark.parametrize(
    ("status", "form", "shown", "written", "latest", "state"),
    [
        ("holds", "", "a", "a", "a", "ok"),
        ("holds", "", "a", "a", "b", "stale"),
        ("holds", "", "x", "a", "a", "reworded"),
        ("holds", "", "x", "a", "b", "reworded"),
        ("holds", "own", "a", "a", "zzz", "ok"),
        ("holds", "own", "x", "a", "a", "reworded"),
        ("broken", "", "a", "a", "a", "broken"),
        ("too_few", "own", "a", "a", "a", "broken"),
        ("broken", "label", "a", "a", "a", "ok"),
    ],
)
def test_a_claim_has_states_of_its_own(
    status: str, form: str, shown: str, written: str, latest: str, state: str
) -> None:
    assert state_of({"kind": "claim", "status": status}, form, shown, written, latest) == state


def test_withdrawn_and_unknown_come_before_all_else() -> None:
    assert state_of({"kind": "quote", "status": "withdrawn"}, "", "a", "a", "a") == "withdrawn"
    assert state_of(None, "", "a", "a", "a") == "unknown"


def test_every_state_is_known_and_the_failing_ones_fail() -> None:
    assert set(FAILING) < set(STRICT) < set(STATES)
    assert set(STATES) - set(STRICT) == {"ok", "unused"}


def test_stale_is_told_and_written_anew_with_a_copy_kept_and_a_comment(
    path: Path, changed: dict, figures: Path
) -> None:
    before = path.read_bytes()
    assert states(check(path, changed)) == {"lq2.VA.A": "stale"}
    done = refresh(path, changed, figures)
    assert text_of(path) == f"In A is het {NEW} punt."
    assert done.backup is not None and done.backup.read_bytes() == before
    assert done.backup.name == "a.backup-2.docx"
    assert [(each.did, each.before, each.after) for each in done.changes] == [
        ("written", NUMBER, NEW)
    ]
    comments = docx.Document(str(path)).comments
    assert [(each.text, each.author) for each in comments] == [
        (f"lq2.VA.A: {NUMBER} → {NEW}. Klopt de zin nog?", "lostudy")
    ]
    starts = list(xml_of(path).iter(f"{Q}commentRangeStart"))
    assert starts[0].getnext().tag == f"{Q}sdt"


def test_comments_can_be_left_out(path: Path, changed: dict, figures: Path) -> None:
    refresh(path, changed, figures, comments=False)
    assert "word/comments.xml" not in zipfile.ZipFile(path).namelist()


def test_a_second_refresh_changes_not_a_byte(path: Path, changed: dict, figures: Path) -> None:
    refresh(path, changed, figures)
    before, beside = path.read_bytes(), sorted(path.parent.iterdir())
    done = refresh(path, changed, figures)
    assert (path.read_bytes(), sorted(path.parent.iterdir())) == (before, beside)
    assert done.changes == () and done.backup is None


def test_the_same_document_gives_the_same_bytes(
    tmp_path: Path, changed: dict, records: dict, figures: Path
) -> None:
    made = document(tmp_path / "a.docx", "{{lq2.VA.A}}", "{{lq2.fig.levels}}", "{{lq2.tab.change}}")
    copies = [tmp_path / "b.docx", tmp_path / "c.docx"]
    for copy in copies:
        copy.write_bytes(made.read_bytes())
        refresh(copy, records, figures)
        refresh(copy, changed, figures)
    assert copies[0].read_bytes() == copies[1].read_bytes()


def test_a_hand_edit_is_told_and_never_overwritten(
    path: Path, records: dict, changed: dict, figures: Path
) -> None:
    edited(path, NUMBER, "ongeveer 3,4")
    assert states(check(path, records)) == {"lq2.VA.A": "edited"}
    before = path.read_bytes()
    assert refresh(path, records, figures).changes == ()
    assert states(check(path, changed)) == {"lq2.VA.A": "conflict"}
    assert refresh(path, changed, figures).changes == ()
    assert path.read_bytes() == before


def test_a_hand_edit_is_overwritten_when_that_is_asked_by_name(
    path: Path, changed: dict, figures: Path
) -> None:
    edited(path, NUMBER, "ongeveer 3,4")
    refresh(path, changed, figures, force=("lq2.VA.*",))
    assert text_of(path) == f"In A is het {NEW} punt."
    with pytest.raises(DocumentError, match="finding 'lq9.x' does not exist"):
        refresh(path, changed, figures, force=("lq9.x",))


def test_an_author_who_typed_the_new_value_already_is_right(
    path: Path, changed: dict, figures: Path
) -> None:
    edited(path, NUMBER, NEW.replace(" ", "\u00a0"))
    assert states(check(path, changed)) == {"lq2.VA.A": "ok"}
    refresh(path, changed, figures)
    assert states(check(path, changed)) == {"lq2.VA.A": "ok"}
    assert len(list(xml_of(path).iter(f"{Q}commentRangeStart"))) == 0


def test_a_finding_that_went_is_unknown_and_its_text_stays(
    path: Path, records: dict, figures: Path
) -> None:
    del records["lq2.VA.A"]
    done = refresh(path, records, figures)
    assert [row.state for row in done.report.rows] == ["unknown"]
    assert NUMBER in text_of(path)


def test_a_withdrawn_quote_is_found_by_its_name_however_it_was_edited(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "Iemand zei {{lq2.quote.a1}}.")
    refresh(path, records, figures)
    edited(path, "we kijken nu samen terug", "wij kijken allemaal terug")
    gone = registry(figures, lq2__quote__a1={"status": "withdrawn", "text_nl": "", "words": {}})
    report = check(path, gone)
    assert [row.state for row in report.failing()] == ["withdrawn"]
    assert "haal het weg" in report.rows[0].line()
    assert "kijken" in refresh(path, gone, figures).report.rows[0].shown


def test_a_quote_that_is_a_draft_again_waits(tmp_path: Path, records: dict, figures: Path) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.quote.a1}}")
    refresh(path, records, figures)
    draft = registry(figures, lq2__quote__a1={"status": "draft"})
    report = check(path, draft)
    assert states(report) == {"lq2.quote.a1": "token"}
    assert report.failing() == [] and len(report.failing(strict=True)) == 1


def test_a_claim_that_breaks_is_named_with_the_sentence_and_the_numbers(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.VA.rises}}")
    refresh(path, records, figures)
    said = "Verankering: te onzeker om te zeggen (+0,02 [−0,2; 0,3])."
    broken = registry(figures, lq2__VA__rises={"status": "broken", "text_nl": said})
    row = check(path, broken).rows[0]
    assert row.state == "broken"
    assert "Verankering wijst op een stijging." in row.line() and said in row.line()
    before = path.read_bytes()
    refresh(path, broken, figures)
    assert path.read_bytes() == before, "an untrue sentence is for a person to mend"


def test_a_reworded_claim_can_be_accepted_and_is_then_the_authors_own(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "Dus {{lq2.VA.rises}} Mooi.")
    refresh(path, records, figures)
    edited(path, "wijst op een stijging", "lijkt te stijgen")
    assert states(check(path, records)) == {"lq2.VA.rises": "reworded"}
    assert refresh(path, records, figures).changes == ()
    done = refresh(path, records, figures, accept=("lq2.VA.rises",))
    assert [each.did for each in done.changes] == ["accepted"]
    assert states(check(path, records)) == {"lq2.VA.rises:own": "ok"}
    other = registry(figures, lq2__VA__rises={"text_nl": "Andere zin."})
    assert states(check(path, other)) == {"lq2.VA.rises:own": "ok"}
    edited(path, "lijkt te stijgen", "stijgt hard")
    assert states(check(path, records)) == {"lq2.VA.rises:own": "reworded"}
    refresh(path, records, figures, accept=("lq2.VA.rises",))
    assert states(check(path, records)) == {"lq2.VA.rises:own": "ok"}
    marks = [each.get(f"{Q}name") for each in xml_of(path).iter(f"{Q}bookmarkStart")]
    assert len([each for each in marks if each.startswith("_lo_")]) == 1


def test_a_control_that_an_author_tagged_by_hand_is_not_overwritten(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    xml = f"""<w:p {NS}><w:sdt><w:sdtPr><w:tag w:val="lo:lq2.VA.A"/></w:sdtPr><w:sdtContent><w:r>
<w:t>mijn eigen tekst</w:t></w:r></w:sdtContent></w:sdt></w:p>"""
    made = docx.Document()
    made.element.body.insert(0, parse_xml(xml))
    made.save(str(tmp_path / "a.docx"))
    assert states(check(tmp_path / "a.docx", records)) == {"lq2.VA.A": "conflict"}
    assert refresh(tmp_path / "a.docx", records, figures).changes == ()


def test_a_control_struck_out_with_changes_tracked_counts_no_more(
    path: Path, records: dict
) -> None:
    run = '<w:r><w:t xml:space="preserve">3,40 [3,31; 3,59]</w:t></w:r>'
    gone = (
        '<w:del w:id="9" w:author="T"><w:r><w:delText>3,40 [3,31; 3,59]</w:delText></w:r></w:del>'
    )
    edited(path, run, gone)
    assert check(path, records).rows == ()


def test_an_edit_with_changes_tracked_inside_a_control_is_an_edit(
    path: Path, records: dict, changed: dict, figures: Path
) -> None:
    run = '<w:r><w:t xml:space="preserve">3,40 [3,31; 3,59]</w:t></w:r>'
    tracked = (
        '<w:del w:id="9" w:author="T"><w:r><w:delText>3,40 [3,31; 3,59]</w:delText></w:r></w:del>'
        '<w:ins w:id="10" w:author="T"><w:r><w:t>3,5</w:t></w:r></w:ins>'
    )
    edited(path, run, tracked)
    assert states(check(path, changed)) == {"lq2.VA.A": "conflict"}
    refresh(path, changed, figures, force=("lq2.VA.A",))
    assert len(list(xml_of(path).iter(f"{Q}delText"))) == 1, "what somebody struck out stays"
    assert list(xml_of(path).iter(f"{Q}ins"))[0].find(f"{Q}r/{Q}t").text == NEW


def test_data_binding_that_would_bring_the_old_value_back_is_let_go(
    path: Path, changed: dict, figures: Path
) -> None:
    edited(path, "<w:text", '<w:dataBinding w:xpath="/a" w:storeItemID="{B}"/><w:text')
    refresh(path, changed, figures)
    assert not list(xml_of(path).iter(f"{Q}dataBinding"))
    assert NEW in text_of(path)


def test_the_look_of_a_number_stays(path: Path, changed: dict, figures: Path) -> None:
    edited(path, "<w:sdtContent><w:r>", "<w:sdtContent><w:r><w:rPr><w:i/></w:rPr>")
    refresh(path, changed, figures)
    (control,) = xml_of(path).iter(f"{Q}sdt")
    assert control.find(f"{Q}sdtContent/{Q}r/{Q}rPr/{Q}i") is not None


def test_what_is_not_used_is_listed(path: Path, records: dict) -> None:
    report = check(path, records)
    assert "lq2.VA.A" not in report.unused and "lq2.VA.B" in report.unused
    assert report.counts()["unused"] == len(records) - 1
    assert report.counts()["ok"] == 1


def test_a_report_is_plain_json(path: Path, records: dict) -> None:
    import json

    read = json.loads(json.dumps(check(path, records).as_dict()))
    assert read["rows"][0]["id"] == "lq2.VA.A" and read["counts"]["ok"] == 1


def test_parts_that_nothing_touched_keep_their_bytes(
    path: Path, changed: dict, figures: Path
) -> None:
    before = {each: zipfile.ZipFile(path).read(each) for each in zipfile.ZipFile(path).namelist()}
    refresh(path, changed, figures, comments=False)
    after = {each: zipfile.ZipFile(path).read(each) for each in zipfile.ZipFile(path).namelist()}
    assert {each for each in before if before[each] != after[each]} == {"word/document.xml"}


def test_an_output_elsewhere_leaves_the_original(
    path: Path, changed: dict, figures: Path, tmp_path: Path
) -> None:
    from lostudy.publish.wish import Wish
    from lostudy.publish.word.refresh import refresh_word

    before = path.read_bytes()
    done = refresh_word(path, changed, figures, Wish(), tmp_path / "nieuw.docx")
    assert path.read_bytes() == before and done.backup is None
    assert NEW in text_of(tmp_path / "nieuw.docx")


def test_a_header_that_nothing_touched_keeps_its_bytes_too(
    tmp_path: Path, records: dict, changed: dict, figures: Path
) -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "kop"
    made.add_paragraph("{{lq2.VA.A}}")
    made.save(str(tmp_path / "a.docx"))
    before = zipfile.ZipFile(tmp_path / "a.docx").read("word/header1.xml")
    refresh(tmp_path / "a.docx", records, figures)
    refresh(tmp_path / "a.docx", changed, figures)
    assert zipfile.ZipFile(tmp_path / "a.docx").read("word/header1.xml") == before


NOTE = f'<w:r {NS}><w:footnoteReference w:id="5"/></w:r>'
REMARK = f'<w:r {NS}><w:commentReference w:id="7"/></w:r>'


def _put_in(path: Path, element: str, number: int, *runs: str) -> None:
    """Put runs at the end of an element of the document, by its name and number."""
    made = docx.Document(str(path))
    home = list(made.element.iter(f"{Q}{element}"))[number]
    for run in runs:
        home.append(parse_xml(run))
    made.save(str(path))


def _kept(path: Path) -> list[str | None]:
    kinds = (f"{Q}footnoteReference", f"{Q}commentReference")
    return [each.get(f"{Q}id") for each in xml_of(path).iter(*kinds)]


def test_a_note_and_a_comment_of_the_author_in_a_number_stay_when_it_is_renewed(
    path: Path, changed: dict, figures: Path
) -> None:
    _put_in(path, "sdtContent", 0, NOTE, REMARK)
    refresh(path, changed, figures, comments=False)
    assert NEW in text_of(path) and NUMBER not in text_of(path)
    assert _kept(path) == ["5", "7"]


def test_a_note_of_the_author_in_a_table_stays_when_other_cells_or_its_own_change(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.tab.change}}")
    refresh(path, records, figures)
    made = docx.Document(str(path))
    paragraphs = [each for cell in made.element.iter(f"{Q}tc") for each in cell.iter(f"{Q}p")]
    for number in (3, 4):
        paragraphs[number].append(parse_xml(NOTE.replace('"5"', f'"{number}"')))
    made.save(str(path))
    cells = [["organisatie", "schatting", "n"], ["A", "0,99", "50"], ["B", "−0,2", "40"],
             ["C", "0,1", "30"]]  # fmt: skip
    refresh(path, registry(figures, lq2__tab__change={"cells": cells}), figures)
    assert "0,99" in text_of(path) and "0,35" not in text_of(path)
    assert [each for each in _kept(path) if each != "0"] == ["3", "4"]


def test_what_stands_where_a_refresh_writes_is_kept(
    path: Path, changed: dict, figures: Path, tmp_path: Path
) -> None:
    other = document(tmp_path / "other.docx", "maanden werk")
    for records in (changed, registry(figures)):  # with and without anything to renew
        kept = other.read_bytes()
        done = refresh_word(path, records, figures, Wish(), other)
        assert done.backup is not None and done.backup.read_bytes() == kept


def test_a_document_named_in_two_ways_is_one(
    path: Path, changed: dict, figures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    before = path.read_bytes()
    done = refresh_word(Path("a.docx"), changed, figures, Wish(), path)
    assert done.backup is not None and done.backup.read_bytes() == before
    assert refresh_word(Path("a.docx"), changed, figures, Wish(), path).backup is None


def test_a_link_to_a_document_stays_a_link(
    path: Path, changed: dict, figures: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.docx"
    link.symlink_to(path)
    refresh(link, changed, figures)
    assert link.is_symlink() and NEW in text_of(path)


@pytest.mark.parametrize("output", ["nowhere/a.docx", "a.md", "a.docm"])
def test_an_output_that_cannot_be_is_said_before_any_work(
    output: str, path: Path, changed: dict, figures: Path, tmp_path: Path
) -> None:
    target = tmp_path / output
    with pytest.raises(DocumentError, match="folder|another kind"):
        refresh_document(path, changed, figures, Wish(), target)
    assert not target.exists()
