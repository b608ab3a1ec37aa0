"""Defects of whole deliveries: files in each other's place, one file twice."""

from __future__ import annotations

import shutil

from corruption.survey import Planted


def _file(folder, organisation, wave):
    (path,) = (folder / organisation / wave).glob("survey.*")
    return path


def waves_swapped(study, folder, rng):
    """Two waves of one organisation in each other's folder."""
    organisation = rng.choice("ABCD")
    one, other = rng.sample([wave.id for wave in study.waves], 2)
    first, second = (_file(folder, organisation, wave) for wave in (one, other))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    files = tuple(f"{organisation}/{wave}/{first.name}" for wave in (one, other))
    return Planted("waves_swapped", files[0], frozenset({"C19"}), whole=True, files=files), \
        organisation


def sent_twice(study, folder, rng):
    """The file of an earlier wave again as that of a later one."""
    organisation = rng.choice("ABCD")
    one, other = sorted(rng.sample([wave.id for wave in study.waves], 2))
    first, second = (_file(folder, organisation, wave) for wave in (one, other))
    shutil.copy(first, second)
    file = f"{organisation}/{other}/{second.name}"
    return Planted("sent_twice", file, frozenset({"C8"}), whole=True), organisation


def of_another_organisation(study, folder, rng):
    """A file of the same tool's kind from elsewhere."""
    organisation = "A"
    shutil.copy(_file(folder, "B", "T0"), _file(folder, "A", "T0"))
    file = "A/T0/survey.csv"
    return Planted("of_another_organisation", file, frozenset({"C3"}), whole=True), organisation


WHOLES = {each.__name__: each for each in (waves_swapped, sent_twice, of_another_organisation)}
