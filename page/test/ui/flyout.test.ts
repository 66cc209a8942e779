import { describe, expect, it, vi } from "vitest";
import { Flyout } from "../../src/ui/flyout";

function open(): { flyout: Flyout; changed: ReturnType<typeof vi.fn<(open: boolean) => void>> } {
  const changed = vi.fn<(open: boolean) => void>();
  const flyout = new Flyout("Tools", "tools", "tools", changed);
  document.body.replaceChildren(flyout.button, flyout.element);
  return { flyout, changed };
}

describe("a part that a button opens", () => {
  it("takes the focus when it opens and gives it back when it closes", () => {
    const { flyout, changed } = open();
    flyout.button.click();
    expect(flyout.open).toBe(true);
    expect(flyout.button.getAttribute("aria-expanded")).toBe("true");
    expect(document.activeElement?.textContent).toBe("Tools");
    flyout.element.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(flyout.open).toBe(false);
    expect(document.activeElement).toBe(flyout.button);
    expect(changed.mock.calls).toEqual([[true], [false]]);
  });

  it("leaves the focus where it is when nobody asked", () => {
    const { flyout } = open();
    flyout.button.focus();
    flyout.show(true, false);
    expect(document.activeElement).toBe(flyout.button);
  });
});
