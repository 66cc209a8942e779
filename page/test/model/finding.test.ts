import { describe, expect, it } from "vitest";
import type { Board, Nation } from "../../src/model/contract";
import { NO_FILTER } from "../../src/model/filter";
import { byKind, emptyList, findingOf, nearestListed, peopleOf } from "../../src/model/finding";
import { decodeGeometry } from "../../src/model/geometry";
import { Identities } from "../../src/model/identity";
import { nearest } from "../../src/model/nearest";
import { isLink, listed, percent, plain, possessive } from "../../src/model/sentence";
import type { Subject } from "../../src/model/subject";
import { placeOf, theirsOf } from "../../src/model/subject";
import { Table } from "../../src/model/table";
import { against, boardOf, inTenth } from "../../src/model/worst-tenth";
import { EXCLUSION_KINDS, NOTHING_BESIDE, ORIGIN, packShape, STEP } from "../fixture";
import { programme } from "../programme-fixture";

const [OLD, POOR] = EXCLUSION_KINDS.kinds.map(({ title }) => title);
const ROWS = 20;
type Lists = Parameters<typeof Table.of>[1];

/** Twenty squares in a row, a hundred steps apart; the last two lie in Wetland, the others in Fenmouth. */
const line = (() => {
  const arcs = Array.from({ length: ROWS }, (_, at): [number, number][] => [
    [100 * at, 0],
    [100 * at + 50, 0],
    [100 * at + 50, 50],
    [100 * at, 50],
    [100 * at, 0],
  ]);
  const { geometry, bytes } = packShape({ arcs, areas: arcs.map((_, at) => [[at]]) }, ORIGIN, STEP);
  return decodeGeometry(geometry, bytes);
})();

const each = <T>(of: (row: number) => T): T[] => Array.from({ length: ROWS }, (_, row) => of(row));

function columns(more: Lists = {}): Lists {
  return {
    lsoa21_code: each((row) => `E01${String(row).padStart(6, "0")}`),
    lad_code: each((row) => (row < 18 ? "E07000001" : "E07000002")),
    lad_name: each((row) => (row < 18 ? "Fenmouth" : "Wetland")),
    icb_code: each(() => "E54000001"),
    risk_decile: each((row) => 1 + Math.floor(row / 2)),
    england_decile: each((row) => (row < 8 ? 1 : 5)),
    england_rank_p05: each((row) => 10 + 10 * row),
    england_rank_p95: each((row) => 30 + 20 * row),
    people_at_risk: each(() => 100),
    people_at_risk_low: each(() => 60),
    people_at_risk_high: each(() => 200),
    kind: each((row) => (row < 10 ? OLD : row < 14 ? POOR : row < 15 ? "Both" : "Neither")),
    priority: each((row) => (row < 3 ? row + 1 : null)),
    ...more,
  };
}

const board = (more: Partial<Board> = {}): Board => ({
  code: "E54000001",
  name: "NHS Fens Integrated Care Board",
  areas: ROWS,
  worst: 8,
  worst_low: 6,
  worst_high: 10,
  rank: 1,
  rank_low: 1,
  rank_high: 3,
  people_at_risk: 2_000,
  ...more,
});

const NATION: Nation = {
  title: "England",
  areas: 1_000,
  medians: {},
  means: {},
  boards: [
    board(),
    board({
      code: "E54000002",
      name: "NHS Hills Integrated Care Board",
      areas: 980,
      worst: 92,
      worst_low: 88,
      worst_high: 96,
      rank: 2,
      rank_low: 1,
      rank_high: 2,
    }),
  ],
};

interface Given {
  lists?: Lists;
  rows?: number[];
  district?: string;
  more?: Partial<Subject>;
}

