import { beforeEach, describe, expect, it, vi } from "vitest";
import { RowList } from "../../src/ui/row-list";

const hooks = { choose: vi.fn<(place: number) => void>(), preview: vi.fn<(place: number | null) => void>() };

function open(length: number): { list: RowList; rows: () => HTMLButtonElement[] } {
  const list = new RowList("Things", hooks);
  document.body.replaceChildren(list.element);
  list.show(length, (place) => ({ mark: String(place + 1), title: `Thing ${place}`, detail: "a detail", figure: "7", of: "sevens" }));
  return { list, rows: () => [...list.element.querySelectorAll<HTMLButtonElement>("li > button")] };
}

function press(key: string): void {
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

beforeEach(() => {
  vi.clearAllMocks();
});

describe("a list of rows", () => {
  it("says its rows and opens the one that is chosen", () => {
    const { rows } = open(3);
    expect(rows().map(({ textContent }) => textContent)).toEqual([
      "1Thing 0. a detail. 7 sevens",
      "2Thing 1. a detail. 7 sevens",
      "3Thing 2. a detail. 7 sevens",
    ]);
    rows()[2].click();
    expect(hooks.choose).toHaveBeenCalledExactlyOnceWith(2);
  });

  it("is one stop for the Tab key, and arrow keys go through it", () => {
    const { rows } = open(3);
    expect(rows().map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1]);
    rows()[0].focus();
    press("ArrowDown");
    expect(document.activeElement).toBe(rows()[1]);
    expect(rows().map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1]);
    press("End");
    press("ArrowDown");
    expect(document.activeElement).toBe(rows()[2]);
    press("Home");
    press("ArrowUp");
    expect(document.activeElement).toBe(rows()[0]);
    expect(hooks.preview.mock.calls.map(([place]) => place)).toEqual([0, 1, 2, 0]);
  });

  it("shows more rows where the reader asks, and takes the focus to the first of them", () => {
    const { list, rows } = open(100);
    expect(rows()).toHaveLength(30);
    const more = list.element.querySelector<HTMLButtonElement>(".atlas-rows-more");
    expect(more?.textContent).toBe("Show 50 more of 100");
    more?.click();
    expect(rows()).toHaveLength(80);
    expect(document.activeElement).toBe(rows()[30]);
    expect(more?.textContent).toBe("Show 20 more of 100");
    more?.click();
    expect(rows()).toHaveLength(100);
    expect(more?.hidden).toBe(true);
  });

  it("marks the row that is open elsewhere, also when it is filled anew", () => {
    const { list, rows } = open(3);
    list.setCurrent(1);
    expect(rows().map((row) => row.getAttribute("aria-current"))).toEqual([null, "true", null]);
    list.show(2, () => ({ mark: "", title: "Other", detail: "", figure: "", of: "" }));
    expect(rows().map((row) => row.getAttribute("aria-current"))).toEqual([null, "true"]);
    list.setCurrent(null);
    expect(rows().map((row) => row.getAttribute("aria-current"))).toEqual([null, null]);
  });
});
