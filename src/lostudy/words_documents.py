"""The words of findings, documents, catalogue and deposit; `lostudy.words` gives them out."""

from __future__ import annotations

DOCUMENTS: dict[str, tuple[str, str]] = {
    "about_levels": ("gemiddelde", "mean"),
    "about_profile": ("gemiddelde op de laatste meting", "mean at the last wave"),
    "about_change": ("verandering", "change"),
    "about_response": ("aantal personen", "number of persons"),
    "about_reliability": ("betrouwbaarheid", "reliability"),
    "about_comparability": ("niet gelijk gevraagd", "not asked alike"),
    "about_shares": ("antwoorden", "answers"),
    "diff_gone": ("is er niet meer (was: {})", "is gone (was: {})"),
    "diff_added": ("is nieuw: {}", "is new: {}"),
    "diff_words": ("andere woorden: {} → {}", "other words: {} → {}"),
    "diff_broken": ("klopt niet meer met de gegevens: {}", "no longer holds: {}"),
    "diff_holds": ("klopt nu met de gegevens: {}", "now holds: {}"),
    "diff_too_few": ("er zijn te weinig gegevens voor: {}", "too few data to say: {}"),
    "diff_value": ("waarde", "value"),
    "diff_low": ("ondergrens", "lower bound"),
    "diff_high": ("bovengrens", "upper bound"),
    "diff_n": ("n", "n"),
    "diff_cells": (
        "{} van {} cellen veranderd, zoals {}",
        "{} of {} cells changed, such as {}",
    ),
    "draft": ("concept", "draft"),
    "checked": ("nagekeken", "checked"),
    "withdrawn": ("ingetrokken", "withdrawn"),
    "state_ok": ("klopt", "ok"),
    "state_stale": ("verouderd", "stale"),
    "state_edited": ("bewerkt", "edited"),
    "state_conflict": ("conflict", "conflict"),
    "state_unknown": ("onbekend", "unknown"),
    "state_withdrawn": ("ingetrokken", "withdrawn"),
    "state_broken": ("klopt niet", "broken"),
    "state_reworded": ("herschreven", "reworded"),
    "state_token": ("nog te doen", "token"),
    "state_unused": ("ongebruikt", "unused"),
    "essay_ok": ("'{}'", "'{}'"),
    "essay_stale": ("er staat '{}', het is nu '{}'", "says '{}', it is now '{}'"),
    "essay_block": (
        "'{}' is veranderd sinds het hier werd gezet.",
        "'{}' changed since it was put here.",
    ),
    "essay_edited": (
        "met de hand veranderd in '{}'; de bevinding zegt '{}'",
        "changed by hand to '{}'; the finding says '{}'",
    ),
    "essay_conflict": (
        "met de hand veranderd in '{}', en de bevinding is nu '{}'",
        "changed by hand to '{}', and the finding is now '{}'",
    ),
    "essay_unknown": (
        "'{}' verwijst naar niets dat bestaat.",
        "'{}' points at nothing that exists.",
    ),
    "essay_withdrawn": (
        "dit citaat is ingetrokken: haal het weg, het mag nergens meer staan.",
        "this quote was withdrawn: take it out, it may stand nowhere any more.",
    ),
    "essay_broken": (
        "de zin '{}' klopt niet met de gegevens.",
        "the sentence '{}' does not hold on the data.",
    ),
    "essay_reworded": (
        "de zin is herschreven: '{}'. Zegt hij nog hetzelfde?",
        "the sentence was reworded: '{}'. Does it still say the same?",
    ),
    "essay_token": (
        "'{}' is nog niet ingevuld (nu: '{}').",
        "'{}' is not filled in yet (now: '{}').",
    ),
    "essay_unused": ("niet gebruikt", "not used"),
    "note_near": ("Bedoel je: {}?", "Did you mean: {}?"),
    "note_form": (
        "Die vorm heeft deze bevinding niet; wel: {}.",
        "This finding has no such form; it has: {}.",
    ),
    "note_unclosed": (
        "De accolades zijn niet gesloten: {{{{naam}}}}.",
        "The braces are not closed: {{{{name}}}}.",
    ),
    "note_alone": (
        "Begin en eind van een eigen zin horen in één alinea: "
        "{{{{naam:begin}}}} … {{{{naam:eind}}}}.",
        "An own sentence begins and ends in one paragraph: {{{{name:begin}}}} … {{{{name:end}}}}.",
    ),
    "note_plain": (
        "Dit staat in een invulveld van het sjabloon; typ de naam daarbuiten.",
        "This stands in a field of the template; type the name outside it.",
    ),
    "note_block": (
        "Een tabel hoort alleen in een alinea te staan.",
        "A table must stand alone in a paragraph.",
    ),
    "note_ruby": ("Hier kan Word niets invoegen.", "Word can put nothing here."),
    "note_long": (
        "Naam en vorm samen zijn langer dan 52 tekens.",
        "Name and form together are longer than 52 characters.",
    ),
    "note_draft": (
        "Dit citaat is nog niet door een tweede lezer nagekeken.",
        "This quote was not checked by a second reader yet.",
    ),
    "note_claim": ("De gegevens zeggen nu: {}", "The data now say: {}"),
    "note_alt": (
        "De alternatieve tekst is met de hand geschreven en blijft staan; klopt hij, leg dat dan "
        "vast met --accept.",
        "The alternative text was written by hand and stays; if it is right, record that with "
        "--accept.",
    ),
    "note_open": (
        "Het document staat open in Word of LibreOffice: dit gaat over de laatst bewaarde versie.",
        "The document is open in Word or LibreOffice: this is about the version saved last.",
    ),
    "note_macros": (
        "Het document bevat macro's; die blijven zoals ze zijn.",
        "The document holds macros; they stay as they are.",
    ),
    "note_tracked": (
        "Er staan {} bijgehouden wijzigingen in; wat doorgehaald is telt niet mee.",
        "It holds {} tracked changes; what is struck out does not count.",
    ),
    "note_tracking": (
        "Wijzigingen bijhouden staat aan; wat een vernieuwing schrijft staat daar niet tussen, "
        "maar in opmerkingen.",
        "Track changes is on; what a refresh writes is not among them but in comments.",
    ),
    "where_paragraph": ("alinea {}", "paragraph {}"),
    "where_header": ("koptekst", "header"),
    "where_footer": ("voettekst", "footer"),
    "where_footnotes": ("voetnoten", "footnotes"),
    "where_endnotes": ("eindnoten", "endnotes"),
    "where_line": ("regel {}", "line {}"),
    "remark": ("{}: {} → {}. Klopt de zin nog?", "{}: {} → {}. Does the sentence still hold?"),
    "remark_block": (
        "{} is vernieuwd. Klopt de tekst eromheen nog?",
        "{} was refreshed. Does the text around it still hold?",
    ),
    "origins": ("Herkomst van de bevindingen", "Where the findings come from"),
    "origins_said": (
        "Studie: {}. Gemaakt met {}. Per bevinding: de naam, wat er staat, het notebook en de cel.",
        "Study: {}. Made with {}. Of each finding: its name, what it says, notebook and cell.",
    ),
    "origin_name": ("naam", "name"),
    "origin_says": ("wat er staat", "what it says"),
    "origin_place": ("notebook en cel", "notebook and cell"),
    "note_comments": (
        "Er staan nog {} opmerkingen van mensen in.",
        "It still holds {} comments of people.",
    ),
    "kind_number": ("getal", "number"),
    "kind_interval": ("getal met interval", "number with interval"),
    "kind_claim": ("bewering", "claim"),
    "kind_figure": ("figuur", "figure"),
    "kind_table": ("tabel", "table"),
    "kind_quote": ("citaat", "quote"),
    "blocks_title": ("Bouwstenen", "Building blocks"),
    "blocks_how": (
        "Kopieer een bouwsteen en plak hem in het essay, of typ zijn naam daar tussen dubbele "
        "accolades. Daarna houdt `lostudy essay refresh` hem bij.",
        "Copy a block and paste it into the essay, or type its name there between double braces. "
        "From then on `lostudy essay refresh` keeps it up to date.",
    ),
    "blocks_other": ("Wie deed mee, hoe goed is er gemeten", "Who took part, how well it measured"),
    "blocks_claim": ("Beweringen", "Claims"),
    "blocks_figure": ("Figuren", "Figures"),
    "blocks_table": ("Tabellen", "Tables"),
    "blocks_quote": ("Citaten", "Quotes"),
    "blocks_interval": ("Getallen met hun interval", "Numbers with their interval"),
    "blocks_number": ("Aantallen", "Counts"),
    "blocks_what": ("wat het is", "what it is"),
    "blocks_text": ("zo staat het er", "how it reads"),
    "blocks_forms": ("andere vormen", "other forms"),
    "trail_parameters": ("parameters", "parameters"),
    "trail_plan": ("analyseplan", "analysis plan"),
    "trail_evidence": ("beschermde tabel", "protected table"),
    "trail_tables": ("opgeschoonde tabellen", "tidy tables"),
    "trail_files": ("leveringen", "deliveries"),
    "trail_rows": ("rijen", "rows"),
    "trail_steps": ("stappen", "steps"),
    "trail_code": ("code", "code"),
    "trail_now": ("nu", "now"),
    "trail_tables_changed": (
        "De opgeschoonde tabellen zijn sindsdien veranderd: draai `lostudy run`.",
        "The tidy tables changed since: run `lostudy run`.",
    ),
    "trail_code_changed": (
        "De code is sindsdien veranderd: draai `lostudy run`.",
        "The code changed since: run `lostudy run`.",
    ),
    "trail_other_study": (
        "Dit bestand komt uit een andere studie: {}.",
        "This file comes from another study: {}.",
    ),
    "trail_gone": (
        "De bevinding {} staat niet meer in de rapporten.",
        "The finding {} is no longer in the reports.",
    ),
    "trail_altered": (
        "Dit bestand is niet gelijk aan dat van {} in de rapporten: het is bewerkt, of de "
        "figuur is opnieuw getekend.",
        "This file is not the one of {} in the reports: it was altered, or the figure was drawn "
        "anew.",
    ),
    "trail_older": (
        "Dit bestand is een oudere {}: de getallen erachter zijn veranderd.",
        "This file is an older {}: the numbers behind it changed.",
    ),
    "trail_document": ("{}: {} bevindingen op {} plaatsen.", "{}: {} findings in {} places."),
    "kind": ("soort", "kind"),
    "question": ("leervraag", "learning question"),
    "no_question": ("geen leervraag", "no learning question"),
    "clear": ("wissen", "clear"),
    "show_more": ("Toon meer", "Show more"),
    "show_table": ("Toon tabel", "Show table"),
    "copy_id": ("Kopieer naam", "Copy name"),
    "copy_token": ("Kopieer voor Word", "Copy for Word"),
    "copy_citation": ("Kopieer verwijzing", "Copy citation"),
    "copy_alt": ("Kopieer alt-tekst", "Copy alt text"),
    "copied": ("Gekopieerd. {}", "Copied. {}"),
    "origin": ("Herkomst", "Origin"),
    "download": ("Download", "Download"),
    "unit": ("eenheid", "unit"),
    "shown_of": ("{} van {} getoond", "{} of {} shown"),
    "number_of": ("{} van {}", "{} of {}"),
    "nothing_found": ("Niets gevonden", "Nothing found"),
    "no_script": (
        "Zoeken en filteren vraagt een script; de analyses hierboven en alle bevindingen zijn er "
        "ook zonder:",
        "Searching and filtering needs a script; the analyses above and all findings are there "
        "without it:",
    ),
    "checklists": ("Checklists", "Checklists"),
    "checklists_said": (
        "Ingevuld met wat de studie en de analyse zelf weten. Wat open staat, schrijven mensen.",
        "Filled with what the study and the analysis know themselves. What is open, people write.",
    ),
    "checklist_filled": ("{} van {} ingevuld", "{} of {} filled in"),
    "checklist_item": ("punt", "item"),
    "checklist_topic": ("onderwerp", "topic"),
    "checklist_known": ("wat de studie weet", "what the study knows"),
    "checklist_gap": ("nog te schrijven", "to be written"),
    "fact_design": (
        "gemengde methoden; {} organisaties, {} metingen; geen controlegroep",
        "mixed methods; {} organisations, {} waves; no control group",
    ),
    "fact_instrument": ("{} stellingen in {} schalen", "{} items in {} scales"),
    "fact_cleaning": (
        "vaste regels, elke wijziging gelogd met reden; herkenbare gegevens bij het lezen "
        "verwijderd",
        "fixed rules, every change logged with its reason; identifiers removed on reading",
    ),
    "fact_missing": (
        "een schaalscore vraagt antwoord op {} van de stellingen",
        "a scale score needs answers to {} of its items",
    ),
    "fact_findings": (
        "{} bevindingen met naam, waarvan {} beweringen die kunnen breken",
        "{} findings with a name, of which {} claims that can break",
    ),
    "fact_open": (
        "code en herkomst van elk getal zijn na te gaan",
        "code and origin of each number can be traced",
    ),
    "fact_integration": (
        "vragenlijst en gesprekken naast elkaar per thema, oordeel volgens vaste regel",
        "questionnaire and conversations side by side by theme, verdict by a fixed rule",
    ),
    "fact_codes": (
        "{} codes met definitie in het codeboek",
        "{} codes with definitions in the codebook",
    ),
    "fact_coders": (
        "codeurs staan in het codeboek onder een pseudoniem",
        "coders stand in the codebook under a pseudonym",
    ),
    "fact_quotes": (
        "{} citaten, nagekeken door een tweede lezer",
        "{} quotes, checked by a second reader",
    ),
    "cite_message": (
        "Gebruik je deze uitkomsten, verwijs dan zo.",
        "If you use these results, cite them as below.",
    ),
    "cite_authors": (
        "Auteurs van de studie (nog in te vullen)",
        "Authors of the study (to be filled in)",
    ),
}
