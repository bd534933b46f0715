/** What the base classes need to know of a resource at run time. */
export interface ResourceDescription {
  readonly kind: string;
  /** All outputs of the resource: fields, directives and computed outputs. */
  readonly properties: readonly string[];
  /** The field whose default is the resource's name in the program. */
  readonly nameField?: string;
  readonly secretOutputs: readonly string[];
}

export interface SettingDescription {
  readonly name: string;
  /** Sent to the provider as text; everything else is sent as JSON text. */
  readonly text: boolean;
  readonly secret: boolean;
}
