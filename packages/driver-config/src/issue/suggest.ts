const maximumCandidates = 200
const maximumWordLength = 64
const maximumSuggestions = 3

/**
 * The declared names that are nearest to a word, best first, at most 3.
 *
 * Case, `_`, `-` and camelCase do not count; then the edit distance may be a third of the length; last come names that have
 * it as one of their words. Ties keep the order of `candidates`. Empty when the word is longer than 64 characters or there are more than 200 candidates.
 */
export function suggestNames(word: string, candidates: readonly string[]): string[] {
  if (word.length > maximumWordLength || candidates.length > maximumCandidates) return []
  const folded = foldName(word)
  const equal = candidates.filter((candidate) => foldName(candidate) === folded)
  if (equal.length > 0) return equal.slice(0, maximumSuggestions)
  const limit = Math.max(1, Math.floor(word.length / 3))
  const near = candidates
    .filter((candidate) => Math.abs(candidate.length - word.length) <= limit)
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate)
  const names = near.length > 0 ? near : candidates.filter((candidate) => hasWord(candidate, folded))
  return names.slice(0, maximumSuggestions)
}

/** True when a name of several words has this one: `pool` is meant to be `storage_pool`. */
function hasWord(name: string, folded: string): boolean {
  const words = name.split(/[_-]/)
  return words.length > 1 && words.some((word) => foldName(word) === folded)
}

/** The name without case, `_` and `-`, so that `readOnly`, `read-only` and `read_only` are equal. */
export function foldName(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase()
}

/** Number of insertions, deletions, replacements and swaps of neighbours between two words (Damerau-Levenshtein). */
export function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1)
      const best = Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1)
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
          ? (beforePrevious[column - 2] ?? 0) + 1
          : best
      current.push(Math.min(best, swapped))
    }
    beforePrevious = previous
    previous = current
  }
  return previous[to.length] ?? 0
}
