import { describe, expect, it } from "vitest";
import { addNeed, addOlder } from "../../src/model/derived";
import { Table } from "../../src/model/table";

describe("residents of 65 and over", () => {
  const of = (total: number, younger: number, oldest: number): Table => {
    const table = Table.of(1, { population_total: [total], population_65_to_74: [younger], population_75_plus: [oldest] });
    addOlder(table);
    return table;
  };

  it("are those of both bands, as a number and as a share to four decimals", () => {
    const table = of(1500, 200, 101);
    expect(table.number("population_65_plus", 0)).toBe(301);
    expect(table.number("share_65_plus", 0)).toBe(0.2007);
  });

  it("round halves to the even figure, as the pipeline does", () => {
    expect(of(1600, 2, 0).number("share_65_plus", 0)).toBe(0.0012);
    expect(of(1600, 4, 2).number("share_65_plus", 0)).toBe(0.0038);
  });

  it("are unknown where a band is", () => {
    const table = Table.of(1, { population_total: [10], population_65_to_74: [null], population_75_plus: [1] });
    addOlder(table);
    expect(table.value("population_65_plus", 0)).toBeNull();
  });

  it("are left out where the page has no ages", () => {
    const table = Table.of(1, { population_total: [10] });
    addOlder(table);
    expect(table.has("share_65_plus")).toBe(false);
  });
});

describe("unmet need", () => {
  it("is people at risk times lack of support, where the page leaves it out", () => {
    const table = Table.of(2, { capacity_score: [25, null], people_at_risk: [200, 100] });
    addNeed(table);
    expect([table.number("lack_of_support", 0), table.number("unmet_need", 0)]).toEqual([0.75, 150]);
    expect(table.value("unmet_need", 1)).toBeNull();
  });

  it("stays as published where the page has it, and unknown where it has no support", () => {
    const published = Table.of(1, { capacity_score: [25], people_at_risk: [200], lack_of_support: [0.7512], unmet_need: [150.2] });
    addNeed(published);
    expect([published.number("lack_of_support", 0), published.number("unmet_need", 0)]).toEqual([0.7512, 150.2]);
    const without = Table.of(1, { people_at_risk: [200] });
    addNeed(without);
    expect(without.has("unmet_need")).toBe(false);
  });
});