function subject({ lists = columns(), rows, district, more = {} }: Given = {}): Subject {
  const table = Table.of(ROWS, lists);
  const filter =
    district === undefined
      ? rows
        ? { oneOf: [], bounds: [{ column: "risk_decile", side: "most" as const, value: 1 }] }
        : NO_FILTER
      : { oneOf: [{ column: "lad_code", values: [district] }], bounds: [] };
  return {
    data: { ...NOTHING_BESIDE, programmes: null },
    nation: NATION,
    table,
    geometry: line,
    rows: Uint32Array.from(rows ?? each((row) => row)),
    theirs: theirsOf("Little Fens", filter, new Identities(table)),
    changed: null,
    nameOf: (row) => `Place ${row}`,
    ...more,
  };
}

const said = (given: Subject, topic: string): string =>
  findingOf(given)
    .filter((one) => one.topic === topic)
    .map(({ parts }) => plain(parts))
    .join(" ");

const worst = (given: Given = {}): string => said(subject(given), "worst");
const WEIGHTS = { inWords: "changed weights", among: null };

describe("how many are in the worst tenth", () => {
  it("counts them, and compares a share that all plausible indices agree on", () => {
    expect(worst()).toBe(
      "8 of Little Fens’ 20 neighbourhoods (40%) are in England’s most at-risk tenth. That is more than England’s 10%, and 6 to 10 by nine of ten reasonable ways to calculate it. " +
        "The share ranks 1st to 3rd of England’s 2 ICBs.",
    );
  });

  it("says its rank among the ICBs alone where plausible indices agree on it", () => {
    const boards = [board({ rank_high: 1 }), board({ code: "E54000002" })];
    expect(worst({ more: { nation: { ...NATION, boards } } })).toContain("The share is the highest of England’s 2 ICBs.");
    const second = [board({ rank: 2, rank_low: 2, rank_high: 2 }), board({ code: "E54000002" })];
    expect(worst({ more: { nation: { ...NATION, boards: second } } })).toContain("The share is the 2nd highest of England’s 2 ICBs.");
  });

  it("compares with no ICB where the areas are only a part of one, or the nation has none to compare with", () => {
    expect(worst({ district: "E07000002", rows: [18, 19] })).not.toContain("ICB");
    expect(worst({ more: { nation: { ...NATION, boards: null } } })).not.toContain("ICB");
    expect(worst({ more: { nation: { ...NATION, boards: [board({ rank_low: null, rank_high: null })] } } })).not.toContain("ICB");
  });

  it("makes no comparison in words within what plausible indices leave open", () => {
    // In the tenth at best: ranks 10 to 100 of 1,000; at worst: 30 to 90.
    expect(worst({ rows: [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] })).toBe(
      "3 of the 12 chosen neighbourhoods (25%) are in England’s most at-risk tenth. Whether that is more or fewer than the 10% in all of England cannot be said: 0 to 5 are by nine of ten reasonable ways to calculate it.",
    );
  });

  it("says fewer where even the best of them is fewer", () => {
    expect(worst({ district: "E07000001", rows: each((row) => row).slice(9, 18) })).toBe(
      "None of Fenmouth’s 9 neighbourhoods is in England’s most at-risk tenth. Whether that is more or fewer than the 10% in all of England cannot be said: 0 to 1 are by nine of ten reasonable ways to calculate it.",
    );
    const lists = columns({ england_rank_p05: each(() => 500), england_rank_p95: each(() => 900), england_decile: each(() => 6) });
    expect(worst({ lists, more: { nation: { ...NATION, boards: null } } })).toContain(
      "None of Little Fens’ 20 neighbourhoods is in England’s most at-risk tenth. That is fewer than England’s 10%.",
    );
  });

  it("speaks of one, of all and of a single neighbourhood as one does", () => {
    expect(worst({ rows: [7, 18] })).toContain("1 of the 2 chosen neighbourhoods (50%) is in");
    expect(worst({ rows: [0, 1] })).toContain("All of the 2 chosen neighbourhoods are in");
    expect(worst({ rows: [0] })).toBe("This neighbourhood is in England’s most at-risk tenth.");
    expect(worst({ rows: [19] })).toBe("This neighbourhood is not in England’s most at-risk tenth.");
    expect(worst({ rows: [] })).toBe("No neighbourhood meets these conditions.");
  });

  it("leaves out areas without a rank, and says so", () => {
    const lists = columns({ england_decile: each((row) => (row === 0 ? null : row < 8 ? 1 : 5)) });
    expect(worst({ lists })).toContain("7 of Little Fens’ 19 ranked neighbourhoods");
    expect(worst({ lists: columns({ england_decile: each(() => null), risk_decile: each(() => null) }) })).toBe("No risk is known of these neighbourhoods.");
  });

  it("compares nothing by other weights, whose uncertainty is not known", () => {
    const text = worst({ more: { changed: WEIGHTS } });
    expect(text).toBe("8 of Little Fens’ 20 neighbourhoods (40%) are in England’s most at-risk tenth by changed weights.");
  });

  it("says that the place in the nation is not known where it is not, by weights, index or comparison", () => {
    const lists = columns({ england_decile: each(() => null) });
    expect(worst({ lists, more: { changed: WEIGHTS } })).toBe(
      "Ranked among each other by changed weights, 2 of 20 neighbourhoods are the most at-risk tenth; how they stand in England is not known with changed weights.",
    );
    expect(worst({ lists, district: "E07000002", rows: [18, 19], more: { changed: { inWords: "a changed comparison", among: null } } })).toBe(
      "None of Wetland’s 2 neighbourhoods is in this map’s most at-risk tenth by a changed comparison; how they stand in England is not known with a changed comparison.",
    );
    expect(worst({ lists, district: "E07000002", rows: [18, 19], more: { changed: { inWords: "changed weights", among: 2 } } })).toContain(
      "Ranked among each other by changed weights, 0 of 2",
    );
    expect(worst({ lists })).toContain("how they stand in England is not known by this index.");
  });

  it("names the ICBs at both ends on the page of the nation, where plausible indices agree that they differ", () => {
    const nation = { ...NATION, areas: ROWS };
    const boards = [
      board({ areas: 10, worst: 2, worst_low: 2 }),
      board({ code: "E54000002", name: "NHS Hills Integrated Care Board", areas: 10, worst: 0, worst_low: 0, worst_high: 1 }),
    ];
    expect(worst({ more: { nation: { ...nation, boards } } })).toBe(
      "8 of Little Fens’ 20 neighbourhoods (40%) are in England’s most at-risk tenth. By ICB, the share is highest in Fens ICB (20%) and lowest in Hills ICB (0%).",
    );
    const alike = [boards[0], { ...boards[1], worst_high: 2 }];
    expect(worst({ more: { nation: { ...nation, boards: alike } } })).not.toContain("By ICB");
  });

  it("links to the areas it counts", () => {
    const [first] = findingOf(subject());
    expect(first.parts.filter(isLink)).toEqual([{ text: "8", rows: [0, 1, 2, 3, 4, 5, 6, 7] }]);
  });

  it("finds the ICB that areas are all of, and no other", () => {
    expect(boardOf(subject())?.name).toBe("NHS Fens Integrated Care Board");
    expect(boardOf(subject({ rows: [0, 1] }))).toBeNull();
    expect(boardOf(subject({ lists: columns({ icb_code: each((row) => (row ? "E54000001" : "E54000002")) }) }))).toBeNull();
  });

  it("holds the published number between the ends", () => {
    const ties = columns({ england_rank_p95: each(() => 900), england_rank_p05: each(() => 900) });
    const tenth = inTenth(subject({ lists: ties, more: { nation: { ...NATION, boards: null } } }));
    expect(tenth.between).toEqual([0, 8]);
    expect(against(tenth)).toBeNull();
  });
});

