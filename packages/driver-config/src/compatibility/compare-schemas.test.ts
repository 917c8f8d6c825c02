import { describe, expect, test } from 'vitest'
import { pairsOfSchemas } from '../../test/random-schemas.js'
import { digestSchema } from '../schema/schema-digest.js'
import { generateValue } from '../testing/generate-value.js'
import { seededRandom } from '../testing/seeded-random.js'
import { acceptanceOf } from './acceptance.js'
import { compareSchemas } from './compare-schemas.js'
import { compatibilityRules } from './compatibility-rules.js'
import type { SchemaChange } from './schema-change.js'

const pairs = 400
const documentsPerPair = 60
/** Beside texts: what the shape digest leaves out, and operators or secrets depend on. */
const outsideOfShape = ['STAGE_LOWERED', 'SECRET_ADDED', 'ORDER_CHANGED']

const isText = ({ rule }: SchemaChange): boolean =>
  compatibilityRules[rule].effect === 'text' || outsideOfShape.includes(rule)

const isHarmless = (verdict: string): boolean => verdict === 'ok' || verdict === 'warning'

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
    const wrong = compared.flatMap(({ before, after, changes }) => {
      const [accepts, stillAccepts] = [acceptanceOf(before), acceptanceOf(after)]
      return changes.filter(({ rule, verdict, witness }) => {
        const needsWitness = verdict === 'break' && compatibilityRules[rule].effect === 'documents'
        if (witness === undefined) return needsWitness
        return !accepts(witness) || stillAccepts(witness)
      })
    })
    expect(wrong).toEqual([])
  })

  test('another shape is never passed over, and an equal one gives changes of text alone', () => {
    const wrong = compared.filter(({ before, after, changes }) => {
      const isSame = digestSchema(before).shape === digestSchema(after).shape
      return isSame !== changes.every(isText)
    })
    expect(wrong.map(({ changes }) => changes)).toEqual([])
  })
})
