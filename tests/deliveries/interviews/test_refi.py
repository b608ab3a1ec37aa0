"""REFI-QDA: guids, coders, twins, missing sources, and files that mean harm."""

from __future__ import annotations

import pytest

from lostudy.deliveries import CODES, DOCUMENTS, SEGMENTS, read_interviews
from lostudy.deliveries.xml import guid

NAMESPACE = "urn:QDA-XML:project:1.0"
TEXT = "Wij leren van fouten.\r\nDat 🙂 helpt het team.\r\nNiemand praat erover."
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="{namespace}" name="demo" origin="NVivo 14, Windows">
<Users><User guid="{{U1}}" name="Anna"/><User guid="u2" name="Bo"/></Users>
<CodeBook><Codes>
 <Code guid="{{C1}}" name="Reflectie" isCodable="true"><Description>stilstaan</Description>
  <Code guid="c2" name="Tijd" isCodable="true"/></Code>
 <Code guid="c3" name="Tijd" isCodable="true"/>
</Codes></CodeBook>
"""


def project(sources: str, more: str = "", namespace: str = NAMESPACE) -> str:
    return (
        HEAD.format(namespace=namespace) + f"<Sources>{sources}</Sources>{more}</Project>")


def selection(start: int, end: int, codes: str, name: str = "", user: str = "u2") -> str:
    return (
        f'<PlainTextSelection guid="s{start}" startPosition="{start}" endPosition="{end}" '
        f'name="{name}" creatingUser="{user}" creationDateTime="2026-03-01T10:00:00Z">'
        f"{codes}</PlainTextSelection>")


def coding(code: str, user: str = "") -> str:
    by = f' creatingUser="{user}"' if user else ""
    return f'<Coding guid="k"{by}><CodeRef targetGUID="{code}"/></Coding>'


def source(inner: str, path: str = "internal://a.txt") -> str:
    return f'<TextSource guid="{{T1}}" name="Gesprek 1" plainTextPath="{path}">{inner}</TextSource>'


@pytest.fixture
def qdpx(zipped):
    def make(qde: str, texts: dict[str, bytes] | None = None, member: str = "project.qde"):
        inside = {"sources/a.txt": TEXT.encode()} if texts is None else texts
        return zipped("a.qdpx", {member: qde, **inside})

    return make


def test_the_three_tables_have_their_columns(qdpx):
    delivery = read_interviews(qdpx(project(source(selection(0, 9, coding("c1"))))))
    assert list(delivery.documents.columns) == DOCUMENTS
    assert list(delivery.codes.columns) == CODES
    assert list(delivery.segments.columns) == SEGMENTS
    assert str(delivery.segments["start"].dtype) == "Int64"
    assert delivery.source.tool == "refi"
    assert delivery.source.evidence == "a zip with project.qde, written by NVivo 14"


def test_guids_lose_braces_and_case():
    assert guid("{AB-12}") == guid("ab-12") == "ab-12"
    assert guid(None) == ""


def test_codes_are_keyed_by_guid_because_names_return(qdpx):
    codes = read_interviews(qdpx(project(source("")))).codes
    assert list(codes["code"]) == ["c1", "c2", "c3"]
    assert list(codes["path"]) == ["Reflectie", "Reflectie > Tijd", "Tijd"]
    assert codes["parent"].tolist()[1] == "c1"
    assert codes["parent"].isna().tolist() == [True, False, True]
    assert codes["description"].iloc[0] == "stilstaan"


def test_the_coding_tells_the_coder_before_the_selection_does(qdpx):
    inner = selection(0, 9, coding("c1", "{U1}") + coding("c2"))
    segments = read_interviews(qdpx(project(source(inner)))).segments
    assert list(segments["coder"]) == ["Anna", "Bo"]
    assert list(segments["code"]) == ["c1", "c2"]
    assert list(segments["row"]) == [1, 2]
    assert list(segments["document"]) == ["t1", "t1"]


def test_a_selection_without_a_coding_is_a_memo_and_no_segment(qdpx):
    assert len(read_interviews(qdpx(project(source(selection(0, 9, ""))))).segments) == 0


def test_passages_without_a_code_are_counted(qdpx):
    """A remark on a passage, and the passage of a case, are read; a bare passage is told."""
    inner = selection(0, 9, "") + selection(10, 13, "") + selection(14, 20, "") + selection(
        4, 9, "<Description>let op</Description>")
    case = '<Cases><Case guid="k" name="Bo"><SelectionRef targetGUID="S14"/></Case></Cases>'
    delivery = read_interviews(qdpx(project(source(inner), case)))
    (told,) = [each for each in delivery.repairs if each.rule == "tool.uncoded"]
    assert told.what == "2 passage(s) carry no code and give no segment"
    assert told.severity == "note"


def test_positions_counted_as_nvivo_does_are_found(qdpx):
    plain = TEXT.replace("\r\n", "\n")
    marks = [("Dat 🙂 helpt", "c1"), ("Niemand praat", "c2"), ("helpt het team.", "c3")]
    inner = ""
    for quote, code in marks:
        before = TEXT[: TEXT.index(quote)]
        start = len(before.encode("utf-16-le")) // 2
        inner += selection(start, start + len(quote.encode("utf-16-le")) // 2, coding(code), quote)
    delivery = read_interviews(qdpx(project(source(inner))))
    assert list(delivery.segments["offset_status"]) == ["exact"] * 3
    assert list(delivery.segments["text"]) == [quote for quote, _ in marks]
    assert list(delivery.segments["start"]) == [plain.index(quote) for quote, _ in marks]
    assert delivery.documents["text"].iloc[0] == plain
    notes = [p.what for p in delivery.repairs if p.rule == "offset.convention"]
    assert notes == [
        "positions in 1 source(s) were counted in UTF-16 units, a line end counts as two, "
        "no byte order mark counts"]


def test_positions_that_count_the_mark_are_found(qdpx):
    inner = selection(1, 10, coding("c1"), "Wij leren") + selection(
        24, 28, coding("c1"), "Dat 🙂")
    delivery = read_interviews(qdpx(
        project(source(inner)), {"Sources/A.TXT": b"\xef\xbb\xbf" + TEXT.encode()}))
    assert list(delivery.segments["text"])[0] == "Wij leren"
    assert delivery.segments["start"].iloc[0] == 0


def test_an_offset_beside_its_quote_is_repaired_and_told(qdpx):
    plain = "Wij leren van fouten. En wij praten. En dan gaan wij door."
    good = [selection(plain.index(q), plain.index(q) + len(q), coding("c1"), q)
            for q in ("Wij leren", "En wij praten.", "gaan wij door.")]
    wrong = selection(11, 21, coding("c2"), "van fouten.")
    delivery = read_interviews(
        qdpx(project(source("".join([*good, wrong]))), {"sources/a.txt": plain.encode()}))
    assert delivery.segments["offset_status"].iloc[3] == "repaired"
    assert delivery.segments["text"].iloc[3] == "van fouten."
    assert any(p.what.startswith("1 passage(s) stood a little beside") for p in delivery.repairs)


def test_a_name_of_ones_own_is_kept_and_cuts_nothing(qdpx):
    plain = "Wij leren van fouten. En wij praten. En dan gaan wij door."
    inner = selection(0, 36, coding("c1"), "wij praten") + selection(
        37, 58, coding("c2"), "De kern van dit gesprek") + selection(
        22, 36, coding("c2"), "Quotation 1:3") + selection(0, 21, coding("c3"), "Wij leren van")
    segments = read_interviews(
        qdpx(project(source(inner)), {"sources/a.txt": plain.encode()})).segments
    assert list(segments["text"]) == [plain[:36], plain[37:], plain[22:36], plain[:21]]
    assert set(segments["offset_status"]) == {"exact"}
    assert [each.get("name") for each in segments["attributes"]] == [
        "wij praten", "De kern van dit gesprek", None, None]


def test_a_source_that_is_not_in_the_zip_keeps_its_codings(qdpx):
    inner = selection(0, 9, coding("c1"), "Wij leren")
    delivery = read_interviews(qdpx(project(source(inner)), {}))
    assert delivery.documents["text"].isna().all()
    assert list(delivery.segments["offset_status"]) == ["absent"]
    assert list(delivery.segments["text"]) == ["Wij leren"]
    assert (delivery.segments["start"].iloc[0], delivery.segments["end"].iloc[0]) == (0, 9)
    assert delivery.repairs[0].what.startswith("1 source(s) are not in the zip")


@pytest.mark.parametrize("path", [
    "absolute:///etc/passwd", "relative://../../secret.txt", "internal://b.txt"])
def test_a_path_outside_the_zip_is_never_opened(qdpx, path):
    delivery = read_interviews(qdpx(project(source(selection(0, 2, coding("c1")), path))))
    assert delivery.documents["text"].isna().all()


def test_inline_text_is_a_source_too(qdpx):
    inner = "<PlainTextContent>Wij leren.</PlainTextContent>" + selection(0, 9, coding("c1"))
    qde = project(f'<TextSource guid="t" name="x">{inner}</TextSource>')
    delivery = read_interviews(qdpx(qde, {}))
    assert delivery.documents["text"].iloc[0] == "Wij leren."
    assert delivery.segments["text"].iloc[0] == "Wij leren"


def test_a_pdf_selection_and_its_twin_count_once(qdpx):
    qde = project(
        '<PDFSource guid="p" name="nota.pdf" path="internal://nota.pdf">'
        f'<PDFSelection guid="s9" page="0" creatingUser="u2" name="Wij">{coding("c1")}'
        "</PDFSelection>"
        '<Representation guid="r" plainTextPath="internal://a.txt">'
        '<PlainTextSelection guid="{S9}" startPosition="0" endPosition="9" creatingUser="u2">'
        f'{coding("c1")}</PlainTextSelection></Representation></PDFSource>')
    delivery = read_interviews(qdpx(qde))
    assert len(delivery.segments) == 1
    assert delivery.segments["text"].iloc[0] == "Wij leren"
    assert delivery.documents["name"].iloc[0] == "nota.pdf"


def test_a_picture_and_a_film_keep_their_codings(qdpx):
    qde = project(
        f'<PictureSource guid="p" name="x"><PictureSelection guid="a">{coding("c1")}'
        "</PictureSelection></PictureSource>"
        f'<VideoSource guid="v" name="y"><VideoSelection guid="b">{coding("c2")}'
        "</VideoSelection></VideoSource>")
    segments = read_interviews(qdpx(qde)).segments
    assert list(segments["attributes"]) == [
        {"selection": "PictureSelection"}, {"selection": "VideoSelection"}]
    assert segments["start"].isna().all()


def test_a_code_on_a_whole_document_is_kept(qdpx):
    segments = read_interviews(qdpx(project(source(coding("c1", "u1"))))).segments
    assert segments["attributes"].iloc[0] == {"selection": "document"}
    assert segments["offset_status"].iloc[0] == "absent"


def test_variables_come_from_the_source_and_from_its_case(qdpx):
    value = (
        '<VariableValue><VariableRef targetGUID="{V1}"/><TextValue>leider</TextValue>'
        "</VariableValue>")
    more = (
        '<Variables><Variable guid="v1" name="rol"/><Variable guid="v2" name="jaren"/></Variables>'
        '<Cases><Case guid="k1" name="Persoon 1"><VariableValue><VariableRef targetGUID="v2"/>'
        '<IntegerValue>7</IntegerValue></VariableValue><SourceRef targetGUID="T1"/></Case></Cases>'
        '<Sets><Set guid="g" name="Org B"><MemberSource targetGUID="{T1}"/></Set></Sets>')
    documents = read_interviews(qdpx(project(source(value), more))).documents
    assert documents["variables"].iloc[0] == {
        "rol": "leider", "jaren": "7", "case": "Persoon 1"}
    assert documents["group"].iloc[0] == "Org B"


def test_memos_come_from_the_selection_and_its_notes(qdpx):
    inner = selection(
        0, 9, coding("c1") + "<Description>eerste</Description>"
        '<NoteRef targetGUID="{N1}"/>')
    more = '<Notes><Note guid="n1"><PlainTextContent>tweede</PlainTextContent></Note></Notes>'
    segments = read_interviews(qdpx(project(source(inner), more))).segments
    assert segments["memo"].iloc[0] == "eerste\ntweede"


def test_a_coding_on_an_unknown_code_is_kept_and_told(qdpx):
    delivery = read_interviews(qdpx(project(source(selection(0, 9, coding("weg"))))))
    assert delivery.segments["code"].iloc[0] == "weg"
    assert any("1 coding(s) point to a code that is not" in p.what for p in delivery.repairs)


def test_users_of_one_name_are_one_coder_as_the_note_says(qdpx):
    qde = project(source(selection(0, 9, coding("c1", "u1") + coding("c1", "u2")))).replace(
        'name="Bo"', 'name=" anna "')
    delivery = read_interviews(qdpx(qde))
    assert set(delivery.segments["coder"]) == {"Anna"}
    (told,) = [each for each in delivery.repairs if each.rule == "coder.same"]
    assert told.what.startswith("1 user(s) have the name of another user and count as the same")


def test_two_names_that_look_like_one_coder_are_noted(qdpx):
    users = '<Users><User guid="u1" name="peter"/><User guid="u2" name="Peter Prevos"/></Users>'
    qde = project(source(selection(0, 9, coding("c1", "u1")) + selection(10, 13, coding("c1"))))
    qde = qde[: qde.index("<Users>")] + users + qde[qde.index("<CodeBook>") :]
    delivery = read_interviews(qdpx(qde))
    (note,) = [p for p in delivery.repairs if p.rule == "coder.alike"]
    assert note.what == "1 pair(s) of coder names look like one person under two names"
    assert "eter" not in str(note)


@pytest.mark.parametrize("namespace", ["urn:QDA-XML:project:0:4", "", "urn:anders"])
def test_the_namespace_does_not_matter(qdpx, namespace):
    qde = project(source(selection(0, 9, coding("c1"))), namespace=namespace)
    assert len(read_interviews(qdpx(qde)).segments) == 1


@pytest.mark.parametrize("member", ["Project.QDE", "mijn project.qde", "map/project.qde"])
def test_the_project_may_have_any_name(qdpx, member):
    assert len(read_interviews(qdpx(project(source("")), member=member)).documents) == 1


def test_a_codebook_has_codes_and_nothing_else(write):
    text = (
        '<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="NVivo, 12">'
        '<Codes><Code guid="A" name="Een"><Code guid="B" name="Twee"/></Code></Codes></CodeBook>')
    delivery = read_interviews(write("a.qdc", text))
    assert delivery.source.evidence == "XML with CodeBook as root, written by NVivo"
    assert list(delivery.codes["path"]) == ["Een", "Een > Twee"]
    assert len(delivery.documents) == len(delivery.segments) == 0


def test_a_bare_qde_is_read_with_all_its_sources_absent(write):
    delivery = read_interviews(write("a.qde", project(source(selection(0, 9, coding("c1"))))))
    assert delivery.source.evidence.startswith("XML with Project as root")
    assert list(delivery.segments["offset_status"]) == ["absent"]


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<Project xmlns="urn:QDA-XML:project:1.0"><Sources/></Project>')


@pytest.mark.parametrize(("qde", "what"), [
    ("<Project><Sources>", "the XML is not well formed; the file was cut off or changed by hand"),
    ("<Iets/>", "the .qde file does not begin with a Project"),
    (ENTITIES, "the XML declares its own entities, which no coding tool does"),
])
def test_a_project_that_cannot_be_trusted_is_refused(qdpx, problem_of, qde, what):
    assert problem_of(read_interviews, qdpx(qde)).what == what


def test_billions_of_laughs_are_refused(qdpx, problem_of):
    bomb = '<?xml version="1.0"?><!DOCTYPE P [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ) + "]><Project>&i;</Project>"
    assert problem_of(read_interviews, qdpx(bomb)).rule in ("xml.entities", "xml.syntax")


def test_xml_of_another_kind_is_no_codebook(write, problem_of):
    problem = problem_of(read_interviews, write("a.qdc", "<svg><g/></svg>"))
    assert problem.what == "the XML is no REFI-QDA codebook or project"
    problem = problem_of(read_interviews, write("b.qdc", "<html><body/></html>"))
    assert "found: a web page without highlights" in problem.what


def test_a_text_in_windows_1252_is_read(qdpx):
    inner = selection(0, 9, coding("c1"))
    delivery = read_interviews(
        qdpx(project(source(inner)), {"sources/a.txt": "De crèche is open".encode("cp1252")}))
    assert delivery.segments["text"].iloc[0] == "De crèche"


CASES = (
    '<Variables><Variable guid="v1" name="rol"/></Variables><Cases>'
    '<Case guid="k1" name="Anna"><Description>valt in</Description><VariableValue>'
    '<VariableRef targetGUID="v1"/><TextValue>leider</TextValue></VariableValue>'
    '<SourceRef targetGUID="{T1}"/></Case>'
    '<Case guid="k2" name="Bo"><VariableValue><VariableRef targetGUID="v1"/>'
    '<TextValue>lid</TextValue></VariableValue><SourceRef targetGUID="t1"/>'
    '<SelectionRef targetGUID="S0"/></Case><Case guid="k3" name="Cas"/></Cases>')


def test_two_cases_of_one_conversation_keep_their_own_variables(qdpx):
    delivery = read_interviews(qdpx(project(source(selection(0, 9, coding("c1"))), CASES)))
    cases = delivery.cases
    assert list(cases.columns) == ["case", "name", "document", "start", "end", "variables", "memo"]
    assert list(cases["name"]) == ["Anna", "Bo", "Bo", "Cas"]
    assert list(cases["variables"])[:3] == [{"rol": "leider"}, {"rol": "lid"}, {"rol": "lid"}]
    assert (cases["start"].iloc[2], cases["end"].iloc[2]) == (0, 9)
    assert cases["document"].isna().tolist() == [False, False, False, True]
    assert cases["memo"].iloc[0] == "valt in"
    assert delivery.documents["variables"].iloc[0] == {"rol": "leider; lid", "case": "Anna; Bo"}
    assert [p.what[:10] for p in delivery.repairs if p.rule == "tool.cases"] == ["1 value(s)"]


def test_a_code_knows_its_colour_its_groups_and_whether_it_may_be_given(qdpx):
    qde = project(source("")).replace(
        'guid="c2" name="Tijd" isCodable="true"',
        'guid="c2" name="Tijd" isCodable="false" color="#F00"').replace(
        "</Project>",
        '<Sets><Set guid="g" name="kern"><MemberCode targetGUID="C2"/></Set></Sets></Project>')
    codes = read_interviews(qdpx(qde)).codes.set_index("code")
    assert codes.loc["c2", "attributes"] == {"color": "#F00", "codable": "false", "groups": "kern"}
    assert codes.loc["c2", "parents"] == ("c1",)
    assert codes.loc["c1", "parents"] == ()


def test_notes_stand_at_the_document_the_code_or_the_passage_they_belong_to(qdpx):
    notes = (
        '<Notes><Note guid="n1" name="over het gesprek" creatingUser="u2"><PlainTextContent>een'
        '</PlainTextContent></Note><Note guid="n2"><PlainTextContent>twee</PlainTextContent></Note>'
        '<Note guid="n3"><PlainTextContent>drie</PlainTextContent></Note></Notes>'
        "<Description>het project</Description>")
    inner = (selection(0, 9, "<Description>zonder code</Description>")
             + selection(10, 13, coding("c1")) + '<NoteRef targetGUID="N1"/>')
    qde = project(source(inner), notes).replace(
        "<Description>stilstaan</Description>",
        '<Description>stilstaan</Description><NoteRef targetGUID="{N2}"/>')
    delivery = read_interviews(qdpx(qde))
    found = delivery.notes.set_index("text")
    assert set(found.index) == {"een", "twee", "drie", "zonder code", "het project"}
    assert (found.loc["een", "document"], found.loc["een", "coder"]) == ("t1", "Bo")
    assert found.loc["twee", "code"] == "c1"
    assert (found.loc["zonder code", "start"], found.loc["zonder code", "end"]) == (0, 9)
    assert len(delivery.segments) == 1


def test_a_transcript_is_coded_between_its_sync_points(qdpx):
    qde = project(
        '<AudioSource guid="a" name="opname"><Transcript guid="r" plainTextPath="internal://a.txt">'
        '<SyncPoint guid="p1" timeStamp="0" position="0"/>'
        '<SyncPoint guid="p2" timeStamp="900" position="9"/>'
        '<TranscriptSelection guid="s" fromSyncPoint="{P1}" toSyncPoint="p2">' + coding("c1")
        + "</TranscriptSelection></Transcript></AudioSource>")
    segments = read_interviews(qdpx(qde)).segments
    assert segments["text"].iloc[0] == "Wij leren"
    assert segments["attributes"].iloc[0] == {"selection": "TranscriptSelection"}


def test_two_passages_under_one_guid_are_two_passages(qdpx):
    twice = selection(0, 9, coding("c1")) + selection(10, 13, coding("c1"))
    twice = twice.replace('guid="s10"', 'guid="s0"')
    segments = read_interviews(qdpx(project(source(twice)))).segments
    assert len(segments) == 2


def test_selections_without_a_guid_are_all_kept(qdpx):
    inner = (selection(0, 9, coding("c1")) + selection(10, 13, coding("c1"))).replace(
        'guid="s0"', "").replace('guid="s10"', "").replace('guid="k"', "")
    assert len(read_interviews(qdpx(project(source(inner)))).segments) == 2


def test_two_sources_with_one_name_in_two_folders_keep_their_own_text(qdpx):
    two = (source(selection(0, 3, coding("c1")), "internal://x/a.txt")
           + source(selection(0, 2, coding("c1")), "internal://y/a.txt").replace("T1", "T2"))
    delivery = read_interviews(qdpx(
        project(two), {"sources/x/a.txt": b"een dag", "sources/y/a.txt": b"of twee"}))
    assert list(delivery.documents["text"]) == ["een dag", "of twee"]


def test_two_sources_or_codes_under_one_guid_are_told(qdpx):
    delivery = read_interviews(qdpx(project(source("") + source(""))))
    assert len(delivery.documents) == 1
    assert any(p.rule == "tool.twice" for p in delivery.repairs)
