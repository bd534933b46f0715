/** A setting of the provider that cannot be used. The message names the setting and its source, never a credential. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** The setting's name, e.g. `apiUrl`. */
  readonly setting: string;

  constructor(setting: string, message: string) {
    super(message);
    this.setting = setting;
  }
}
