"""The page's formulas of where to act against the pipeline's own."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.act.exclusion import score_exclusion
from pipeline.catalogue.places import Exclusion
from pipeline.catalogue.rates import Driver, Help, Helps
from pipeline.risk.drivers import find_drivers
from tests.fixtures.folders import NODE, PAGE
from tests.fixtures.indices import make_component, make_index

ENTRY = """
import {{ exclusionColumns }} from "{source}/scoring/exclusion";
import {{ driverColumns }} from "{source}/model/drivers";
import {{ rankScores }} from "{source}/scoring/ranking";

const floats = (list: (number | null)[]) => Float64Array.from(list, (value) => value ?? NaN);
const plain = (list: Iterable<number>) => Array.from(list, (value) => (Number.isNaN(value) ? null : value));

export function run(cases: any[]) {{
  return cases.map((one) => {{
    const risk = rankScores(floats(one.risk), "min", () => new Int32Array());
    const columns = exclusionColumns(risk, floats(one.capacity), one.how);
    const scores = one.components.map((_: any, i: number) => floats(one.scores[i]));
    const {{ mainDriver, pointsTo }} = driverColumns(one.components, one.weights, scores, one.means, one);
    const texts = ({{ values, codes }}: typeof mainDriver) => Array.from(codes, (code) => values[code] ?? null);
    return {{
      score: plain(columns.get("exclusion_score")!),
      rank: plain(columns.get("exclusion_rank")!),
      decile: plain(columns.get("exclusion_decile")!),
      main: texts(mainDriver),
      points: texts(pointsTo),
    }};
  }});
}}
"""


def in_the_browser(folder: Path, cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the page's formulas make of these cases."""
    entry = folder / "entry.ts"
    entry.write_text(ENTRY.format(source=(PAGE / "src").as_posix()), encoding="utf-8")
    (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    options = {"entryPoints": [str(entry)], "bundle": True, "format": "esm", "outfile": str(folder / "act.mjs")}
    esbuild = (PAGE / "node_modules" / "esbuild" / "lib" / "main.js").as_uri()
    code = (
        f"import esbuild from {json.dumps(esbuild)}; import {{ readFileSync }} from 'node:fs';"
        f"await esbuild.build({json.dumps(options)});"
        f"const {{ run }} = await import({json.dumps((folder / 'act.mjs').as_uri())});"
        f"console.log(JSON.stringify(run(JSON.parse(readFileSync({json.dumps(str(folder / 'cases.json'))}, 'utf8')))));"
    )
    done = subprocess.run(
        [str(NODE), "--input-type=module", "--eval", code], check=True, capture_output=True, text=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_the_formulas_are_those_of_the_pipeline(tmp_path: Path) -> None:
    """Random areas with ties, gaps and extremes: scores, ranks, tenths, drivers and sides."""
    random = np.random.default_rng(7)
    cases, expected = [], []
    names = ["one", "two", "three", "four"]
    for number in range(60):
        rows = int(random.integers(1, 40))
        codes = pd.Index([f"E{row:08}" for row in range(rows)])
        risk = pd.Series(random.integers(0, 11, rows) * 10.0, index=codes)
        capacity = pd.Series(random.choice([0, 0, 25, 50, 75, 100], rows).astype(float), index=codes)
        weight = float(random.choice([0.25, 0.5, 0.75]))
        how = Exclusion(formula="geometric" if number % 2 else "arithmetic", risk_weight=weight)
        weights = random.choice([0.5, 1, 2, 4], 4).tolist()
        parts = [make_component(name, weight, ("x", 1, 1.0)) for name, weight in zip(names, weights, strict=True)]
        index = make_index("percentile", *parts)
        scores = pd.DataFrame(
            random.choice([0.0, 25.0, 50.0, 62.5, 100.0], (rows, 4)),
            index=codes,
            columns=[f"component_{n}" for n in names],
        )
        if number % 3 == 0:
            scores[random.random(scores.shape) < 0.2] = np.nan
        means = dict(zip(scores.columns, random.choice([50.0, 50.0, 25.0, 100.0], 4).tolist(), strict=True))
        sides = ["people", "infrastructure", "people", random.choice(["people", "infrastructure"])]
        declared = list(zip(names, sides, strict=True))[: int(random.integers(1, 5))]
        helps = Helps(
            named_from=float(random.choice([0, 2, 5])),
            both_from=float(random.choice([0.0, 0.5, 1.0])),
            drivers=tuple(
                Driver(
                    component=n, side=s, sentence="x", helps=(Help(what="x", source="x", page="https://example.org"),)
                )
                for n, s in declared
            ),
        )
        cases.append(
            {
                "risk": risk.tolist(),
                "capacity": capacity.tolist(),
                "how": how.model_dump(),
                "components": [{"name": n, "title": n, "column": f"component_{n}"} for n in names],
                "weights": weights,
                "scores": [[None if np.isnan(v) else v for v in scores[c]] for c in scores.columns],
                "means": [means[c] for c in scores.columns],
                "helps": [{"component": n, "side": str(s)} for n, s in declared],
                "named_from": helps.named_from,
                "both_from": helps.both_from,
            }
        )
        expected.append((score_exclusion(risk, capacity, how), find_drivers(scores, means, index, helps).frame))
    for got, (columns, found) in zip(in_the_browser(tmp_path, cases), expected, strict=True):
        assert np.allclose(got["score"], columns["exclusion_score"], rtol=0, atol=1e-9)
        assert got["rank"] == columns["exclusion_rank"].tolist()
        assert got["decile"] == columns["exclusion_decile"].tolist()
        assert got["main"] == [None if pd.isna(v) else v for v in found["main_driver"]]
        assert got["points"] == [None if pd.isna(v) else v for v in found["points_to"]]
