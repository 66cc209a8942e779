import { describe, expect, it, vi } from "vitest";
import { Handle } from "../../src/ui/handle";

function open(share = 0.5): { handle: Handle; moved: ReturnType<typeof vi.fn<(share: number) => void>>; press: (key: string) => void } {
  const moved = vi.fn<(share: number) => void>();
  const handle = new Handle("Height of the map", share, () => ({ top: 0, height: 100 }), moved);
  document.body.replaceChildren(handle.element);
  const press = (key: string): void => {
    handle.element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  };
  return { handle, moved, press };
}

describe("a handle between two parts", () => {
  it("is moved by arrow keys and says where it is", () => {
    const { handle, moved, press } = open();
    expect(handle.element.getAttribute("aria-valuenow")).toBe("50");
    press("ArrowUp");
    press("ArrowUp");
    expect(moved.mock.calls.map(([share]) => Number(share.toFixed(2)))).toEqual([0.45, 0.4]);
    expect(handle.element.getAttribute("aria-valuenow")).toBe("40");
    press("x");
    expect(moved).toHaveBeenCalledTimes(2);
  });

  it("leaves some room to both parts", () => {
    const { moved, press, handle } = open(0.84);
    press("ArrowDown");
    press("Home");
    expect(moved.mock.calls.map(([share]) => share)).toEqual([0.85, 0.15]);
    handle.set(7);
    expect(handle.element.getAttribute("aria-valuetext")).toBe("Map 85% of the height");
  });
});
