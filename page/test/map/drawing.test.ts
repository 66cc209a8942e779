import { describe, expect, it, vi } from "vitest";
import type { Mosaic } from "../../src/map/mosaic";
import { areaAt, paintMosaic, Sampler } from "../../src/map/mosaic";
import type { Frame } from "../../src/map/paint";
import type { Steps } from "../../src/map/slices";
import { REST, Slices } from "../../src/map/slices";
import { longestArc, thin } from "../../src/map/thin";
import { faded, paletteOf, parseColour } from "../../src/model/colour";
import type { Geometry } from "../../src/model/geometry";
import { HitTest } from "../../src/model/geometry";
import { geometry } from "../fixture";
import { CELL, quilt, random } from "../quilt";

function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const sample = (shape: Geometry, frame: Frame, oversample = 1): Mosaic => finish(new Sampler(shape).sample(frame, frame.width, frame.height, oversample));

/** Samples whose area is not the one that holds their middle. */
function wrong(shape: Geometry, frame: Frame, oversample: number): string[] {
  const mosaic = sample(shape, frame, oversample);
  const hit = new HitTest(shape);
  const found: string[] = [];
  for (let row = 0; row < mosaic.rows; row++) {
    for (let column = 0; column < mosaic.columns; column++) {
      const x = ((column + 0.5) / oversample - frame.left) / frame.scale;
      const y = (frame.top - (row + 0.5) / oversample) / frame.scale;
      const [is, should] = [areaAt(mosaic, column, row), hit.at(x, y)];
      if (is !== should) found.push(`${column},${row}: ${is}, not ${should}`);
    }
  }
  return found;
}

