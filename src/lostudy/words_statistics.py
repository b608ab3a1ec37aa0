"""The words of methods, tests and reasons, Dutch and English; `words.py` takes them up."""

from __future__ import annotations

STATISTICS: dict[str, tuple[str, str]] = {
    "exploratory": ("exploratief", "exploratory"),
    "primary": ("primair", "primary"),
    "secondary": ("secundair", "secondary"),
    "family": ("in het plan", "in the plan"),
    "adjusted": ("p na correctie", "adjusted p"),
    "equivalence": ("p gelijk aan nul", "p of equivalence"),
    "same_sign": ("zelfde teken", "same sign"),
    "specification": ("soort keuze", "kind of choice"),
    "prior": ("aanname vooraf", "prior"),
    "range": ("van–tot", "from–to"),
    "comparison": ("vergeleken", "compared"),
    "both": ("op beide", "at both"),
    "spread": ("spreiding tussen organisaties", "spread between organisations"),
    "plan": ("plan {}, vastgelegd op {}", "plan {}, registered on {}"),
    "plan_changed": (
        "plan {}, niet het plan dat op {} is vastgelegd: alles is exploratief",
        "plan {}, not the plan that was registered on {}: all is exploratory",
    ),
    "plan_none": (
        "plan {}, niet vastgelegd: alles is exploratief",
        "plan {}, not registered: all is exploratory",
    ),
    "outcome_primary": (
        "Primaire uitkomst in het vastgelegde plan.",
        "Primary outcome in the registered plan.",
    ),
    "outcome_secondary": (
        "Secundaire uitkomst in het vastgelegde plan.",
        "Secondary outcome in the registered plan.",
    ),
    "outcome_exploratory": (
        "Exploratief: niet in het vastgelegde plan, dus zonder toets.",
        "Exploratory: not in the registered plan, so without a test.",
    ),
    "turnover_title": ("Verloop van {} naar {}", "Turnover from {} to {}"),
    "turnover_one": ("{} {} → {}, op beide {}", "{} {} → {}, at both {}"),
    "turnover_line": ("Verloop, in personen: {}.", "Turnover, in persons: {}."),
    "test_holm": (
        "Toets over alle organisaties: p {} na Holm over {} primaire uitkomsten; "
        "binnen ±{}: p {}.",
        "Test over all organisations: p {} after Holm over {} primary outcomes; within ±{}: p {}.",
    ),
    "test_bh": (
        "Toets over alle organisaties: p {} na Benjamini-Hochberg over {} secundaire uitkomsten; "
        "binnen ±{}: p {}.",
        "Test over all organisations: p {} after Benjamini-Hochberg over {} secondary outcomes; "
        "within ±{}: p {}.",
    ),
    "effect_line": (
        "In standaarddeviaties (Hedges' g, het hele personeel): {} {}.",
        "In standard deviations (Hedges' g, the workforce): {} {}.",
    ),
    "robustness_line": (
        "Houdt het stand? {} van {} andere keuzes uit het plan geven hetzelfde teken, "
        "van {} tot {}.",
        "Does it hold? {} of {} other choices in the plan give the same sign, from {} to {}.",
    ),
    "effects_title": (
        "Verandering van {} naar {} in standaarddeviaties",
        "Change from {} to {} in standard deviations",
    ),
    "in_sd": (
        "standaarddeviaties binnen organisatie en meting",
        "standard deviations within organisation and wave",
    ),
    "tests_title": (
        "De geplande toetsen: verandering van {} naar {}",
        "The planned tests: change from {} to {}",
    ),
    "specifications_title": (
        "houdt het stand onder andere keuzes?",
        "does it hold under other choices?",
    ),
    "pooling_title": (
        "organisaties naar elkaar toe geschat",
        "organisations drawn to each other",
    ),
    "planned": ("volgens plan", "as planned"),
    "estimator": ("manier van schatten", "way of estimating"),
    "background": ("achtergrond constant", "background held constant"),
    "records and scores": ("records en scores", "records and scores"),
    "weights": ("gewogen naar het personeel", "weighted to the staff"),
    "without a team": ("telkens zonder één team", "without one team at a time"),
    "without an organisation": (
        "telkens zonder één organisatie",
        "without one organisation at a time",
    ),
    "no choice of this kind can be made with these data": (
        "met deze gegevens niet mogelijk",
        "not possible with these data",
    ),
    "flat": ("elke spreiding even waarschijnlijk", "every spread equally likely"),
    "half-normal 0.25": ("spreiding meestal onder 0,25", "spread mostly under 0.25"),
    "half-normal 0.10": ("spreiding meestal onder 0,10", "spread mostly under 0.10"),
    "these organisations cannot settle how much organisations differ": (
        "deze organisaties kunnen niet uitmaken hoeveel organisaties verschillen",
        "these organisations cannot settle how much organisations differ",
    ),
    "partial pooling by quadrature over the spread": (
        "gedeeltelijk samengenomen, over alle spreidingen opgeteld (gevoeligheid)",
        "partial pooling, summed over all spreads (sensitivity)",
    ),
    "standardised by the SD within organisation and wave, Hedges-corrected": (
        "gedeeld door de SD binnen organisatie en meting, met de correctie van Hedges",
        "divided by the SD within organisation and wave, with Hedges' correction",
    ),
    "mixed model per organisation on all answers, random team and person, REML, kenward-roger df": (
        "het hele personeel: per organisatie een gemengd model op alle antwoorden, team en "
        "persoon als toevalsfactor (REML, Kenward-Roger)",
        "the workforce: a mixed model per organisation on all answers, team and person random "
        "(REML, Kenward-Roger)",
    ),
    "mixed model per organisation on all answers, random team, REML, kenward-roger df": (
        "het hele personeel: per organisatie een gemengd model op alle antwoorden, team als "
        "toevalsfactor (REML, Kenward-Roger)",
        "the workforce: a mixed model per organisation on all answers, team random (REML, "
        "Kenward-Roger)",
    ),
    "mixed model per organisation on all answers, random person, REML, kenward-roger df": (
        "het hele personeel: per organisatie een gemengd model op alle antwoorden, persoon als "
        "toevalsfactor (REML, Kenward-Roger)",
        "the workforce: a mixed model per organisation on all answers, person random (REML, "
        "Kenward-Roger)",
    ),
    "OLS on all answers, CR2 by team, Satterthwaite df": (
        "het hele personeel: verschil van gemiddelden, teams in het interval (CR2, Satterthwaite)",
        "the workforce: difference of means, teams in the interval (CR2, Satterthwaite)",
    ),
    "no teams known: interval without teams": (
        "geen teams bekend: interval zonder teams",
        "no teams known: interval without teams",
    ),
    "a wave without answers": ("een meting zonder antwoorden", "a wave without answers"),
    "one team: no variation between teams": (
        "één team: geen verschil tussen teams",
        "one team: no variation between teams",
    ),
    "one person per team: team and person cannot be told apart": (
        "één persoon per team: team en persoon zijn niet te scheiden",
        "one person per team: team and person cannot be told apart",
    ),
    "no estimates to combine": ("geen schattingen om samen te nemen", "no estimates to combine"),
    "fewer than three organisations": (
        "minder dan drie organisaties",
        "fewer than three organisations",
    ),
}