describe("people at risk and their kinds", () => {
  it("are estimates, rounded, with both measures", () => {
    expect(said(subject(), "people")).toBe(
      `About 2,000 people living there are at risk of being shut out (an estimate): from about 1,200 who ${NOTHING_BESIDE.people.low} to about 4,000 who ${NOTHING_BESIDE.people.high}.`,
    );
    expect(said(subject({ lists: columns({ people_at_risk: each(() => null) }) }), "people")).toBe("");
    expect(said(subject({ rows: [0], lists: columns({ people_at_risk: each(() => 4) }) }), "people")).toContain("Under 10 people living there");
  });

  it("have both measures where the page has the columns of these alone", () => {
    const lists = columns({ people_not_online: each(() => 50), people_without_skills: each((row) => (row ? 80 : 20)) });
    delete lists.people_at_risk_low;
    delete lists.people_at_risk_high;
    expect(peopleOf(Table.of(ROWS, lists), [0, 1])).toEqual({ people: 200, low: 100, high: 130 });
  });

  it("count those with no estimate as nobody", () => {
    const lists = columns({ people_at_risk: each((row) => (row === 1 ? null : 100)) });
    expect(peopleOf(Table.of(ROWS, lists), [0, 1])).toEqual({ people: 100, low: 60, high: 200 });
    expect(peopleOf(Table.of(ROWS, lists), [1])).toBeNull();
  });

  it("say in which kind, most people first", () => {
    expect(said(subject(), "kind")).toBe(
      `Of these people, 50% live where “${OLD}” stands out, 25% live where neither kind stands out, 20% live where “${POOR}” stands out and 5% live where both kinds stand out.`,
    );
    expect(byKind(subject().table, [0, 19, 1])?.map(({ kind, rows, people }) => [kind, rows, people])).toEqual([
      [OLD, [0, 1], 200],
      ["Neither", [19], 100],
    ]);
    expect(said(subject({ lists: columns({ kind: each(() => null) }) }), "kind")).toBe("");
    expect(said(subject({ lists: columns({ kind: each((row) => (row ? null : OLD)) }), rows: [0, 1] }), "kind")).toContain(
      "live where the kind cannot be said",
    );
  });
});

