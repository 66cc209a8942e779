/** What usually helps where a component of the index drives the risk. */
import type { AtlasData, HelpInfo } from "./contract";

export class Helps {
  /** By the component's title, which is how the table names the main driver. */
  readonly #ofTitle = new Map<string, HelpInfo>();

  constructor({ index, helps }: Pick<AtlasData, "index" | "helps">) {
    for (const help of helps) {
      const component = index.components.find(({ name }) => name === help.component);
      if (component) this.#ofTitle.set(component.title, help);
    }
  }

  of(title: string | null): HelpInfo | null {
    return (title === null ? undefined : this.#ofTitle.get(title)) ?? null;
  }

  /** The driver with what it means in short, where its sentence says that after a colon: "Income (devices and cost)". */
  called(title: string): string {
    const [, short] = this.of(title)?.sentence.split(": ") ?? [];
    return short ? `${title} (${short})` : title;
  }
}
