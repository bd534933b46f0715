/** A number as Python writes it, with single underscores between digits, and where it ends. */
export function numberAt(source: string, index: number): { type: "integer" | "float"; end: number } | undefined {
  const whole = digits(source, index, DECIMAL);
  if (whole === index) return undefined;
  // What follows a dot is an index, not the rest of a number.
  const float = source[index - 1] === "." ? undefined : endOfFloat(source, whole);
  if (float !== undefined) return { type: "float", end: float };
  if (source[index] !== "0") return { type: "integer", end: whole };
  const base = BASES[(source[index + 1] ?? "").toLowerCase()];
  if (base !== undefined) {
    const start = index + (source[index + 2] === "_" ? 3 : 2);
    const end = digits(source, start, base);
    if (end > start) return { type: "integer", end };
  }
  return { type: "integer", end: digits(source, index, /0/) };
}

const DECIMAL = /\d/;
const BASES: Record<string, RegExp> = { b: /[01]/, o: /[0-7]/, x: /[\da-f]/i };

function endOfFloat(source: string, whole: number): number | undefined {
  const fraction = source[whole] === "." ? digits(source, whole + 1, DECIMAL) : whole;
  const hasFraction = fraction > whole + 1;
  return exponent(source, hasFraction ? fraction : whole) ?? (hasFraction ? fraction : undefined);
}

function exponent(source: string, index: number): number | undefined {
  if (source[index] !== "e" && source[index] !== "E") return undefined;
  const sign = source[index + 1] === "+" || source[index + 1] === "-" ? 1 : 0;
  const start = index + 1 + sign;
  const end = digits(source, start, DECIMAL);
  return end > start ? end : undefined;
}

function digits(source: string, start: number, digit: RegExp): number {
  let index = start;
  while (
    digit.test(source[index] ?? "") ||
    (index > start && source[index] === "_" && digit.test(source[index + 1] ?? ""))
  ) {
    index += 1;
  }
  return index;
}
