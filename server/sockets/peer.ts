import type { RawData, WebSocket } from "ws";

/** Most bytes that are queued for the route; beyond that, the socket is not read. */
const MAX_QUEUED_BYTES = 1024 * 1024;

/** The other end of a websocket, as routes see it: text messages in order, with backpressure in both directions. */
export class Peer {
  readonly #socket: WebSocket;
  readonly #maxBufferedBytes: number;
  readonly #queue: string[] = [];
  #queuedBytes = 0;
  #wake: (() => void) | undefined;
  #closed = false;
  readonly #onClose = new Set<() => void>();

  constructor(socket: WebSocket, maxBufferedBytes: number) {
    this.#socket = socket;
    this.#maxBufferedBytes = maxBufferedBytes;
    socket.on("message", (data, isBinary) => this.#enqueue(data, isBinary));
    // A close event follows.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#closed = true;
      this.#wake?.();
      for (const listener of this.#onClose) listener();
    });
  }

  /** Whether the socket is closed. Messages that arrived before can still be received. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The next message. `undefined`: closed, and no message is left. */
  async receive(): Promise<string | undefined> {
    await this.#untilMessageOrClose();
    const message = this.#queue.shift();
    if (message !== undefined) this.#account(-message.length);
    return message;
  }

  /** All queued messages, at least one. Empty: closed, and no message is left. */
  async receiveAll(): Promise<string[]> {
    await this.#untilMessageOrClose();
    const messages = this.#queue.splice(0);
    this.#account(-this.#queuedBytes);
    return messages;
  }

  /** Sends a text message. A peer that does not read is disconnected without a close frame, which would only be queued, too. */
  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text);
    if (this.#socket.bufferedAmount > this.#maxBufferedBytes) this.#socket.terminate();
  }

  /** The same, and resolves when the message was sent, or never will be: for sending many. */
  async sendAndWait(text: string): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    await new Promise<void>((resolve) => this.#socket.send(text, () => resolve()));
  }

  close(code: number, reason = ""): void {
    this.#socket.close(code, reason);
  }

  /** Disconnects without a close frame. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Calls the listener once, when the socket is closed. */
  onClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#onClose.add(listener);
  }

  #enqueue(data: RawData, isBinary: boolean): void {
    if (isBinary) {
      this.close(UNSUPPORTED_DATA, "Text messages only");
      return;
    }
    const text = data.toString();
    this.#queue.push(text);
    this.#account(text.length);
    this.#wake?.();
  }

  #account(bytes: number): void {
    this.#queuedBytes += bytes;
    if (this.#queuedBytes > MAX_QUEUED_BYTES) this.#socket.pause();
    else if (this.#socket.isPaused) this.#socket.resume();
  }

  async #untilMessageOrClose(): Promise<void> {
    while (this.#queue.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#wake = undefined;
  }
}

const UNSUPPORTED_DATA = 1003;
