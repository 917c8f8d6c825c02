import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { mutateValue } from '../../test/random-document.js'
import { everyKind } from '../../test/sample-config.js'
import { emptyExamples, showing } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { extensions, opaque } from '../schema/opaque.js'
import { readSchema } from '../schema/read-schema.js'
import { generateValue } from '../testing/generate-value.js'
import { seededRandom } from '../testing/seeded-random.js'
import { compileAcceptor } from './accept.js'
import { evaluateAcceptor } from './accept-source.js'
import { newBudget } from './budget.js'
import { declined } from './copy-plain.js'
import { defaultLimits } from './limits.js'

const options = { limits: defaultLimits, fill: true, skip: new Set(['schema_version', '$schema']), depth: 0 }
const node = readSchema(everyKind)
const evaluated = evaluateAcceptor(node, options)
const composed = compileAcceptor(node, options)
const run = (acceptor: typeof composed | undefined, value: unknown) => {
  try {
    return acceptor?.(value, newBudget())
  } catch {
    return declined
  }
}

describe('the two kinds of acceptor', () => {
  test('agree, value by value', () => {
    const random = seededRandom(7)
    let accepted = 0
    for (let count = 0; count < 5_000; count += 1) {
      const valid = { schema_version: 1, ...(generateValue(random, node) as object) }
      const value = count % 2 === 0 ? valid : mutateValue(random, valid)
      const result = run(evaluated, value)
      expect(result).toEqual(run(composed, value))
      if (result !== declined) accepted += 1
    }
    expect(accepted).toBeGreaterThan(500)
  })

  test('hold a $schema to the limits, as the pipeline does', () => {
    const config = defineDriverConfig('acme').version(1, Type.Object({}), emptyExamples).build()
    const verdicts = (block: object) => [config.check(block).ok, config.check(block, { policy: {} }).ok]
    expect(verdicts({ $schema: 'https://example.com/v1.json' })).toEqual([true, true])
    for (const schema of ['x\ud800', 'x'.repeat(defaultLimits.stringLength + 1), 5]) {
      expect(verdicts({ $schema: schema })).toEqual([false, false])
    }
  })

  test('are not asked when every object inherits a member', () => {
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ size: Type.Integer() }), showing({ size: 1 }))
      .build()
    Object.defineProperty(Object.prototype, 'size', { value: 1, configurable: true, writable: true, enumerable: true })
    try {
      expect(config.safeParse({})).toMatchObject({ ok: false, issues: [{ code: 'FIELD_REQUIRED' }] })
      expect(config.safeParse({ size: 2 })).toMatchObject({ ok: true })
    } finally {
      Reflect.deleteProperty(Object.prototype, 'size')
    }
  })

  test('give a deeply frozen copy and leave the input alone', () => {
    const value = { mounts: [{ type: 'tmpfs', target: 'x', options: ['a'] }] }
    for (const acceptor of [evaluated, composed]) {
      const result = run(acceptor, value) as { mounts: { options: string[] }[] }
      expect(Object.isFrozen(result) && Object.isFrozen(result.mounts[0]?.options)).toBe(true)
      expect(result.mounts[0]).not.toBe(value.mounts[0])
    }
    expect(Object.isFrozen(value.mounts)).toBe(false)
  })

  test('take opaque JSON and bags, and leave what may not be there to the pipeline', () => {
    const open = readSchema(Type.Object({ any: Type.Optional(opaque('x')), more: Type.Optional(extensions()) }))
    const acceptors = [evaluateAcceptor(open, options), compileAcceptor(open, options)]
    const good = { any: [null, { deep: [1, 'x'] }], more: { 'vendor.example/name': { schema_version: 7 } } }
    const deep = { any: JSON.parse(`${'['.repeat(16)}1${']'.repeat(16)}`) }
    const cycle: Record<string, unknown> = {}
    cycle['a'] = [cycle, cycle, cycle, cycle]
    const bad = [
      deep,
      { any: cycle },
      { any: [undefined] },
      { any: new Date() },
      { any: 'AKIAABCDEFGHIJKLMNOP' },
      { any: { constructor: 1 } },
      { more: { name: 1 } },
      { more: [] },
      { more: { 'vendor.example/name': 'x'.repeat(8_192) } },
    ]
    for (const acceptor of acceptors) {
      const accepted = run(acceptor, good) as { any: object[] }
      expect(accepted).toEqual(good)
      expect(accepted.any).not.toBe(good.any)
      expect(Object.isFrozen(accepted.any[1])).toBe(true)
      for (const value of bad) expect(run(acceptor, value)).toBe(declined)
    }
  })

  test('keep to a limit of levels that is lower than the schema', () => {
    const config = defineDriverConfig('acme')
      .version(
        1,
        Type.Object({ list: Type.Optional(Type.Array(Type.Object({ size: Type.Integer() }))) }),
        emptyExamples,
      )
      .build({ limits: { depth: 2 } })
    expect(config.safeParse({ list: [] }).ok).toBe(true)
    expect(config.safeParse({ list: [{ size: 1 }] })).toMatchObject({ issues: [{ code: 'CONFIG_TOO_DEEP' }] })
  })

  test('carry names into code as data only', () => {
    const name = '");throw new Error("ran");("'
    const odd = readSchema(Type.Object({ [name]: Type.Union([Type.Literal('`$\\'), Type.Literal("'\n")]) }))
    expect(run(evaluateAcceptor(odd, options), { [name]: "'\n" })).toEqual({ [name]: "'\n" })
    expect(run(evaluateAcceptor(odd, options), { [name]: 'x' })).toBe(declined)
  })
})
