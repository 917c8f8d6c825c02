/** True for a text that can be the name of an environment variable. */
export function isEnvironmentKey(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)
}
