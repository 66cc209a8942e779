import { describe, expect, it } from "vitest";
import { asksForMore, formatState, parseState } from "../../src/model/address";
import { classesOf, legendEntries, NO_DATA, worseInWords } from "../../src/model/classes";
import { firstLayer, joinData, parseFile } from "../../src/model/data";
import { columnValue, day, decimal, ordinal, rankOf, tenth } from "../../src/model/format";
import { unpack } from "../../src/model/unpack";
import { Values } from "../../src/model/values";
import { byGroup, groupTitle } from "../../src/views/layers/layers-control";
import { sections } from "../../src/views/panel/numbers";
import { atlasData, column, COLUMNS, packTable, table } from "../fixture";

describe("numbers in words", () => {
  it.each([
    [1, "1st"],
    [2, "2nd"],
    [3, "3rd"],
    [4, "4th"],
    [11, "11th"],
    [12, "12th"],
    [13, "13th"],
    [21, "21st"],
    [22, "22nd"],
    [37, "37th"],
    [101, "101st"],
    [111, "111th"],
    [33_755, "33,755th"],
  ])("%i is %s", (number, text) => {
    expect(ordinal(number)).toBe(text);
  });

  it("say a rank of how many", () => {
    expect(rankOf(37, 624)).toBe("37th of 624");
    expect(rankOf(37.5, 624)).toBe("joint 37th of 624");
    expect(rankOf(NaN, 624)).toBe("Not ranked");
  });

  it("say a tenth from the nearer end", () => {
    expect([1, 2, 5, 6, 9, 10, NaN].map(tenth)).toEqual([
      "most at-risk tenth",
      "2nd most at-risk tenth",
      "5th most at-risk tenth",
      "5th least at-risk tenth",
      "2nd least at-risk tenth",
      "least at-risk tenth",
      "",
    ]);
  });

  it("are written the British way", () => {
    expect(decimal(1234.56, 1)).toBe("1,234.6");
    expect(decimal(0.1234, 1, true)).toBe("12.3%");
    expect(day("2026-11-23T01:02:03Z")).toBe("23 November 2026");
    expect(columnValue(column("a", "A", "integer"), null)).toBe("no data");
  });
});

describe("layers", () => {
  const data = atlasData();

  it("have classes by area, with none where there are no data", () => {
    expect([...classesOf(data.layers[0], table())]).toEqual([4, 0, 9, NO_DATA]);
  });

  it("have a legend in their own order, with No data last and only where needed", () => {
    const [layer] = data.layers;
    const entries = legendEntries(layer, classesOf(layer, table()));
    expect(entries.map(({ label }) => label)).toEqual([...[0, 4, 9].map((number) => layer.classes[number].label), "No data"]);
    expect(entries.map(({ count }) => count).reduce((a, b) => a + b)).toBe(4);
    expect(legendEntries(layer, Uint8Array.of(0, 1)).map(({ number }) => number)).toEqual([0, 1]);
    expect(legendEntries(layer, Uint8Array.of(0, 1), Uint8Array.of(1, 0)).map(({ count }) => count)).toEqual([1, 0]);
  });

  it("say which end is worse", () => {
    expect(worseInWords(data.layers[0])).toMatch(/lower numbers/);
    expect(worseInWords(data.layers[1])).toMatch(/higher numbers/);
    expect(worseInWords({ ...data.layers[0], worse: "neither" })).toMatch(/Neither/);
  });

  it("are grouped in the order they come", () => {
    expect([...byGroup(data.layers).keys()]).toEqual(["overall", "components"]);
    expect(groupTitle("constructor")).toBe("Constructor");
  });

  it("give an area its class or its number", () => {
    const values = new Values(data, table());
    expect(values.layer(data.layers[0], 1)).toBe("1");
    expect(values.layer(data.layers[1], 1)).toBe("90");
    expect(values.layer(data.layers[1], 3)).toBe("no data");
  });
});

describe("columns", () => {
  it("are listed under headings", () => {
    const names = sections(atlasData().columns).flatMap(([, members]) => members.map(({ name }) => name));
    expect(names).toEqual(["component_age", "risk_rank", "risk_decile", "population_total", "share_75_plus", "population_65_plus", "ward_name", "lad_name"]);
  });

  it("show their unit once", () => {
    const data = atlasData();
    const values = new Values(data, table());
    const [residents, share, age] = ["population_total", "share_75_plus", "component_age"].map(
      (name) => data.columns.find((column) => column.name === name) ?? data.columns[0],
    );
    expect(values.column(residents, 0)).toBe("1,500 people");
    expect(values.column(share, 0)).toBe("12.3%");
    expect(values.column(age, 0)).toBe("40");
    expect(values.meaning(age)).toBe("What Age means · score, 0 to 100");
  });
});

