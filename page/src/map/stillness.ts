/** Tells those who wait when a map is still and its picture finished. */

export class Stillness {
  #waiting: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** A map without room shows nothing that could be waited for. `data-drawing` on the map's element tells other scripts what `wait` tells this one. */
  tell(map: L.Map | null, busy: boolean): void {
    const drawing = map !== null && busy && isSeen(map);
    map?.getContainer().toggleAttribute("data-drawing", drawing);
    if (drawing) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function isSeen(map: L.Map): boolean {
  const { x, y } = map.getSize();
  return x > 0 && y > 0;
}
