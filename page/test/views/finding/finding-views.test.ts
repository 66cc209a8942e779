import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ProgrammesInfo } from "../../../src/model/contract";
import { Identities } from "../../../src/model/identity";
import { Levels } from "../../../src/model/levels";
import { Table } from "../../../src/model/table";
import { FindingView } from "../../../src/views/finding/finding";
import { LevelsView } from "../../../src/views/levels/levels";
import { PlanView } from "../../../src/views/plan/plan";
import { HOSTILE } from "../../fixture";
import { programme } from "../../programme-fixture";

const hooks = { show: vi.fn(), select: vi.fn(), choose: vi.fn() };
const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)];
const byText = (text: string): HTMLElement | undefined => all("button, [role=button]").find(({ textContent }) => textContent.includes(text));

beforeEach(() => {
  vi.clearAllMocks();
});

describe("the finding", () => {
  it("shows sentences by what they are about, and areas behind its links", () => {
    const view = new FindingView(hooks, matchMedia("screen"));
    document.body.replaceChildren(view.element);
    view.show([
      { topic: "act", parts: ["First: ", { text: "Quay", rows: [3] }] },
      { topic: "worst", parts: [{ text: "2", rows: [1, 2] }, " of ", { name: "Fens’" }, " 9, 1 to 3 in nine of ten plausible indices."] },
      { topic: "worst", parts: ["More."] },
    ]);
    expect(all("dt").map(({ textContent }) => textContent)).toEqual(["Where is risk", "Where to act first"]);
    expect(all("dd")[0].textContent).toBe("2 of Fens’ 9, 1 to 3 in nine of ten plausible indices. More.");
    byText("2")?.click();
    expect(hooks.show).toHaveBeenCalledWith([1, 2], "2");
  });

  it("shows hostile names as text", () => {
    const view = new FindingView(hooks, matchMedia("screen"));
    document.body.replaceChildren(view.element);
    view.show([{ topic: "act", parts: HOSTILE.flatMap((name) => [{ name }, { text: name, rows: [] }]) }]);
    expect(document.querySelector("img, script")).toBeNull();
    for (const name of HOSTILE) expect(document.body.textContent).toContain(name);
  });
});

describe("the levels", () => {
  it("lead down into a place, and to a neighbourhood", () => {
    const table = Table.of(3, {
      lsoa21_code: ["E01", "E02", "E03"],
      lsoa21_name: ["Fen 001A", "Fen 001B", "Fen 002A"],
      ward_code: ["A", "B", null],
      ward_name: ["Quay", "Mill", null],
      lad_code: ["F", "F", "W"],
      lad_name: ["Fen", "Fen", "Wet"],
      population_total: [1000, 2000, 3000],
      england_decile: [1, 5, 5],
    });
    const down = vi.fn();
    const view = new LevelsView(new Levels(table, new Identities(table), [{ level: "lad", code: "W", areas: 7 }]), { ...hooks, down });
    document.body.replaceChildren(view.element);
    view.show("lad", [0, 1, 2]);
    expect(all("tbody tr").map((row) => [...row.children].slice(0, 6).map(({ textContent }) => textContent))).toEqual([
      ["Fen", "2", "3,000", "–", "1 (50%)", "33%"],
      ["Wet1 of its 7 neighbourhoods; the others are not among these", "1", "3,000", "–", "0 (0%)", "0%"],
    ]);
    byText("Fen")?.click();
    expect(down).toHaveBeenCalledWith(expect.objectContaining({ level: "lad", id: "F", rows: [0, 1] }));
    view.show("lsoa", [0, 1]);
    byText("Fen 001A")?.click();
    expect(hooks.select).toHaveBeenCalledWith(0);
    view.show("ward", [2]);
    expect(document.body.textContent).toContain("1 neighbourhood lies in no ward that is known.");
  });
});

describe("the plan", () => {
  const info: ProgrammesInfo = {
    programmes: [programme(1, { people: 100, cost: 10_000 }), programme(2, { people: 300, cost: 20_000 })],
    too_small: [],
    least_people: 500,
    most_people: 3_000,
    reach_metres: 6_000,
    helped_share: 0.1,
    costs: [],
    curve: [{ budget: 50_000, people: 400, chosen: 2, cost_low: 0, cost: 30_000, cost_high: 0 }],
    plan: null,
  };

  function open(pounds: number | null): PlanView {
    const view = new PlanView(info, hooks);
    document.body.replaceChildren(view.element);
    view.show(pounds);
    return view;
  }

  it("reads a budget, and refuses what is none", () => {
    open(null);
    const field = document.querySelector("input");
    const submit = (text: string): void => {
      if (field) field.value = text;
      document.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
    };
    submit("a lot");
    expect(hooks.choose).not.toHaveBeenCalled();
    expect(all("[role=status]")[0].textContent).toContain("such as 100,000");
    submit("£25k");
    expect(hooks.choose).toHaveBeenCalledWith(25_000);
    expect(field?.hasAttribute("aria-invalid")).toBe(false);
  });

  it("shows the programmes chosen, the people reached and the point on the curve", () => {
    open(25_000);
    expect(document.querySelector("input")?.value).toBe("25,000");
    expect(document.body.textContent).toContain("£25,000 pays for 1 programme, which reaches about 300 people at risk");
    expect(all("ol li").map(({ textContent }) => textContent)).toEqual(["Place 2: 300 people at risk in 2 neighbourhoods, £20,000 (£9,600 to £50,000)"]);
    expect(document.querySelector("svg")?.getAttribute("aria-label")).toContain("£25,000: 300 people in 1 programme; £50,000: 400 people in 2 programmes");
    byText("Place 2")?.click();
    expect(hooks.show).toHaveBeenCalledWith([2, 3], "Place 2");
    byText("Show all")?.click();
    expect(hooks.show).toHaveBeenLastCalledWith([2, 3], "£25,000: 1 programme");
  });

  it("prints the plan alone with the assumptions unfolded, and folds them again", () => {
    open(25_000);
    const { classList } = document.documentElement;
    const unfolded = (): boolean | undefined => document.querySelector<HTMLDetailsElement>(".atlas-plan-assumptions")?.open;
    const printed: unknown[] = [];
    vi.stubGlobal("print", () => printed.push(classList.contains("atlas-print-plan"), unfolded()));
    byText("Print this plan")?.click();
    expect(printed).toEqual([true, true]);
    dispatchEvent(new Event("afterprint"));
    expect([classList.contains("atlas-print-plan"), unfolded()]).toEqual([false, false]);
    vi.unstubAllGlobals();
  });

  it("shows no list where the budget pays for none", () => {
    open(10);
    expect(document.body.textContent).toContain("pays for no programme");
    expect(document.querySelector("ol")).toBeNull();
  });
});
