import { describe, expect, test } from 'vitest'
import { pairsOfSchemas } from '../../test/random-schemas.js'
import { schemaChanges } from '../../test/schema-changes.js'
import { readSchema } from '../schema/read-schema.js'
import { digestSchema } from '../schema/schema-digest.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { generateValue } from '../testing/generate-value.js'
import { seededRandom } from '../testing/seeded-random.js'
import { acceptanceOf } from './acceptance.js'
import { compareSchemas } from './compare-schemas.js'
import { type CompatibilityRule, compatibilityRules } from './compatibility-rules.js'
import type { SchemaChange } from './schema-change.js'

const pairs = 400
const documentsPerPair = 60
/** Beside texts: what the shape digest leaves out, and operators or secrets depend on. */
const outsideOfShape = ['STAGE_LOWERED', 'SECRET_ADDED', 'ORDER_CHANGED']

const isText = ({ rule }: SchemaChange): boolean =>
  compatibilityRules[rule].effect === 'text' || outsideOfShape.includes(rule)

const isHarmless = (verdict: string): boolean => verdict === 'ok' || verdict === 'warning'

/** Rules about what is declared beside schemas. */
const besideSchemas: readonly CompatibilityRule[] = ['LIMIT_LOWERED', 'OBJECT_CLOSED', 'RULE_CHANGED', 'RULE_ADDED']

describe('compareSchemas', () => {
  const compared = schemaChanges.map((fixture) => {
    const [before, after] = [readSchema(fixture.before), readSchema(fixture.after)]
    return { ...fixture, found: compareSchemas(before, after, 'c'), before, after }
  })

  test.each(compared)('$name', ({ found, changes }) => {
    expect(found.map(({ rule, verdict, path }) => `${rule} ${verdict} ${path}`)).toEqual(changes)
  })

  test('shows each break of documents by a block', () => {
    expect(compared.flatMap(({ before, after, found }) => unshown(before, after, found))).toEqual([])
  })

  test('has a fixture for every rule about schemas', () => {
    const met = new Set(compared.flatMap(({ found }) => found.map(({ rule }) => rule)))
    const rules = Object.keys(compatibilityRules) as CompatibilityRule[]
    const missing = rules.filter((rule) => !met.has(rule) && !besideSchemas.includes(rule))
    expect(missing.filter((rule) => compatibilityRules[rule].effect !== 'versions')).toEqual([])
  })

  test('says in each message where, and what to change', () => {
    const narrowed = compared.find(({ name }) => name === 'a higher minimum')?.found ?? []
    expect(narrowed).toEqual([
      expect.objectContaining({
        before: { minimum: 1 },
        after: { minimum: 2 },
        witness: { f: 1 },
        message:
          'c.f: no longer takes some numbers below its new bound. Keep the bound, or declare a new version with a migration.',
      }),
    ])
  })

  test('does not pass over a keyword that it does not read', () => {
    const before = readSchema({ type: 'object', properties: { a: { type: 'string' } } })
    const after: SchemaNode = Object.assign({ ...before }, { sealed: true })
    expect(compareSchemas(before, after, 'c')).toEqual([
      expect.objectContaining({ rule: 'UNDECIDED_CHANGE', verdict: 'unknown', path: 'c' }),
    ])
  })
})

/** Breaks of documents without a block that the older schema accepts and the newer one refuses. */
function unshown(before: SchemaNode, after: SchemaNode, changes: readonly SchemaChange[]): SchemaChange[] {
  const [accepts, stillAccepts] = [acceptanceOf(before), acceptanceOf(after)]
  return changes.filter(({ rule, verdict, witness }) => {
    if (witness !== undefined) return !accepts(witness) || stillAccepts(witness)
    return verdict === 'break' && compatibilityRules[rule].effect !== 'meaning'
  })
}

describe('compareSchemas on random pairs of schemas', () => {
  const compared = [...pairsOfSchemas(7, pairs)].map((pair) => ({
    ...pair,
    changes: compareSchemas(pair.before, pair.after, 'c'),
  }))

  test('has documents, breaks and harmless changes to judge', () => {
    const verdicts = compared.map(({ changes }) => changes.map(({ verdict }) => verdict))
    const count = (isCounted: (list: readonly string[]) => boolean) => verdicts.filter(isCounted).length
    expect(count((list) => list.includes('break'))).toBeGreaterThan(pairs / 2)
    expect(count((list) => list.length > 0 && list.every(isHarmless))).toBeGreaterThan(pairs / 10)
  })

  test('no harmless verdict where a document shows the opposite', () => {
    const random = seededRandom(11)
    const wrong = compared
      .filter(({ changes }) => changes.every(({ verdict }) => isHarmless(verdict)))
      .flatMap(({ before, after, changes }) => {
        const [accepts, stillAccepts] = [acceptanceOf(before), acceptanceOf(after)]
        const documents = Array.from({ length: documentsPerPair }, () => generateValue(random, before))
        const refused = documents.find((document) => accepts(document) && !stillAccepts(document))
        return refused === undefined
          ? []
          : [{ refused, changes, before: JSON.stringify(before), after: JSON.stringify(after) }]
      })
    expect(wrong).toEqual([])
  })

  test('each break of documents has a witness that shows it', () => {
    expect(compared.flatMap(({ before, after, changes }) => unshown(before, after, changes))).toEqual([])
  })

  test('another shape is never passed over, and an equal one gives changes of text alone', () => {
    const wrong = compared.filter(({ before, after, changes }) => {
      const isSame = digestSchema(before).shape === digestSchema(after).shape
      return isSame !== changes.every(isText)
    })
    expect(wrong.map(({ changes }) => changes)).toEqual([])
  })
})
