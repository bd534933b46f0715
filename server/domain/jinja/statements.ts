import { type Expression, ExpressionParser } from "./expressions.ts";
import { describeType } from "./lexer.ts";
import { TokenStream } from "./token-stream.ts";

/** A part of a template: text, an expression that is printed, or a statement. */
export type Piece = { kind: "data"; text: string } | { kind: "print"; value: Expression } | { kind: "statement" };

export interface Loops {
  count: number;
  /** The deepest nesting of loops. */
  depth: number;
}

/** Parses statements. Source: jinja2/parser.py, with checks in the same order. All methods throw TemplateError. */
export class TemplateParser {
  readonly #stream: TokenStream;
  readonly #expressions: ExpressionParser;
  /** Open statements, the innermost last. */
  readonly #open: string[] = [];
  /** The tags that would close them, the innermost last. */
  readonly #ends: (readonly string[])[] = [];
  readonly #loops: Loops = { count: 0, depth: 0 };
  #loopsAround = 0;

  constructor(template: string) {
    this.#stream = new TokenStream(template);
    this.#expressions = new ExpressionParser(this.#stream);
  }

  parse(): { pieces: Piece[]; loops: Loops } {
    return { pieces: this.#pieces([]), loops: this.#loops };
  }

  /** Up to one of these tags, which is then current, or the end of the template. */
  #pieces(ends: readonly string[]): Piece[] {
    const pieces: Piece[] = [];
    if (ends.length > 0) this.#ends.push(ends);
    while (!this.#stream.is("eof")) {
      const { type, value } = this.#stream.next();
      if (type === "data") pieces.push({ kind: "data", text: value });
      else if (type === "variable_begin") {
        pieces.push({ kind: "print", value: this.#expressions.tuple() });
        this.#stream.expect("variable_end");
      } else {
        if (this.#stream.is(...ends.map((end) => `name:${end}`))) break;
        this.#expressions.deeper(() => this.#statement());
        pieces.push({ kind: "statement" });
        this.#stream.expect("block_end");
      }
    }
    if (ends.length > 0) this.#ends.pop();
    return pieces;
  }

  #statement(): void {
    const { type, value, line } = this.#stream.current;
    if (type !== "name") this.#stream.fail("tag name expected", line);
    const read = Object.hasOwn(this.#readers, value) ? this.#readers[value] : undefined;
    if (read === undefined) this.#failAtTag(value, line);
    else {
      this.#open.push(value);
      this.#stream.next();
      read(line);
      this.#open.pop();
    }
  }

  /** The rest of the tag, and the body up to one of these tags. */
  #body(...ends: readonly string[]): Piece[] {
    this.#stream.skipIf("colon");
    this.#stream.expect("block_end");
    const pieces = this.#pieces(ends);
    if (this.#stream.is("eof")) {
      this.#ends.push(ends);
      this.#failAtTag(undefined, this.#stream.current.line);
    }
    return pieces;
  }

  /** The same, and the tag that ends it. */
  #bodyUpTo(end: string): Piece[] {
    const pieces = this.#body(end);
    this.#stream.next();
    return pieces;
  }

  readonly #readers: Readonly<Record<string, (line: number) => void>> = {
    for: () => this.#for(),
    if: () => this.#if(),
    set: () => {
      this.#expressions.target({ withNamespace: true });
      if (this.#stream.skipIf("assign")) this.#expressions.tuple();
      else {
        this.#expressions.filters();
        this.#bodyUpTo("endset");
      }
    },
    with: () => {
      for (let count = 0; !this.#stream.is("block_end"); count++) {
        if (count > 0) this.#stream.expect("comma");
        this.#expressions.target();
        this.#stream.expect("assign");
        this.#expressions.expression();
      }
      this.#bodyUpTo("endwith");
    },
    autoescape: () => {
      this.#expressions.expression();
      this.#bodyUpTo("endautoescape");
    },
    block: () => this.#block(),
    extends: () => void this.#expressions.expression(),
    include: () => {
      this.#expressions.expression();
      if (this.#stream.is("name:ignore") && isWord(this.#stream, "missing")) this.#skipTwo();
      this.#context();
    },
    import: () => {
      this.#expressions.expression();
      this.#stream.expect("name:as");
      this.#expressions.targetName();
      this.#context();
    },
    from: () => this.#from(),
    print: () => {
      for (let count = 0; !this.#stream.is("block_end"); count++) {
        if (count > 0) this.#stream.expect("comma");
        this.#expressions.expression();
      }
    },
    macro: () => {
      this.#expressions.targetName();
      this.#signature();
      this.#bodyUpTo("endmacro");
    },
    call: (line) => {
      if (this.#stream.is("lparen")) this.#signature();
      if (this.#expressions.expression().kind !== "call") this.#stream.fail("expected call", line);
      this.#bodyUpTo("endcall");
    },
    filter: () => {
      this.#expressions.filters(true);
      this.#bodyUpTo("endfilter");
    },
  };

  #for(): void {
    this.#loops.count += 1;
    this.#loopsAround += 1;
    this.#loops.depth = Math.max(this.#loops.depth, this.#loopsAround);
    this.#expressions.target();
    this.#stream.expect("name:in");
    this.#expressions.tuple({ withoutConditions: true });
    if (this.#stream.skipIf("name:if")) this.#expressions.expression();
    this.#stream.skipIf("name:recursive");
    this.#body("endfor", "else");
    if (this.#stream.next().value === "else") this.#bodyUpTo("endfor");
    this.#loopsAround -= 1;
  }

  #if(): void {
    let tag: string;
    do {
      this.#expressions.tuple({ withoutConditions: true });
      this.#body("elif", "else", "endif");
      tag = this.#stream.next().value;
    } while (tag === "elif");
    if (tag === "else") this.#bodyUpTo("endif");
  }

  #block(): void {
    const { value: name } = this.#stream.expect("name");
    this.#stream.skipIf("name:scoped");
    const required = this.#stream.skipIf("name:required");
    if (this.#stream.is("sub")) {
      this.#stream.fail(
        "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.",
      );
    }
    const pieces = this.#bodyUpTo("endblock");
    if (required && pieces.some((piece) => piece.kind !== "data" || piece.text.trim() !== "")) {
      this.#stream.fail("Required blocks can only contain comments or whitespace");
    }
    this.#stream.skipIf(`name:${name}`);
  }

  #from(): void {
    this.#expressions.expression();
    this.#stream.expect("name:import");
    for (let count = 0; ; count++) {
      if (count > 0) this.#stream.expect("comma");
      if (this.#stream.is("name") && this.#context()) return;
      const { line } = this.#stream.current;
      if (this.#expressions.targetName().startsWith("_")) {
        this.#stream.fail("names starting with an underline can not be imported", line);
      }
      if (this.#stream.skipIf("name:as")) this.#expressions.targetName();
      if (this.#context() || !this.#stream.is("comma")) return;
    }
  }

  #context(): boolean {
    if (!this.#stream.is("name:with", "name:without") || !isWord(this.#stream, "context")) return false;
    this.#skipTwo();
    return true;
  }

  #signature(): void {
    this.#stream.expect("lparen");
    let defaults = false;
    for (let count = 0; !this.#stream.is("rparen"); count++) {
      if (count > 0) this.#stream.expect("comma");
      this.#expressions.targetName();
      if (this.#stream.skipIf("assign")) {
        this.#expressions.expression();
        defaults = true;
      } else if (defaults) this.#stream.fail("non-default argument follows default argument");
    }
    this.#stream.expect("rparen");
  }

  #skipTwo(): void {
    this.#stream.next();
    this.#stream.next();
  }

  /** `tag` undefined: the template ends here. */
  #failAtTag(tag: string | undefined, line: number): never {
    const sentences = [tag === undefined ? "Unexpected end of template." : `Encountered unknown tag '${tag}'.`];
    const looking = this.#ends
      .at(-1)
      ?.map((end) => `'${describeType(end)}'`)
      .join(" or ");
    if (looking !== undefined) {
      sentences.push(
        tag !== undefined && this.#ends.some((ends) => ends.includes(tag))
          ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${looking}.`
          : `Jinja was looking for the following tags: ${looking}.`,
      );
    }
    const innermost = this.#open.at(-1);
    if (innermost !== undefined) sentences.push(`The innermost block that needs to be closed is '${innermost}'.`);
    return this.#stream.fail(sentences.join(" "), line);
  }
}

function isWord(stream: TokenStream, word: string): boolean {
  const { type, value } = stream.look();
  return type === "name" && value === word;
}
