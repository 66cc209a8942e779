import { describe, expect, it, vi } from "vitest";
import type { Place } from "../../../src/model/find";
import { normalise, PlaceIndex } from "../../../src/model/find";
import { Search } from "../../../src/views/search/search";
import { Areas } from "../../../src/model/areas";
import { Table } from "../../../src/model/table";
import { areas } from "../../fixture";
import { support } from "../../support-fixture";

const index = new PlaceIndex(areas());
const names = (query: string): string[] => index.find(query, 8).map(({ kind, name }) => `${kind}: ${name}`);

describe("finding a place", () => {
  it("ignores accents, case and punctuation", () => {
    expect(normalise("  Café & King’s-Quay ")).toBe("cafe kings quay");
    expect(names("CAFE quay")[0]).toBe("ward: Café & Quay");
  });

  it("offers districts, then wards, then areas", () => {
    expect(names("fenmouth")).toEqual(["district: Fenmouth", "ward: Harbour", "area: Fenmouth 001A", "area: Fenmouth 001B"]);
  });

  it("takes LSOA codes", () => {
    expect(names("e01900003")).toEqual(["area: Wetland 002A"]);
    expect(names("E0190000")).toHaveLength(4);
  });

  it("takes words in any order, each from its start", () => {
    expect(names("harb fen")).toContain("ward: Harbour");
    expect(names("ar fen")).toEqual([]);
    expect(names("  ")).toEqual([]);
  });

  it("offers no more than asked", () => {
    expect(index.find("E0190", 2)).toHaveLength(2);
  });
});

/** Six areas of three MSOAs in two districts of one Sub-ICB: one MSOA without a name of its own, one district of old. */
const PLACES = {
  lsoa21_code: ["E01900001", "E01900002", "E01900003", "E01900004", "E01900005", "E01900006"],
  lsoa21_name: ["Wold 001A", "Wold 001B", "Wold 001C", "East Fen 002A", "East Fen 002B", "East Fen 003A"],
  msoa21_code: ["E02900001", "E02900001", "E02900001", null, null, "E02900003"],
  place_name: ["Wells & Quay, north side", "Wells & Quay (B)", "Wells & Quay, centre", "Staithe", "Marsh", "Saint’s Green"],
  ward_code: ["E05900001", "E05900001", "E05900002", "E05900003", "E05900004", "E05900004"],
  ward_name: ["Wells Town", "Wells Town", "Quay", "Staithe", "Marsh", "Marsh"],
  lad_code: ["E07900001", "E07900001", "E07900001", "E07900002", "E07900002", "E07900002"],
  lad_name: ["Wold", "Wold", "Wold", "East Fen", "East Fen", "East Fen"],
  former_district: [null, null, null, "Waterney", "Waterney", null],
  sicbl_code: Array<string>(6).fill("E38900001"),
  sicbl_name: Array<string>(6).fill("NHS Wold and Waterney ICB - 99Z"),
};

describe("names that people know", () => {
  const places = new Areas(Table.of(6, PLACES));
  const towns = [{ name: "Wells-next-the-Sea", row: 0 }];
  const all = new PlaceIndex(places, { postcodes: null, towns, support: support().places });
  const called = (query: string): string[] => all.find(query, 12).map(({ kind, name }) => `${kind}: ${name}`);

  it("find a district of old, and what has its name", () => {
    expect(called("waterney")).toEqual(["former: Waterney", "sicbl: NHS Wold and Waterney ICB - 99Z"]);
    expect(all.find("Waterney", 12)[0]).toMatchObject({ detail: "Former district, now in East Fen", rows: [3, 4], exact: true });
    expect(called("Wold and Waterney")).toEqual(["sicbl: NHS Wold and Waterney ICB - 99Z"]);
    expect(called("wold & wat")).toEqual(["sicbl: NHS Wold and Waterney ICB - 99Z"]);
  });

  it.each(["wells next the sea", "Wells-next-the-Sea", "WELLS NEXT THE", "wells sea"])("find a town as %j", (typed) => {
    expect(called(typed)[0]).toBe("town: Wells-next-the-Sea");
  });

  it("find towns, wider neighbourhoods and wards before single areas, the nearest first", () => {
    expect(called("wells")).toEqual([
      "town: Wells-next-the-Sea",
      "msoa: Wells & Quay",
      "ward: Wells Town",
      "area: Wells & Quay, north side",
      "area: Wells & Quay (B)",
      "area: Wells & Quay, centre",
    ]);
    expect(called("quay")[0]).toBe("ward: Quay");
    expect(called("quay")).toContain("msoa: Wells & Quay");
    expect(called("wells and quay, centre")[0]).toBe("area: Wells & Quay, centre");
  });

  it("find an MSOA by its official name and its code, an area by both of its own", () => {
    expect(called("wold 001")[0]).toBe("msoa: Wells & Quay");
    expect(called("E02900001")).toEqual(["msoa: Wells & Quay"]);
    expect(called("east fen 002")[0]).toBe("msoa: East Fen 002");
    expect(called("wold 001b")).toEqual(["area: Wells & Quay (B)"]);
    expect(all.find("e01900004", 12)).toMatchObject([
      { kind: "area", name: "Staithe", detail: "Neighbourhood in East Fen · East Fen 002A · E01900004", exact: true },
    ]);
  });

  it("find what lies inside a word last, from three letters on", () => {
    expect(called("aithe")).toEqual(["ward: Staithe", "area: Staithe"]);
    expect(called("ai")).toEqual([]);
    expect(called("saints")).toContain("area: Saint’s Green");
  });

  it("find places that help, which lie at a point", () => {
    const [place] = all.find("harbour lib", 12);
    expect(place).toMatchObject({ kind: "support", name: "Harbour Library", rows: [] });
    expect(place.support?.name).toBe("Harbour Library");
    expect(place.detail).toMatch(/^Library/);
  });
});

describe("the search box", () => {
  function box() {
    const choose = vi.fn<(place: Place) => void>();
    const search = new Search(() => index, choose, vi.fn(), vi.fn());
    document.body.replaceChildren(search.element);
    const input = search.element.querySelector("input") ?? document.createElement("input");
    const type = (text: string): void => {
      input.value = text;
      input.dispatchEvent(new Event("input"));
    };
    const press = (key: string): void => {
      input.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
    };
    return { choose, search, input, type, press };
  }

  it("names the suggestion the arrows have reached and takes it on Enter", () => {
    const { choose, search, input, type, press } = box();
    type("fenmouth");
    expect(input.getAttribute("aria-expanded")).toBe("true");
    press("ArrowDown");
    press("ArrowDown");
    expect(input.getAttribute("aria-activedescendant")).toBe("atlas-suggestion-1");
    expect(search.element.querySelectorAll('[aria-selected="true"]')).toHaveLength(1);
    press("Enter");
    expect(choose.mock.calls[0][0].name).toBe("Harbour");
    expect(input.getAttribute("aria-expanded")).toBe("false");
  });

  it("closes on Escape and says when nothing is found", () => {
    const { search, input, type, press } = box();
    type("nowhere");
    expect(search.element.textContent).toContain("No place found");
    press("Escape");
    expect(input.getAttribute("aria-expanded")).toBe("false");
    press("Escape");
    expect(input.value).toBe("");
  });
});
