import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import type { PathToken } from '../issue/path.js'
import { canonicalJson } from '../schema/canonical-json.js'
import { type BundleDocument, bundleKeyword } from './bundle-data.js'
import { type BundleProblem, type BundleProblemCode, bundleProblem } from './bundle-problem.js'
import { maximumPatternCharacters } from './bundle-shape.js'
import { countOperations } from './read-hop.js'
import { digestBundle, nameOf } from './write-bundle.js'

const maximumPatterns = 256
const maximumOperations = 512

/** What is wrong with a bundle as a whole: its digest, its numbers, and more work than a bundle may ask for. */
export function proveBundle(document: BundleDocument, json: JsonObject): BundleProblem[] {
  const problems: BundleProblem[] = []
  const report = (code: BundleProblemCode, tokens: readonly PathToken[], what: string): void =>
    void problems.push(bundleProblem(code, tokens, what))
  if (document[bundleKeyword].digest !== digestBundle(json)) {
    report(
      'DIGEST_MISMATCH',
      [bundleKeyword, 'digest'],
      'does not fit the bundle, which was changed after it was published',
    )
  }
  proveNumbers(document, (tokens, what) => report('VERSION_INVALID', tokens, what))
  proveEffort(document, (tokens, what) => report('BUNDLE_TOO_LARGE', tokens, what))
  return problems
}

type Report = (tokens: readonly PathToken[], what: string) => void

function proveNumbers(document: BundleDocument, report: Report): void {
  const { min, max, unversioned, versions, hops, removed } = document[bundleKeyword]
  const numbers = versions.map(({ version }) => version)
  for (const [index, number] of numbers.entries()) {
    const place = [bundleKeyword, 'versions', index, 'version']
    if (numbers.indexOf(number) < index) report(place, `repeats schema_version ${number}`)
    else if (number !== min + index) report(place, `is ${number} where ${min + index} follows`)
    if (document.$defs[nameOf(number)] === undefined) report(['$defs', nameOf(number)], 'is missing')
  }
  for (const name of Object.keys(document.$defs)) {
    if (!numbers.some((number) => nameOf(number) === name)) report(['$defs', name], 'belongs to no version')
  }
  if (numbers.at(-1) !== max) report([bundleKeyword, 'max'], `is ${max}, and the last version is ${numbers.at(-1)}`)
  if (unversioned > max) report([bundleKeyword, 'unversioned'], `is ${unversioned}, which is newer than every version`)
  const choice = numbers.map((number) => ({ $ref: `#/$defs/${nameOf(number)}` }))
  if (canonicalJson(choice) !== canonicalJson(document.oneOf as JsonValue))
    report(['oneOf'], 'does not name every version once')
  for (const [index, { from, to }] of hops.entries()) {
    if (from === min + index && to === from + 1 && to <= max) continue
    report([bundleKeyword, 'hops', index], `leads from ${from} to ${to}, which is not the step that follows`)
  }
  if (hops.length < numbers.length - 1) report([bundleKeyword, 'hops'], 'does not lead to every version')
  for (const [index, { version }] of removed.entries()) {
    const isKnown = removed.findIndex((each) => each.version === version) < index
    if (version >= min || isKnown)
      report([bundleKeyword, 'removed', index], `is ${isKnown ? 'there twice' : 'a version that is read'}`)
  }
}

/** Patterns and operations are judged with more work than their length. */
function proveEffort(document: BundleDocument, report: Report): void {
  const patterns = new Set<string>()
  for (const [name, schema] of Object.entries(document.$defs))
    collectPatterns(schema, ['$defs', name], patterns, report)
  if (patterns.size > maximumPatterns) report(['$defs'], `has more than ${maximumPatterns} different patterns`)
  const count = document[bundleKeyword].hops.reduce((sum, { ops }) => sum + countOperations(ops), 0)
  if (count > maximumOperations) report([bundleKeyword, 'hops'], `has more than ${maximumOperations} operations`)
}

// The bundle is guarded: it nests no deeper than a bundle may.
function collectPatterns(value: JsonValue, place: readonly PathToken[], found: Set<string>, report: Report): void {
  if (typeof value !== 'object' || value === null) return
  const members: [PathToken, JsonValue][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  for (const [key, member] of members) {
    const patterns =
      key === 'pattern' && typeof member === 'string' ? [member] : key === 'patternProperties' ? keysOf(member) : []
    for (const pattern of patterns) {
      found.add(pattern)
      if (pattern.length <= maximumPatternCharacters) continue
      report([...place, key], `is longer than ${maximumPatternCharacters} characters`)
    }
    collectPatterns(member, [...place, key], found, report)
  }
}

function keysOf(value: JsonValue): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}
