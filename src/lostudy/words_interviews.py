"""The words of coded conversations, Dutch and English; `words.py` takes them up."""

from __future__ import annotations

INTERVIEWS: dict[str, tuple[str, str]] = {
    "and": ("en", "and"),
    "begin": ("begin", "begin"),
    "end": ("eind", "end"),
    "one": ("thema", "theme"),
    "two": ("met thema", "with theme"),
    "part": ("deel van het gesprek", "part of the conversation"),
    "more": ("vaker dan bij toeval", "more often than by chance"),
    "less": ("minder vaak dan bij toeval", "less often than by chance"),
    "coding_title": (
        "Hoe goed komen de codeurs overeen, per thema?",
        "How well do the coders agree, by theme?",
    ),
    "coders_axis": (
        "overeenstemming boven toeval (1 = volledig)",
        "agreement beyond chance (1 = complete)",
    ),
    "prevalence_short": ("aandeel", "share"),
    "coders_legend": (
        "● Krippendorffs alfa, ○ Gwets AC1, met 95%-interval over gesprekken. Bij een zeldzame "
        "code kan alfa laag en AC1 hoog zijn.",
        "● Krippendorff's alpha, ○ Gwet's AC1, with 95% interval over conversations. With a rare "
        "code alpha can be low while AC1 is high.",
    ),
    "coders_share": (
        "Aandeel: hoe vaak de code is toegekend.",
        "Share: how often the code was given.",
    ),
    "alt_coders": (
        "Krippendorffs alfa van de codeurs per thema. {}",
        "Krippendorff's alpha of the coders by theme. {}",
    ),
    "coding_by_conversation": (
        "Eenheid: het gesprek, wel of niet met het thema; alleen gesprekken die twee codeurs "
        "beoordeelden.",
        "Unit: the conversation, with the theme or without; only conversations judged by two "
        "coders.",
    ),
    "coding_by_passage": (
        "Eenheid: de passage die minstens een codeur markeerde; tekst die niemand markeerde telt "
        "niet mee. Alleen gesprekken die twee codeurs beoordeelden.",
        "Unit: the passage that at least one coder marked; text that nobody marked does not "
        "count. Only conversations judged by two coders.",
    ),
    "together_title": (
        "Welke thema's kwamen samen ter sprake?",
        "Which themes came up together?",
    ),
    "together_overlap": (
        "Samen: in dezelfde of overlappende passages.",
        "Together: in the same or overlapping passages.",
    ),
    "together_segment": ("Samen: in dezelfde passage.", "Together: in the same passage."),
    "together_conversation": (
        "Samen: in hetzelfde gesprek.",
        "Together: in the same conversation.",
    ),
    "together_near": (
        "Samen: hoogstens {} tekens uit elkaar.",
        "Together: at most {} characters apart.",
    ),
    "together_legend": (
        "+ vaker en − minder vaak dan bij toeval (95%-interval van de lift).",
        "+ more and − less often than by chance (95% interval of the lift).",
    ),
    "alt_together": (
        "Thema's die in meerdere of de meeste gesprekken samen voorkwamen. {}",
        "Themes that came up together in several or most conversations. {}",
    ),
    "portrait_title": (
        "Waar in de gesprekken kwamen thema's ter sprake?",
        "Where in the conversations did themes come up?",
    ),
    "alt_portrait": (
        "Banden van begin tot eind van de gesprekken. {}",
        "Bands from begin to end of the conversations. {}",
    ),
    "saturation_title": (
        "Brachten de laatste gesprekken nog nieuwe thema's?",
        "Did the last conversations still bring new themes?",
    ),
    "saturation_across": ("aantal gesprekken", "number of conversations"),
    "conversations_before": ("gesprekken", "conversations"),
    "saturation_legend": (
        "Nieuwe codes in de volgende gesprekken als deel van de codes in de eerste, gemiddeld over "
        "volgordes; grijs: 95% van de volgordes; streeplijn: {}.",
        "New codes in the next conversations as a share of those in the first, averaged over "
        "orders; grey: 95% of the orders; dashed: {}.",
    ),
    "saturation_rule": (
        "Basis {} gesprekken, telkens {} volgende (Guest, Namey & Chen 2020). {}",
        "Base {} conversations, {} next ones at a time (Guest, Namey & Chen 2020). {}",
    ),
    "saturation_point": (
        "Verzadigd na {} gesprekken ({}–{} over volgordes).",
        "Saturated after {} conversations ({}–{} over orders).",
    ),
    "saturation_not": (
        "Niet verzadigd in de helft van de volgordes of meer.",
        "Not saturated in half of the orders or more.",
    ),
    "alt_saturation": ("Nieuwe informatie per aantal gesprekken. {}",
                       "New information by number of conversations. {}"),
    "alt_saturation_line": ("{}: van {} naar {} na {} gesprekken",
                            "{}: from {} to {} after {} conversations"),
    "quotes_title": ("Wat mensen zeiden", "What people said"),
    "participant": ("deelnemer", "participant"),
    "text": ("citaat", "quote"),
    "translated": ("vertaald", "translated"),
    "name": ("naam", "name"),
    "quotes_waiting": ("Wachten nog: {}. {}.", "Waiting: {}. {}."),
    "quotes_spread": (
        "Uit {} van {} organisaties, hoogstens twee per persoon.",
        "From {} of {} organisations, at most two of one person.",
    ),
    "quotes_lopsided": (
        "Meer dan de helft komt uit één organisatie: kies evenwichtiger.",
        "More than half come from one organisation: choose more evenly.",
    ),
    "no_consent": ("geen toestemming om te citeren", "no consent to be quoted"),
    "not_the_words": ("niet de woorden van een passage", "not the words of a passage"),
    "not_placed": ("plaats in de tekst niet bevestigd", "place in the text not verified"),
    "names_somebody": ("noemt iemand of iets herkenbaars", "names somebody"),
    "another_theme": ("de passage heeft dit thema niet", "the passage has another theme"),
    "no_second_reader": ("geen tweede lezer", "no second reader"),
    "changed_since": (
        "passage niet zoals de tweede lezer die zag",
        "passage not as the second reader saw it",
    ),
    "not_released": ("niet vrijgegeven", "not released"),
    "third_of_one": ("meer dan twee van één persoon", "more than two of one person"),
    "readers_confirmed": (
        "Door twee lezers bevestigd: {} van {} oordelen",
        "Confirmed by two readers: {} of {} verdicts",
    ),
    "readers_agree": (
        "lezers gelijk in {}, Krippendorffs alfa {} (over {} oordelen)",
        "readers alike in {}, Krippendorff's alpha {} (over {} verdicts)",
    ),
    "state": ("lezers", "readers"),
    "proposed": ("voorstel", "proposed"),
    "confirmed": ("bevestigd", "confirmed"),
    "undecided": ("lezers verschillen", "readers differ"),
    "one_reader": ("één lezer", "one reader"),
    "unread": ("nog niet beoordeeld", "not judged yet"),
    "anew": ("opnieuw te beoordelen", "to be judged anew"),
    "Brennan-Prediger": ("Brennan-Prediger", "Brennan-Prediger"),
    "Fleiss' kappa": ("Fleiss' kappa", "Fleiss' kappa"),
    "percent": ("gelijk", "the same"),
    "positive agreement": ("positieve overeenstemming", "positive agreement"),
    "negative agreement": ("negatieve overeenstemming", "negative agreement"),
    "prevalence": ("aandeel", "share"),
    "no variation": ("geen variatie", "no variation"),
    "alpha .80 or more": ("alfa 0,80 of meer", "alpha 0.80 or more"),
    "alpha from .67 to .80": ("alfa tussen 0,67 en 0,80", "alpha from 0.67 to 0.80"),
    "alpha under .67": ("alfa onder 0,67", "alpha under 0.67"),
    "no unit rated by two coders": (
        "geen gesprek dat twee codeurs beoordeelden",
        "no conversation judged by two coders",
    ),
    "one of the conversations: no interval": (
        "één gesprek: geen interval",
        "one conversation: no interval",
    ),
    "a code and one above it": ("een code en die erboven", "a code and one above it"),
    "a code that one coder used only": (
        "alleen door één codeur gebruikt",
        "used by one coder only",
    ),
}  # fmt: skip
