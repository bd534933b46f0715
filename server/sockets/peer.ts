import type { RawData, WebSocket } from "ws";

/** Most that may wait to be taken by the route; then nothing more is read until it has caught up. */
const MOST_WAITING_BYTES = 1024 * 1024;

/** The other end of a websocket, as routes see it: text messages in the order they came, read only as fast as they are taken, and a
 *  way to send that never keeps more than a bounded amount for a slow reader. */
export class Peer {
  readonly #socket: WebSocket;
  readonly #mostBufferedBytes: number;
  readonly #waiting: string[] = [];
  #waitingBytes = 0;
  #wake: (() => void) | undefined;
  #closed = false;
  readonly #onClose = new Set<() => void>();

  constructor(socket: WebSocket, mostBufferedBytes: number) {
    this.#socket = socket;
    this.#mostBufferedBytes = mostBufferedBytes;
    socket.on("message", (data, isBinary) => this.#take(data, isBinary));
    // What broke is told by the close that follows.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#closed = true;
      this.#wake?.();
      for (const listener of this.#onClose) listener();
    });
  }

  /** No message comes or goes any more; those that came before may still be taken. */
  get closed(): boolean {
    return this.#closed;
  }

  /** `undefined`: closed, and nothing is left to take. */
  async receive(): Promise<string | undefined> {
    await this.#untilSomething();
    const message = this.#waiting.shift();
    if (message !== undefined) this.#account(-message.length);
    return message;
  }

  /** All that has come, at least one message. Empty: closed, and nothing is left to take. */
  async receiveAll(): Promise<string[]> {
    await this.#untilSomething();
    const messages = this.#waiting.splice(0);
    this.#account(-this.#waitingBytes);
    return messages;
  }

  /** Sends a text message. A peer that does not read is dropped without a word: a close frame would only queue up behind the rest. */
  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text);
    if (this.#socket.bufferedAmount > this.#mostBufferedBytes) this.#socket.terminate();
  }

  /** The same, and answers when the message has left, or never will: for sending much. */
  async sendAndWait(text: string): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    await new Promise<void>((resolve) => this.#socket.send(text, () => resolve()));
  }

  close(code: number, reason = ""): void {
    this.#socket.close(code, reason);
  }

  /** Drops the connection. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Calls back once, when it is closed. */
  onClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#onClose.add(listener);
  }

  #take(data: RawData, isBinary: boolean): void {
    if (isBinary) {
      this.close(UNSUPPORTED_DATA, "Text messages only");
      return;
    }
    const text = data.toString();
    this.#waiting.push(text);
    this.#account(text.length);
    this.#wake?.();
  }

  #account(bytes: number): void {
    this.#waitingBytes += bytes;
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.#socket.pause();
    else if (this.#socket.isPaused) this.#socket.resume();
  }

  async #untilSomething(): Promise<void> {
    while (this.#waiting.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#wake = undefined;
  }
}

const UNSUPPORTED_DATA = 1003;