describe("where to act first", () => {
  const programmes = {
    programmes: [programme(1, { name: "Quay", areas: [0, 1], people: 200 })],
    too_small: [{ area: 2, nearest: 1, metres: 10 }],
  } as unknown as NonNullable<Subject["data"]["programmes"]>;
  const withProgrammes = { data: { ...NOTHING_BESIDE, programmes } };

  it("is the first programme of the whole map", () => {
    expect(said(subject({ more: withProgrammes }), "act")).toBe(
      "3 of Little Fens’ 20 neighbourhoods are on the list of where to act, with about 300 people at risk. First: Quay (2 neighbourhoods), which reaches about 200 of them.",
    );
  });

  it("is the first area under a filter, and by other weights", () => {
    expect(said(subject({ rows: [1, 2, 3], more: withProgrammes }), "act")).toBe(
      "2 of the 3 chosen neighbourhoods are on the list of where to act, with about 200 people at risk. First: Place 1, with about 100 of them.",
    );
    expect(said(subject({ more: { ...withProgrammes, changed: WEIGHTS } }), "act")).toContain(
      "are on the list of where to act by changed weights, with about 300 people at risk. First: Place 0",
    );
    expect(said(subject({ rows: [1, 9] }), "act")).toContain("1 of the 2 chosen neighbourhoods is on the list");
  });

  it("is the nearest on the list where none of the chosen is, programmes before areas in none", () => {
    const text = said(subject({ district: "E07000002", rows: [18, 19], more: withProgrammes }), "act");
    expect(text).toMatch(/^None of Wetland’s 2 neighbourhoods is on the list of where to act; its nearest are Place 2 \([\d.]+ km\) and Quay \([\d.]+ km\)\.$/);
    expect(said(subject({ rows: [19], more: withProgrammes }), "act")).toMatch(/^This neighbourhood is not on the list of where to act; /);
    const links = findingOf(subject({ rows: [18, 19], more: withProgrammes })).flatMap(({ parts }) => parts.filter(isLink));
    expect(links.slice(-2)).toEqual([
      { text: "Place 2", rows: [2] },
      { text: "Quay", rows: [0, 1] },
    ]);
  });

  it("is said in place of an empty list, in the same words", () => {
    const given = subject({ district: "E07000002", rows: [18, 19], more: withProgrammes });
    expect(plain(emptyList(given))).toBe(said(given, "act"));
    expect(
      emptyList(given)
        .filter(isLink)
        .map(({ rows }) => rows),
    ).toEqual([[2], [0, 1]]);
    expect(plain(emptyList(subject({ rows: [] })))).toBe("No neighbourhood meets these conditions.");
    const none = columns({ priority: each(() => null) });
    expect(plain(emptyList(subject({ lists: none, rows: [19], more: { changed: WEIGHTS } })))).toBe(
      "No neighbourhood is on the list of where to act by changed weights.",
    );
  });

  it("names at most three areas, and by other weights no programme", () => {
    const given = subject({ rows: [19], more: { ...withProgrammes, changed: WEIGHTS } });
    expect(nearestListed(given).map(({ name }) => name)).toEqual(["Place 2", "Place 1", "Place 0"]);
    expect(nearestListed(given, null, 2)).toHaveLength(2);
  });

  it("says so where nothing at all is on the list", () => {
    const lists = columns({ priority: each(() => null) });
    expect(said(subject({ lists }), "act")).toBe("No neighbourhood is on the list of where to act.");
    expect(said(subject({ lists, more: { changed: WEIGHTS } }), "act")).toBe("No neighbourhood is on the list of where to act by changed weights.");
  });
});

