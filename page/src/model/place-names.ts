/** What places are called, from a name for each MSOA, its wards and district: `docs/contract.md`. */

const WORD = /[^ ,&]+/g;
/** Each means a word of the names around. */
const REFERENCES = "0123456789abcdefghijklmnopqrstuvwxyz";
/** Before a word that would be read as one of them. */
const LITERAL = "=";
const LETTERS = /[A-Z]+$/;

/** What tells apart places of one name, as `pipeline/tables/place_names.py` has it. */
const ENDING = /(.)(, (?:north|north-east|east|south-east|south|south-west|west|north-west) side|, centre| \([^()]+\))$/su;

/** An official name of an area without what follows that of its MSOA. */
export function msoaOf(official: string): string {
  return official.replace(LETTERS, "");
}

/** The name of a place without what tells it apart from others of the name. */
export function sharedName(placeName: string): string {
  return placeName.replace(ENDING, "$1");
}

/** Of each area, and null where it has none. */
type Column = (row: number) => string | null;

export interface Around {
  official: Column;
  ward: Column;
  district: Column;
}

export interface Packed {
  names: string;
  endings: readonly string[];
  ending: ArrayLike<number>;
}

function spelled(name: string, around: readonly (string | null)[]): string {
  const words = [...new Set([...new Set(around)].flatMap((other) => other?.match(WORD) ?? []))];
  return name.replace(WORD, (word) => {
    if (word.startsWith(LITERAL)) return word.slice(LITERAL.length);
    return word.length === 1 && REFERENCES.includes(word) ? words[REFERENCES.indexOf(word)] : word;
  });
}

/** The name of each of `rows` areas; null for an area without a ward that is called by it. */
export function placeNames(rows: number, { names, endings, ending }: Packed, { official, ward, district }: Around): (string | null)[] {
  const inside = new Map<string, number[]>();
  for (let row = 0; row < rows; row++) {
    const msoa = msoaOf(official(row) ?? "");
    const known = inside.get(msoa);
    if (known) known.push(row);
    else inside.set(msoa, [row]);
  }
  const shared = names.split("\n");
  const called: (string | null)[] = new Array<string | null>(rows).fill(null);
  [...inside.values()].forEach((members, number) => {
    const name = shared[number] ? spelled(shared[number], [...members.map(ward), ...members.map(district)]) : null;
    for (const row of members) {
      const start = name ?? ward(row);
      const end = (official(row) ?? "").split(" ").at(-1) ?? "";
      if (start !== null) called[row] = start + endings[ending[row]].replace("(*)", () => `(${end.slice(-1)})`).replace("(#)", () => `(${end})`);
    }
  });
  return called;
}
