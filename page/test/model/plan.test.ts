import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Programme } from "../../src/model/contract";
import type { Item } from "../../src/model/knapsack";
import { choose } from "../../src/model/knapsack";
import { choiceInWords, notInTheMoney, planFor, readBudget, withPoint } from "../../src/model/plan";
import { programme } from "../programme-fixture";

interface Case {
  people: number[];
  cost: number[];
  budgets: { budget: number; reached: number }[];
}

const cases = JSON.parse(readFileSync("../tests/fixtures/plan-cases.json", "utf8")) as Case[];

function programmesOf({ people, cost }: Case): Programme[] {
  return people.map((number, at) => programme(at + 1, { people: number, cost: cost[at], cost_low: cost[at] / 2, cost_high: cost[at] * 2 }));
}

/** Numbers that look random and are always the same. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

function byTrying(items: readonly Item[], sum: number): number {
  let most = 0;
  for (let set = 0; set < 1 << items.length; set++) {
    const inside = items.filter((_, at) => set & (1 << at));
    if (inside.reduce((all, { cost }) => all + cost, 0) <= sum)
      most = Math.max(
        most,
        inside.reduce((all, { value }) => all + value, 0),
      );
  }
  return most;
}

const worth = (items: readonly Item[], chosen: readonly number[]): Item => ({
  cost: chosen.reduce((all, at) => all + items[at].cost, 0),
  value: chosen.reduce((all, at) => all + items[at].value, 0),
});

describe("the choice for a sum", () => {
  it("is worth as much as the best of all that there are", () => {
    const random = numbers(3);
    const whole = (most: number): number => Math.floor(random.next().value * most);
    for (let round = 0; round < 400; round++) {
      const items = Array.from({ length: whole(11) }, (): Item => ({ cost: whole(30), value: whole(30) }));
      const sum = whole(150);
      const chosen = choose(items, sum);
      expect(new Set(chosen).size).toBe(chosen.length);
      expect(worth(items, chosen).cost).toBeLessThanOrEqual(sum);
      expect(worth(items, chosen).value).toBe(byTrying(items, sum));
    }
  });

  it("is that of the pipeline for every budget, and keeps within it", () => {
    for (const one of cases) {
      for (const { budget, reached } of one.budgets) {
        const plan = planFor(programmesOf(one), budget);
        expect(plan.cost).toBeLessThanOrEqual(budget + 1e-6);
        // The pipeline proves its choices to a millionth; of 80 programmes people are counted in tenths here.
        expect(Math.abs(plan.people - reached)).toBeLessThanOrEqual(1e-6 * reached + (one.people.length > 11 ? 0.05 * plan.chosen : 0.01));
      }
    }
  });

  it("never reaches fewer people with more money", () => {
    for (const one of cases) {
      const programmes = programmesOf(one);
      let before = 0;
      for (let sum = 0; sum < 600_000; sum += 7_919) {
        const { people } = planFor(programmes, sum);
        expect(people).toBeGreaterThanOrEqual(before);
        before = people;
      }
    }
  });

  it("is found among the many programmes of a nation at once, close to what dividing one would reach", () => {
    const random = numbers(11);
    const many = Array.from({ length: 300 }, (_, at) => {
      const people = 300 + 2_700 * random.next().value;
      return programme(at + 1, { people, cost: 17_150 + people * [17.9, 20.4, 26.6][at % 3] });
    });
    const total = many.reduce((all, { cost }) => all + cost, 0);
    const best = [...many].sort((a, b) => b.people / b.cost - a.people / a.cost);
    for (const share of [0.1, 0.5, 0.8, 0.97]) {
      const plan = planFor(many, share * total);
      expect(plan.cost).toBeLessThanOrEqual(share * total);
      // No choice reaches more than if the last programme could be divided.
      let [room, most] = [share * total, 0];
      for (const { cost, people } of best) {
        most += people * Math.min(1, room / cost);
        room = Math.max(0, room - cost);
      }
      expect(plan.people).toBeLessThanOrEqual(most * 1.00001);
      expect(plan.people).toBeGreaterThanOrEqual(most - 3_000);
    }
  });

  it("names the programme that reaches most people first, and adds up their costs", () => {
    const programmes = [
      programme(1, { people: 100, cost: 10 }),
      programme(2, { people: 300, cost: 20, cost_low: 5, cost_high: 50 }),
      programme(3, { people: 50, cost: 1, cost_low: 1, cost_high: 2, helped: 5 }),
    ];
    const plan = planFor(programmes, 21);
    expect(plan.programmes.map(({ order }) => order)).toEqual([2, 3]);
    expect(plan).toMatchObject({ chosen: 2, people: 350, cost: 21, cost_low: 6, cost_high: 52, budget: 21, helped: 128 });
    expect(planFor([], 1000)).toMatchObject({ chosen: 0, people: 0 });
  });
});

describe("a budget", () => {
  it("is read as people write it", () => {
    expect(["£100,000", "100000", " 12,500 ", "100k", "£1.5m", "2 million", "£12.50"].map(readBudget)).toEqual([
      100_000, 100_000, 12_500, 100_000, 1_500_000, 2_000_000, 12.5,
    ]);
    expect(["", "-5", "ten", "1,00", "£", "1e9", "99999999999", "10 000"].map(readBudget)).toEqual([null, null, null, null, null, null, null, null]);
  });
});

describe("a choice in words", () => {
  const two = [
    programme(1, { people: 100, cost: 10_000, cost_low: 5_000, cost_high: 20_000 }),
    programme(2, { people: 300, cost: 20_000, cost_low: 9_000, cost_high: 50_000 }),
  ];

  it("says what it reaches, and what it may cost beyond the budget", () => {
    expect(choiceInWords(planFor(two, 25_000), two)).toBe(
      "£25,000 pays for 1 programme, which reaches about 300 people at risk: no other choice reaches more (proven). Outline cost £20,000 (£9,000 to £50,000). Should all prices be high, it costs more than the budget.",
    );
  });

  it("says where a budget pays for none, or for all", () => {
    expect(choiceInWords(planFor(two, 500), two)).toBe("£500 pays for no programme: the cheapest costs £10,000.");
    expect(choiceInWords(planFor(two, 90_000), two)).toContain("£90,000 pays for 2 programmes, which reach about 400 people at risk");
    expect(choiceInWords(planFor(two, 90_000), two)).toContain("These are all there are; together they cost £30,000.");
    expect(choiceInWords(planFor([], 500), [])).toBe("There is no programme to pay for.");
  });

  it("says what the money is not for", () => {
    const price = { value: 1, year: 2025, source: "x", page: null };
    const cost = { what: "A room", per: "programme" as const, share: 1, share_by_kind: {}, low: price, central: price, high: price, note: "" };
    const said = notInTheMoney({
      costs: [cost, { ...cost, what: "Help" }],
      helped_share: 0.1,
      too_small: [{ area: 1, nearest: null, metres: null }],
      plan: null,
    });
    expect(said[0]).toBe("In the money, for one year and 10% of the people at risk: a room; help. Nothing else is.");
    expect(said[2]).toBe("1 neighbourhood on the list is too small for a programme and cannot be chosen.");
    expect(notInTheMoney({ costs: [], helped_share: 0.1, too_small: [], plan: null })).toHaveLength(2);
  });

  it("stands among the points of the curve in order, and in place of one of the same sum", () => {
    const point = (sum: number, people: number) => ({ budget: sum, people, chosen: 1, cost_low: 0, cost: 0, cost_high: 0 });
    expect(withPoint([point(10, 1), point(30, 3)], point(20, 2)).map(({ budget }) => budget)).toEqual([10, 20, 30]);
    expect(withPoint([point(10, 1)], point(10, 2))).toEqual([point(10, 2)]);
  });
});
