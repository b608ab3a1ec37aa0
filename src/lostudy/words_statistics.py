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
    "many_together": (
        "Getekend is het geheel; de {} organisaties staan in de tabel en elk op een eigen pagina.",
        "Drawn is the whole; the {} organisations stand in the table and each on its own page.",
    ),
    "many_first": (
        "Getekend zijn de eerste {} van {} organisaties; alle staan in de tabel.",
        "Drawn are the first {} of {} organisations; all of them stand in the table.",
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
        "Houdt het stand? {} van {} andere keuzes uit het plan geven hetzelfde teken; "
        "wat daarvan getoond mag worden, loopt van {} tot {}.",
        "Does it hold? {} of {} other choices in the plan give the same sign; "
        "what may be shown of them goes from {} to {}.",
    ),
    "robustness_signs": (
        "Houdt het stand? {} van {} andere keuzes uit het plan geven hetzelfde teken; de getallen "
        "staan er niet bij, omdat een organisatie verborgen is.",
        "Does it hold? {} of {} other choices in the plan give the same sign; the numbers are "
        "left out, because an organisation is hidden.",
    ),
    "pooled_line": (
        "Waren het organisaties uit een grotere groep, dan lag het gemiddelde bij drie aannamen "
        "over hun spreiding in {}: zo weinig organisaties kunnen dat niet uitmaken.",
        "Were they organisations from a larger group, the mean would lie, under three priors for "
        "their spread, in {}: so few organisations cannot settle it.",
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
    "only the sign is told": ("alleen het teken", "the sign only"),
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
    "these organisations cannot settle how much organisations differ; so few under a flat prior "
    "have no posterior SD: the median is shown": (
        "deze organisaties kunnen niet uitmaken hoeveel organisaties verschillen; bij zo weinig "
        "bestaat onder deze aanname geen standaardafwijking: de mediaan staat er",
        "these organisations cannot settle how much organisations differ; so few under this "
        "assumption have no standard deviation: the median is shown",
    ),
    "no estimate with a standard error above 0: left out of the pooling": (
        "geen schatting met een standaardfout boven 0: niet samengenomen",
        "no estimate with a standard error above 0: left out of the pooling",
    ),
    "rests on a single team without another beside it: no error can be estimated": (
        "rust op één team zonder een ander ernaast: geen fout te schatten",
        "rests on a single team without another beside it: no error can be estimated",
    ),
    "as many coefficients as teams: nothing is left of how teams differ": (
        "evenveel coëfficiënten als teams: niets over van hoe teams verschillen",
        "as many coefficients as teams: nothing is left of how teams differ",
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
    "measure": ("maat", "measure"),
    "items_title": ("Stellingen binnen hun schaal op {}", "Items within their scale at {}"),
    "item-rest": ("samenhang met de rest", "item-rest correlation"),
    "alpha without": ("alfa zonder deze", "alpha without it"),
    "whole scale": ("hele schaal", "whole scale"),
    "item-rest correlation, pairwise": (
        "samenhang van de stelling met de som van de andere, paarsgewijs",
        "correlation of the item with the sum of the others, pairwise",
    ),
    "alpha without the item, pairwise": (
        "alfa van de schaal zonder de stelling, paarsgewijs",
        "alpha of the scale without the item, pairwise",
    ),
    "negative: the wrong way round?": ("negatief: verkeerd om?", "negative: the wrong way round?"),
    "negative: is an item not reversed?": (
        "negatief: is een stelling niet omgekeerd?",
        "negative: is an item not reversed?",
    ),
    "agreement_title": (
        "hoe ver collega's in een team uiteenlopen (AD)",
        "how far colleagues of a team answer apart (AD)",
    ),
    "mean over teams, t interval": (
        "gemiddelde over teams, met t-interval",
        "mean over teams, with t interval",
    ),
    "agreement_axis": ("{}: uiteenlopen in een team (AD)", "{}: apart within a team (AD)"),
    "agreement_against_title": (
        "{}: het gemiddelde tegen hoe ver teams uiteenlopen",
        "{}: the mean against how far teams are apart",
    ),
    "climate_title": (
        "Mag een schaal gelezen worden als iets van het team? ({})",
        "May a scale be read as something of the team? ({})",
    ),
    "the items ask about the person: not a climate of the team": (
        "stellingen over de persoon zelf: geen klimaat van het team",
        "items about the person: not a climate of the team",
    ),
    "ICC(1)": ("ICC(1)", "ICC(1)"),
    "ICC(2)": ("ICC(2)", "ICC(2)"),
    "ICC(1) REML": ("ICC(1), REML", "ICC(1), REML"),
    "rwg, uniform": ("rwg, gelijkmatig", "rwg, uniform"),
    "rwg, slight skew": ("rwg, licht scheef", "rwg, slight skew"),
    "AD": ("AD", "AD"),
    "no organisation with two teams": (
        "geen organisatie met twee teams",
        "no organisation with two teams",
    ),
    "no team with two persons": ("geen team met twee personen", "no team with two persons"),
    "no variation within teams": ("geen verschil binnen teams", "no variation within teams"),
    "more spread than the null: set to 0": (
        "meer spreiding dan de nulverdeling: op 0 gezet",
        "more spread than the null: set to 0",
    ),
    "median and quartiles over teams": (
        "rwg en AD: mediaan van de teams, tussen haakjes de kwartielen",
        "rwg and AD: median of the teams, quartiles in brackets",
    ),
    "under 100 linked persons: invariance not to be tested": (
        "minder dan 100 gekoppelde personen: invariantie niet te toetsen",
        "under 100 linked persons: invariance not to be tested",
    ),
    "invariance_title": (
        "Beantwoorden metingen en organisaties de stellingen gelijk?",
        "Do waves and organisations answer the items alike?",
    ),
    "waves": ("metingen", "waves"),
    "organisations": ("organisaties", "organisations"),
    "answered alike": (
        "gelijk beantwoord: gemiddelden zijn te vergelijken",
        "answered alike: means may be compared",
    ),
    "same loadings only": (
        "gelijke ladingen, geen gelijke niveaus: verbanden vergelijken, gemiddelden niet",
        "same loadings, other levels: compare relations, not means",
    ),
    "same structure only": (
        "alleen dezelfde structuur: niet vergelijken",
        "same structure only: do not compare",
    ),
    "too few to compare items": ("te weinig om te vergelijken", "too few to compare items"),
    "under 100 persons in a group: invariance not to be tested": (
        "minder dan 100 personen in een groep: invariantie niet te toetsen",
        "under 100 persons in a group: invariance not to be tested",
    ),
    "ordinal logistic, group given the rest score": (
        "per stelling: doet de groep ertoe gegeven de rest van de schaal (ordinaal logistisch)",
        "per item: does the group matter given the rest of the scale (ordinal logistic)",
    ),
    "CFA by FIML, all answers": (
        "ladder van factormodellen op alle antwoorden (FIML)",
        "ladder of factor models on all answers (FIML)",
    ),
    "weighted_title": (
        "gewogen naar het personeel (gevoeligheid)",
        "weighted to the staff (sensitivity)",
    ),
    "n_eff": ("effectieve n", "effective n"),
    "a margin cannot carry weights: not weighted": (
        "een categorie met te weinig antwoorden: niet gewogen",
        "a category with too few answers: not weighted",
    ),
    "weighted least squares on all answers, CR2 by team, Satterthwaite df, sensitivity": (
        "gewogen verschil van gemiddelden, teams in het interval (CR2), gevoeligheid",
        "weighted difference of means, teams in the interval (CR2), a sensitivity",
    ),
    "ICC(1) by analysis of variance, mean team size, within organisations": (
        "ICC(1): variantieanalyse van teams binnen organisaties",
        "ICC(1): analysis of variance of teams within organisations",
    ),
    "ICC(2) by analysis of variance, mean team size, within organisations": (
        "ICC(2): variantieanalyse van teams binnen organisaties",
        "ICC(2): analysis of variance of teams within organisations",
    ),
    "ICC(1) by REML, mean team size, within organisations": (
        "ICC(1): gemengd model (REML), organisaties vast",
        "ICC(1): mixed model (REML), organisations fixed",
    ),
}
