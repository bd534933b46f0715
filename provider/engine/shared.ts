/** What the resources of one engine know together, one instance a class: declarations that may contradict each other, writes that
 *  others have to repeat. The engine itself knows nothing of their kinds. */
export class Shared {
  readonly #instances = new Map<new () => unknown, unknown>();

  /** The engine's only instance of a class, made at the first call. */
  of<T>(type: new () => T): T {
    const existing = this.#instances.get(type);
    if (existing instanceof type) return existing;
    const instance = new type();
    this.#instances.set(type, instance);
    return instance;
  }
}
