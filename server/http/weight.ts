/** How much text counts as much as one value. */
const CHARACTERS = 32;

/** Whether a parsed JSON value weighs at most so much: each value in it counts one, and long text more. Costs no more than the limit. */
export function isSmall(value: unknown, limit = 5000): boolean {
  const open: unknown[] = [value];
  let weight = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    weight += typeof next === "string" ? 1 + next.length / CHARACTERS : 1;
    if (weight > limit) return false;
    if (typeof next !== "object" || next === null) continue;
    if (Array.isArray(next)) {
      if (next.length > limit) return false;
      open.push(...next);
    } else {
      let members = 0;
      for (const name in next) {
        members += 1 + name.length / CHARACTERS;
        if (members > limit) return false;
        open.push((next as Record<string, unknown>)[name]);
      }
    }
  }
  return true;
}
