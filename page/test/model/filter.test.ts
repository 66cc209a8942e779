import { describe, expect, it } from "vitest";
import { formatFilter, isEmpty, matching, NO_FILTER, parseFilter, rowsOf, totals, withBound, withOneOf } from "../../src/model/filter";
import { Identities } from "../../src/model/identity";
import { totalsInWords } from "../../src/model/filter-words";
import { HOSTILE, hostileColumns, table } from "../fixture";

describe("conditions", () => {
  it("are all met by the areas that are kept", () => {
    const older = withBound(NO_FILTER, "share_75_plus", "least", 0.2);
    expect([...rowsOf(matching(older, table()), 4)]).toEqual([1, 2]);
    const rural = withOneOf(older, "lad_name", ["Wetland"]);
    expect([...rowsOf(matching(rural, table()), 4)]).toEqual([2]);
    expect([...rowsOf(matching(withBound(rural, "risk_decile", "most", 1), table()), 4)]).toEqual([]);
  });

  it("keep no area without a value", () => {
    expect([...rowsOf(matching(withBound(NO_FILTER, "share_75_plus", "most", 1), table()), 4)]).toEqual([0, 1, 2]);
    expect([...rowsOf(matching(withOneOf(NO_FILTER, "ward_name", ["Harbour", "Café & Quay"]), table()), 4)]).toEqual([0, 1, 2]);
  });

  it("are none where nothing is asked", () => {
    expect(matching(NO_FILTER, table())).toBeNull();
    expect([...rowsOf(null, 3)]).toEqual([0, 1, 2]);
    expect(isEmpty(withOneOf(withOneOf(NO_FILTER, "lad_name", ["Wetland"]), "lad_name", []))).toBe(true);
  });

  it("add up people", () => {
    expect(totals([0, 1, 3], table())).toEqual({ areas: 3, people: 3100, older: 700 });
    expect(totalsInWords({ areas: 3, people: 3100, older: 700 }, 4)).toBe("3 of 4 areas · 3,100 people · 700 aged 65 and over");
    expect(totalsInWords({ areas: 4, people: 1, older: 0 }, 4)).toMatch(/^All 4 areas · 1 person/);
  });

  it("come back from the address", () => {
    const columns = hostileColumns();
    const filter = withBound(withOneOf(NO_FILTER, "ward_name", HOSTILE), "risk_decile", "most", 2);
    expect(parseFilter(formatFilter(filter), table(columns), new Identities(table(columns)))).toEqual({ filter, unread: [] });
  });

  it.each(["nothing=1", "lad_name=Atlantis", "risk_decile>abc", "lad_name>3", "risk_decile=1", ";;", "%%%", "lad_name=%E0%A4%A"])(
    "that make no sense are left out, and said: %s",
    (text) => {
      const { filter, unread } = parseFilter(text, table(), new Identities(table()));
      expect(filter).toEqual(NO_FILTER);
      expect(unread).toHaveLength(/^;*$/.test(text) ? 0 : 1);
    },
  );
});