describe("distances", () => {
  it("are on the ground, between the middles of boxes, the nearest first", () => {
    const near = nearest(line, [10], [0, 9, 12]);
    expect(near.map(({ row }) => row)).toEqual([9, 12, 0]);
    // A hundred steps of ten metres of the projection, at 52.6° north.
    expect(near[0].metres).toBeGreaterThan(590);
    expect(near[0].metres).toBeLessThan(640);
    expect(near[2].metres / near[0].metres).toBeCloseTo(10, 3);
    expect(nearest(line, [], [1])).toEqual([]);
  });
});

describe("words", () => {
  it("name whose they are, and list things", () => {
    expect(["Norwich", "St Albans"].map(possessive)).toEqual(["Norwich’s", "St Albans’"]);
    expect(plain(listed([["a"], [{ name: "b" }], ["c"]]))).toBe("a, b and c");
    expect(plain(listed([["a"]]))).toBe("a");
  });

  it("give no share as none or all that is neither", () => {
    expect(
      [
        [0, 300],
        [1, 300],
        [1, 3],
        [299, 300],
        [300, 300],
      ].map(([part, all]) => percent(part, all)),
    ).toEqual(["0%", "under 1%", "33%", "over 99%", "100%"]);
  });

  it("take the place of a filter only where it asks for one", () => {
    const { table } = subject();
    const identities = new Identities(table);
    const one = { column: "lad_code", values: ["E07000001"] };
    expect(placeOf({ oneOf: [one], bounds: [] }, identities)).toBe("Fenmouth");
    expect(placeOf({ oneOf: [{ ...one, values: ["E07000001", "E07000002"] }], bounds: [] }, identities)).toBeNull();
    expect(placeOf({ oneOf: [one], bounds: [{ column: "risk_decile", side: "most", value: 1 }] }, identities)).toBeNull();
    expect(placeOf({ oneOf: [{ column: "kind", values: [OLD] }], bounds: [] }, identities)).toBeNull();
    expect(placeOf({ oneOf: [{ column: "ruc21_name", values: ["Urban"] }], bounds: [] }, identities)).toBeNull();
    expect(plain(theirsOf("Fens", NO_FILTER, identities)(1234))).toBe("Fens’ 1,234");
  });
});
