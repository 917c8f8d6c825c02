import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { plantBug, plantedBugs } from '../../test/planted-bugs.js'
import { emptyExamples, showing } from '../../test/version-examples.js'
import { requires } from '../check/standard-rules.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { DefinitionError } from '../define/definition-error.js'
import { rename } from '../operations/move.js'
import { operations } from '../operations/operations.js'
import { checkMigrations } from './check-migrations.js'

const start = () => defineDriverConfig('acme')
const flag = Type.Object({ readonly: Type.Optional(Type.Boolean()) })
const renamed = Type.Object({ read_only: Type.Optional(Type.Boolean()) })

describe('checkMigrations', () => {
  test('tests a migration that is code, with a thousand documents and those at the edges', () => {
    const [proof, ...others] = checkMigrations(plantBug({}))
    expect(others).toEqual([])
    expect(proof).toMatchObject({ from: 1, to: 2, result: 'tested', seed: 1 })
    expect(proof?.documents).toBeGreaterThan(1_000)
  })

  test('proves a migration of operations that cannot fail', () => {
    const config = start()
      .version(1, flag, emptyExamples)
      .version(2, renamed, { ...emptyExamples, up: operations(rename('readonly', 'read_only')) })
      .build()
    expect(checkMigrations(config, { runs: 10 })).toEqual([expect.objectContaining({ from: 1, result: 'proven' })])
  })

  test('does not prove what a rule of the current version may refuse', () => {
    const config = start()
      .version(1, flag, emptyExamples)
      .version(2, Type.Object({ read_only: Type.Optional(Type.Boolean()), b: Type.Optional(Type.Boolean()) }), {
        ...emptyExamples,
        up: operations(rename('readonly', 'read_only')),
        rules: [requires('read_only', 'b')],
      })
      .build()
    const [proof] = checkMigrations(config, { runs: 10 })
    expect(proof).toMatchObject({
      result: 'counterexample',
      change: { rule: 'MIGRATION_COUNTEREXAMPLE', verdict: 'break', path: 'driver_config' },
    })
    expect(Object.keys(proof?.change?.witness ?? {})).toEqual(['readonly'])
  })

  test('finds the quantity beyond the maximum of the number that it becomes', () => {
    const size = Type.Object({ size: Type.String({ pattern: '^[0-9]{1,4}Gi$' }) })
    const bytes = Type.Object({ size: Type.Integer({ minimum: 0, maximum: 2 ** 40 }) })
    const config = start()
      .version(1, size, showing({ size: '1Gi' }))
      .version(2, bytes, { ...showing({ size: 1 }), up: (old) => ({ size: Number.parseInt(old.size, 10) * 2 ** 30 }) })
      .build()
    const [proof] = checkMigrations(config)
    expect(proof).toMatchObject({ result: 'counterexample', change: { rule: 'MIGRATION_COUNTEREXAMPLE' } })
    expect(Number.parseInt(String(proof?.change?.witness?.['size']), 10)).toBeGreaterThan(1_024)
    expect(checkMigrations(config)).toEqual([proof])
  })

  test('tries the documents that it is given', () => {
    const text = Type.Object({ name: Type.String({ maxLength: 40 }) })
    const config = start()
      .version(1, text, showing({ name: 'a' }))
      .version(2, text, {
        ...showing({ name: 'a' }),
        up: ({ name }) => (name === 'the one' ? ({} as { name: string }) : { name }),
      })
      .build()
    expect(checkMigrations(config)).toEqual([expect.objectContaining({ result: 'tested' })])
    const documents = new Map([[1, [{ name: 'the one' }]]])
    expect(checkMigrations(config, { documents })).toEqual([
      expect.objectContaining({
        result: 'counterexample',
        change: expect.objectContaining({ witness: { name: 'the one' } }),
      }),
    ])
  })

  test('finds each planted bug by its edges and few random documents', () => {
    const missed = Object.entries(plantedBugs).filter(([, wrong]) => {
      try {
        return checkMigrations(plantBug(wrong), { runs: 40 })[0]?.change === undefined
      } catch (error) {
        if (error instanceof DefinitionError) return false
        throw error
      }
    })
    expect(missed.map(([name]) => name)).toEqual([])
  })
})
