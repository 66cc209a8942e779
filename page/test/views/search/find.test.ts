import { describe, expect, it, vi } from "vitest";
import type { Place } from "../../../src/model/find";
import { normalise, PlaceIndex } from "../../../src/model/find";
import { Search } from "../../../src/views/search/search";
import { areas } from "../../fixture";

const index = new PlaceIndex(areas());
const names = (query: string): string[] => index.find(query, 8).map(({ kind, name }) => `${kind}: ${name}`);

describe("finding a place", () => {
  it("ignores accents, case and punctuation", () => {
    expect(normalise("  Café & King’s-Quay ")).toBe("cafe kings quay");
    expect(names("CAFE quay")[0]).toBe("ward: Café & Quay");
  });

  it("offers districts, then wards, then areas", () => {
    expect(names("fenmouth")).toEqual(["district: Fenmouth", "area: Fenmouth 001A", "area: Fenmouth 001B", "ward: Harbour"]);
  });

  it("takes LSOA codes", () => {
    expect(names("e01900003")).toEqual(["area: Wetland 002A"]);
    expect(names("E0190000")).toHaveLength(4);
  });

  it("takes words in any order, each from its start", () => {
    expect(names("harb fen")).toContain("ward: Harbour");
    expect(names("arbour")).toEqual([]);
    expect(names("  ")).toEqual([]);
  });

  it("offers no more than asked", () => {
    expect(index.find("E0190", 2)).toHaveLength(2);
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
    expect(choose.mock.calls[0][0].name).toBe("Fenmouth 001A");
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
