import { beforeEach, describe, expect, it, vi } from "vitest";
import { KindChoices } from "../../src/views/lists/kind-choices";
import { ProgrammeList } from "../../src/views/lists/programme-list";
import { QuestionList } from "../../src/views/lists/question-list";
import { HOSTILE } from "../fixture";
import { programme } from "../programme-fixture";

const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)];

describe("the list of a question", () => {
  const hooks = {
    select: vi.fn<(row: number) => void>(),
    preview: vi.fn<(row: number | null) => void>(),
    colourOf: (row: number) => (row === 7 ? "#123456" : null),
    full: vi.fn(),
  };
  const list = {
    title: "Worst first",
    sentence: "Two.",
    isNot: ["Not this.", "Nor that."],
    rows: [7, 3],
    item: (row: number) => ({ title: HOSTILE[0], detail: `row ${row}`, figure: "10", of: "people" }),
  };

  beforeEach(() => {
    vi.clearAllMocks();
  });

  it("selects and previews areas by their rows, and folds what it is not", () => {
    const view = new QuestionList("answer", hooks);
    document.body.replaceChildren(view.element);
    view.show(list);
    all(".atlas-list-row")[1].click();
    expect(hooks.select).toHaveBeenCalledExactlyOnceWith(3);
    all(".atlas-list-row")[0].dispatchEvent(new Event("pointerenter"));
    expect(hooks.preview).toHaveBeenLastCalledWith(7);
    expect(all(".atlas-list-caveats li").map(({ textContent }) => textContent)).toEqual(["Not this.", "Nor that."]);
    expect(document.querySelector("details")?.open).toBe(false);
    expect(all("img, script")).toEqual([]);
    view.setSelected(3);
    expect(all(".atlas-list-row").map((row) => row.getAttribute("aria-current"))).toEqual([null, "true"]);
    view.setSelected(99);
    expect(all("[aria-current]")).toEqual([]);
  });

  it("says what there is where it has no row", () => {
    const view = new QuestionList("answer", hooks);
    document.body.replaceChildren(view.element);
    view.show({ ...list, rows: [] }, ["None of these; the nearest is elsewhere."]);
    expect(all(".atlas-list-empty")[0].hidden).toBe(false);
    expect(all(".atlas-list-empty")[0].textContent).toBe("None of these; the nearest is elsewhere.");
    view.show(list);
    expect(all(".atlas-list-empty")[0].hidden).toBe(true);
  });
});

describe("programmes as rows", () => {
  it("open to their neighbourhoods and are outlined; those of a plan are marked", () => {
    const hooks = { outline: vi.fn(), select: vi.fn(), title: (row: number) => `Area ${row}` };
    const view = new ProgrammeList(hooks);
    document.body.replaceChildren(view.element);
    const [one, two] = [programme(1, { areas: [4, 5] }), programme(2, { areas: [6] })];
    view.show([one, two], new Set([2]));
    const [first, second] = all(".atlas-list-row");
    expect(first.textContent).not.toContain("In the plan");
    expect(second.textContent).toContain("In the plan");
    first.click();
    expect(first.getAttribute("aria-expanded")).toBe("true");
    expect(hooks.outline).toHaveBeenLastCalledWith(one);
    expect(all(".atlas-programme-member").map(({ textContent }) => textContent)).toEqual(["Area 4", "Area 5"]);
    all(".atlas-programme-member")[1].click();
    expect(hooks.select).toHaveBeenCalledWith(5);
    first.click();
    expect(hooks.outline).toHaveBeenLastCalledWith(null);
    expect(document.querySelector<HTMLElement>("#atlas-programme-1")?.hidden).toBe(true);
  });
});

describe("the choice of a kind", () => {
  it("adds up all kinds and says which was chosen", () => {
    const choose = vi.fn<(kind: string | null) => void>();
    const view = new KindChoices(choose);
    document.body.replaceChildren(view.element);
    const counts = [
      { kind: "Old", title: "Old", areas: 3, people: 310, colour: "#111111" },
      { kind: "Neither", title: "Neither kind", areas: 2, people: 0, colour: null },
    ];
    view.show(counts, "Old");
    expect(all(".atlas-kind-count").map(({ textContent }) => textContent)).toEqual(["5 · 310 people", "3 · 310 people", "2"]);
    expect(all("input").map((input) => (input as HTMLInputElement).checked)).toEqual([false, true, false]);
    all("input")[0].dispatchEvent(new Event("change"));
    expect(choose).toHaveBeenCalledExactlyOnceWith(null);
  });
});
