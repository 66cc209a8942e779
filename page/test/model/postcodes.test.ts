import { describe, expect, it, vi } from "vitest";
import type { PackedPostcodes } from "../../src/model/contract";
import { PlaceIndex } from "../../src/model/find";
import { looksLikePostcode, Postcodes } from "../../src/model/postcodes";
import { Search } from "../../src/views/search/search";
import { areas, encodeDeltas, encodeUnsigned } from "../fixture";

const A = "A".charCodeAt(0);

/** Postcodes with the rows of each sector, in full where units are given. */
function postcodes(sectors: Record<string, number[]>, units?: Record<string, string[]>): Postcodes {
  const names = Object.keys(sectors);
  const parts: Record<string, Uint8Array> = {
    areas: encodeDeltas(names.flatMap((name) => sectors[name])),
    counts: encodeUnsigned(names.map((name) => sectors[name].length)),
  };
  if (units) {
    const numbers = names.map((name) => units[name].map((pair) => (pair.charCodeAt(0) - A) * 26 + pair.charCodeAt(1) - A));
    parts.units = encodeUnsigned(numbers.flatMap((list) => list.map((number, i) => number - (i ? list[i - 1] : 0))));
  }
  let at = 0;
  const spans = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => {
      at += part.length;
      return [name, [at - part.length, part.length]];
    }),
  );
  const header = new TextEncoder().encode(JSON.stringify({ sectors: names, at: spans }));
  const bytes = Uint8Array.from([header.length % 256, header.length >> 8, 0, 0, ...header, ...Object.values(parts).flatMap((part) => [...part])]);
  const packed: PackedPostcodes = { whole: Boolean(units), count: names.length, packed: "" };
  return new Postcodes(packed, bytes);
}

const sectorsOnly = postcodes({ "QZ1 1": [0, 1], "QZ1 6": [2], "QZ11 1": [1, 2], "QZ11 8": [3], "Q1 6": [0], "Q16 2": [1, 3], "Q1A 4": [2] });
const complete = postcodes({ "QZ1 1": [0, 1, 1], "QZ11 1": [2] }, { "QZ1 1": ["AA", "AB", "ZZ"], "QZ11 1": ["AB"] });

const found = (from: Postcodes, text: string): string[] => from.find(text, 20).map(({ text: name, exact }) => `${name}${exact ? "" : "?"}`);

describe("a sector", () => {
  it.each([
    ["QZ1 1", ["QZ1 1"]],
    ["qz1 1", ["QZ1 1"]],
    [" qz1  1 ", ["QZ1 1"]],
    ["QZ11 1", ["QZ11 1"]],
    ["qz111", ["QZ11 1"]],
    ["QZ11 8AB", ["QZ11 8"]],
    ["qz118ab", ["QZ11 8"]],
    ["QZ1 1AB", ["QZ1 1"]],
    ["qz11ab", ["QZ1 1"]],
    ["Q1 6", ["Q1 6"]],
    ["Q16 2", ["Q16 2"]],
    ["Q162", ["Q16 2"]],
    ["Q1A 4ZZ", ["Q1A 4"]],
    ["\uff31\uff3a\uff11 1", ["QZ1 1"]],
    ["QZ1-1", ["QZ1 1"]],
  ])("is found from %s, and no shorter one that begins alike", (typed, expected) => {
    expect(found(sectorsOnly, typed)).toEqual(expected);
  });

  it.each([
    ["QZ11", ["QZ11", "QZ1 1"]],
    ["Q16", ["Q16", "Q1 6"]],
    ["QZ1", ["QZ1", "QZ11?"]],
    ["QZ1 ", ["QZ1"]],
    ["Q1", ["Q1", "Q16?", "Q1A?"]],
  ])("is offered with all else that %s may mean", (typed, expected) => {
    expect(found(sectorsOnly, typed)).toEqual(expected);
  });

  it("has all areas that its postcodes lie in", () => {
    expect(sectorsOnly.find("QZ11 1", 5)[0].rows).toEqual([1, 2]);
    expect(sectorsOnly.find("QZ11", 5)[0].rows).toEqual([1, 2, 3]);
    expect(complete.find("QZ1 1", 9)[0]).toMatchObject({ level: "sector", rows: [0, 1] });
  });
});

describe("a complete postcode", () => {
  it("is found in its area alone", () => {
    expect(found(complete, "qz11ab")).toEqual(["QZ1 1AB"]);
    expect(found(complete, "QZ11 1AB")).toEqual(["QZ11 1AB"]);
    expect(found(complete, "QZ1 1A")).toEqual(["QZ1 1AA?", "QZ1 1AB?"]);
  });

  it("that is not there is said, with why that may be", () => {
    expect(complete.find("QZ1 1BB", 5)).toEqual([]);
    expect(complete.missing("QZ1 1BB")).toBe(
      "No such postcode on this map: QZ1 1BB may lie outside, be mistyped, no longer be in use, or be newer than these data",
    );
    expect(complete.missing("QZ1 4BB")).toContain("none begins with QZ1 4;");
    expect(complete.missing("QZ7 4BB")).toContain("none begins with QZ7;");
    expect(complete.missing("QZ99")).toContain("QZ99");
  });
});

it.each(["nr", "E01900001", "harbour", "", "12", "QZ1 1ABC"])("%j is no postcode", (text) => {
  expect(looksLikePostcode(text)).toBe(false);
});

describe("the search box", () => {
  function box(from: Postcodes) {
    const index = new PlaceIndex(areas(), { postcodes: from, towns: [], support: [] });
    const [choose, say] = [vi.fn(), vi.fn()];
    const search = new Search(() => index, choose, vi.fn(), say);
    document.body.replaceChildren(search.element);
    const input = search.element.querySelector("input") ?? document.createElement("input");
    const enter = (text: string): void => {
      input.value = text;
      input.dispatchEvent(new Event("input"));
      input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true }));
    };
    return { choose, say, enter, search };
  }

  it("takes a sector that can be meant alone, and says in how many areas it lies", () => {
    const { choose, enter, search } = box(sectorsOnly);
    enter("QZ11 1AB");
    expect(choose).toHaveBeenCalledWith(expect.objectContaining({ kind: "sector", name: "QZ11 1", rows: [1, 2] }));
    expect(search.element.textContent).toContain("Postcode sector of QZ11 1AB, as this page has no complete postcodes · 2 areas");
  });

  it.each(["QZ11", "Q16", "QZ1 1A"])("offers and does not choose where %s is typed", (typed) => {
    const { choose, enter, say } = box(typed === "QZ1 1A" ? complete : sectorsOnly);
    enter(typed);
    expect(choose).not.toHaveBeenCalled();
    expect(say).toHaveBeenLastCalledWith("2 suggestions: choose one with the arrow keys");
  });
});
