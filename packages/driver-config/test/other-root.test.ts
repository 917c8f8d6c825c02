import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { DefinitionError, defineDriverConfig, gate, noDriverConfig, rule, toErrorReport } from '../src/index.js'

const text = Type.Optional(Type.String())
const fields = Type.Object({ field: text, broken: text, odd: text })
const examples = {
  minimal: {},
  full: {},
  invalid: [{ value: 5, code: 'CONFIG_NOT_OBJECT', path: 'middleware_config' }],
} as const

type Value = { readonly field?: string; readonly broken?: string; readonly odd?: string }

/** A config that is not a driver's, with a way to reach each text that names its owner. */
const config = defineDriverConfig('limits', {
  root: 'middleware_config',
  migrateCommand: 'limits config migrate',
  unversioned: 1,
})
  .removed(1, { in: '2.0.0', lastReader: '1.9' })
  .version(2, fields, { examples })
  .version(3, fields, {
    examples,
    up({ broken, odd, ...rest }) {
      if (broken !== undefined) throw new Error('broken')
      return odd === undefined ? rest : ({ odd: 5 } as never)
    },
    down: (value) => value,
  })
  .version(4, fields, { examples, up: (value) => value })
  .build({
    rules: [
      rule<Value>('throws', { reads: ['field'] }, ({ value }) => {
        if (value.field === 'rule') throw new Error('rule')
      }),
    ],
    gates: [
      gate<Value>('throws', ({ value }) => {
        if (value.field === 'gate') throw new Error('gate')
      }),
    ],
  })

const context = { driverVersion: '2.0.0' }
const current = (field: string) => ({ schema_version: 4, field })
const stored = (version: number) => ({ schema_version: version, driver_version: '1', digest: '', config: { field: 5 } })
const migrate = (to: number) => config.migrate(current('x'), { to, context })
const disabled = { ...context, policy: { allowDriverConfig: false } }
const bug = 'This is a bug in middleware limits 2.0.0; please report it to its author.'

describe('the texts of a config with another root name its owner', () => {
  test.each([
    [
      config.check({ schema_version: 5 }, context),
      'middleware_config.schema_version is 5, but middleware limits 2.0.0 supports 2 to 4. Upgrade the middleware, or write this block for schema_version 4.',
    ],
    [
      config.check({ schema_version: 1 }, context),
      'middleware_config.schema_version 1 was removed in limits 2.0.0; the last middleware that reads it is 1.9. Run "limits config migrate FILE --to 4".',
    ],
    [
      config.check({ field: 'x' }, context),
      'middleware_config has no schema_version. Without one it meant schema_version 1, which limits 2.0.0 no longer reads. Add "schema_version": 4 and update the fields, or run "limits config migrate FILE --to 4".',
    ],
    [
      config.safeParse({ schema_version: 2, broken: 'x' }, context),
      `middleware_config: the migration from schema_version 2 to 3 failed. ${bug}`,
    ],
    [
      config.safeParse({ schema_version: 2, odd: 'x' }, context),
      `middleware_config: the migration from schema_version 2 to 3 gave a result that 3 does not accept: middleware_config.odd: must be a string, got a number. ${bug}`,
    ],
    [migrate(3), 'middleware_config: middleware limits 2.0.0 has no migration from schema_version 4 to 3.'],
    [config.safeParse(current('rule'), context), `middleware_config: the rule throws@1 failed to run. ${bug}`],
    [config.safeParse(current('gate'), context), `middleware_config: the gate throws failed to run. ${bug}`],
    [
      config.safeParse(current('x'), disabled),
      'middleware_config is disabled for middleware "limits". Ask the operator to allow middleware_config.',
    ],
    [
      config.restore(stored(5), context),
      'the stored middleware_config has schema_version 5, written by another release, but middleware limits 2.0.0 supports 2 to 4. Run the newer middleware again, or create the config anew.',
    ],
    [
      config.restore(stored(3), context),
      `middleware_config: the stored config is not valid: middleware_config.field: must be a string, got a number. ${bug}`,
    ],
    [
      noDriverConfig('limits', { root: 'middleware_config' }).check({ a: 1 }),
      'middleware limits takes no middleware_config; remove the block.',
    ],
  ])('%#', (result, message) => {
    expect(result.ok ? [] : result.issues.map((issue) => issue.message)).toEqual([message])
  })

  test('in its error report', () => {
    const result = config.safeParse(current('rule'), context)
    if (result.ok) throw new Error('accepted')
    const { root, domain } = config.describe()
    const report = toErrorReport(result.issues, { name: 'limits', version: '2.0.0', domain, root }, 'validate')
    expect(report.message).toBe(
      `middleware limits refuses this middleware_config (1 problem):\n- middleware_config: the rule throws@1 failed to run. ${bug}\n${bug}`,
    )
  })

  test('in the errors of its definition', () => {
    const build = (schema: object) => () =>
      defineDriverConfig('limits', { root: 'middleware_config' })
        .version(1, schema, { examples: examples as never })
        .build()
    expect(build(Type.Array(Type.String()))).toThrow('config of middleware "limits", version 1, schema at ""')
    expect(() => defineDriverConfig('a b', { root: 'credential_driver_config' })).toThrow(
      new DefinitionError({
        driverName: 'a b',
        owner: 'credential driver',
        problem: 'this is not a credential driver name.',
        hint: 'Use ASCII letters, digits, "-" and "_": gateways match the name exactly.',
      }),
    )
  })

  test('by the word that its author chooses', () => {
    const named = noDriverConfig('limits', { root: 'settings', owner: 'plug-in' })
    const result = named.check({ a: 1 })
    expect(result.ok || result.issues[0].message).toBe('plug-in limits takes no settings; remove the block.')
  })
})
