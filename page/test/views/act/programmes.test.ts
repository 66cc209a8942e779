import { beforeEach, describe, expect, it, vi } from "vitest";
import type { BudgetPoint, CostInfo, PriceInfo, ProgrammesInfo } from "../../../src/model/contract";
import { budget, costInWords, hasProgrammes, introInWords, planInWords, pointInWords, pounds, programmesCsv } from "../../../src/model/programmes";
import { listColumns } from "../../../src/scoring/exclusion";
import { ProgrammesView } from "../../../src/views/act/programmes";
import { areaData, lists, parts } from "../../area-fixture";
import { HOSTILE } from "../../fixture";
import { programme } from "../../programme-fixture";

const price = (value: number, page: string | null = null): PriceInfo => ({
  value,
  year: 2025,
  source: page === null ? "assumption, no source" : "An office",
  page,
});
const COSTS: CostInfo[] = [
  {
    what: "Help",
    per: "person",
    share: 0.5,
    share_by_kind: { Older: 0.2 },
    low: price(10, "https://example.org/a"),
    central: price(20),
    high: price(40),
    note: "A note.",
  },
  { what: "A room", per: "programme", share: 1, share_by_kind: {}, low: price(0), central: price(100), high: price(200), note: "" },
];

const point = (sum: number, people: number, chosen: number): BudgetPoint => ({ budget: sum, people, chosen, cost_low: 0, cost: sum / 2, cost_high: sum });

function info(more: Partial<ProgrammesInfo> = {}): ProgrammesInfo {
  return {
    programmes: [programme(1), programme(2)],
    too_small: [{ area: 9, nearest: 2, metres: 4_500 }],
    least_people: 500,
    most_people: 3_000,
    reach_metres: 6_000,
    helped_share: 0.1,
    costs: COSTS,
    curve: [point(50_000, 617, 1), point(100_000, 1_851, 2)],
    plan: null,
    ...more,
  };
}

describe("programmes in words", () => {
  it("round outline costs and people to what they are worth", () => {
    expect([0.4, 849.6, 9_600, 26_075, 126_075].map(pounds)).toEqual(["£0", "£850", "£9,600", "£26,000", "£130,000"]);
    expect(budget(12_500)).toBe("£12,500");
    expect(costInWords(programme(1))).toBe("£26,000 (£9,600 to £50,000)");
    expect(pointInWords(point(100_000, 1_851, 1))).toBe("£100,000: 1,900 people in 1 programme");
  });

  it("say what they are, and what is too small", () => {
    expect(introInWords(info())).toBe(
      "2 programmes for 4 neighbourhoods with about 1,900 people at risk (an estimate). Each bundles neighbourhoods of the list of where to act that touch and are of one kind, " +
        "500 to 3,000 people at risk within 6.0 km of its centre. 1 more neighbourhood on the list is too small for a programme alone.",
    );
    expect(introInWords(info({ programmes: [] }))).toContain("No neighbourhoods of the list");
  });

  it("say what a plan reaches, and where it may cost more than there is", () => {
    const plan = { budget: 50_000, people: 617, cost_low: 10_000, cost: 40_000, cost_high: 60_000, gap: 0, candidates: 0, chosen: [], curve: [] };
    expect(planInWords(plan)).toBe(
      "£50,000 pays for 0 programmes, which reach about 620 people at risk: no other choice reaches more (proven). Outline cost £40,000 (£10,000 to £60,000). Should all prices be high, it costs more than the budget.",
    );
    expect(planInWords({ ...plan, gap: 0.012, cost_high: 45_000, candidates: 3 })).toContain(
      "programmes and sites, which reach about 620 people at risk: another could reach at most 1.2% more. Outline cost £40,000 (£10,000 to £45,000).",
    );
  });

  it("are a file without formulas", () => {
    const csv = programmesCsv([programme(1, { name: "=1+1" })], (row) => `E0${row}`);
    expect(csv).toContain("'=1+1");
    expect(csv).toContain("E01; E02");
  });

  it("are offered only where the list has an area", () => {
    expect(hasProgrammes(null)).toBe(false);
    expect(hasProgrammes(info({ programmes: [], too_small: [] }))).toBe(false);
    expect(hasProgrammes(info({ programmes: [] }))).toBe(true);
  });
});

