import { type PatternNode, parsePattern } from './pattern-tree.js'

/** More steps than this take a noticeable time. */
export const maximumPatternCost = 2 ** 22

/** The next two characters that a way through a pattern wants, each as the source of what stands for one. */
type Head = readonly string[]
/** The heads of all ways, or `undefined` when they are too many to tell. */
type Heads = readonly Head[] | undefined

const end = ''
const headLength = 2
const maximumHeads = 256
const nothing: Heads = [[]]

/**
 * An upper bound of the steps that a backtracking engine takes for any text of `length` characters.
 *
 * Where the next two characters tell which way is right, a wrong way fails at once and costs nothing; where they do not, every
 * way counts, and the ways of all such places multiply.
 */
export function patternCost(pattern: string, length: number): number {
  const tree = parsePattern(pattern)
  const depth = Math.min(length, longest(tree))
  const starts = isAnchored(tree) ? 1 : length
  return starts * (depth + 1) * countWays(tree, [[end, end]], depth)
}

function countWays(node: PatternNode, next: Heads, length: number): number {
  switch (node.kind) {
    case 'sequence': {
      let follow = next
      let ways = 1
      for (const part of node.parts.toReversed()) {
        ways *= countWays(part, follow, length)
        follow = join(headsOf(part), follow)
      }
      return ways
    }
    case 'choice': {
      const counts = node.branches.map((branch) => countWays(branch, next, length))
      const heads = node.branches.map((branch) => join(headsOf(branch), next))
      const isAmbiguous = heads.some((one, index) => heads.slice(index + 1).some((other) => meet(one, other)))
      return isAmbiguous ? counts.reduce((sum, count) => sum + count, 0) : Math.max(...counts)
    }
    case 'repeat': {
      const { body, least, most } = node
      const rounds = Math.min(most, length)
      const again = most > 1 ? join(headsOf({ kind: 'repeat', body, least: 0, most: headLength }), next) : next
      const inner = countWays(body, again, length)
      const isAmbiguous = least < most && meet(join(headsOf(body), again), next)
      return (isAmbiguous ? Math.max(1, rounds - least + 1) : 1) * (inner === 1 ? 1 : inner ** rounds)
    }
    default:
      return 1
  }
}

/** The heads of a node alone: shorter than two where the node ends before. */
function headsOf(node: PatternNode): Heads {
  switch (node.kind) {
    case 'one':
      return [[node.source]]
    case 'edge':
      return nothing
    case 'sequence':
      return node.parts.reduce<Heads>((heads, part) => join(heads, headsOf(part)), nothing)
    case 'choice':
      return unite(node.branches.map(headsOf))
    case 'repeat': {
      const once = headsOf(node.body)
      const rounds: Heads[] = [nothing, once, join(once, once)]
      return unite(rounds.slice(Math.min(node.least, headLength), Math.min(node.most, headLength) + 1))
    }
  }
}

function join(heads: Heads, next: Heads): Heads {
  if (heads === undefined) return undefined
  const joined = heads.map((head) => {
    if (head.length >= headLength) return [head]
    return next?.map((follow) => [...head, ...follow].slice(0, headLength))
  })
  return unite(joined)
}

function unite(all: readonly Heads[]): Heads {
  const united = new Map<string, Head>()
  for (const heads of all) {
    if (heads === undefined) return undefined
    for (const head of heads) united.set(head.join('\n'), head)
  }
  return united.size > maximumHeads ? undefined : [...united.values()]
}

/** True when some text may begin both ways. */
function meet(some: Heads, others: Heads): boolean {
  if (some === undefined || others === undefined) return true
  return some.some((one) => others.some((other) => one.every((source, index) => share(source, other[index] ?? source))))
}

// Latin texts, and one letter or sign of other scripts; what a pattern itself names is tried as well.
const samples = [...Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code)), ...'αбאعअ漢あ한😀٣\u2003']
// Declarations have few sources; published bundles of other programs may bring any number of them.
const maximumKnownMatches = 1_024
const knownMatches = new Map<string, ReadonlySet<string>>()

/** True when one character stands for both. */
function share(a: string, b: string): boolean {
  if (a === b) return true
  if (a === end || b === end) return false
  // Scripts and categories are too large to try.
  if ([a, b].every((source) => /\\[pP]\{/.test(source))) return true
  const matches = matchesOf(b)
  if ([...matchesOf(a)].some((sample) => matches.has(sample))) return true
  const [first, second] = [a, b].map(toExpression)
  return [...namedCharacters(a), ...namedCharacters(b)].some((sample) => first?.test(sample) && second?.test(sample))
}

function matchesOf(source: string): ReadonlySet<string> {
  const known = knownMatches.get(source)
  if (known !== undefined) return known
  const expression = toExpression(source)
  const matches = new Set(samples.filter((sample) => expression.test(sample)))
  if (knownMatches.size >= maximumKnownMatches) knownMatches.clear()
  knownMatches.set(source, matches)
  return matches
}

function toExpression(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, 'u')
}

/** The characters that a source names, as themselves or by their numbers. */
function namedCharacters(source: string): string {
  return source.replaceAll(/\\(?:u\{([0-9A-Fa-f]+)\}|[ux]([0-9A-Fa-f]{2,4}))/g, (_match, long, short) =>
    String.fromCodePoint(Number.parseInt(long ?? short, 16)),
  )
}

/** The greatest number of characters that a pattern matches. */
function longest(node: PatternNode): number {
  switch (node.kind) {
    case 'one':
      return 1
    case 'edge':
      return 0
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + longest(part), 0)
    case 'choice':
      return Math.max(...node.branches.map(longest))
    case 'repeat': {
      const body = longest(node.body)
      return body === 0 || node.most === 0 ? 0 : body * node.most
    }
  }
}

function isAnchored(node: PatternNode): boolean {
  if (node.kind === 'choice') return node.branches.every(isAnchored)
  if (node.kind !== 'sequence') return node.kind === 'edge' && node.source === '^'
  const [first] = node.parts
  return first !== undefined && isAnchored(first)
}
