import type { JsonValue } from '../envelope/json-value.js'
import type { PathToken } from '../issue/path.js'
import type { Replacements } from '../issue/version-hints.js'
import { templateOf } from '../schema/template-of.js'
import type { ConfigLineage } from './lineage.js'
import { hasMember } from './members-at.js'

/**
 * Where a place of the current version came from in a document of an older one; `undefined` when that cannot be told, or when
 * the document has nothing there.
 */
export function findOrigin(
  tokens: readonly PathToken[],
  declared: number,
  document: JsonValue,
  lineage: ConfigLineage,
): readonly PathToken[] | undefined {
  let template = templateOf(lineage.current.node, tokens)
  for (let number = lineage.max; number > declared; number -= 1) {
    template = invert(template, lineage.versions.get(number)?.replaces ?? {})
  }
  const keys = repeatedTokens(templateOf(lineage.current.node, tokens), tokens)
  const origin = fillTemplate(template, keys)
  return origin !== undefined && hasMember(document, origin) ? origin : undefined
}

function invert(template: string, replaces: Replacements): string {
  const match = Object.entries(replaces)
    .filter(([, to]) => template === to || (template.startsWith(to) && /^[.[{]/.test(template.slice(to.length))))
    .sort(([, a], [, b]) => b.length - a.length)[0]
  return match === undefined ? template : `${match[0]}${template.slice(match[1].length)}`
}

const stepPattern = /[^.[\]{}]+|\[\]|\{\}/g

/** The indexes and free keys of a place, in order. */
function repeatedTokens(template: string, tokens: readonly PathToken[]): PathToken[] {
  const steps = template.match(stepPattern) ?? []
  return tokens.flatMap((token, index) => {
    if (steps[index] === '[]') return [Number(token)]
    return steps[index] === '{}' ? [token] : []
  })
}

function fillTemplate(template: string, keys: readonly PathToken[]): PathToken[] | undefined {
  const steps = template.match(stepPattern) ?? []
  const repeats = steps.filter((step) => step === '[]' || step === '{}')
  if (repeats.length > keys.length) return undefined
  let next = 0
  return steps.map((step) => {
    if (step !== '[]' && step !== '{}') return step
    next += 1
    return keys[next - 1] ?? 0
  })
}