describe("thinned borders", () => {
  const distance = ([x, y]: number[], [x0, y0]: number[], [x1, y1]: number[]): number => {
    const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
    const share = length ? Math.min(1, Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length)) : 0;
    return Math.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0));
  };

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("lie within a pixel of what was published, and keep its ends (%i)", (seed) => {
    const shape = quilt(3, 40, seed);
    const { arcStarts, xs, ys } = shape;
    const kept = new Uint32Array(longestArc(shape));
    for (const pixel of [0.3, 1, 7, 30, 120, 500, 5000]) {
      for (let arc = 0; arc < shape.arcs; arc++) {
        const count = thin(shape, arc, pixel, kept);
        const chosen = kept.slice(0, count);
        expect(chosen[0]).toBe(arcStarts[arc]);
        expect(chosen[count - 1]).toBe(arcStarts[arc + 1] - 1);
        expect(chosen).toEqual(chosen.slice().sort());
        for (let k = 0; k + 1 < count; k++) {
          const ends = [chosen[k], chosen[k + 1]].map((i) => [xs[i], ys[i]]);
          for (let i = chosen[k]; i <= chosen[k + 1]; i++) {
            expect(distance([xs[i], ys[i]], ends[0], ends[1])).toBeLessThanOrEqual(pixel);
          }
        }
      }
    }
  });

  it("leave out what no screen can show", () => {
    const line: [number, number][] = Array.from({ length: 101 }, (_, x) => [x, x % 2]);
    const shape = geometry({ arcs: [line], areas: [[[0]]] });
    const kept = new Uint32Array(101);
    expect(thin(shape, 0, 20, kept)).toBeLessThan(10);
    expect(thin(shape, 0, 1, kept)).toBe(101);
  });

  it("belong to both neighbours, so that nothing shows between them", () => {
    const shape = quilt(6, 25);
    const mosaic = sample(shape, { scale: 0.02, left: -20, top: 100, width: 80, height: 80 }, 2);
    for (let row = 0; row < mosaic.rows; row++) {
      for (let column = 0; column < mosaic.columns; column++) expect(areaAt(mosaic, column, row)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("a mosaic", () => {
  const size = 6 * CELL;

  it.each([1, 2, 3, 4])("has in every sample the area that holds its middle (%i)", (seed) => {
    const shape = quilt(6, 12, seed);
    const next = random(seed);
    for (let view = 0; view < 6; view++) {
      const scale = 60 / (size * (0.1 + next()));
      const frame = { scale, left: 60 - size * next() * scale, top: size * next() * scale, width: 71, height: 53 };
      expect(wrong(shape, frame, 1)).toEqual([]);
      expect(wrong(shape, frame, 2)).toEqual([]);
    }
  });

  it("knows holes, the sea and areas without geometry", () => {
    expect(wrong(geometry(), { scale: 0.3, left: 5, top: 40, width: 140, height: 50 }, 2)).toEqual([]);
  });

  it("is drawn in bands that fit each other", () => {
    const shape = quilt(4, 12);
    expect(wrong(shape, { scale: 0.12, left: 100, top: 500, width: 700, height: 560 }, 1)).toEqual([]);
  });

  it("puts the later of two areas that overlap on top, and recovers behind them", () => {
    const square = (x: number): [number, number][] => [
      [x, 0],
      [x + 100, 0],
      [x + 100, 100],
      [x, 100],
      [x, 0],
    ];
    const shape = geometry({ arcs: [square(0), square(50)], areas: [[[0]], [[1]]] });
    const mosaic = sample(shape, { scale: 0.1, left: 1, top: 10, width: 20, height: 10 });
    const row = Array.from({ length: 20 }, (_, column) => areaAt(mosaic, column, 5));
    expect(row).toEqual([-1, ...Array<number>(5).fill(0), ...Array<number>(10).fill(1), -1, -1, -1, -1]);
  });

  it("is coloured by area, and blended where a pixel has several", () => {
    const shape = geometry();
    const frame = { scale: 0.1, left: 0.5, top: 11, width: 42, height: 12 };
    const palette = Uint32Array.of(0, parseColour("#ff0000"), parseColour("#0000ff"), parseColour("#00ff00"), 0);
    const rows = new Map<number, Uint32Array>();
    const context = {
      createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(4 * width * height) }),
      putImageData: (image: ImageData, _: number, top: number, __: number, ___: number, width: number, height: number) => {
        const pixels = new Uint32Array(image.data.buffer);
        for (let row = 0; row < height; row++) rows.set(top + row, pixels.slice(row * width, (row + 1) * width));
      },
    } as unknown as CanvasRenderingContext2D;
    for (const oversample of [1, 2]) {
      finish(paintMosaic(context, sample(shape, frame, oversample), palette));
      const row = rows.get(5) ?? [];
      expect([row[5], row[15], row[32], row[35], row[25]]).toEqual([palette[1], palette[2], palette[3], 0, 0]);
    }
    const row = rows.get(5) ?? [];
    expect(row[10], "half red, half blue").toBe(parseColour("#7f007f"));
    expect(row[0], "half red, half sea").toBe(0x800000ff);
    expect(rows.size).toBe(12);
  });
});

describe("colours", () => {
  it("are read as style sheets write them", () => {
    expect(parseColour("#123456")).toBe(0xff563412);
    expect(parseColour(" #fed ")).toBe(0xffddeeff);
    expect(parseColour("rgb(1 2 3)")).toBe(0xff030201);
    expect(parseColour("rgba(1, 2, 3, 0.5)")).toBe(0xff030201);
    expect(parseColour("red-ish")).toBe(0xff808080);
  });

  it("stand for each area, no data and faded areas included", () => {
    const colouring = { classes: Uint8Array.of(1, 0, 255, 1), colours: ["#000000", "#ffffff"] };
    const ground = "#808080";
    expect([...paletteOf(colouring, null, "#abcdef", ground)]).toEqual([0, 0xffffffff, 0xff000000, 0xffefcdab, 0xffffffff]);
    const pale = paletteOf(colouring, Uint8Array.of(0, 0, 1, 1), "#abcdef", ground);
    expect(pale[1]).toBe(faded(0xffffffff, parseColour(ground)));
    expect(pale[4]).toBe(0xffffffff);
    expect(new Set(pale).size, "classes can still be told apart").toBe(5);
  });
});

describe("work in slices", () => {
  function* steps(log: string[], name: string, count: number): Steps<void> {
    for (let step = 0; step < count; step++) {
      log.push(name);
      yield REST;
    }
    log.push(`${name} done`);
  }

  it("goes on by itself, and a newer job takes the place of an older one", async () => {
    const slices = new Slices();
    const log: string[] = [];
    slices.start(steps(log, "old", 1000));
    slices.start(steps(log, "new", 3));
    expect(slices.busy).toBe(true);
    await vi.waitFor(() => {
      expect(slices.busy).toBe(false);
    });
    expect(log).toEqual(["new", "new", "new", "new done"]);
  });

  it("can be finished at once", () => {
    const slices = new Slices();
    const log: string[] = [];
    slices.start(steps(log, "job", 2));
    slices.finish();
    expect(log).toEqual(["job", "job", "job done"]);
    expect(slices.busy).toBe(false);
  });
});
