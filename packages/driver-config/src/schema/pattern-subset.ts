import { maximumPatternCost, patternCost } from './pattern-cost.js'
import { SchemaProblem } from './schema-problem.js'

/** Texts that a pattern is matched against are at most this long, unless the pattern itself bounds their length. */
export const maximumPatternLength = 1_024

/**
 * Refuses a pattern that takes long for some text of at most `length` characters.
 *
 * @throws SchemaProblem with what to write.
 */
export function requireFastPattern(pattern: string, length: number, pointer: string): void {
  if (patternCost(pattern, length) <= maximumPatternCost) return
  const problem = 'some texts make this pattern slow, because it can match them in many ways.'
  const hint =
    'Begin it with "^", let each repetition or branch end where another character begins, or lower maxLength.'
  throw new SchemaProblem(pointer, problem, hint)
}

/** What a pattern is made of, as far as its running time depends on it. */
interface Group {
  /** True when something in the group repeats without a bound. */
  repeats: boolean
  /** True when the group can match one text in more than one length or way. */
  varies: boolean
}

/** What is known about an accepted pattern. */
export interface PatternFacts {
  /** True when nothing in it repeats without a bound, so that its matches have a greatest length. */
  readonly bounded: boolean
}

const refusedGroups = /^\(\?(?:[=!]|<[=!])/
const escapedToken = /^\\(?:u\{[0-9A-Fa-f]+\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[pP]\{[^}]*\}|c[A-Za-z]|k<[^>]*>|.)/su
const classToken = /^\[(?:\\.|[^\]\\])*\]/su
const quantifierToken = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/

/**
 * Refuses patterns that another engine may read differently or that some text makes slow: no look-around, no back-references,
 * and inside an unbounded repetition no other repetition, option or alternative.
 *
 * @throws SchemaProblem with what to write.
 */
export function checkPattern(pattern: string, pointer: string): PatternFacts {
  compilePattern(pattern, pointer)
  const refuse = (problem: string, hint: string): never => {
    throw new SchemaProblem(pointer, problem, hint)
  }
  const open: Group[] = [{ repeats: false, varies: false }]
  let last: Group | undefined
  let rest = pattern
  while (rest !== '') {
    const group = open[open.length - 1] as Group
    const quantifier = quantifierToken.exec(rest)?.[0]
    if (quantifier !== undefined && last !== undefined) {
      applyQuantifier(quantifier, last, group, refuse)
      last = undefined
      rest = rest.slice(quantifier.length)
    } else if (refusedGroups.test(rest)) {
      refuse('look-around is not portable.', 'Describe the whole text, or use a format or a rule.')
    } else if (rest.startsWith('(')) {
      open.push({ repeats: false, varies: false })
      last = undefined
      rest = rest.slice(/^\((?:\?(?::|<[^>]*>))?/.exec(rest)?.[0].length ?? 1)
    } else if (rest.startsWith(')')) {
      last = open.pop()
      rest = rest.slice(1)
    } else if (rest.startsWith('|')) {
      group.varies = true
      last = undefined
      rest = rest.slice(1)
    } else {
      const token = readToken(rest)
      if (/^\\(?:[1-9]|k<)/.test(token)) refuse('back-references are not portable.', 'Describe the text without them.')
      last = { repeats: false, varies: false }
      rest = rest.slice(token.length)
      if (token === '^' || token === '$') last = undefined
    }
    inherit(last, open[open.length - 1])
  }
  return { bounded: open[0]?.repeats !== true }
}

type Refuse = (problem: string, hint: string) => never

function applyQuantifier(quantifier: string, last: Group, group: Group, refuse: Refuse): void {
  const isUnbounded = /^(?:[*+]|\{\d+,\})/.test(quantifier)
  const isFixed = /^\{\d+\}/.test(quantifier)
  if (isUnbounded && (last.repeats || last.varies)) {
    const hint = 'Repeat a single character class, bound the inner repetition away, or use a format.'
    refuse('a repetition inside a repetition can be slow for some texts.', hint)
  }
  if (isUnbounded) group.repeats = true
  if (!isFixed) group.varies = true
}

/** What a closed group does, its parent does as well. */
function inherit(last: Group | undefined, parent: Group | undefined): void {
  if (last === undefined || parent === undefined) return
  parent.repeats ||= last.repeats
  parent.varies ||= last.varies
}

function readToken(rest: string): string {
  const match = escapedToken.exec(rest) ?? classToken.exec(rest)
  return match?.[0] ?? String.fromCodePoint(rest.codePointAt(0) ?? 0)
}

function compilePattern(pattern: string, pointer: string): void {
  try {
    new RegExp(pattern, 'u')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SchemaProblem(pointer, `this is not a regular expression: ${reason}.`, 'It is read with the "u" flag.')
  }
}
