export interface Hooks {
  /** Called for each HTTP exchange and for anything unusual. The message holds no secret. */
  debug?: ((message: string) => void) | undefined;
  /** Called with what the user should know, once each. */
  warn?: ((message: string) => void) | undefined;
}
