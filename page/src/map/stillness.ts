/** Tells those who wait when a map is still and its picture finished. */

export class Stillness {
  #waiting: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** `data-drawing` on the map's element tells other scripts what `wait` tells this one. */
  tell(map: L.Map | null, busy: boolean): void {
    const drawing = map !== null && busy;
    map?.getContainer().toggleAttribute("data-drawing", drawing);
    if (drawing) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
