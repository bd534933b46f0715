/** Objects that a create of this process took over. A resource that was renamed in a program is, to its host, one
 *  resource created and another deleted; both are about the same object, and the delete must not win (design 3.5). */
export class AdoptedObjects {
  readonly #claimed = new Set<string>();

  add(kind: string, uuid: string | undefined): void {
    if (uuid !== undefined) this.#claimed.add(`${kind} ${uuid}`);
  }

  has(kind: string, uuid: string | undefined): boolean {
    return uuid !== undefined && this.#claimed.has(`${kind} ${uuid}`);
  }

  drop(kind: string, uuid: string | undefined): void {
    if (uuid !== undefined) this.#claimed.delete(`${kind} ${uuid}`);
  }
}
