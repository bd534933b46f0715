import { describe } from "./lexer.ts";
import type { TokenStream } from "./token-stream.ts";

/** An expression, with only what validation and rendering need. */
export type Expression =
  | { kind: "const"; value: string | boolean | null | { number: string } }
  | { kind: "name"; name: string }
  | { kind: "getattr" | "getitem"; of: Expression }
  | { kind: "tuple"; items: readonly Expression[] }
  | { kind: "concat"; parts: readonly Expression[] }
  | { kind: Other };

type Other =
  | "nsref"
  | "list"
  | "dict"
  | "call"
  | "filter"
  | "test"
  | "not"
  | "and"
  | "or"
  | "compare"
  | "condexpr"
  | "slice"
  | Sum
  | Sign;
type Sum = "add" | "sub" | "mul" | "div" | "floordiv" | "mod" | "pow";
type Sign = "neg" | "pos";

const CONSTANTS = new Map<string, boolean | null>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
]);

/** Deeper nesting is refused; Prefect fails at about a third of it. */
const DEEPEST = 200;

interface TupleRules {
  /** Only names and literals. */
  simplified?: boolean;
  withoutConditions?: boolean;
  inParentheses?: boolean;
  withNamespace?: boolean;
}

/** Parses expressions. Source: jinja2/parser.py, with checks in the same order. All methods throw TemplateError. */
export class ExpressionParser {
  readonly stream: TokenStream;
  #depth = 0;

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  /** Counts the nesting of what `read` parses. */
  deeper<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.stream.fail("the template is nested too deeply");
    const result = read();
    this.#depth -= 1;
    return result;
  }

  expression(): Expression {
    return this.deeper(() => {
      let result = this.#or();
      while (this.stream.skipIf("name:if")) {
        this.#or();
        if (this.stream.skipIf("name:else")) this.expression();
        result = { kind: "condexpr" };
      }
      return result;
    });
  }

  /** An expression, or several with commas between them. */
  tuple(rules: TupleRules = {}): Expression {
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.stream.expect("comma");
      if (this.stream.is("variable_end", "block_end", "rparen")) break;
      items.push(this.#member(rules));
      if (!this.stream.is("comma")) break;
      isTuple = true;
    }
    if (isTuple) return { kind: "tuple", items };
    const [only] = items;
    if (only !== undefined) return only;
    if (rules.inParentheses) return { kind: "tuple", items };
    return this.stream.fail(`Expected an expression, got '${describe(this.stream.current)}'`);
  }

  #member({ simplified, withoutConditions, withNamespace }: TupleRules): Expression {
    if (simplified) return this.#primary(withNamespace);
    return withoutConditions ? this.deeper(() => this.#or()) : this.expression();
  }

  /** What may stand on the left of an assignment. */
  target(rules: TupleRules = {}): Expression {
    const { line } = this.stream.current;
    const found = this.tuple({ ...rules, simplified: true });
    if (!mayBeAssigned(found)) this.stream.fail(`can't assign to '${found.kind}'`, line);
    return found;
  }

  targetName(): string {
    const { value, line } = this.stream.expect("name");
    if (CONSTANTS.has(value)) this.stream.fail("can't assign to 'name'", line);
    return value;
  }

  #or(): Expression {
    return this.#binary("or", () => this.#binary("and", () => this.#not()));
  }

  #binary(word: "or" | "and", read: () => Expression): Expression {
    let result = read();
    while (this.stream.skipIf(`name:${word}`)) {
      read();
      result = { kind: word };
    }
    return result;
  }

  #not(): Expression {
    if (!this.stream.skipIf("name:not")) return this.#comparison();
    this.deeper(() => this.#not());
    return { kind: "not" };
  }

  #comparison(): Expression {
    let result = this.#sum();
    while (this.#comparator()) {
      this.#sum();
      result = { kind: "compare" };
    }
    return result;
  }

  #comparator(): boolean {
    if (this.stream.is("name:not")) {
      const { type, value } = this.stream.look();
      if (type !== "name" || value !== "in") return false;
      this.stream.next();
    } else if (!this.stream.is("eq", "ne", "lt", "lteq", "gt", "gteq", "name:in")) return false;
    this.stream.next();
    return true;
  }

  #sum(): Expression {
    return this.#arithmetic(["add", "sub"], () => this.#concatenation());
  }

  #concatenation(): Expression {
    const first = this.#product();
    const parts = [first];
    while (this.stream.skipIf("tilde")) parts.push(this.#product());
    return parts.length === 1 ? first : { kind: "concat", parts };
  }

  #product(): Expression {
    return this.#arithmetic(["mul", "div", "floordiv", "mod"], () =>
      this.#arithmetic(["pow"], () => this.#unary(true)),
    );
  }

  #arithmetic(kinds: readonly Sum[], read: () => Expression): Expression {
    let result = read();
    for (;;) {
      const kind = kinds.find((one) => this.stream.is(one));
      if (kind === undefined) return result;
      this.stream.next();
      read();
      result = { kind };
    }
  }

  #unary(withFilters: boolean): Expression {
    let result: Expression;
    if (this.stream.is("sub", "add")) {
      const kind = this.stream.next().type === "sub" ? "neg" : "pos";
      this.deeper(() => this.#unary(false));
      result = { kind };
    } else result = this.#primary();
    result = this.#postfix(result);
    return withFilters ? this.#filters(result) : result;
  }

  #primary(withNamespace = false): Expression {
    const token = this.stream.current;
    switch (token.type) {
      case "name": {
        this.stream.next();
        const constant = CONSTANTS.get(token.value);
        if (constant !== undefined) return { kind: "const", value: constant };
        if (!withNamespace || !this.stream.skipIf("dot")) return { kind: "name", name: token.value };
        this.stream.expect("name");
        return { kind: "nsref" };
      }
      case "string": {
        let value = "";
        while (this.stream.is("string")) value += this.stream.next().value;
        return { kind: "const", value };
      }
      case "integer":
      case "float":
        this.stream.next();
        return { kind: "const", value: { number: token.value } };
      case "lparen": {
        this.stream.next();
        const inside = this.deeper(() => this.tuple({ inParentheses: true }));
        this.stream.expect("rparen");
        return inside;
      }
      case "lbracket":
        this.#collection("rbracket", () => this.expression());
        return { kind: "list" };
      case "lbrace":
        this.#collection("rbrace", () => {
          this.expression();
          this.stream.expect("colon");
          this.expression();
        });
        return { kind: "dict" };
      default:
        return this.stream.fail(`unexpected '${describe(token)}'`, token.line);
    }
  }

  #collection(end: string, readItem: () => void): void {
    this.stream.next();
    for (let count = 0; !this.stream.is(end); count++) {
      if (count > 0) this.stream.expect("comma");
      if (this.stream.is(end)) break;
      readItem();
    }
    this.stream.expect(end);
  }

  #postfix(start: Expression): Expression {
    let result = start;
    for (;;) {
      if (this.stream.is("dot")) {
        this.stream.next();
        const { type, line } = this.stream.next();
        if (type !== "name" && type !== "integer") this.stream.fail("expected name or number", line);
        result = { kind: type === "name" ? "getattr" : "getitem", of: result };
      } else if (this.stream.is("lbracket")) {
        this.#subscript();
        result = { kind: "getitem", of: result };
      } else if (this.stream.is("lparen")) {
        this.#callArguments();
        result = { kind: "call" };
      } else return result;
    }
  }

  #subscript(): void {
    this.stream.next();
    for (let count = 0; !this.stream.is("rbracket"); count++) {
      if (count > 0) this.stream.expect("comma");
      this.#slice();
    }
    this.stream.expect("rbracket");
  }

  #slice(): void {
    if (!this.stream.is("colon")) this.expression();
    if (!this.stream.skipIf("colon")) return;
    if (!this.stream.is("colon", "rbracket", "comma")) this.expression();
    if (this.stream.skipIf("colon") && !this.stream.is("rbracket", "comma")) this.expression();
  }

  #callArguments(): void {
    const { line } = this.stream.expect("lparen");
    const present = { named: false, list: false, members: false };
    const ensure = (allowed: boolean): void => {
      if (!allowed) this.stream.fail("invalid syntax for function call expression", line);
    };
    for (let count = 0; !this.stream.is("rparen"); count++) {
      if (count > 0) {
        this.stream.expect("comma");
        if (this.stream.is("rparen")) break;
      }
      if (this.stream.is("mul")) {
        ensure(!present.list && !present.members);
        present.list = true;
        this.stream.next();
      } else if (this.stream.is("pow")) {
        ensure(!present.members);
        present.members = true;
        this.stream.next();
      } else if (this.stream.is("name") && this.stream.look().type === "assign") {
        ensure(!present.members);
        present.named = true;
        this.stream.next();
        this.stream.next();
      } else ensure(!present.list && !present.members && !present.named);
      this.expression();
    }
    this.stream.expect("rparen");
  }

  #filters(start: Expression): Expression {
    let result = start;
    for (;;) {
      if (this.stream.is("pipe")) {
        this.filters();
        result = { kind: "filter" };
      } else if (this.stream.is("name:is")) result = this.#test();
      else if (this.stream.is("lparen")) {
        this.#callArguments();
        result = { kind: "call" };
      } else return result;
    }
  }

  /** Filters in a row, each behind a `|`; where the first one needs none, `inline`. */
  filters(inline = false): void {
    for (let first = inline; first || this.stream.is("pipe"); first = false) {
      if (!first) this.stream.next();
      this.#dottedName();
      if (this.stream.is("lparen")) this.#callArguments();
    }
  }

  #test(): Expression {
    this.stream.next();
    const negated = this.stream.skipIf("name:not");
    this.#dottedName();
    if (this.stream.is("lparen")) this.#callArguments();
    else if (
      this.stream.is("name", "string", "integer", "float", "lbracket", "lbrace") &&
      !this.stream.is("name:else", "name:or", "name:and")
    ) {
      if (this.stream.is("name:is")) this.stream.fail("You cannot chain multiple tests with is");
      this.#postfix(this.#primary());
    }
    return { kind: negated ? "not" : "test" };
  }

  #dottedName(): void {
    this.stream.expect("name");
    while (this.stream.skipIf("dot")) this.stream.expect("name");
  }
}

function mayBeAssigned(target: Expression): boolean {
  if (target.kind === "tuple") return target.items.every(mayBeAssigned);
  return target.kind === "name" || target.kind === "nsref";
}
