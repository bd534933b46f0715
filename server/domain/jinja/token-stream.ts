import { describe, describeType, type Token, tokens } from "./lexer.ts";
import { TemplateError } from "./template-error.ts";

/** A parser's cursor over the tokens of a template. */
export class TokenStream {
  readonly #source: Generator<Token, void>;
  readonly #ahead: Token[] = [];
  #current: Token = { line: 1, type: "initial", value: "" };

  /** Throws: TemplateError, as all methods that advance. */
  constructor(template: string) {
    this.#source = tokens(template);
    this.next();
  }

  get current(): Token {
    return this.#current;
  }

  /** Advances, and returns the token that was current. */
  next(): Token {
    const left = this.#current;
    const ahead = this.#ahead.shift();
    if (ahead !== undefined) this.#current = ahead;
    else if (left.type !== "eof")
      this.#current = this.#source.next().value ?? { line: left.line, type: "eof", value: "" };
    return left;
  }

  /** The token after the current one. */
  look(): Token {
    const kept = this.next();
    const found = this.#current;
    this.#ahead.push(found);
    this.#current = kept;
    return found;
  }

  /** Whether the current token has one of these types; `name:x` is the word x. */
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
