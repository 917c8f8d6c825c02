/** Entries of an update as both lines take them: an empty text removes the entry of that name. */
export function withRemovals(
  entries: Readonly<Record<string, string>> = {},
  removed: readonly string[] = [],
): Record<string, string> {
  return { ...entries, ...Object.fromEntries(removed.map((name) => [name, ''])) }
}
