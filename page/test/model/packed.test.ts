/** What Python packed (`tests/fixtures/packed.py`), read as the page reads it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { AreaGeometry, AreaTable, PackedGeometry, PackedPostcodes } from "../../src/model/contract";
import { boxOf, decodeGeometry, everyArea, HitTest, refine, toGrid } from "../../src/model/geometry";
import { Postcodes } from "../../src/model/postcodes";
import { Table } from "../../src/model/table";
import { unpack } from "../../src/model/unpack";

interface Packed {
  rows: number;
  columns: Record<string, (string | number | null)[]>;
  table: { rows: number; packed: string };
  followed: { rows: number; packed: string };
  ordered: { rows: number; packed: string };
  in_order: (number | null)[];
  in_parts: AreaTable;
  geometry: PackedGeometry;
  finer: AreaGeometry;
  /** The vertices of each arc of it. */
  finer_arcs: [number, number][][];
  arcs: number;
  areas_at: [number, number, number][];
  postcodes: PackedPostcodes;
  sectors: PackedPostcodes;
  postcode_areas: Record<string, number>;
  sector_areas: Record<string, number[]>;
}

const packed = JSON.parse(readFileSync(path.resolve("../tests/fixtures/packed.json"), "utf8")) as Packed;

describe("what Python packed", () => {
  it.each([false, true])("has every value of every column, whether all of them are unpacked before: %s", async (all) => {
    const table = Table.read(packed.rows, await unpack(packed.table.packed));
    if (all) Array.from(table.unpackRest());
    for (const [name, values] of Object.entries(packed.columns)) {
      expect(
        values.map((_, row) => table.value(name, row)),
        name,
      ).toEqual(values);
    }
  });

  it("has the values of columns that follow others", async () => {
    const { rows } = packed.followed;
    const table = Table.read(rows, await unpack(packed.followed.packed));
    for (let row = 0, rank = 1; row < rows; row++, rank = (rank * 7) % 601) {
      const town = (rank - 1) % 200;
      expect(table.value("risk_rank", row)).toBe(rank);
      expect(table.value("risk_score", row)).toBe(Number((100 - rank / 9).toFixed(2)));
      expect(table.value("risk_decile", row)).toBe(Math.floor((rank - 1) / 60) + 1);
      expect(table.value("lsoa21_name", row)).toBe(`Fenmouth ${String(town).padStart(3, "0")}${"ABC"[Math.floor((rank - 1) / 200)]}`);
      expect(table.value("of_town", row)).toBe(rank % 7 === 0 ? null : ((town * town * 53) % 1000) / 10);
    }
  });

  it("is refused at once where bytes are lacking, though its columns are unpacked only when they are asked for", async () => {
    const bytes = await unpack(packed.table.packed);
    expect(() => Table.read(packed.rows, bytes.subarray(0, -1))).toThrow(/damaged/);
    expect(() => Table.read(packed.rows + 1, bytes)).toThrow(/damaged/);
    expect(() => Table.read(packed.rows, bytes.subarray(0, 3))).toThrow(/damaged/);
  });

  it("has the columns of the first picture at once, and the others when the rest is there", async () => {
    const { packed: first, rest } = packed.in_parts;
    const table = Table.read(packed.rows, await unpack(first), false);
    expect(packed.columns.risk_rank.map((_, row) => table.value("risk_rank", row))).toEqual(packed.columns.risk_rank);
    expect(packed.columns.lad_name.map((_, row) => table.value("lad_name", row))).toEqual(packed.columns.lad_name);
    expect(table.has("ward_name")).toBe(true);
    expect(() => table.value("ward_name", 0)).toThrow(/after the first picture/);
    table.add(await unpack(rest));
    for (const [name, values] of Object.entries(packed.columns)) {
      expect(
        values.map((_, row) => table.value(name, row)),
        name,
      ).toEqual(values);
    }
  });

  it("is refused where its rest is lacking, in part or in whole", async () => {
    const { packed: first, rest } = packed.in_parts;
    const bytes = await unpack(first);
    expect(() => Table.read(packed.rows, bytes)).toThrow(/damaged/);
    const table = Table.read(packed.rows, bytes, false);
    const more = await unpack(rest);
    expect(() => {
      table.add(more.subarray(0, -1));
    }).toThrow(/damaged/);
    expect(() => {
      table.add(more.subarray(0, 3));
    }).toThrow(/damaged/);
  });

  it("tells numbers apart that are shown alike", async () => {
    const table = Table.read(packed.ordered.rows, await unpack(packed.ordered.packed));
    expect(packed.in_order.map((_, row) => table.value("x", row))).toEqual(packed.in_order);
  });

  it("has every vertex where it was once the rest is there, and fewer before", async () => {
    const { finer } = packed;
    const geometry = decodeGeometry(finer, await unpack(finer.packed));
    const arcs = (): [number, number][][] =>
      Array.from({ length: geometry.arcs }, (_, arc) => {
        const [begin, end] = [geometry.arcStarts[arc], geometry.arcStarts[arc + 1]];
        return Array.from(geometry.xs.subarray(begin, end), (x, at): [number, number] => [x, geometry.ys[begin + at]]);
      });
    const whole = boxOf(geometry, everyArea(geometry));
    expect(geometry.xs.length).toBeLessThan(packed.finer_arcs.flat().length);
    refine(geometry, finer.rest_sections, await unpack(finer.rest));
    expect(arcs()).toEqual(packed.finer_arcs);
    expect(boxOf(geometry, everyArea(geometry))).toEqual(whole);
    for (let arc = 0; arc < geometry.arcs; arc++) expect(geometry.arcBoxes[4 * arc]).toBe(Math.min(...packed.finer_arcs[arc].map(([x]) => x)));
  });

  it("refuses a rest that belongs to other boundaries", async () => {
    const { finer } = packed;
    const geometry = decodeGeometry(finer, await unpack(finer.packed));
    const rest = await unpack(finer.rest);
    const { xs } = finer.rest_sections;
    expect(() => {
      refine(geometry, { ...finer.rest_sections, xs: [xs[0], xs[1] - 1] }, rest);
    }).toThrow(/damaged/);
    expect(() => {
      refine(geometry, finer.rest_sections, rest.subarray(1));
    }).toThrow(/damaged/);
  });

  it("has its areas where they are", async () => {
    const geometry = decodeGeometry(packed.geometry, await unpack(packed.geometry.packed));
    expect(geometry.arcs).toBe(packed.arcs);
    const hit = new HitTest(geometry);
    for (const [lon, lat, area] of packed.areas_at) expect(hit.at(...toGrid(geometry, lon, lat))).toBe(area);
  });

  it("finds every postcode in its area", async () => {
    const postcodes = new Postcodes(packed.postcodes, await unpack(packed.postcodes.packed));
    for (const [postcode, area] of Object.entries(packed.postcode_areas)) {
      const [found] = postcodes.find(postcode.toLowerCase().replace(" ", ""), 5).filter(({ text }) => text === postcode);
      expect(found, postcode).toMatchObject({ text: postcode, rows: [area], level: "unit", exact: true });
    }
  });

  it("finds what the beginning of a postcode may mean", async () => {
    const postcodes = new Postcodes(packed.postcodes, await unpack(packed.postcodes.packed));
    expect(postcodes.find("zz11", 9).map(({ text }) => text)).toEqual(["ZZ11", "ZZ1 1", "ZZ1 1AA", "ZZ1 1AB", "ZZ1 1ZZ"]);
    expect(postcodes.find("ZZ1", 9)[0]).toMatchObject({ text: "ZZ1", rows: [0, 1, 3], level: "outward", exact: true });
    expect(postcodes.find("ZZ1 1a", 9).map(({ text }) => text)).toEqual(["ZZ1 1AA", "ZZ1 1AB"]);
    expect(postcodes.find("harbour", 9)).toEqual([]);
  });

  it("knows only sectors where there are too many postcodes", async () => {
    const sectors = new Postcodes(packed.sectors, await unpack(packed.sectors.packed));
    for (const [sector, rows] of Object.entries(packed.sector_areas)) {
      for (const typed of [sector, `${sector}XY`, `${sector}xy`.replace(" ", "").toLowerCase()]) {
        expect(
          sectors.find(typed, 5).filter(({ text }) => text === sector),
          typed,
        ).toMatchObject([{ rows, level: "sector", exact: true }]);
      }
      expect(sectors.find(`${sector}XY`, 5).map(({ text }) => text)).toEqual([sector]);
    }
  });
});