describe("the view of programmes", () => {
  const hooks = { show: vi.fn(), select: vi.fn(), saveCsv: vi.fn(), close: vi.fn() };

  function open(given: ProgrammesInfo): ProgrammesView {
    const { areas } = parts(areaData(), lists());
    const view = new ProgrammesView(given, areas, (row) => `E0${row}`, hooks);
    document.body.replaceChildren(view.element);
    view.show(true);
    return view;
  }

  beforeEach(() => {
    vi.clearAllMocks();
  });

  it("lists them with people, host, help and cost, and outlines one", () => {
    open(info());
    const rows = [...document.querySelectorAll("table")][0].querySelectorAll("tbody tr");
    expect([...rows[0].children].map(({ textContent }) => textContent)).toEqual([
      "Place 12 neighbourhoodsWard 1, Fenmouth · Fenmouth 002AWard 2, Fenmouth · Fenmouth 003A",
      "1,200",
      "Harbour Librarypublic library, 1.6 km",
      "Sessions over tea",
      "£26,000£9,600 to £50,000",
    ]);
    rows[0].querySelector<HTMLElement>(".atlas-programme-name")?.click();
    expect(hooks.show).toHaveBeenCalledWith([1, 2], "Place 1: 2 neighbourhoods");
    rows[0].querySelector<HTMLElement>("li button")?.click();
    expect(hooks.select).toHaveBeenCalledWith(1);
    expect(document.activeElement?.id).toBe("atlas-programmes-title");
  });

  it("shows what money reaches as a drawing and as numbers, and every price with who says so", () => {
    open(info());
    expect(document.querySelector("svg")?.getAttribute("aria-label")).toContain("£50,000: 620 people in 1 programme; £100,000: 1,900 people in 2 programmes");
    expect(document.body.textContent).toContain("Help: £10 (2025) · £20 (2025) · £40 (2025) for each person helped, 50% of them, 20% in “Older”.");
    expect(document.body.textContent).toContain("assumption, no source");
    expect(document.querySelector(".atlas-programme-costs a")?.getAttribute("href")).toBe("https://example.org/a");
    expect(document.body.textContent).toContain("Too small for a programme alone: 1");
  });

  it("shows a plan that somebody asked for, programmes and sites", () => {
    const chosen = [
      { sort: "programme" as const, name: "Place 2", programme: 2, people: 617, cost_low: 1, cost: 2, cost_high: 3 },
      { sort: "site" as const, name: "Hall", programme: null, people: 100, cost_low: 5, cost: 5, cost_high: 5 },
    ];
    open(info({ plan: { budget: 50_000, people: 717, cost_low: 6, cost: 7, cost_high: 8, gap: 0, candidates: 1, chosen, curve: [] } }));
    expect([...document.querySelectorAll(".atlas-programme-plan li")].map(({ textContent }) => textContent)).toEqual([
      "Place 2 620 people at risk, £2 (£1 to £3)",
      "Hall 100 people at risk, £5 (£5 to £5)",
    ]);
  });

  it("shows kinds where they are told apart, and hostile names as text", () => {
    open(info({ programmes: HOSTILE.map((name, place) => programme(place + 1, { name, kind: name, host: name, what_helps: name, areas: [1] })) }));
    expect([...document.querySelectorAll("thead")][0].textContent).toContain("Kind");
    expect(document.querySelector("img, script")).toBeNull();
    for (const name of HOSTILE) expect(document.body.textContent).toContain(name);
  });
});

describe("the list by other weights", () => {
  const of = (...values: number[]): Float64Array => Float64Array.from(values);
  const bounds = { by_support: true, risk_share: 0.5, support_share: 0.33, near: 800, far: 3000, unit: "metres" as const, least_probability: 0.1, unsure: 0 };

  it("holds areas of high risk and little support, the largest unmet need first", () => {
    const given = { rank: of(1, 2, 3, 4, NaN, 2.5), little: of(1, 0, 1, 1, 1, 1), people: of(100, 900, 50, 900, 900, 300), lack: of(0.9, 1, 1, 1, 1, 0.3) };
    const columns = listColumns(given, bounds);
    expect([...(columns.get("on_list") ?? [])]).toEqual([1, 0, 0, 0, 0, 1]);
    expect([...(columns.get("priority") ?? [])]).toEqual([1, NaN, NaN, NaN, NaN, 2]);
    expect([...(columns.get("list_probability") ?? [])].every(Number.isNaN)).toBe(true);
  });
});
