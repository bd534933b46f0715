import { describe, describeType, type Token, tokens } from "./lexer.ts";
import { TemplateError } from "./template-error.ts";

/** The tokens of a template as a parser walks over them: one is at hand, and the next one is cut when this one is left. */
export class TokenStream {
  readonly #source: Generator<Token, void>;
  readonly #ahead: Token[] = [];
  #current: Token = { line: 1, type: "initial", value: "" };

  /** Throws: TemplateError, as all that goes on. */
  constructor(template: string) {
    this.#source = tokens(template);
    this.next();
  }

  get current(): Token {
    return this.#current;
  }

  /** Goes on, and answers what was at hand. */
  next(): Token {
    const left = this.#current;
    const ahead = this.#ahead.shift();
    if (ahead !== undefined) this.#current = ahead;
    else if (left.type !== "eof")
      this.#current = this.#source.next().value ?? { line: left.line, type: "eof", value: "" };
    return left;
  }

  /** The one after that at hand. */
  look(): Token {
    const kept = this.next();
    const found = this.#current;
    this.#ahead.push(found);
    this.#current = kept;
    return found;
  }

  /** Whether a token of one of these types is at hand; `name:x` is the word x. */
  is(...expected: readonly string[]): boolean {
    const { type, value } = this.#current;
    return expected.includes(type) || (type === "name" && expected.includes(`name:${value}`));
  }

  skipIf(expected: string): boolean {
    if (!this.is(expected)) return false;
    this.next();
    return true;
  }

  expect(expected: string): Token {
    if (this.is(expected)) return this.next();
    const words = expected.startsWith("name:") ? expected.slice("name:".length) : describeType(expected);
    throw new TemplateError(
      this.#current.line,
      this.is("eof")
        ? `unexpected end of template, expected '${words}'.`
        : `expected token '${words}', got '${describe(this.#current)}'`,
    );
  }

  fail(message: string, line = this.#current.line): never {
    throw new TemplateError(line, message);
  }
}
