import { pick, type Random } from './seeded-random.js'

/** One alternative: atoms in a row, each with how often it stands. */
type Sequence = readonly { readonly atom: Atom; readonly least: number; readonly most: number }[]
/** A class of characters, or a group of alternatives. */
type Atom = readonly string[] | { readonly alternatives: readonly Sequence[] }

const quantifierToken = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/
const groupToken = /^\((?:\?(?::|<[^>]*>))?/
const characterToken =
  /^(?:\\(?:u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[pP]\{[^}]*\}|.)|\[(?:\\.|[^\]\\])*\]|.)/su
const placeToken = /^(?:[$^]|\\[bB])/
/** How many more than the least an unbounded repetition gives. */
const extraRepeats = 8

// Printable ASCII, and a few others for classes that want them.
const alphabet = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)),
  'é',
  'Ω',
  '😀',
  '\t',
  '\n',
]

/**
 * A text that a pattern of the dialect describes from its start to its end. The pattern was accepted at build, so that there is
 * no look-around and no back-reference in it.
 */
export function generateMatching(random: Random, pattern: string): string {
  const [alternatives] = readAlternatives(pattern)
  return writeAlternatives(random, alternatives)
}

function writeAlternatives(random: Random, alternatives: readonly Sequence[]): string {
  return pick(random, alternatives)
    .map(({ atom, least, most }) => {
      const length = pick(random, [least, most, least + Math.floor(random() * (most - least + 1))])
      return Array.from({ length }, () => writeAtom(random, atom)).join('')
    })
    .join('')
}

function writeAtom(random: Random, atom: Atom): string {
  return 'alternatives' in atom ? writeAlternatives(random, atom.alternatives) : pick(random, atom)
}

/** The alternatives up to the end of the group, and what follows it. */
function readAlternatives(pattern: string): [alternatives: Sequence[], rest: string] {
  const alternatives: Sequence[] = []
  let sequence: { atom: Atom; least: number; most: number }[] = []
  let rest = pattern
  while (rest !== '' && !rest.startsWith(')')) {
    if (rest.startsWith('|')) {
      alternatives.push(sequence)
      sequence = []
      rest = rest.slice(1)
      continue
    }
    const place = placeToken.exec(rest)
    if (place !== null) {
      rest = rest.slice(place[0].length)
      continue
    }
    const [atom, afterAtom] = readAtom(rest)
    const [least, most, afterQuantifier] = readQuantifier(afterAtom)
    sequence.push({ atom, least, most })
    rest = afterQuantifier
  }
  return [[...alternatives, sequence], rest]
}

function readAtom(rest: string): [atom: Atom, rest: string] {
  const group = groupToken.exec(rest)
  if (group !== null) {
    const [alternatives, after] = readAlternatives(rest.slice(group[0].length))
    return [{ alternatives }, after.slice(1)]
  }
  const token = characterToken.exec(rest)?.[0] ?? rest
  const matches = new RegExp(`^${token}$`, 'u')
  const characters = alphabet.filter((character) => matches.test(character))
  return [characters.length === 0 ? ['a'] : characters, rest.slice(token.length)]
}

function readQuantifier(rest: string): [least: number, most: number, rest: string] {
  const match = quantifierToken.exec(rest)
  if (match === null) return [1, 1, rest]
  const [text, least = '', comma, most = ''] = match
  const after = rest.slice(text.length)
  if (text.startsWith('?')) return [0, 1, after]
  if (text.startsWith('*')) return [0, extraRepeats, after]
  if (text.startsWith('+')) return [1, 1 + extraRepeats, after]
  const low = Number(least)
  if (comma === undefined) return [low, low, after]
  return [low, most === '' ? low + extraRepeats : Number(most), after]
}
