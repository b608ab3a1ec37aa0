"""A whole simulated study on disk: the files of every organisation, the truths, a warning."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lostudy.simulate.crosswalks import write_survey_crosswalk
from lostudy.simulate.defects import Defect, found_at, in_file, persons_by_row, plant
from lostudy.simulate.effects import AS_LISTED, Scenario
from lostudy.simulate.forms import Occasion, SurveyFile
from lostudy.simulate.interviews import interviews, write_codebook, write_interviews
from lostudy.simulate.model import Population, simulate
from lostudy.simulate.truths import truths
from lostudy.simulate.writers import limesurvey, msforms, qualtrics, spss
from lostudy.study import Study

SURVEY_TOOLS: tuple[Callable[[Occasion], SurveyFile], ...] = (
    limesurvey.survey, qualtrics.survey, spss.survey, msforms.survey,
)
README = """# Gesimuleerde leveringen

Alles in deze map is **gesimuleerd**: geen van de personen, gesprekken en organisaties bestaat.

- Alleen lezen: het programma schrijft hier nooit, en wie iets verandert, maakt een nieuwe levering.
- Gemaakt met `lostudy simulate`, startwaarde {seed}; dezelfde startwaarde geeft dezelfde
  bestanden, byte voor byte.
- Per organisatie en meting staat er `survey.*`, zoals het programma van die organisatie het
  wegschrijft; bij de laatste meting ook `interviews.*` met het register `conversations.csv`.
- `truths.json` zegt wat er werkelijk waar is: gemiddelden, veranderingen, aantallen, en elke
  fout die met opzet in de bestanden is gezet, met bestand en rij.
"""


def simulate_study(
    study: Study,
    target: Path,
    seed: int,
    organisations: int | None = None,
    codebook: Path | None = None,
    scenario: Scenario = AS_LISTED,
) -> dict[str, Any]:
    """Write the deliveries of a simulated study under `target`; the truths, also in truths.json.

    With `codebook` the crosswalks (and the coders) are written there too. Existing files of the
    same name are replaced; the same seed gives the same bytes.
    """
    population = simulate(study, seed, organisations, scenario)
    defects, persons = _write_surveys(population, target, codebook)
    spoken, in_files = _write_interviews(population, target, codebook)
    defects += in_files
    known = {
        **truths(population), "interviews": spoken, "persons": persons,
        "defects": [asdict(each) for each in defects],
    }
    target.mkdir(parents=True, exist_ok=True)
    (target / "README.md").write_text(README.format(seed=seed), encoding="utf-8", newline="\n")
    text = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True)
    (target / "truths.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    return known


def occasions(population: Population) -> Iterator[Occasion]:
    """Every organisation at every wave."""
    study = population.study
    for rank, organisation in enumerate(study.organisations):
        for number, wave in enumerate(study.waves):
            yield Occasion(study, organisation.id, rank, wave, number, population.seed)


def _write_surveys(
    population: Population, target: Path, codebook: Path | None
) -> tuple[list[Defect], dict[str, dict[str, str]]]:
    """The defects, and who really stands in each row of each file (for testing linkage)."""
    defects: list[Defect] = []
    persons: dict[str, dict[str, str]] = {}
    groups = dict(list(population.records.groupby(["organisation", "wave"], sort=False)))
    for occasion in occasions(population):
        survey = SURVEY_TOOLS[occasion.rank % len(SURVEY_TOOLS)](occasion)
        records = plant(groups[occasion.organisation, occasion.wave.id], occasion)
        path = survey.save(target / occasion.organisation / occasion.wave.id, records)
        defects += found_at(records, occasion, survey)
        persons[path.relative_to(target).as_posix()] = persons_by_row(records, survey)
        if codebook is not None:
            name = f"{occasion.organisation}-{occasion.wave.id}"
            write_survey_crosswalk(codebook / "crosswalk", name, survey)
    return defects, persons


def _write_interviews(
    population: Population, target: Path, codebook: Path | None
) -> tuple[dict[str, dict[str, Any]], list[Defect]]:
    """Interviews were held in the last wave, where the study has codes that the bank knows."""
    last = len(population.study.waves) - 1
    found = [interviews(each) for each in occasions(population) if each.number == last]
    found = [each for each in found if each.coded]
    if codebook is not None and found:
        write_codebook(codebook, found)
    known, defects = {}, []
    for each in found:
        true = write_interviews(target, each)
        known[each.occasion.organisation] = true
        defects += in_file(each.occasion, true["file"], each.tool.DEFECTS)
    return known, defects
