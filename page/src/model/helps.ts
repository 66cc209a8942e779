/** What usually helps where a component of the index drives the risk, and where a kind of exclusion stands out. */
import type { AtlasData, HelpInfo, HelpingThing, KindInfo } from "./contract";
import { Kinds } from "./kinds";
import type { Table } from "./table";

/** As `SEPARATOR` in `pipeline/risk/drivers.py`. */
const SEPARATOR = "; ";

export class Helps {
  /** By the component's title, which is how the table names the main driver. */
  readonly #ofTitle = new Map<string, HelpInfo>();
  readonly #kinds: Kinds;

  constructor({ index, helps, kinds }: Pick<AtlasData, "index" | "helps" | "kinds">) {
    this.#kinds = new Kinds(kinds);
    for (const help of helps) {
      const component = index.components.find(({ name }) => name === help.component);
      if (component) this.#ofTitle.set(component.title, help);
    }
  }

  of(title: string | null): HelpInfo | null {
    return (title === null ? undefined : this.#ofTitle.get(title)) ?? null;
  }

  /** The one thing to suggest in an area: by what stands out beyond similar places, else by what drives the risk. */
  suggest(table: Table, row: number): HelpingThing | null {
    return this.fitting(table, row).at(0) ?? null;
  }

  /**
   * Everything that is declared for what stands out in an area and for its kinds of exclusion, the most fitting first:
   * for the component and the kind, for the component and any kind, for the kind. What is meant for other kinds comes
   * last.
   */
  fitting(table: Table, row: number): HelpingThing[] {
    const declared = this.of(standingOut(table, row))?.helps ?? [];
    const kinds = this.#kinds.standingOut(table.text("kind", row));
    const suits = ({ kinds: meant }: HelpingThing): boolean => kinds.some(({ id }) => meant.includes(id));
    const ofKinds = kinds.flatMap(({ helps }) => helps);
    const ordered = [...declared.filter(suits), ...declared.filter((one) => !one.kinds.length), ...byTurns(kinds), ...ofKinds, ...declared];
    return ordered.filter((one, i) => ordered.findIndex((other) => other.what === one.what) === i);
  }

  /** The driver with what it means in short, where its sentence says that after a colon: "Income (devices and cost)". */
  called(title: string): string {
    const [, short] = this.of(title)?.sentence.split(": ") ?? [];
    return short ? `${title} (${short})` : title;
  }
}

/** The title of the component that advice is chosen by; null where nothing stands out. */
function standingOut(table: Table, row: number): string | null {
  return beyondSimilar(table, row).at(0) ?? table.text("main_driver", row);
}

/** The titles of the components that stand out beyond places of similar age and rurality, the largest first. */
export function beyondSimilar(table: Table, row: number): string[] {
  return table.text("beyond_similar", row)?.split(SEPARATOR) ?? [];
}

/** The first thing of each kind before the second of any. */
function byTurns(kinds: readonly KindInfo[]): HelpingThing[] {
  return kinds.flatMap(({ helps }) => helps.slice(0, 1));
}