describe("table", () => {
  it("sorts numbers either way, with missing ones last", () => {
    expect(table().sorted("risk_rank", false, [0, 1, 2, 3])).toEqual([1, 0, 2, 3]);
    expect(table().sorted("risk_rank", true, [0, 1, 2, 3])).toEqual([2, 0, 1, 3]);
  });

  it("sorts names as people do", () => {
    expect(table().sorted("lsoa21_name", true, [0, 1, 2, 3])).toEqual([3, 2, 1, 0]);
    expect(table().sorted("ward_name", false, [0, 1, 2, 3])).toEqual([2, 0, 1, 3]);
  });

  it("knows the middle", () => {
    expect(table().median("component_age")).toBe(40);
    expect(table().median("nothing")).toBeNaN();
  });

  it("refuses columns of another length", () => {
    expect(() => table({ ...COLUMNS, risk_rank: [1] })).toThrow(/damaged/);
  });
});

describe("state", () => {
  it("comes back from the address", () => {
    const more = {
      filter: "lad_name=A%26B;risk_decile<1",
      pinned: "E01900002",
      beside: "imd",
      divide: 0.25,
      whatIf: "1,2;area",
      budget: 100_000,
      places: "library,sites",
    };
    const none = { filter: "", pinned: null, beside: null, divide: 0.5, whatIf: null, budget: null, places: null };
    const state = {
      layer: "a&b=ü",
      level: "lad",
      by: "worst" as const,
      area: "E01900001",
      view: { zoom: 9.25, lat: 52.6, lon: 1.25 },
      show: "table" as const,
      ...more,
    };
    expect(parseState(`#${formatState(state)}`)).toEqual(state);
    const empty = { layer: null, level: null, by: "mean" as const, area: null, view: null, show: null, ...none };
    expect(parseState(formatState(empty))).toEqual(empty);
  });

  it.each([
    ["", false],
    ["#", false],
    ["#layer=imd&at=9/52.6/1.25", false],
    ["#embed", false],
    ["#area=E01900001", true],
    ["#layer=imd&filter=risk_decile%3C1", true],
    ["#show=table", true],
    ["#level=lad", true],
    ["#by=nothing", true],
    ["#places=none", true],
    ["#divide=0.2&beside=imd", true],
    ["#at=1/2", true],
    ["#nothing=1", true],
  ])("knows whether %j asks for more than a layer and a view", (fragment, more) => {
    expect(asksForMore(parseState(fragment), fragment)).toBe(more);
  });

  it.each(["table", "act", "places"])("knows that %s is open below the map", (show) => {
    expect(parseState(`#show=${show}`).show).toBe(show);
    expect(parseState("#show=nothing").show).toBeNull();
  });

  it.each(["at=1/2", "at=x/y/z", "at=99/0/0", "at=//", "at=5/91/0"])("ignores %s", (fragment) => {
    expect(parseState(`#${fragment}`).view).toBeNull();
  });
});

describe("data", () => {
  const { format, table, geometry, land, ...plain } = atlasData();
  const file = { format, words: "", table, geometry, land };
  const words = (text: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(text));

  it("are joined with what is packed beside them, with the first layer", () => {
    const data = joinData(parseFile(JSON.stringify(file)), words(plain));
    expect(data).toEqual(atlasData());
    expect(firstLayer(data).id).toBe("risk_decile");
    expect(firstLayer({ ...data, first_layer: "gone" }).id).toBe("risk_decile");
  });

  it("that are cut short or of another format are refused in words", () => {
    expect(() => parseFile(null)).toThrow(/no data/);
    expect(() => parseFile('{"format": 2')).toThrow(/cut short/);
    expect(() => parseFile('{"format": 1}')).toThrow(/format 1/);
    expect(() => parseFile(JSON.stringify({ ...file, words: undefined, geometry: null }))).toThrow(/not complete: geometry, words missing/);
    expect(() => joinData(parseFile(JSON.stringify(file)), words({ ...plain, index: [], layers: null }))).toThrow(/not complete: layers, index missing/);
    expect(() => joinData(parseFile(JSON.stringify(file)), words(plain).subarray(1))).toThrow(/cut short/);
    expect(() => joinData(parseFile(JSON.stringify(file)), words({ ...plain, layers: [] }))).toThrow(/no layer/);
  });

  it("are unpacked", async () => {
    expect(await unpack(atlasData().table.packed)).toEqual(packTable(COLUMNS));
    await expect(unpack("AAAA")).rejects.toThrow(/damaged/);
  });

  it("cannot be unpacked by an old browser, which is told so", async () => {
    const there = globalThis.DecompressionStream;
    Reflect.deleteProperty(globalThis, "DecompressionStream");
    try {
      await expect(unpack("AAAA")).rejects.toThrow(/too old/);
    } finally {
      globalThis.DecompressionStream = there;
    }
  });
});
