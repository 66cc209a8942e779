import { describe, expect, it } from "vitest";
import { countKinds } from "../../src/model/kind-counts";
import type { Listing } from "../../src/model/questions";
import { actList, kindList, layerOf, questionOf, questionsOf, riskList, supportList } from "../../src/model/questions";
import { LAYERS, parts } from "../area-fixture";
import { EXCLUSION_KINDS } from "../fixture";
import { support, supportData, supportLists } from "../support-fixture";

const ALL = Array.from({ length: 14 }, (_, row) => row);

function listing(more: Partial<Listing> = {}, columns = supportLists()): Listing {
  const data = { ...supportData(), kinds: EXCLUSION_KINDS };
  const { table, areas } = parts(data, columns);
  return { data, table, areas, support: support(), rows: ALL, ...more };
}

const layers = (...ids: string[]): typeof LAYERS => ids.map((id) => ({ ...LAYERS[0], id }));

describe("the questions of a page", () => {
  it("are those that it has a layer for", () => {
    expect(questionsOf(layers("risk_decile", "kind", "capacity_decile", "programme_standing"))).toEqual(["risk", "kind", "support", "act"]);
    expect(questionsOf(layers("risk_decile"))).toEqual(["risk", "act"]);
    expect(layerOf("act", layers("risk_decile", "exclusion_decile"))).toBe("exclusion_decile");
    expect(layerOf("support", layers("risk_decile"))).toBeNull();
  });

  it("are known by their layers", () => {
    const some = layers("risk_decile", "kind", "imd_decile");
    expect(questionOf("kind", some)).toBe("kind");
    expect(questionOf("imd_decile", some)).toBeNull();
  });
});

describe("the list of risk", () => {
  it("has the highest risk first and leaves out areas without a rank", () => {
    const list = riskList(listing());
    expect(list.rows).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(list.sentence).toContain("13 neighbourhoods");
    expect(list.item(0)).toEqual({ title: "Ward 0", detail: "Fenmouth · 2nd tenth of England", figure: "310", of: "people at risk" });
  });

  it("says the worst tenth by name, and the rank on the page where the nation is not known", () => {
    const worst = listing({}, { ...supportLists(), england_decile: ALL.map(() => 1) });
    expect(riskList(worst).item(3).detail).toBe("Fenmouth · worst tenth of England");
    const none = listing({}, { ...supportLists(), england_decile: ALL.map(() => null), people_at_risk: ALL.map(() => null) });
    expect(riskList(none).item(3).detail).toBe("Fenmouth");
    expect(riskList(none).item(3)).toMatchObject({ figure: "4th", of: "of 13" });
  });

  it("keeps to the areas that conditions leave", () => {
    expect(riskList(listing({ rows: [5, 2] })).rows).toEqual([2, 5]);
  });
});

describe("the list of kinds", () => {
  const columns = {
    ...supportLists(),
    kind: ALL.map((row) => (row === 13 ? null : row % 2 ? EXCLUSION_KINDS.kinds[0].title : "Neither")),
    [EXCLUSION_KINDS.kinds[0].column]: ALL.map((row) => 50 + row),
  };

  it("of one kind has the places where it stands out most first", () => {
    const list = kindList(listing({}, columns), EXCLUSION_KINDS.kinds[0].title);
    expect(list.rows).toEqual([11, 9, 7, 5, 3, 1]);
    expect(list.item(11)).toMatchObject({ figure: "61", of: "of 100 in England" });
  });

  it("of all kinds leaves out places of which it is not known", () => {
    expect(kindList(listing({}, columns), null).rows).not.toContain(13);
  });

  it("counts areas and people of each kind", () => {
    const { table, data } = listing({}, { ...columns, people_at_risk: ALL.map(() => 100) });
    const counts = countKinds(table, ALL, data.kinds, []);
    expect(counts.map(({ areas, people }) => [areas, people])).toEqual([
      [6, 600],
      [0, 0],
      [0, 0],
      [7, 700],
    ]);
  });
});

describe("the list of missing support", () => {
  it("has places with nothing within reach first, the most people at risk first among them", () => {
    const columns = { ...supportLists(), capacity_score: ALL.map((row) => (row < 3 ? 0 : row)), people_at_risk: ALL.map((row) => 100 + row) };
    const list = supportList(listing({}, columns));
    expect(list.rows.slice(0, 4)).toEqual([2, 1, 0, 3]);
    expect(list.sentence).toBe("3 neighbourhoods have no place within reach that helps now: about 300 people at risk live there.");
  });

  it("says so where every place has some", () => {
    const list = supportList(listing({}, { ...supportLists(), capacity_score: ALL.map((row) => row + 1) }));
    expect(list.sentence).toContain("Every neighbourhood has");
  });
});

describe("the list of where to act", () => {
  it("has only listed areas, in the order of the list, with people without support", () => {
    const columns = {
      ...supportLists(),
      priority: ALL.map((row) => (row === 4 ? 1 : row === 2 ? 2 : null)),
      people_at_risk: ALL.map(() => 200),
      lack_of_support: ALL.map((row) => (row === 4 ? 0.9 : 0.5)),
    };
    const list = actList(listing({}, columns));
    expect(list.rows).toEqual([4, 2]);
    expect(list.rows.map((row) => list.item(row).figure)).toEqual(["180", "100"]);
    expect(list.isNot[0]).toContain("High risk:");
  });
});
