/** The names of a peer script's scenarios, in its order. */
export function scenarioNames(scriptText: string): string[] {
  return [...scriptText.matchAll(/^@scenario\("([^"]+)"/gm)].map(([, name = '']) => name)
}

/**
 * Splits scenarios into groups of filters that together run each once. A filter runs every scenario whose name contains it, so
 * a name that contains another one needs none of its own.
 */
export function splitScenarios(names: readonly string[], groups: number): string[][] {
  const filters = names.filter((name) => !names.some((other) => other !== name && name.includes(other)))
  return Array.from({ length: groups }, (_, group) =>
    filters.filter((_filter, index) => index % groups === group),
  ).filter((group) => group.length > 0)
}
