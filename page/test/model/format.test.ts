import { describe, expect, it } from "vitest";
import { count, day, decimal } from "../../src/model/format";

/** Numbers of all sizes, and halves of every last digit, which must not be rounded by their binary fractions. */
function* numbers(): Generator<number> {
  let state = 7;
  for (let i = 0; i < 800; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const digits = state % 10 ** (1 + (i % 9));
    for (const value of [digits, digits / 10, digits / 1000, (digits + 0.5) / 100, digits / 7]) yield i % 3 ? value : -value;
  }
  yield* [0, -0, 0.5, -0.5, 0.285, 1.005, 0.999, 1e-9, 1e15, 1e21, 123_456_789.5, NaN, Infinity];
}

describe("numbers and days", () => {
  it.each([
    [0, false],
    [1, false],
    [2, false],
    [0, true],
    [1, true],
  ])("are written as British English has them: %i decimals, of a hundred: %s", (decimals, percent) => {
    const intl = new Intl.NumberFormat("en-GB", {
      style: percent ? "percent" : "decimal",
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    for (const value of numbers()) expect(decimal(value, decimals, percent), String(value)).toBe(intl.format(value));
  });

  it("are counted in thousands", () => {
    expect([0, 999, 1000, 33_755, 1_234_567, 12.5].map(count)).toEqual(["0", "999", "1,000", "33,755", "1,234,567", "13"]);
  });

  it("are written out, whatever is no day as it is", () => {
    const intl = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
    for (const iso of ["2026-01-01", "2024-02-29", "2026-11-27T23:30:00+01:00", "2025-12-31T23:59:59Z"]) expect(day(iso)).toBe(intl.format(new Date(iso)));
    expect(day("some day")).toBe("some day");
  });
});
