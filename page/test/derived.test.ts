import { describe, expect, it } from "vitest";
import { addOlder } from "../src/derived";
import { Table } from "../src/table";

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
