"""The words of tables, figures and cards in Dutch and English, each written once.

What belongs to a study (labels of scales, codes, organisations) stands in its codebook, not here.
"""

from __future__ import annotations

from lostudy.words_documents import DOCUMENTS
from lostudy.words_interviews import INTERVIEWS
from lostudy.words_statistics import STATISTICS

WORDS: dict[str, tuple[str, str]] = {
    "output_left_out": (
        "Niet opgenomen: deze uitvoer is geen beschermde tabel of figuur.",
        "Left out: this output is no protected table or figure.",
    ),
    "rows_about_people": (
        "{} rijen over personen, kolommen: {}. Om ze te zien: lo.look(...); een run weigert dat.",
        "{} rows about people, columns: {}. To see them: lo.look(...); a run refuses that.",
    ),
    "beside_others_title": (
        "Naast de andere organisaties, {}",
        "Beside the other organisations, {}",
    ),
    "others": ("de anderen samen", "the others together"),
    **STATISTICS,
    **INTERVIEWS,
    "all": ("alle", "all"),
    "all_organisations": ("alle organisaties", "all organisations"),
    "all_waves": ("alle metingen", "all waves"),
    "organisation": ("organisatie", "organisation"),
    "wave": ("meting", "wave"),
    "scale": ("schaal", "scale"),
    "item": ("stelling", "item"),
    "role": ("functiegroep", "role"),
    "tenure": ("dienstjaren", "tenure"),
    "step": ("stap", "step"),
    "estimand": ("vergelijking", "comparison"),
    "estimate": ("schatting", "estimate"),
    "interval": ("95%-BI", "95% CI"),
    "n": ("n", "n"),
    "method": ("methode", "method"),
    "note": ("opmerking", "note"),
    "hidden": ("verborgen", "hidden"),
    "wording": ("oordeel", "judgement"),
    "coefficient": ("maat", "coefficient"),
    "category": ("antwoord", "answer"),
    "share": ("aandeel", "share"),
    "rate": ("respons", "response rate"),
    "invited": ("uitgenodigd", "invited"),
    "records": ("ingevuld", "answered"),
    "kept": ("meegeteld", "kept"),
    "linked": ("gekoppeld", "linked"),
    "status": ("vergelijkbaarheid", "comparability"),
    "items": ("stellingen", "items"),
    "k": ("gesprekken", "conversations"),
    "band": ("in hoeveel gesprekken", "in how many conversations"),
    "code": ("thema", "theme"),
    "theme": ("thema", "theme"),
    "valence": ("werkt of niet", "works or not"),
    "verdict": ("samen bezien", "taken together"),
    "mean": ("gemiddelde", "mean"),
    "difference": ("verschil", "difference"),
    "same people": ("dezelfde mensen", "the same people"),
    "workforce": ("het hele personeel", "the workforce"),
    "team means": ("gemiddelden van teams", "team means"),
    "rose": ("steeg", "rose"),
    "fell": ("daalde", "fell"),
    "points_to_rise": ("wijst op een stijging", "points to a rise"),
    "points_to_fall": ("wijst op een daling", "points to a fall"),
    "no_noteworthy_change": ("geen noemenswaardige verandering", "no noteworthy change"),
    "too_uncertain": ("te onzeker om te zeggen", "too uncertain to say"),
    "none": ("geen", "none"),
    "some": ("enkele", "some"),
    "several": ("meerdere", "several"),
    "most": ("de meeste", "most"),
    "works": ("werkt", "works"),
    "works_not": ("werkt niet", "does not work"),
    "mixed": ("gemengd", "mixed"),
    "unknown": ("niet gecodeerd", "not coded"),
    "confirms": ("bevestigt", "confirms"),
    "adds": ("vult aan", "adds"),
    "contradicts": ("spreekt tegen", "contradicts"),
    "silence": ("stilte", "silence"),
    "not_asked": ("niet gevraagd", "not asked"),
    "identical": ("gelijk", "identical"),
    "recoded": ("omgezet", "recoded"),
    "not_comparable": (
        "Niet zonder meer vergelijkbaar: {}.",
        "Not comparable without thought: {}.",
    ),
    "odd_items": ("{}, {} ({} van {} items: {})", "{}, {} ({} of {} items: {})"),
    "odd_in_many": (
        "bij {} organisaties zijn vragen anders gesteld of niet gesteld",
        "at {} organisations questions were asked otherwise or not asked",
    ),
    "reworded": ("andere woorden", "reworded"),
    "other_scale": ("andere antwoordschaal", "other answer scale"),
    "impossible": ("niet vergelijkbaar", "not comparable"),
    "low": ("lage kant", "low side"),
    "middle": ("midden", "middle"),
    "high": ("hoge kant", "high side"),
    "simulated": ("gesimuleerd", "simulated"),
    "simulated_data": (
        "Gesimuleerde gegevens: niets hiervan is echt gebeurd.",
        "Simulated data: none of this really happened.",
    ),
    "real": ("echte gegevens", "real data"),
    "holds": ("klopt met de gegevens", "holds"),
    "broken": ("klopt niet met de gegevens", "does not hold"),
    "too_few": ("te weinig om te zeggen", "too few to say"),
    "threshold": ("niets onder de {} personen", "nothing under {} persons"),
    "rounded": ("n afgerond op {}", "n rounded to {}"),
    "hidden_cells": ("{} van {} cellen verborgen", "{} of {} cells hidden"),
    "not measured": ("niet gemeten", "not measured"),
    "finding": ("bevinding", "finding"),
    "response_title": ("Wie deed mee?", "Who took part?"),
    "reliability_title": ("Hoe goed meten de schalen?", "How well do the scales measure?"),
    "profile_title": ("Profiel van de schalen op {}", "Profile of the scales at {}"),
    "levels_by": ("per {}", "by {}"),
    "answers_title": ("antwoorden op {}", "answers at {}"),
    "change_title": ("verandering van {} naar {}", "change from {} to {}"),
    "changes_title": ("Verandering van {} naar {} per schaal", "Change from {} to {} by scale"),
    "comparability_title": (
        "Stellingen die niet overal gelijk gevraagd zijn",
        "Items that were not asked alike everywhere",
    ),
    "voices_title": (
        "In hoeveel gesprekken kwam het thema ter sprake?",
        "In how many conversations did the theme come up?",
    ),
    "joint_title": (
        "Vragenlijst en gesprekken naast elkaar",
        "Questionnaire and conversations side by side",
    ),
    "scale_points": ("schaalpunten, {}", "scale points, {}"),
    "mean, team-clustered CR2 interval, Satterthwaite df": (
        "gemiddelde; interval houdt rekening met teams (CR2, Satterthwaite)",
        "mean; the interval allows for teams (CR2, Satterthwaite)",
    ),
    "mean, t interval": ("gemiddelde; t-interval", "mean; t interval"),
    "paired differences, CR2 by team, Satterthwaite df": (
        "dezelfde mensen: gepaarde verschillen, teams in het interval (CR2, Satterthwaite)",
        "the same people: paired differences, teams in the interval (CR2, Satterthwaite)",
    ),
    "alpha, pairwise, feldt interval": (
        "alfa: paarsgewijs, interval van Feldt",
        "alpha: pairwise, Feldt interval",
    ),
    "omega, one factor by ml, observed variance, listwise, delta interval": (
        "omega: één factor (ML), waargenomen variantie, deltamethode",
        "omega: one factor (ML), observed variance, delta method",
    ),
    "too few teams: interval not to be tested": (
        "te weinig teams: niet toetsen",
        "too few teams: do not test",
    ),
    "too few linked persons": ("te weinig gekoppelde personen", "too few linked persons"),
    "not asked at both waves": ("niet op beide metingen gevraagd", "not asked at both waves"),
    "no answers": ("geen antwoorden", "no answers"),
    "fewer than three items": ("minder dan drie stellingen", "fewer than three items"),
    "interval_line": (
        "Streep: 95%-betrouwbaarheidsinterval; gestippeld: te weinig teams om te toetsen.",
        "Bar: 95% confidence interval; dotted: too few teams to test.",
    ),
    "change_legend": (
        "Gevuld: interval sluit nul uit; gestippeld: te weinig teams om te toetsen. Grijze band: "
        "kleinste verandering van belang (±{}).",
        "Filled: interval excludes zero; dotted: too few teams to test. Grey band: smallest change "
        "of interest (±{}).",
    ),
    "agree_is_unfavourable": ("eens = ongunstig", "agreeing = unfavourable"),
    "at_the_right": ("rechts", "at the right"),
    "alt_levels": ("Gemiddelden met interval. {}.", "Means with interval. {}."),
    "alt_change": ("Verschillen met 95%-interval. {}.", "Differences with 95% interval. {}."),
    "alt_answers": (
        "Gestapelde balken, oneens links en eens rechts. {}. Aandeel aan de hoge kant:",
        "Stacked bars, disagreement left and agreement right. {}. Share on the high side:",
    ),
    "alt_profile": ("Puntprofiel per organisatie. {}.", "Dot profile per organisation. {}."),
    "alt_codes": (
        "Matrix van thema's en organisaties. {}.",
        "Matrix of themes and organisations. {}.",
    ),
    "alt_joint": (
        "Gesprekken, vragenlijst en oordeel naast elkaar. {}.",
        "Conversations, questionnaire and verdict side by side. {}.",
    ),
    "alt_response": ("Balken met de respons. {}.", "Bars with the response. {}."),
    "plane_legend": (
        "Open: eerdere metingen; gevuld: laatste meting, met 95%-interval op beide schalen; "
        "gestippeld: te weinig teams om te toetsen.",
        "Open: earlier waves; filled: last wave, with 95% interval on both scales; dotted: too few "
        "teams to test.",
    ),
    "alt_plane": (
        "Twee schalen tegen elkaar. {}. Van links naar rechts {}, van onder naar boven {}.",
        "Two scales against each other. {}. From left to right {}, from bottom to top {}.",
    ),
    "against_title": ("{} tegen {}", "{} against {}"),
    "flow_legend": (
        "Hoogte: aantal personen, afgerond, binnen de organisatie vergelijkbaar.",
        "Height: number of persons, rounded, comparable within the organisation.",
    ),
    "alt_flow": ("Van uitgenodigd naar gekoppeld. {}.", "From invited to linked. {}."),
    "specifications_legend": (
        "Van laag naar hoog; gevuld: volgens plan. Streep: de laagste en de hoogste schatting van "
        "die soort. Grijze band: kleinste verandering van belang (±{}).",
        "From low to high; filled: as planned. Bar: the lowest and the highest estimate of that "
        "kind. Grey band: smallest change of interest (±{}).",
    ),
    "alt_specifications": (
        "Schattingen onder elke vooraf vastgelegde keuze. {}. Gelijk teken bij {} van {}.",
        "Estimates under each choice fixed beforehand. {}. The same sign in {} of {}.",
    ),
    "band_others": (
        "Grijze band: van laagste tot hoogste gemiddelde van de andere organisaties.",
        "Grey band: lowest to highest mean of the other organisations.",
    ),
    "codes_legend": (
        "In banden (enkele: 1–2, meerdere: 3 of meer, de meeste: de helft of meer).",
        "In bands (some: 1–2, several: 3 or more, most: half or more).",
    ),
    "codes_legend_signs": (
        "● enkele (1–2), ●● meerdere (3 of meer), ●●● de meeste (de helft of meer), ○ geen.",
        "● some (1–2), ●● several (3 or more), ●●● most (half or more), ○ none.",
    ),
    "conversations_of_short": ("{}/{}", "{}/{}"),
    "codes_exact": (
        "Exact alleen over alle organisaties samen, waar dat geen organisatie verraadt.",
        "Exact only over all organisations, where that gives none of them away.",
    ),
    "joint_legend": (
        "Vragenlijst: verandering van het personeel met 95%-interval. Oordeel: voorstel volgens "
        "vaste regel, ter bevestiging door twee lezers.",
        "Questionnaire: change of the workforce with 95% interval. Verdict: proposed by rule, to "
        "be confirmed by two readers.",
    ),
    "conversations_of": ("{} van {}", "{} of {}"),
    "response_legend": (
        "Omlijnd: uitgenodigd; licht: meegeteld; donker: op meer metingen teruggevonden. Aantallen "
        "afgerond.",
        "Outline: invited; light: kept; dark: found at more than one wave. Numbers rounded.",
    ),
    "n_below": ("Onderaan: aantal personen.", "At the bottom: number of persons."),
    "survey_change": ("vragenlijst", "questionnaire"),
    "to_content": ("Naar de inhoud", "Skip to content"),
    "catalogue": ("Overzicht", "Catalogue"),
    "alt_text": ("Beschrijving in woorden", "Description in words"),
    "notebook": ("notebook", "notebook"),
    "analyses": ("Analyses", "Analyses"),
    "analysis": ("analyse", "analysis"),
    "open": ("openen", "open"),
    "stale": ("verouderd", "stale"),
    "every": ("alle", "all"),
    "search": ("zoeken", "search"),
    "figures_and_findings": ("Figuren en bevindingen", "Figures and findings"),
    "findings": ("Bevindingen", "Findings"),
    "condition": ("voorwaarde", "condition"),
    "alpha": ("alfa", "alpha"),
    "omega": ("omega", "omega"),
    **DOCUMENTS,
}


def word(key: str, language: str = "nl", *values: object) -> str:
    """The word for a key; a key without a word is shown as it is.

    >>> word("wave"), word("wave", "en"), word("threshold", "nl", 10)
    ('meting', 'wave', 'niets onder de 10 personen')
    """
    pair = WORDS.get(str(key))
    return str(key) if pair is None else pair[0 if language == "nl" else 1].format(*values)
