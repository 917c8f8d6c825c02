import Type from 'typebox'
import { Compile } from 'typebox/schema'
import { describe, expect, test } from 'vitest'
import { fixtures, type PlantedBug, plantBug, plantedBugs } from '../../test/planted-bugs.js'
import { plainConfig, ruledConfig } from '../../test/sample-config.js'
import { emptyExamples, showing } from '../../test/version-examples.js'
import { rule } from '../check/rules.js'
import { exclusive, requires } from '../check/standard-rules.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { DefinitionError } from '../define/definition-error.js'
import type { DriverConfig } from '../define/driver-config.js'
import { secretRef } from '../schema/secret-ref.js'
import { withDefault } from '../schema/with-default.js'
import type { ConfigProperty } from './config-property.js'
import type { ConfigCounterexample } from './counterexample.js'
import { type FindCounterexamplesOptions, findCounterexamples } from './find-counterexamples.js'

/** True for a bug that neither the examples at build nor the search find. */
function isMissed(wrong: PlantedBug, options: FindCounterexamplesOptions): boolean {
  try {
    return findCounterexamples(plantBug(wrong), { ...options, limit: 1 }).length === 0
  } catch (error) {
    if (error instanceof DefinitionError) return false
    throw error
  }
}

/** What the line that a counterexample prints finds, run as a person would run it. */
function runAgain(config: DriverConfig<unknown>, line: string, fixed: object = {}): readonly ConfigCounterexample[] {
  const names = { findCounterexamples, config, ...fixed }
  return new Function(...Object.keys(names), `return ${line}`)(...Object.values(names))
}

describe('findCounterexamples', () => {
  test('finds nothing wrong with right configs', () => {
    expect(findCounterexamples(plantBug({}), { fixtures, runs: 100, compileSchema: Compile })).toEqual([])
    expect(findCounterexamples(plainConfig, { runs: 50, compileSchema: Compile })).toEqual([])
    expect(findCounterexamples(ruledConfig, { runs: 50, compileSchema: Compile })).toEqual([])
  })

  test.each([
    ['with fixtures', { fixtures }],
    ['by generated documents alone', {}],
  ])(`finds each of ${Object.keys(plantedBugs).length} planted bugs, %s`, (_how, options) => {
    const missed = Object.entries(plantedBugs).filter(([, wrong]) => isMissed(wrong, options))
    expect(missed.map(([name]) => name)).toEqual([])
  })

  test('shrinks what it finds to the smallest document', () => {
    const [found] = findCounterexamples(plantBug(plantedBugs['enum not mapped'] ?? {}), { limit: 1 })
    expect(found).toMatchObject({ version: 1, document: { mode: expect.any(String) } })
    expect(Object.keys(found?.document ?? {})).toEqual(['mode'])
  })

  test('gives the same for the same seed', () => {
    const config = plantBug(plantedBugs['enum not mapped'] ?? {})
    const [first, second] = [1, 2].map(() => findCounterexamples(config, { seed: 5, limit: 1 }))
    expect(first).toEqual(second)
  })

  test.each([
    ['a generated document', { seed: 42 }],
    ['another number of documents', { seed: 42, runs: 30 }],
    // Too few documents to find it without the fixture.
    ['a fixture', { seed: 42, runs: 1, fixtures: [{ version: 1, document: { mode: 'fast' } }] }],
  ])('prints a line with the seed that finds %s again', (_what, options) => {
    const config = plantBug(plantedBugs['enum not mapped'] ?? {})
    const property = 'every migration gives what the next version accepts'
    const [found] = findCounterexamples(config, { ...options, property })
    expect(found?.reproduction).toContain('seed: 42')
    expect(found?.reproduction).not.toContain('\n')
    expect(runAgain(config, found?.reproduction ?? '')).toEqual([
      expect.objectContaining({ property, document: found?.document, problem: found?.problem }),
    ])
  })

  test('refuses to search a version that is not supported', () => {
    expect(() => findCounterexamples(plainConfig, { version: 7 })).toThrow(/supports 1 to 2/)
  })
})

