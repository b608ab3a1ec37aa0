"""RQDA, QualCoder, ATLAS.ti, NVivo, Dedoose; and what is none of them."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from lostudy.deliveries import read_interviews

TEXT = "Wij leren van fouten.\nDat helpt het team."
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def rqda(database):
    def make(**more):
        tables = {
            "source": (["name", "id", "file", "status"],
                       [["G1", 1, TEXT, 1], ["weg", 2, "oud", 0]]),
            "freecode": (["name", "memo", "id", "status"],
                         [["Tijd", "te weinig", 1, 1], ["weg", None, 2, -1]]),
            "codecat": (["name", "catid", "memo", "status"], [["Thema", 4, "", 1]]),
            "treecode": (["cid", "catid", "status"], [[1, 4, 1], [1, 5, -1]]),
            "fileAttr": (["variable", "value", "fileID", "status"], [["rol", "leider", 1, 1]]),
            "coding": (
                ["cid", "fid", "seltext", "selfirst", "selend", "status", "owner", "date", "memo"],
                [[1, 1, "Wij leren", 0.0, 9.0, 1, "anna", "d", ""],
                 [1, 1, "fouten", 15.0, 21.0, 1, "bo", "d", "m"],
                 [1, 1, "Wij", 0.0, 3.0, -1, "bo", "d", ""],
                 [1, 1, "Wij", 0.0, 3.0, 0, "bo", "d", ""]]),
        }
        return database("a.rqda", tables | more)

    return make


def test_rqda_counts_only_rows_that_were_not_deleted(rqda):
    delivery = read_interviews(rqda())
    assert delivery.source.tool == "rqda"
    assert list(delivery.documents["name"]) == ["G1"]
    assert list(delivery.codes["path"]) == ["Thema", "Thema > Tijd"]
    assert list(delivery.segments["coder"]) == ["anna", "bo"]
    assert delivery.documents["variables"].iloc[0] == {"rol": "leider"}


def test_rqda_positions_are_reals_and_are_verified(rqda):
    segments = read_interviews(rqda()).segments
    assert segments["start"].tolist() == [0, 14]
    assert segments["end"].tolist() == [9, 20]
    assert list(segments["offset_status"]) == ["exact", "repaired"]


def test_rqda_notes_a_code_in_several_categories(rqda):
    delivery = read_interviews(rqda(treecode=(["cid", "catid", "status"], [[1, 4, 1], [1, 5, 1]])))
    assert delivery.repairs[0].what.startswith("1 code(s) stand in more than one category")


CODING = ["cid", "fid", "seltext", "selfirst", "selend", "status", "owner", "date", "memo"]


def test_rqda_keeps_codings_of_a_deleted_code_under_its_name(rqda):
    delivery = read_interviews(rqda(coding=(CODING, [
        [2, 1, "Wij leren", 0.0, 9.0, 1, "anna", "d", ""],
        [7, 1, "Wij leren", 0.0, 9.0, 1, "anna", "d", ""]])))
    codes = delivery.codes.set_index("code")
    assert (codes.loc["2", "name"], codes.loc["2", "attributes"]["deleted"]) == ("weg", "true")
    assert list(delivery.segments["code"]) == ["2", "7"]
    told = {each.rule: each.what for each in delivery.repairs}
    assert told["rqda.deleted"].startswith("1 coding(s) have a code that was deleted")
    assert told["rqda.code"].startswith("1 coding(s) point to a code that is not in the codebook")


def test_rqda_of_a_version_without_a_column_says_so(rqda, problem_of):
    path = rqda(coding=(["cid", "seltext", "status"], [[1, "x", 1]]))
    problem = problem_of(read_interviews, path)
    assert problem.what == "a table of the RQDA database has no column 'fid'"


@pytest.fixture
def qualcoder(database):
    return database("project.qda/data.qda", {
        "source": (["id", "name", "fulltext"], [[1, "G1", TEXT], [2, "foto", None]]),
        "code_cat": (["catid", "name", "supercatid"], [[1, "Thema", None], [2, "Onder", 1]]),
        "code_name": (["cid", "name", "memo", "catid"],
                      [[1, "Tijd", "m", 2], [2, "Los", "", None]]),
        "code_text": (
            ["cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo", "important"],
            [[1, 1, "Wij leren", 0, 9, "anna", "d", "noot", 1],
             [2, 1, "Dat helpt", 22, 31, "bo", "d", "", None]]),
        "cases": (["caseid", "name"], [[1, "Persoon"]]),
        "case_text": (["caseid", "fid"], [[1, 1]]),
        "attribute": (["name", "attr_type", "value", "id"],
                      [["rol", "case", "leider", 1], ["duur", "file", "60", 1]]),
    })


@pytest.mark.parametrize("named", ["folder", "file"])
def test_qualcoder_by_its_folder_or_its_file(qualcoder, named):
    delivery = read_interviews(qualcoder.parent if named == "folder" else qualcoder)
    assert delivery.source.tool == "qualcoder"
    assert list(delivery.codes["path"]) == [
        "Thema", "Thema > Onder", "Thema > Onder > Tijd", "Los"]
    assert list(delivery.segments["text"]) == ["Wij leren", "Dat helpt"]
    assert list(delivery.segments["offset_status"]) == ["exact", "exact"]
    assert delivery.segments["attributes"].tolist() == [{"important": "1"}, {}]
    assert delivery.documents["variables"].iloc[0] == {
        "duur": "60", "case": "Persoon", "rol": "leider"}
    assert delivery.documents["text"].isna().tolist() == [False, True]


def test_qualcoder_tells_codings_of_a_code_that_is_gone(qualcoder):
    with sqlite3.connect(qualcoder) as connection:
        connection.execute("delete from code_name")
    delivery = read_interviews(qualcoder)
    (told,) = [each for each in delivery.repairs if each.rule == "qualcoder.code"]
    assert told.what.startswith(f"{len(delivery.segments)} coding(s) point to a code")


def test_a_store_is_never_written(qualcoder):
    before = qualcoder.read_bytes()
    qualcoder.chmod(0o444)
    read_interviews(qualcoder)
    assert qualcoder.read_bytes() == before
    assert [path.name for path in qualcoder.parent.iterdir()] == ["data.qda"]


def test_the_qualcoder_report_has_headings_that_return(write):
    path = write(
        "a.csv",
        '"File","Coder","Coded","Id","Codename","Coded_Memo","Category","Category"\n'
        '"G1","anna","Wij leren","ctid:7","Tijd","noot","Thema",""\n', "utf-8-sig")
    delivery = read_interviews(path)
    assert delivery.source.evidence == "a report with the columns Coder, Coded, Codename"
    assert delivery.segments["code"].iloc[0] == "Thema > Tijd"
    assert delivery.segments["attributes"].iloc[0] == {"key": "ctid:7"}


def test_atlasti_quotations_with_several_codes_in_a_cell(workbook):
    path = workbook("a.xlsx", [
        ["ID", "Document", "Quotation Content", "Codes", "Comment", "Created by", "Created"],
        ["3:10", "G3", "Wij leren", "Reflectie::Tijd\nRust", "c", "anna", "2026"]])
    delivery = read_interviews(path)
    assert delivery.source.tool == "atlasti"
    assert list(delivery.segments["code"]) == ["Reflectie > Tijd", "Rust"]
    assert delivery.segments["attributes"].iloc[0] == {"key": "3:10"}


def test_an_nvivo_codebook(workbook):
    path = workbook("a.xlsx", [
        ["Name", "Description", "Files", "References"], ["Reflectie\\Tijd", "kort", 3, 7],
        ["Rust", None, 1, 1]])
    delivery = read_interviews(path)
    assert delivery.source.tool == "nvivo"
    assert list(delivery.codes["path"]) == ["Reflectie", "Reflectie > Tijd", "Rust"]
    assert delivery.codes["description"].iloc[1] == "kort"


def test_nvivo_references(workbook):
    path = workbook("a.xlsx", [
        ["File Name", "Folder Location", "Code", "Coded Text", "Coded By", "Coverage"],
        ["G1", "Files\\Org B", "Tijd", "Wij leren", "AB", 0.5]])
    delivery = read_interviews(path)
    assert delivery.source.tool == "nvivo"
    assert delivery.segments["attributes"].iloc[0] == {"coverage": "0.5"}


DEDOOSE = [
    "Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Date", "Excerpt Copy",
    "Codes Applied Combined", "Code: Thema\\Tijd Applied", "Code: Thema\\Tijd Weight",
    "Code: Rust Applied"]


def test_dedoose_excerpts_with_a_column_per_code(workbook):
    path = workbook("a.xlsx", [
        DEDOOSE, ["G1", "0-9", "anna", "3/1/2026", "Wij leren", "Tijd, Rust", True, 2, "True"]])
    delivery = read_interviews(path)
    assert delivery.source.tool == "dedoose"
    assert list(delivery.segments["code"]) == ["Thema > Tijd", "Rust"]
    assert delivery.segments["attributes"].tolist() == [
        {"range": "0-9", "weight": "2"}, {"range": "0-9"}]


def test_dedoose_excerpts_with_the_combined_column_alone(workbook):
    path = workbook("a.xlsx", [
        DEDOOSE[:6], ["G1", "0-9", "anna", "3/1/2026", "Wij leren", "Tijd, Rust"]])
    assert list(read_interviews(path).segments["code"]) == ["Tijd", "Rust"]


def comment(key: int, *lines: str) -> str:
    inner = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    return f'<w:comment w:id="{key}" w:author="Anna" w:date="2026-03-01">{inner}</w:comment>'


@pytest.fixture
def docx(zipped):
    def make(comments: str | None):
        body = (
            f"<w:document {WORD}><w:body><w:p><w:r><w:t>Vraag.</w:t></w:r></w:p><w:p>"
            '<w:commentRangeStart w:id="0"/><w:r><w:t>Wij leren </w:t></w:r><w:r><w:t>veel.</w:t>'
            '</w:r><w:commentRangeEnd w:id="0"/></w:p></w:body></w:document>')
        members = {"word/document.xml": body}
        if comments is not None:
            members["word/comments.xml"] = f"<w:comments {WORD}>{comments}</w:comments>"
        return zipped("a.docx", members)

    return make


def test_a_dedoose_transcript_with_comments(docx):
    delivery = read_interviews(docx(comment(0, "Codes (485-522)", "Tijd", "Rust")))
    assert delivery.source.tool == "dedoose"
    assert delivery.documents["text"].iloc[0] == "Vraag.\nWij leren veel."
    assert list(delivery.segments["text"]) == ["Wij leren veel."] * 2
    assert delivery.segments["start"].tolist() == [7, 7]
    assert delivery.segments["attributes"].iloc[0] == {"range": "485-522"}
    assert list(delivery.segments["coder"]) == ["Anna", "Anna"]


@pytest.mark.parametrize("comments", [comment(0, "Zomaar een opmerking"), ""])
def test_a_word_document_with_other_comments_is_refused(docx, problem_of, comments):
    problem = problem_of(read_interviews, docx(comments))
    assert problem.what == "no comment in this Word document begins with 'Codes (from-to)'"


def test_a_word_document_without_comments_is_refused(docx, problem_of):
    assert problem_of(read_interviews, docx(None)).what == (
        "the Word document holds no comments, so no codes")


def test_a_tool_that_does_not_exist_is_refused(rqda, problem_of):
    problem = problem_of(read_interviews, rqda(), "nvivoo")
    assert problem.what == "there is no interview reader called 'nvivoo'"
    assert problem.cure.startswith("choose one of atlasti, dedoose, handmade, maxqda")


@pytest.mark.parametrize("tool", ["refi", "taguette"])
def test_asking_for_a_tool_does_not_replace_evidence(rqda, problem_of, tool):
    problem = problem_of(read_interviews, rqda(), tool)
    assert problem.what == f"this does not look like a file written by {tool}"


def test_a_table_of_another_tool_than_asked_for_is_refused(write, problem_of):
    path = write("a.csv", "id,document,tag,content\n5,G1,Tijd,x\n")
    assert problem_of(read_interviews, path, "maxqda").rule == "interviews.evidence"
    assert read_interviews(path, "taguette").source.tool == "taguette"


def test_what_is_no_coding_tool_is_refused_with_what_was_looked_for(write, database, problem_of):
    problem = problem_of(read_interviews, write("a.csv", "team,q1\nA,2\n"))
    assert problem.what.startswith("no coding tool is recognised; looked for a REFI-QDA project")
    assert problem.what.endswith("found: a table with 2 columns")
    other = problem_of(read_interviews, database("b.sqlite3", {"x": (["a"], [])}))
    assert other.what.endswith("found: a SQLite database with 1 other table(s)")
    assert problem_of(read_interviews, write("c.pdf", b"%PDF-1.7")).what.endswith("is a PDF")


def test_a_folder_without_a_store_is_refused(tmp_path, problem_of):
    problem = problem_of(read_interviews, tmp_path)
    assert problem.what == "this is a folder without data.qda, so no QualCoder project"


def test_rqda_keeps_cases_notes_pictures_and_every_category(rqda):
    delivery = read_interviews(rqda(
        codecat=(["name", "catid", "memo", "status"], [["Thema", 4, "", 1], ["Ander", 5, "", 1]]),
        treecode=(["cid", "catid", "status"], [[1, 4, 1], [1, 5, 1]]),
        cases=(["name", "memo", "id", "status"], [["Anna", "nieuw", 1, 1], ["weg", "", 2, 0]]),
        caselinkage=(["caseid", "fid", "selfirst", "selend", "status"], [[1, 1, 0.0, 9.0, 1]]),
        caseAttr=(["variable", "value", "caseID", "status"], [["rol", "lid", 1, 1]]),
        annotation=(["fid", "position", "annotation", "owner", "date", "status"],
                    [[1, 3.0, "let op", "bo", "d", 1]]),
        journal=(["name", "journal", "owner", "date", "status"], [["dag 1", "druk", "bo", "d", 1]]),
        image=(["name", "id", "status", "owner", "date"], [["foto", 1, 1, "bo", "d"]]),
        imageCoding=(["cid", "iid", "x1", "y1", "x2", "y2", "owner", "status"],
                     [[1, 1, 0, 0, 5, 5, "bo", 1]]),
    ))
    codes = delivery.codes.set_index("code")
    assert codes.loc["1", "parents"] == ("category 4", "category 5")
    assert codes.loc["1", "path"] == "Thema > Tijd"
    assert delivery.cases["variables"].tolist() == [{"rol": "lid"}]
    assert (delivery.cases["start"].iloc[0], delivery.cases["end"].iloc[0]) == (0, 9)
    assert list(delivery.notes["text"]) == ["let op", "druk"]
    assert delivery.segments["attributes"].iloc[-1] == {
        "selection": "image", "x1": "0", "y1": "0", "x2": "5", "y2": "5"}
    assert delivery.documents["variables"].iloc[0] == {
        "rol": "leider; lid", "case": "Anna"}


def test_qualcoder_keeps_cases_annotations_journal_pictures_and_recordings(database):
    path = database("data.qda", {
        "source": (["id", "name", "fulltext", "mediapath", "memo", "owner", "date"],
                   [[1, "G1", TEXT, None, "in de tuin", "bo", "2026-02-01"],
                    [2, "foto", None, "/images/foto.png", "", "bo", "d"]]),
        "code_cat": (["catid", "name", "supercatid"], [[1, "Boven", 2], [2, "Onder", 1]]),
        "code_name": (["cid", "name", "memo", "catid", "color", "owner", "date"],
                      [[1, "Tijd", "m", 2, "#AABBCC", "bo", "d"]]),
        "code_text": (["cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo"],
                      [[1, 1, "Wij leren", 0, 9, "anna", "d", ""]]),
        "code_image": (["imid", "id", "x1", "y1", "width", "height", "cid", "memo", "owner"],
                       [[1, 2, 3, 4, 10, 20, 1, "let op", "bo"]]),
        "code_av": (["avid", "id", "pos0", "pos1", "cid", "memo", "owner"],
                    [[1, 2, 1000, 2000, 1, "", "bo"]]),
        "cases": (["caseid", "name", "memo"], [[1, "Anna", ""], [2, "Bo", ""]]),
        "case_text": (["caseid", "fid", "pos0", "pos1"], [[1, 1, 0, 9], [2, 1, 10, 20]]),
        "attribute": (["name", "attr_type", "value", "id"],
                      [["rol", "case", "leider", 1], ["rol", "case", "lid", 2],
                       ["leeg", "case", "", 2]]),
        "annotation": (["anid", "fid", "pos0", "pos1", "memo", "owner", "date"],
                       [[1, 1, 4, 9, "mooi", "bo", "d"]]),
        "journal": (["jid", "name", "jentry", "date", "owner"], [[1, "dag 1", "druk", "d", "bo"]]),
        "project": (["databaseversion", "memo"], [["v9", "het project"]]),
    })
    delivery = read_interviews(path)
    assert list(delivery.segments["attributes"]) == [
        {}, {"selection": "image", "x1": "3", "y1": "4", "width": "10", "height": "20"},
        {"selection": "recording", "pos0": "1000", "pos1": "2000"}]
    assert list(delivery.segments["offset_status"]) == ["exact", "absent", "absent"]
    assert list(delivery.cases["variables"]) == [{"rol": "leider"}, {"rol": "lid"}]
    assert delivery.documents["variables"].iloc[0] == {
        "case": "Anna; Bo", "rol": "leider; lid"}
    assert list(delivery.notes["text"]) == ["mooi", "druk", "het project"]
    assert delivery.documents["memo"].iloc[0] == "in de tuin"
    assert delivery.codes.set_index("code").loc["1", "attributes"] == {
        "created": "d", "created by": "bo", "color": "#AABBCC"}
    assert any(p.rule == "tool.circle" for p in delivery.repairs), "a circle of categories"
    assert delivery.codes["path"].str.contains("Tijd").sum() == 1


def test_what_a_tool_had_not_yet_put_in_its_store_is_read_too(qualcoder, tmp_path):
    """QualCoder was open while its folder was copied: a row stands in the journal only."""
    connection = sqlite3.connect(qualcoder)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma wal_autocheckpoint=0")
    connection.execute("insert into code_text values (1, 1, 'van', 10, 13, 'bo', 'd', '', null)")
    connection.commit()
    copied = tmp_path / "kopie.qda"
    copied.mkdir()
    for path in qualcoder.parent.glob("data.qda*"):
        if not path.name.endswith("-shm"):
            shutil.copy(path, copied)
    connection.close()
    before = {path.name: path.read_bytes() for path in copied.iterdir()}
    read = read_interviews(copied)
    assert list(read.segments["text"]) == ["Wij leren", "Dat helpt", "van"]
    assert {path.name: path.read_bytes() for path in copied.iterdir()} == before
