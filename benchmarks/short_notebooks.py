"""Short notebooks as other people write them: a table, two models, three figures as svg and png."""

from __future__ import annotations

from pathlib import Path

import nbformat

PARAMETERS = 'organisation = "all"\nwave = "all"\nlanguage = "nl"'
READ = """
import os
from pathlib import Path
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
import statsmodels.formula.api as smf

group = "*" if organisation == "all" else organisation
paths = sorted(Path("data/processed").glob(f"{group}/responses.parquet"))
answers = pd.concat(pd.read_parquet(path) for path in paths)
items = [name for name in answers.columns if name.startswith("pm")]
answers["score"] = answers[items].astype(float).mean(axis=1)
answers = answers.dropna(subset=["score"]).reset_index(drop=True)
out = os.environ.get("LOSTUDY_OUTPUT", ".")
"""
MODELS = """
means = smf.ols("score ~ C(wave)", answers).fit()
teams = smf.mixedlm("score ~ C(wave)", answers, groups=answers["team"].astype(str)).fit()
print(means.params.round(6).to_string())
print(teams.fe_params.round(4).to_string())
"""
FIGURE = """
figure, axes = plt.subplots(figsize=(5, 3))
{drawn}
figure.savefig(f"{{out}}/{name}.svg")
figure.savefig(f"{{out}}/{name}.png", dpi=150)
"""
DRAWN = {
    "points": "sns.pointplot(answers, x='wave', y='score', errorbar='se')",
    "spread": "sns.boxplot(answers, x='wave', y='score')",
    "model": "axes.errorbar(range(len(means.params)), means.params, yerr=means.bse, fmt='o')",
}


def write_short(path: Path) -> None:
    """Write the notebook."""
    parameters = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    figures = [FIGURE.format(drawn=drawn, name=name) for name, drawn in DRAWN.items()]
    cells = [nbformat.v4.new_code_cell(each.strip()) for each in (READ, MODELS, *figures)]
    notebook = nbformat.v4.new_notebook(cells=[parameters, *cells])
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["kernelspec"] = kernel
    nbformat.write(notebook, path)
