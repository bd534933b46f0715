import type { Readable } from "node:stream";

/** The body of an answer that is not JSON: at once, or as a stream when it may be long. */
export class PlainText {
  readonly text: string | Readable;
  readonly type: string;

  constructor(text: string | Readable, type = "text/plain; charset=utf-8") {
    this.text = text;
    this.type = type;
  }
}
