import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { IndexInfo } from "../../../src/model/contract";
import { NO_FILTER, withOneOf } from "../../../src/model/filter";
import { indexFile, unfiled } from "../../../src/model/index-file";
import type { Scored } from "../../../src/model/scored";
import { follow, Store } from "../../../src/model/store";
import { Table } from "../../../src/model/table";
import { formatWhatIf, parseWhatIf, sliderRange } from "../../../src/model/what-if";
import { changesOf, orderInWords, tenthInWords } from "../../../src/scoring/changes";
import { Scorer } from "../../../src/scoring/score";
import { keptTotal, readWhatIf } from "../../../src/scoring/weights";
import type { WhatIfHooks } from "../../../src/views/tools/what-if";
import { WhatIf } from "../../../src/views/tools/what-if";
import { HOSTILE } from "../../fixture";
import type { Case } from "../../scoring-cases";
import { cases } from "../../scoring-cases";

const caseOf = (name: string) => cases.find((page) => page.name === name) ?? cases[0];
const page = caseOf("percentile");

function panel(from = page, changed: Partial<Case> = {}) {
  const { index, nation, reference, columns } = { ...from, ...changed };
  const calls = {
    say: vi.fn<(text: string) => void>(),
    select: vi.fn<(row: number) => void>(),
    save: vi.fn<(name: string, text: string) => void>(),
  } satisfies WhatIfHooks;
  const table = Table.of(Object.values(columns)[0].length, columns);
  const areas = { name: (row: number) => table.text("lsoa21_code", row) ?? "", place: (row: number) => (row % 2 ? `Ward ${row}` : "") };
  const data = { title: "The area", built: "2026-11-23T01:02:03Z", index, nation: { ...nation, medians: {}, means: {}, boards: null } };
  const scorer = new Scorer(index, table, nation, reference);
  const store = new Store(table, "risk_decile", ({ weights, reference: asked }, among) => scorer.score(keptTotal(index, weights), asked, among));
  const scored = vi.fn<(scored: Scored | null) => void>();
  const whatIf = new WhatIf({ data, table, areas, scorer, store }, calls);
  follow(() => store.scored.value, scored);
  scored.mockClear();
  document.body.replaceChildren(whatIf.notice, whatIf.element);
  const find = (selector: string): HTMLInputElement => {
    const found = whatIf.element.querySelector<HTMLInputElement>(selector);
    if (!found) throw new Error(`There is no ${selector}.`);
    return found;
  };
  const sliders = [...whatIf.element.querySelectorAll<HTMLInputElement>("input[type=range]")];
  return {
    whatIf,
    store,
    scorer,
    scored,
    calls,
    find,
    sliders,
    text: () => whatIf.element.textContent,
    move: (slider: number, weight: number) => {
      sliders[slider].value = String(weight);
      sliders[slider].dispatchEvent(new Event("input"));
    },
    choose: (value: string) => {
      const radio = find(`input[value=${value}]`);
      radio.checked = true;
      radio.dispatchEvent(new Event("change"));
    },
    button: (label: string) => {
      const found = [...whatIf.element.querySelectorAll("button")].find(({ textContent }) => textContent === label);
      if (!found) throw new Error(`There is no button ${label}.`);
      return found;
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const frame = () => vi.advanceTimersByTime(50);
const rest = () => vi.advanceTimersByTime(2000);

describe("the sliders", () => {
  it("start at the published weights and say each one's share", () => {
    const { sliders, whatIf, store, scored, find } = panel();
    expect(sliders.map(({ value }) => value)).toEqual(["3", "2", "0.5"]);
    expect(sliders[0].getAttribute("aria-valuetext")).toBe("3, 55% of the whole");
    expect(find("label").textContent).toBe("first");
    expect(find("label").getAttribute("for")).toBe(sliders[0].id);
    expect(store.applied).toBeNull();
    expect(whatIf.notice.hidden).toBe(true);
    expect(scored).not.toHaveBeenCalled();
  });

  it("score again once a frame, however often they move", () => {
    const { scored, store, move, whatIf, sliders, text } = panel();
    for (const weight of [2, 1, 0.5, 0]) move(0, weight);
    expect(sliders[1].getAttribute("aria-valuetext")).toBe("2, 80% of the whole, published 36%");
    expect(scored).not.toHaveBeenCalled();
    frame();
    expect(scored).toHaveBeenCalledTimes(1);
    expect(scored.mock.calls[0][0]?.count).toBe(page.selection.length);
    expect(store.applied).toEqual({ weights: [0, 2, 0.5], reference: "england" });
    expect(whatIf.notice.hidden).toBe(false);
    expect(whatIf.notice.textContent).toContain("Weights are changed: this is not the published index");
    expect(text()).toMatch(/enters? the most at-risk tenth|The same areas are in/);
    expect(text()).toContain("rank correlation");
  });

  it("say the result once the hand rests, and the notice with it the first time only", () => {
    const { calls, move } = panel();
    move(0, 1);
    frame();
    move(0, 0);
    frame();
    expect(calls.say).not.toHaveBeenCalled();
    rest();
    expect(calls.say).toHaveBeenCalledTimes(1);
    expect(calls.say.mock.calls[0][0]).toContain("Weights are changed");
    move(1, 4);
    frame();
    rest();
    expect(calls.say).toHaveBeenCalledTimes(2);
    expect(calls.say.mock.calls[1][0]).not.toContain("Weights are changed");
  });

  it("are back at the published weights when put there, by hand or by the button", () => {
    const { calls, scored, store, move, whatIf, button, sliders } = panel();
    move(0, 1);
    frame();
    move(0, 3);
    frame();
    expect(scored).toHaveBeenLastCalledWith(null);
    expect(store.applied).toBeNull();
    move(1, 5);
    frame();
    button("Put back the published weights").click();
    expect(scored).toHaveBeenLastCalledWith(null);
    expect(sliders[1].value).toBe("2");
    expect(whatIf.notice.hidden).toBe(true);
    expect(button("Put back the published weights").disabled).toBe(true);
    calls.say.mockClear();
    rest();
    expect(calls.say).not.toHaveBeenCalled();
  });

  it("say in words that all weights are 0, and show the published index", () => {
    const { calls, scored, store, move, find } = panel();
    move(0, 0);
    frame();
    move(1, 0);
    move(2, 0);
    frame();
    expect(find(".atlas-what-if-problem").textContent).toContain("Every weight is 0");
    expect(scored).toHaveBeenLastCalledWith(null);
    expect(store.applied).toBeNull();
    rest();
    expect(calls.say.mock.lastCall?.[0]).toContain("Every weight is 0");
  });

  it("keep the total of weights that are counted as they are", () => {
    const sums = caseOf("rank-exponential sums");
    const { move, store, scored, find } = panel(sums);
    move(0, 1);
    frame();
    expect(store.applied?.weights).toEqual([1, 0.3, 0.2]);
    expect(find(".atlas-what-if-problem").hidden).toBe(true);
    const score = scored.mock.calls[0][0]?.score ?? new Float64Array();
    expect(Math.max(...score)).toBeLessThanOrEqual(100);
  });
});

describe("the comparison", () => {
  it("changes the ranks by itself, and says so", () => {
    const { choose, store, scored, whatIf, button } = panel();
    choose("area");
    frame();
    expect(store.applied).toEqual({ weights: [3, 2, 0.5], reference: "area" });
    expect(whatIf.notice.textContent).toContain("The comparison is changed");
    expect(button("Save as an index file").disabled).toBe(true);
    const run = page.runs.find(({ weights, reference }) => weights[0] === 3 && reference === "area");
    expect(Array.from(scored.mock.calls[0][0]?.rank ?? [])).toEqual(run?.expected?.rank);
  });

  it("follows the filter, and only where it matters", () => {
    const { choose, scored, store, text, move } = panel();
    const codes = page.columns.lsoa21_code.filter((_, row) => page.selection[row]).map(String);
    const filter = () => withOneOf(NO_FILTER, "lsoa21_code", codes);
    store.filter.value = filter();
    frame();
    expect(scored).not.toHaveBeenCalled();
    expect(text()).toContain(`Now: ${codes.length} areas.`);
    choose("selection");
    frame();
    expect(scored.mock.lastCall?.[0]?.count).toBe(codes.length);
    expect(text()).toContain(`Among the ${codes.length} filtered areas: `);
    store.filter.value = filter();
    frame();
    expect(scored).toHaveBeenCalledTimes(1);
    move(0, 1);
    frame();
    expect(scored.mock.lastCall?.[0]?.count).toBe(codes.length);
    store.filter.value = NO_FILTER;
    expect(scored.mock.lastCall?.[0]?.count).toBe(page.selection.length);
  });

  it("is refused where the page lacks what it needs, in words", () => {
    const { find, move, text } = panel(caseOf("z-score"));
    expect(find("input[value=england]").checked).toBe(true);
    expect(text()).toContain("This index is made of standard deviations");
    move(0, 1);
    frame();
    expect(find(".atlas-what-if-problem").textContent).toContain("standard deviations");
    const columns = Object.fromEntries(Object.entries(page.columns).filter(([name]) => name !== "one"));
    const lacking = panel(page, { columns });
    expect(lacking.find("input[value=area]").disabled).toBe(true);
    expect(lacking.text()).toContain("does not hold the numbers of one");
  });
});

describe("what changes", () => {
  it("offers the areas that rise most", () => {
    const { move, calls, whatIf } = panel();
    move(0, 0);
    move(2, 5);
    frame();
    const buttons = [...whatIf.element.querySelectorAll<HTMLButtonElement>("ol button")];
    expect(buttons).toHaveLength(5);
    buttons[0].click();
    const row = calls.select.mock.calls[0][0];
    expect(buttons[0].textContent).toContain(String(page.columns.lsoa21_code[row]));
    expect(whatIf.element.querySelector("ol li")?.textContent).toMatch(/up \d+ places?: \d+\w\w to \d+\w\w/);
  });

  it("counts who enters and leaves, and compares the orders", () => {
    const ranked = (...rank: number[]) => ({
      rank: Float64Array.from(rank),
      average: Float64Array.from(rank, (value) => value + (rank.filter((other) => other === value).length - 1) / 2),
      decile: Float64Array.from(rank, (value) => Math.ceil((10 * value) / rank.length)),
      count: rank.length,
    });
    const order = Array.from({ length: 20 }, (_, i) => i + 1);
    const same = changesOf(ranked(...order), ranked(...order), 5);
    expect(same).toEqual({ enter: 0, leave: 0, correlation: 1, risers: [] });
    const turned = changesOf(ranked(...order), ranked(...order.toReversed()), 3);
    expect(turned.enter).toBe(2);
    expect(turned.leave).toBe(2);
    expect(turned.correlation).toBeCloseTo(-1, 12);
    expect(turned.risers.map(({ row, from, to }) => [row, from, to])).toEqual([
      [19, 20, 1],
      [18, 19, 2],
      [17, 18, 3],
    ]);
    expect(tenthInWords(turned)).toBe("2 areas enter the most at-risk tenth, 2 leave it.");
    expect(tenthInWords({ ...same, enter: 1, leave: 1 })).toBe("1 area enters the most at-risk tenth, 1 leaves it.");
    expect(orderInWords(same)).toContain("almost the same as the published one (rank correlation 1.00");
    expect(orderInWords(turned)).toContain("very different");
    expect(changesOf(ranked(1, 1, 3), ranked(1, 1, 3), 5).correlation).toBeCloseTo(1, 12);
    expect(orderInWords(changesOf(ranked(1, 1), ranked(1, 2), 5))).toBe("");
  });
});

describe("in the address", () => {
  it("goes there and back", () => {
    const state = { weights: [3, 2, 0.25], reference: "area" as const };
    const written = "first:3,second:2,third:0.25;area";
    expect(formatWhatIf(state, ["first", "second", "third"])).toBe(written);
    const { whatIf, store, scored, scorer, sliders } = panel();
    const read = readWhatIf("3,2,0.25;area", page.index, scorer);
    expect(read).toEqual({ state, unread: [], byPlace: true });
    store.whatIf.value = read.state;
    expect(scored).toHaveBeenCalledTimes(1);
    expect(store.applied).toEqual(state);
    expect(whatIf.element.open).toBe(true);
    expect(sliders[2].value).toBe("0.25");
    store.whatIf.value = null;
    expect(scored).toHaveBeenLastCalledWith(null);
  });

  it.each([
    null,
    "",
    ";",
    "3,2,1",
    "3,2;area",
    "3,2,1,1;area",
    "3,2,1;moon",
    "3,2,-1;area",
    "3,2,1e3;area",
    "3,2,NaN;area",
    "3,2,Infinity;area",
    "3,2,6;area",
    "0,0,0;area",
    "3,2,;area",
    "3,2, 1;area",
    "3,2,1;area;area",
    "<img>,2,1;area",
    "a:3,b:2;area",
    "a:3,b:2,d:1;area",
    "a:3,b:2,a:1;area",
    "a:3,2,1;area",
  ])("rejects %j", (value) => {
    const { state, unread } = parseWhatIf(value, ["a", "b", "c"], 5);
    expect(state).toBeNull();
    expect(unread).toHaveLength(value === null ? 0 : 1);
  });

  it("does not take a comparison that the page does not offer", () => {
    const { store, scored, scorer } = panel(page, { nation: { title: "England", areas: page.selection.length } });
    store.whatIf.value = { weights: [1, 1, 1], reference: "area" };
    expect(store.applied).toBeNull();
    expect(scored).not.toHaveBeenCalled();
    expect(readWhatIf("1,1,1;area", page.index, scorer).unread).toEqual(["the comparison “area”"]);
  });
});

it("chooses sliders that cover the weights of an index", () => {
  expect(sliderRange([3, 2, 2, 2, 0.5, 0.5])).toEqual({ most: 5, step: 0.25 });
  expect(sliderRange([1, 1, 1])).toEqual({ most: 5, step: 0.25 });
  expect(sliderRange([0.225, 0.135, 0.093])).toEqual({ most: 0.5, step: 0.025 });
  expect(sliderRange([40, 60])).toEqual({ most: 100, step: 5 });
});

describe("the index as a file", () => {
  const made = { title: "The area\n[[components]]", built: "2026-11-23", on: new Date("2026-12-01T12:00:00Z") };

  it("is saved with the weights of the sliders", () => {
    const { move, calls, button } = panel();
    expect(button("Save as an index file").disabled).toBe(true);
    move(2, 0);
    move(0, 1.25);
    frame();
    button("Save as an index file").click();
    const [name, text] = calls.save.mock.calls[0];
    expect(name).toBe("test-changed.toml");
    expect(text).toMatch(/^# Made on the page "The area" \(built 2026-11-23T01:02:03Z\) on \d{4}-\d\d-\d\d/);
    expect(text).toContain("weight = 1.25");
    expect(text).toContain("# Left out, because their weight was 0: third.");
    expect(text).not.toContain('name = "third"');
    expect(calls.say).toHaveBeenCalledWith("Saved as test-changed.toml");
  });

  it("holds hostile text as text", () => {
    const index: IndexInfo = { ...page.index, title: 'a"\\\n[[components]]', description: HOSTILE.join("\u0000\u007f\r"), source: "\ud800 half" };
    const { text } = indexFile(index, [1, 1, 1], made);
    expect(text).toContain('title = "a\\"\\\\\\u000A[[components]] (changed weights)"');
    expect(text).toContain("\\u0000\\u007F\\u000D");
    expect(text).toContain("\\u202E");
    expect(text).toContain('source = "\ufffd half"');
    expect(text.split("\n").filter((line) => line === "[[components]]")).toHaveLength(3);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(indexFile({ ...index, id: "../x" }, [1, 1, 1], made).name).toBe("index-changed.toml");
  });

  it("cannot be written where the page does not say how gaps are filled", () => {
    const imputed = caseOf("gaps imputed");
    expect(unfiled(imputed.index)).toBeNull();
    expect(indexFile(imputed.index, [1, 1, 1], made).text).toContain('impute_by = "kind"');
    const index = { ...imputed.index, impute_by: null };
    expect(unfiled(index)).toContain("cannot be saved");
    const { move, button, text } = panel({ ...imputed, index });
    move(0, 1);
    frame();
    expect(button("Save as an index file").disabled).toBe(true);
    expect(text()).toContain("cannot be saved from here");
  });
});
