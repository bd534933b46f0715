/** The name that was probably meant: one or two letters away. `undefined` when none is that near. */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let least = name.length < 5 ? 2 : 3;
  let tried = 0;
  for (const each of names) {
    if (++tried > MAX_NAMES) break;
    if (Math.abs(each.length - name.length) >= least) continue;
    const edits = distance(name, each);
    if (edits < least) {
      least = edits;
      best = each;
    }
  }
  return best;
}

const MAX_LENGTH = 40;
const MAX_NAMES = 2_000;

/** The Damerau-Levenshtein distance: letters to insert, delete, replace or swap with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let least = Math.min(
        (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
