import { describe, expect, it } from "vitest";
import type { Spoken } from "../../src/model/area-sentence";
import { Areas } from "../../src/model/areas";
import { areaInWords } from "../../src/model/area-sentence";
import { Kinds } from "../../src/model/kinds";
import { Table } from "../../src/model/table";
import { EXCLUSION_KINDS } from "../fixture";
import { support } from "../support-fixture";

const [OLD] = EXCLUSION_KINDS.kinds.map(({ title }) => title);
const ROWS = 14;
const each = <T>(value: T): T[] => Array.from({ length: ROWS }, () => value);

function spoken(columns: Parameters<typeof Table.of>[1], more: Partial<Spoken> = {}): Spoken {
  const table = Table.of(ROWS, { risk_decile: each(2), people_at_risk: each(313), ...columns });
  return { table, nation: "England", name: "Quayside, Fenmouth", kinds: new Kinds(EXCLUSION_KINDS), scaled: true, support: support(), changed: null, ...more };
}

const CHANGED = { inWords: "changed weights", among: null };

describe("the sentence on an area", () => {
  it("says how much at risk, how many people, which kind and how far to help", () => {
    expect(areaInWords(0, spoken({ england_decile: each(1), kind: each(OLD) }))).toBe(
      `Quayside, Fenmouth, is in England’s worst tenth: about 310 people there are at risk of being shut out, and “${OLD}” stands out; the nearest help is Harbour Library, 400 m away.`,
    );
  });

  it("names every tenth by its nearer end", () => {
    const standing = (decile: number): string => areaInWords(13, spoken({ england_decile: each(decile), people_at_risk: each(null) }, { support: null }));
    expect(standing(4)).toBe("Quayside, Fenmouth, is in the 4th most at-risk tenth of England.");
    expect(standing(10)).toBe("Quayside, Fenmouth, is in the least at-risk tenth of England.");
    for (let decile = 2; decile <= 10; decile++) expect(standing(decile)).not.toContain("worst");
  });

  it("says what a place is whose name does not", () => {
    const places = support();
    const renamed = { ...places.places[0], name: "Oulton Broad" };
    const other = { nearestNow: () => ({ place: renamed, cost: 2310 }), distance: places.distance.bind(places) };
    expect(areaInWords(0, spoken({}, { support: other }))).toContain("the nearest help is Oulton Broad (library), 2.3 km away.");
  });

  it("speaks of both kinds, of neither, and not of one that is not known", () => {
    const of = (kind: string | null): string => areaInWords(0, spoken({ kind: each(kind) }, { support: null }));
    expect(of("Both")).toContain(", and both kinds of exclusion stand out.");
    expect(of("Neither")).toContain(", and neither kind of exclusion stands out.");
    expect(of(null)).toMatch(/shut out\.$/);
  });

  it("says that no help is near, and nothing of help where the page knows no places", () => {
    expect(areaInWords(13, spoken({}))).toContain("; no place that helps now is near enough to be in these data.");
    expect(areaInWords(13, spoken({}, { support: null }))).not.toContain("help");
  });

  it("is about this map where the nation's tenths are not known", () => {
    expect(areaInWords(0, spoken({ risk_decile: each(1) }))).toContain("is in this map’s worst tenth: ");
    expect(areaInWords(0, spoken({}))).toContain("is in the 2nd most at-risk tenth of this map: ");
  });

  it("says nothing of other weights that is of the published ones", () => {
    const changed = areaInWords(0, spoken({ england_decile: each(null) }, { changed: CHANGED }));
    expect(changed).toMatch(/^By changed weights, Quayside, Fenmouth, is in the 2nd most at-risk tenth of this map: /);
    expect(changed).toContain("at risk of being shut out by the published index");
    expect(areaInWords(0, spoken({}, { changed: CHANGED, scaled: false }))).not.toContain("published");
  });

  it("is about the chosen areas where only these are ranked", () => {
    const changed = { inWords: "a changed comparison", among: 85 };
    expect(areaInWords(0, spoken({ risk_decile: each(1) }, { changed }))).toContain("is in the worst tenth of the 85 chosen neighbourhoods: ");
    expect(areaInWords(0, spoken({ risk_decile: each(null) }, { changed }))).toContain("is not among the areas that are ranked: ");
  });

  it("says that a risk is not known", () => {
    expect(areaInWords(13, spoken({ risk_decile: each(null), people_at_risk: each(null) }, { support: null, name: "Fenmouth" }))).toBe(
      "Fenmouth has no known risk.",
    );
  });
});

describe("a name as one says it", () => {
  const said = (place: string | null, ward: string | null): string =>
    new Areas(Table.of(1, { lsoa21_code: ["E01"], lsoa21_name: ["Fen 001D"], place_name: [place], ward_name: [ward], lad_name: ["Fen"] })).spoken(0);

  it("has the ward in place of a letter in brackets", () => {
    expect(said("Kirk & Field (009B)", "Harbour and Quay")).toBe("Kirk & Field in Harbour and Quay ward, Fen");
    expect(said("Quay (D)", "Quay")).toBe("A part of Quay, Fen");
    expect(said("Kirk & Field (A)", "Kirk and Field")).toBe("A part of Kirk & Field, Fen");
    expect(said("Quay (D)", null)).toBe("A part of Quay, Fen");
  });

  it("is as written where it can be said", () => {
    expect(said("Quay, south side", "Harbour")).toBe("Quay, south side, Fen");
    expect(said(null, "Harbour")).toBe("Harbour, Fen");
  });
});
