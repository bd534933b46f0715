/** What is wrong with a template, as Jinja says it. */
export class JinjaProblem extends Error {
  override readonly name = "JinjaProblem";
  /** The first one is 1. 0: the template as a whole. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
