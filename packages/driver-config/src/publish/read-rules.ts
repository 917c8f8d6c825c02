import { type ConfigRule, rule } from '../check/rules.js'
import { exclusive, requires } from '../check/standard-rules.js'
import { proveReads } from '../define/prove-places.js'
import type { PathToken } from '../issue/path.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import type { BundleRule } from './bundle-data.js'
import { type BundleProblem, bundleProblem } from './bundle-problem.js'

/** The rules of a version: those that run here, and all of them, where the driver's own stand for their names only. */
export interface ReadRules {
  readonly portable: readonly ConfigRule<never>[]
  readonly all: readonly ConfigRule<never>[]
}

/** Reads the rules of a version and proves that they read what it declares. */
export function readRules(
  written: readonly BundleRule[],
  node: SchemaNode,
  place: readonly PathToken[],
  problems: BundleProblem[],
): ReadRules {
  const all: ConfigRule<never>[] = []
  for (const [index, each] of written.entries()) {
    try {
      const read = readRule(each)
      proveReads([read], node)
      all.push(read)
    } catch (error) {
      if (!(error instanceof SchemaProblem)) throw error
      problems.push(bundleProblem('RULE_INVALID', [...place, index], error.problem))
    }
  }
  return { portable: all.filter((each) => each.portable !== undefined), all }
}

function readRule({ name, revision, reads, enforce, description, portable }: BundleRule): ConfigRule<never> {
  const words = { reads, revision, enforce, ...(description === undefined ? {} : { description }) }
  if (portable === undefined) return rule<never>(name, words, () => undefined)
  const { kind, first, second } = portable
  const judged = kind === 'requires' ? requires(first, second) : exclusive(first, second)
  const readsBoth = reads.length === 2 && reads.includes(first) && reads.includes(second)
  if (judged.portable === undefined || first === '' || second === '' || !readsBoth) {
    throw new SchemaProblem('', 'names no two members of one object.', '')
  }
  return { ...judged, ...words, name }
}
