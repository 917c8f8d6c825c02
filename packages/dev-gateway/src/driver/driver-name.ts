/**
 * Brings a configured driver name into the form in which it is used as a key.
 *
 * @throws Error with the gateway's text when it is empty or has characters other than ASCII letters, digits, `-` and `_`.
 */
export function normalizeDriverName(name: string): string {
  const trimmed = name.trim()
  if (trimmed === '') throw new Error('compute driver name cannot be empty')
  if (!/^[A-Za-z0-9_-]+$/.test(trimmed)) {
    throw new Error(`invalid compute driver name '${trimmed}'. use ASCII letters, digits, '-' or '_'`)
  }
  return trimmed.toLowerCase()
}
