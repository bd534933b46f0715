/** What is wrong with a template, in Jinja's words. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  /** The first one is 1. 0: the template as a whole. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
