"""Every way in which a sheet of the codebook can be wrong: the whole message, with row and cure."""

import pytest

from lostudy.study import load_study
from lostudy.study.model import MISSING_REASONS

ITEMS = "item,scale,labels,reversed,text_nl\n"
LABELS = ("set,value,label,language,missing\nagree3,1,Oneens,nl,\nagree3,2,Neutraal,nl,\n"
          "agree3,3,Eens,nl,\nrole,staff,Medewerker,nl,\n")
CODES = "code,parent,assignable,label_nl\nLEREN,,yes,Leren\n"
CROSSWALK = "source,target,labels,note\nq1,lw01,,\nq2,lw02,,\n"
FIELDS = ("record, link, team, role, tenure, started, submitted, seconds, language, weight, "
          "preview, ignore")
BROKEN = {
    "an item twice": (
        "items.csv", ITEMS + "lw01,LW,agree3,0,a\nlw02,LW,agree3,1,b\nlw01,LW,agree3,0,c\n",
        ["codebook/items.csv, row 4, column 'item': item 'lw01' stands twice. "
         "To do: give it another name; it stands in row 2 too"]),
    "an item without a name": (
        "items.csv", ITEMS + "lw01,LW,agree3,0,a\nlw02,LW,agree3,1,b\n,LW,agree3,0,c\n",
        ["codebook/items.csv, row 4, column 'item': a item without a name. To do: fill in 'item'"]),
    "an item of no scale": (
        "items.csv", ITEMS + "lw01,LW,agree3,0,a\n\nlw02,XX,agree3,0,b\n",
        ["codebook/crosswalk/A-T0.csv"],),
    "a reversed item alone": (
        "items.csv", ITEMS + "lw01,,agree3,0,a\n\nlw02,LW,agree3,1,b\n",
        ["codebook/items.csv, row 4, column 'reversed': item 'lw02' is reversed and alone in scale "
         "LW: its direction cannot be checked. To do: word the scale in the item's direction "
         "(reversed = 0), or add an item"]),
    "neither yes nor no": (
        "items.csv", ITEMS + "lw01,LW,agree3,soms,a\nlw02,LW,agree3,1,b\n",
        ["codebook/items.csv, row 2, column 'reversed': 'soms' is neither yes nor no. "
         "To do: write 1 or 0"]),
    "a label set that does not exist": (
        "items.csv", ITEMS + "lw01,LW,agree5,0,a\nlw02,LW,agree3,1,b\n",
        ["codebook/items.csv, row 2, column 'labels': item 'lw01': label set 'agree5' does not "
         "exist. To do: one of: agree3, role, number"]),
    "labels in words": (
        "items.csv", ITEMS + "lw01,LW,role,0,a\nlw02,LW,agree3,1,b\n",
        ["codebook/items.csv, row 2, column 'labels': item 'lw01': the values of label set 'role' "
         "are not whole numbers. To do: give them numbers in labels.csv"]),
    "a scale without items": (
        "scales.csv", "scale,label_nl,minimum,maximum\nLW,Leren,1,3\nZZ,Leeg,1,3\n",
        ["codebook/scales.csv, row 3: scale ZZ has no items. To do: give its items in items.csv"]),
    "a scale upside down": (
        "scales.csv", "scale,label_nl,minimum,maximum\nLW,Leren,3,1\n",
        ["codebook/scales.csv, row 2, column 'minimum': scale LW: the minimum is not below the "
         "maximum. To do: swap them",
         "codebook/items.csv, row 2, column 'labels': item 'lw01': label set 'agree3' goes outside "
         "its scale LW. To do: make minimum and maximum in scales.csv those of the answers",
         "codebook/items.csv, row 3, column 'labels': item 'lw02': label set 'agree3' goes outside "
         "its scale LW. To do: make minimum and maximum in scales.csv those of the answers"]),
    "a scale with an item that does not exist": (
        "scales.csv", "scale,label_nl,minimum,maximum,items\nLW,Leren,1,3,lw01;lw09\n",
        ["codebook/scales.csv, row 2, column 'items': item 'lw09' does not exist. "
         "To do: add it to items.csv"]),
    "no whole number": (
        "scales.csv", "scale,label_nl,minimum,maximum\nLW,Leren,een,3\n",
        ["codebook/scales.csv, row 2, column 'minimum': not a whole number. To do: write one",
         ]),
    "a circle of codes": (
        "codes.csv", CODES.replace("LEREN,,", "LEREN,SAMEN,") + "SAMEN,LEREN,yes,Samen\n",
        ["codebook/codes.csv, row 2, column 'parent': code 'LEREN' is among its own parents. "
         "To do: break the circle",
         "codebook/codes.csv, row 3, column 'parent': code 'SAMEN' is among its own parents. "
         "To do: break the circle"]),
    "a parent that does not exist": (
        "codes.csv", CODES + "SAMEN,WEG,yes,Samen\n",
        ["codebook/codes.csv, row 3, column 'parent': code 'SAMEN': parent 'WEG' does not exist. "
         "To do: add it or mend the name"]),
    "a label with two values": (
        "labels.csv", LABELS + "agree3,3,oneens,nl,\n",
        ["codebook/labels.csv, row 6, column 'label': label 'oneens' has two values. "
         "To do: one label can mean one value only"]),
    "a label that is a value and a reason": (
        "labels.csv", LABELS + "agree3,,EENS,nl,refused\n",
        ["codebook/labels.csv, row 6, column 'label': label 'EENS' is a value and a missing "
         "reason. To do: one label can mean one of them"]),
    "a label without a value": (
        "labels.csv", LABELS + "agree3,,Tja,nl,\n",
        ["codebook/labels.csv, row 6, column 'value': a label without a value. "
         "To do: give a value, or a reason in 'missing'"]),
    "an unknown reason": (
        "labels.csv", LABELS + "agree3,,Tja,nl,forgotten\n",
        ["codebook/labels.csv, row 6, column 'missing': unknown reason 'forgotten'. To do: one of: "
         "not_asked, not_answered, not_applicable, dont_know, refused, impossible"]),
    "an unknown language": (
        "labels.csv", LABELS + "agree3,3,Ja,fr,\n",
        ["codebook/labels.csv, row 6, column 'language': unknown language. To do: write nl or en"]),
    "a crosswalk to nowhere": (
        "crosswalk/A-T0.csv", CROSSWALK + "q3,lw99,,\n",
        ["codebook/crosswalk/A-T0.csv, row 4, column 'target': target 'lw99' is no item and no "
         f"field. To do: an item of items.csv, or one of: {FIELDS}"]),
    "a column that is filled twice": (
        "crosswalk/A-T0.csv", CROSSWALK + "q3,lw01,,\n",
        ["codebook/crosswalk/A-T0.csv, row 4, column 'target': 'lw01' is filled twice. "
         "To do: row 2 fills it too; ignore one"]),
    "ignored without a reason": (
        "crosswalk/A-T0.csv", CROSSWALK + "q3,ignore,,\n",
        ["crosswalk/A-T0.csv, row 4, column 'note': ignored without a reason. "
         "To do: say why this column is ignored"]),
    "no target": (
        "crosswalk/A-T0.csv", CROSSWALK + "q3,,,\n",
        ["crosswalk/A-T0.csv, row 4, column 'target': no target. "
         "To do: name an item, a background variable, or ignore with a note"]),
    "a pattern that is not ignored": (
        "crosswalk/A-T0.csv", CROSSWALK + "x*,team,,\n",
        ["codebook/crosswalk/A-T0.csv, row 4, column 'source': a pattern can only be ignored. "
         "To do: name the columns one by one"]),
    "labels that do not exist": (
        "crosswalk/A-T0.csv", CROSSWALK + "q3,team,ploegen,\n",
        ["codebook/crosswalk/A-T0.csv, row 4, column 'labels': label set 'ploegen' does not exist. "
         "To do: name one of labels.csv, or write label=value|label=value"]),
    "a skeleton that was not filled in": (
        "crosswalk/A-T0.csv", CROSSWALK + "q3,team,Ploeg 1=A1|Ploeg 2=,\n",
        ["codebook/crosswalk/A-T0.csv, row 4, column 'labels': a label without a value. "
         "To do: write its value or reason behind '=', or take it out"]),
    "a value that the item does not have": (
        "crosswalk/A-T0.csv", CROSSWALK.replace("q2,lw02,,", "q2,lw02,5=7|8=dont_know,"),
        ["codebook/crosswalk/A-T0.csv, row 3, column 'labels': '7' is no answer of item 'lw02'. "
         "To do: one of: 1, 2, 3; or a reason: "
         f"{', '.join(MISSING_REASONS)}"]),
    "a crosswalk of nobody": (
        "crosswalk/Z-T0.csv", CROSSWALK,
        ["codebook/crosswalk/Z-T0.csv: a crosswalk of no organisation and wave. "
         "To do: call it <organisation>-<wave>.csv"]),
    "a code crosswalk to nowhere": (
        "crosswalk/A-T0-interviews.csv", "source,target\nSamen,WEG\nwerkt,werking=werkt\n",
        ["codebook/crosswalk/A-T0-interviews.csv, row 2, column 'target': code 'WEG' does not "
         "exist. To do: add it to codes.csv, write attribute=value, or ignore it with a note"]),
    "an unknown status": (
        "crosswalk/A-T0.csv", "source,target,status\nq1,lw01,same\nq2,lw02,\n",
        ["crosswalk/A-T0.csv, row 2, column 'status': unknown status 'same'. To do: one of: "
         "identical, recoded, reworded, other_scale, not_asked, impossible"]),
    "a correction without a name": (
        "corrections.csv", "delivery,key,column,old,new,reason,who,date\nA/T0/survey.csv,2,q1,"
        "1,2,tikfout,,2026-03-01\n",
        ["codebook/corrections.csv, row 2, column 'who': an empty cell. To do: fill it in"]),
    "a coder twice": (
        "coders.csv", "name,coder\nJan,c1\nJan,c2\n",
        ["codebook/coders.csv, row 3, column 'name': coder name 'Jan' stands twice. "
         "To do: give it another name; it stands in row 2 too"]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_sheets(refused, name):
    file, text, messages = BROKEN[name]
    if name == "an item of no scale":
        messages = ["codebook/items.csv, row 4, column 'scale': item 'lw02': scale 'XX' does not "
                    "exist. To do: one of: LW"]
    assert refused({file: text}) == messages


def test_a_sheet_that_is_missing(refused, tmp_path):
    messages = refused({"scales.csv": ""})
    assert "codebook/scales.csv, row 1: column 'scale' is missing. To do: add it" in messages


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_sheets_as_excel_saves_them(write, separator, encoding):
    text = ITEMS + "lw01,LW,agree3,0,Ik leer één ding.\nlw02,LW,agree3,1,Nee.\n"
    folder = write()
    path = folder / "codebook" / "items.csv"
    path.write_bytes(text.replace(",", separator).replace("\n", "\r\n").encode(encoding))
    assert load_study(folder).items["lw01"].text.nl == "Ik leer één ding."
