import { describe, expect, it } from "vitest";
import { roomFor } from "../../src/map/room";

const MAP = { width: 1000, height: 600 };

describe("room beside boxes", () => {
  it("is the whole map within its edges where nothing lies over it", () => {
    expect(roomFor({ width: 2, height: 1 }, MAP, [], 20)).toEqual({ left: 20, right: 980, top: 20, bottom: 580 });
  });

  it("is where a shape is seen largest", () => {
    const legend = { left: 10, right: 260, top: 200, bottom: 590 };
    expect(roomFor({ width: 1, height: 2 }, MAP, [legend], 20)).toEqual({ left: 280, right: 980, top: 20, bottom: 580 });
    const low = { left: 0, right: 1000, top: 500, bottom: 600 };
    expect(roomFor({ width: 4, height: 1 }, MAP, [low], 20)).toEqual({ left: 20, right: 980, top: 20, bottom: 480 });
  });

  it("touches no box", () => {
    const boxes = [
      { left: 0, right: 300, top: 0, bottom: 120 },
      { left: 0, right: 200, top: 350, bottom: 600 },
      { left: 900, right: 1000, top: 0, bottom: 80 },
    ];
    for (const shape of [
      { width: 1, height: 1 },
      { width: 5, height: 1 },
      { width: 1, height: 5 },
    ]) {
      const { left, right, top, bottom } = roomFor(shape, MAP, boxes, 20);
      for (const box of boxes) expect(box.left < right && box.right > left && box.top < bottom && box.bottom > top).toBe(false);
    }
  });

  it("is the whole map where boxes leave next to nothing", () => {
    const all = { left: 0, right: 1000, top: 30, bottom: 600 };
    expect(roomFor({ width: 1, height: 1 }, MAP, [all], 10)).toEqual({ left: 10, right: 990, top: 10, bottom: 590 });
  });
});