describe('a config that breaks a promise is found', () => {
  const start = () => defineDriverConfig('acme')
  const text = Type.Object({ name: Type.Optional(Type.String({ maxLength: 40 })) })
  const leaking = rule<{ name?: string }>('leaks', { reads: ['name'] }, ({ value, fail }) => {
    if ((value.name ?? '').length > 3) fail('name', 'RULE_FAILED', { problem: `must not be ${value.name}` })
  })
  const paired = Type.Object({ a: Type.Optional(Type.Boolean()), b: withDefault(Type.Boolean(), true) })
  const labels = Type.Object({ labels: Type.Optional(Type.Record(Type.String(), Type.String())) })
  const secret = secretRef(Type.String(), 'a token')
  let number = 0
  const nextNumber = (): number => {
    number += 1
    return number
  }

  test.each<[string, ConfigProperty, DriverConfig<unknown>]>([
    [
      'a rule that no generated document meets',
      'every version has documents to search in',
      start()
        .version(1, Type.Object({ name: Type.String() }), {
          ...showing({ name: 'one name' }),
          rules: [
            rule<{ name?: string }>('one', { reads: ['name'] }, ({ value, fail }) => {
              if (value.name !== 'one name') fail('name', 'RULE_FAILED', { problem: 'is not the one' })
            }),
          ],
        })
        .build(),
    ],
    [
      'a migration that differs from call to call',
      'a migration in steps gives what it gives at once',
      start()
        .version(1, text, emptyExamples)
        .version(2, Type.Object({ count: Type.Integer() }), {
          ...showing({ count: 1 }),
          up: () => ({ count: nextNumber() }),
        })
        .version(3, Type.Object({ count: Type.Integer() }), { ...showing({ count: 1 }), up: (old) => old })
        .build(),
    ],
    [
      'a migration that moves a text where it counts as a secret',
      'a complete value of the current version stays as it is',
      start()
        .version(1, text, emptyExamples)
        .version(2, labels, {
          ...emptyExamples,
          up: ({ name }) => (name === undefined ? {} : { labels: { api_token: name } }),
        })
        .build(),
    ],
    [
      'a default that a rule refuses',
      'defaults are filled in once and change nothing else',
      start()
        .version(1, paired, { ...emptyExamples, rules: [exclusive('a', 'b')] })
        .build(),
    ],
    [
      'a rule that repeats a value',
      'no output repeats a value of the document',
      start()
        .version(1, text, emptyExamples)
        .build({ rules: [leaking] }),
    ],
    [
      'a note that repeats a value',
      'no output repeats a value of the document',
      start()
        .version(1, text, emptyExamples)
        .version(2, Type.Object({}), {
          ...emptyExamples,
          up: ({ name }, note) => {
            if (name !== undefined) note(`dropped ${name}`)
            return {}
          },
        })
        .build(),
    ],
  ])('%s', (_what, property, config) => {
    expect(findCounterexamples(config, { property })).not.toEqual([])
  })

  test.each([
    [
      'a rule that says one thing and checks another',
      start()
        .version(1, Type.Object({ a: Type.Optional(Type.String()), b: Type.Optional(Type.String()) }), emptyExamples)
        .build({ rules: [{ ...requires('a', 'b'), check: () => undefined }] }),
      /^the driver says nothing; whoever loads the bundle says FIELD_NEEDS_OTHER at driver_config\.a$/,
    ],
    [
      'a config that no bundle can carry',
      start()
        .version(1, Type.Object({ a: Type.Optional(Type.String({ pattern: `^${'a'.repeat(600)}$` })) }), emptyExamples)
        .build(),
      /a bundle cannot carry it: .*properties\.a\.pattern: is longer than 512 characters/,
    ],
  ])('%s', (_what, config, problem) => {
    const property = 'a loaded bundle gives the verdict of the driver'
    expect(findCounterexamples(config, { property })[0]?.problem).toMatch(problem)
  })

  test('a published schema that accepts more, or less', () => {
    const property = 'the published schema accepts what the driver accepts'
    const search = (verdict: boolean) =>
      findCounterexamples(plainConfig, { property, version: 2, compileSchema: () => () => verdict })
    expect(search(true)[0]?.problem).toMatch(/the published schema accepts it, and the driver does not/)
    expect(search(false)[0]?.problem).toMatch(/the driver accepts it, and the published schema does not/)
    const compileSchema = () => () => true
    expect(runAgain(plainConfig, search(true)[0]?.reproduction ?? '', { compileSchema })).not.toEqual([])
  })

  test('but not a reference to a secret that a rule repeats, because it is redacted', () => {
    const repeats = rule<{ token?: string }>('repeats', { reads: ['token'] }, ({ value, fail }) => {
      if (value.token !== undefined) fail('token', 'RULE_FAILED', { problem: `must not be ${value.token}` })
    })
    const config = start()
      .version(1, Type.Object({ token: Type.Optional(secret) }), emptyExamples)
      .build({ rules: [repeats] })
    expect(findCounterexamples(config, { property: 'no output repeats a value of the document' })).toEqual([])
  })
})
