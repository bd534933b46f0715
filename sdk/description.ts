/** What the base class of a door knows of a resource. */
export interface ResourceDescription {
  readonly kind: string;
  /** Everything that a resource has as an output: fields, directives and facts. */
  readonly properties: readonly string[];
  /** The field that takes the resource's name in the program when it is not declared. */
  readonly nameField?: string;
  readonly secretFacts: readonly string[];
}

export interface SettingDescription {
  readonly name: string;
  /** Goes to the provider as it is; anything else goes as JSON. */
  readonly text: boolean;
  readonly secret: boolean;
}
