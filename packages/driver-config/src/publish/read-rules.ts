import { type ConfigRule, rule } from '../check/rules.js'
import { exclusive, implies, requires } from '../check/standard-rules.js'
import { proveReads } from '../define/prove-places.js'
import type { PathToken } from '../issue/path.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import type { BundlePortableRule, BundleRule } from './bundle-data.js'
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
  const { first, second } = portable
  const judged = readPortable(portable)
  const readsBoth = reads.length === 2 && reads.includes(first) && reads.includes(second)
  if (judged.portable === undefined || first === '' || second === '' || !readsBoth) {
    throw new SchemaProblem('', 'names no two members of one object.', '')
  }
  return { ...judged, ...words, name }
}

function readPortable({ kind, first, second, first_is, second_is }: BundlePortableRule): ConfigRule<unknown> {
  const hasValues = first_is !== undefined && second_is !== undefined
  if (kind === 'implies' && hasValues) return implies({ field: first, is: first_is }, { field: second, is: second_is })
  if (kind === 'implies' || first_is !== undefined || second_is !== undefined) {
    throw new SchemaProblem('', 'has not the values that its kind needs.', '')
  }
  return kind === 'requires' ? requires(first, second) : exclusive(first, second)
}
