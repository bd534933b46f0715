/** Objects that a create of this process adopted. A resource that was renamed in a program is, to its host, one resource created and
 *  another deleted; both are about the same object, and the delete must not win. */
export class AdoptedObjects {
  readonly #keys = new Set<string>();

  add(kind: string, uuid: string | undefined): void {
    if (uuid !== undefined) this.#keys.add(`${kind} ${uuid}`);
  }

  has(kind: string, uuid: string | undefined): boolean {
    return uuid !== undefined && this.#keys.has(`${kind} ${uuid}`);
  }

  drop(kind: string, uuid: string | undefined): void {
    if (uuid !== undefined) this.#keys.delete(`${kind} ${uuid}`);
  }
}
