const maximumCandidates = 200
const maximumWordLength = 64
const maximumSuggestions = 3
/** Shorter beginnings are shared by names that have nothing to do with each other. */
const shortestPrefix = 4

/** Declared names, prepared once so that a report does no work that the names alone decide. */
export interface NameIndex {
  readonly names: readonly string[]
  /** The names as one text. */
  readonly list: string
  /** The first of the names that fold to a key. */
  readonly byFold: ReadonlyMap<string, string>
  readonly entries: readonly NameEntry[]
}

interface NameEntry {
  readonly name: string
  readonly folded: string
  /** The characters that occur, as bits. */
  readonly letters: number
  /** The words of a name of several words, folded. */
  readonly words: readonly string[]
}

/** Prepares declared names for `suggestFrom`. */
export function indexNames(names: readonly string[]): NameIndex {
  const entries = names.map((name): NameEntry => {
    const words = name.split(/[_-]/)
    return {
      name,
      folded: foldName(name),
      letters: lettersOf(name),
      words: words.length > 1 ? words.map(foldName) : [],
    }
  })
  const byFold = new Map(entries.toReversed().map(({ name, folded }) => [folded, name]))
  return { names, list: names.join(', '), byFold, entries }
}

/**
 * The declared names that are nearest to a word, best first, at most 3.
 *
 * Case, `_`, `-` and camelCase do not count; then the edit distance may be a third of the length; last come names that have
 * it as one of their words, and names that begin with it or that it begins with. Ties keep the order of `candidates`. Empty when the word is longer than 64 characters or there are more than 200 candidates.
 */
export function suggestNames(word: string, candidates: readonly string[]): string[] {
  if (word.length > maximumWordLength || candidates.length > maximumCandidates) return []
  return suggestFrom(word, indexNames(candidates))
}

/** The same for names that were prepared. */
export function suggestFrom(word: string, { entries, byFold }: NameIndex): string[] {
  if (word.length > maximumWordLength || entries.length > maximumCandidates) return []
  const folded = foldName(word)
  if (byFold.has(folded)) return namesOf(entries.filter((entry) => entry.folded === folded))
  const near = nearEntries(word, entries)
  return namesOf(near.length > 0 ? near : entries.filter((entry) => isPart(entry, folded)))
}

/** True when the word is one of the name's words, or when one of the two begins with the other: `tiering` means `tier`. */
function isPart({ folded: name, words }: NameEntry, folded: string): boolean {
  if (words.includes(folded)) return true
  const [short, long] = name.length < folded.length ? [name, folded] : [folded, name]
  return short.length >= shortestPrefix && long.startsWith(short)
}

function namesOf(entries: readonly NameEntry[]): string[] {
  return entries.slice(0, maximumSuggestions).map((entry) => entry.name)
}

function nearEntries(word: string, entries: readonly NameEntry[]): NameEntry[] {
  const limit = Math.max(1, Math.floor(word.length / 3))
  const letters = lettersOf(word)
  const near: { entry: NameEntry; distance: number }[] = []
  for (const entry of entries) {
    if (Math.abs(entry.name.length - word.length) > limit) continue
    // Every character that only one of the two has costs an edit, so that most names need no exact distance.
    if (countBits(letters & ~entry.letters) > limit || countBits(entry.letters & ~letters) > limit) continue
    const distance = editDistance(word, entry.name)
    if (distance <= limit) near.push({ entry, distance })
  }
  return near.sort((a, b) => a.distance - b.distance).map(({ entry }) => entry)
}

function lettersOf(name: string): number {
  let bits = 0
  for (let index = 0; index < name.length; index += 1) bits |= 1 << (name.charCodeAt(index) & 31)
  return bits
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1
  return count
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
