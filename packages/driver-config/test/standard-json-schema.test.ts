import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { lineageOf } from '../src/define/lineage-of.js'
import { noDriverConfig } from '../src/index.js'
import { generateValue } from '../src/testing/generate-value.js'
import { seededRandom } from '../src/testing/seeded-random.js'
import { plainConfig } from './sample-config.js'

const compilers = {
  'draft-2020-12': (schema: object) => new Ajv2020({ strict: false, validateFormats: false }).compile(schema),
  'draft-07': (schema: object) => new Ajv({ strict: false, validateFormats: false }).compile(schema),
}
const runs = 200

test.each(Object.entries(compilers))(
  `%s: the input is what is accepted, the output what comes out, in ${runs} blocks`,
  (target, compile) => {
    const { input, output } = plainConfig['~standard'].jsonSchema
    const [takesInput, takesOutput] = [compile(input({ target })), compile(output({ target }))]
    const random = seededRandom(1)
    const results = [...(lineageOf(plainConfig)?.versions.values() ?? [])].flatMap(({ number, node }) =>
      Array.from({ length: runs }, () => {
        const block = { schema_version: number, ...(generateValue(random, node) as object) }
        return { block, result: plainConfig.safeParse(block) }
      }),
    )
    const accepted = results.filter(({ result }) => result.ok)
    expect(accepted.length).toBeGreaterThan(50)
    expect(accepted.filter(({ block }) => !takesInput(block))).toEqual([])
    expect(accepted.filter(({ result }) => result.ok && !takesOutput(result.value))).toEqual([])
    // What a default fills in is there, null that means absent is not, and a block carries its marker no longer.
    const [whole] = accepted.flatMap(({ result }) => (result.ok ? [result.value] : []))
    const { count: _, ...incomplete } = Object(whole)
    const wrong = [incomplete, { ...Object(whole), adopted: null }, { ...Object(whole), schema_version: 2 }]
    expect(wrong.filter((value) => takesOutput(value))).toEqual([])
  },
)

test('a config that takes nothing says so, and another target is refused', () => {
  const { input } = noDriverConfig('plain')['~standard'].jsonSchema
  const takes = compilers['draft-07'](input({ target: 'draft-07' }))
  expect([{}, { a: 1 }].map((block) => takes(block))).toEqual([true, false])
  expect(() => input({ target: 'openapi-3.0' })).toThrow(expect.objectContaining({ kind: 'unknown-target' }))
})
