import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples, showing } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'

describe('resources', () => {
  const mounts = Type.Object({ mounts: Type.Array(Type.Object({ source: Type.String() })) })
  const states: Record<string, () => Promise<'found' | 'not-found' | 'not-usable'>> = {
    there: async () => 'found',
    gone: async () => 'not-found',
    broken: async () => 'not-usable',
    unknown: async () => {
      throw new Error('hunter2')
    },
    never: () => new Promise(() => undefined),
  }
  const looked: string[] = []
  const lookingUp = defineDriverConfig('acme')
    .version(1, mounts, showing({ mounts: [] }))
    .build({
      resources: [
        {
          what: 'volume',
          path: 'mounts[].source',
          lookUp: (name) => {
            looked.push(name)
            return states[name]?.() ?? Promise.reject(new Error('no such case'))
          },
        },
      ],
    })
  const check = (names: string[], options = {}) =>
    lookingUp.checkResources(lookingUp.parse({ mounts: names.map((source) => ({ source })) }), options)

  test('are looked up once each, and reported at every place', async () => {
    looked.length = 0
    const issues = await check(['there', 'gone', 'broken', 'unknown', 'gone'])
    expect(issues.map((issue) => `${issue.code} ${issue.message}`)).toEqual([
      'RESOURCE_NOT_FOUND driver_config.mounts[1].source: the volume does not exist',
      'RESOURCE_NOT_USABLE driver_config.mounts[2].source: the volume cannot be used',
      'RESOURCE_CHECK_FAILED driver_config.mounts[3].source: the volume could not be looked up',
      'RESOURCE_NOT_FOUND driver_config.mounts[4].source: the volume does not exist',
    ])
    expect(looked).toEqual(['there', 'gone', 'broken', 'unknown'])
  })

  test('that do not answer in time have failed, not vanished', async () => {
    expect(await check(['never'], { timeoutMs: 20 })).toMatchObject([
      { code: 'RESOURCE_CHECK_FAILED', fault: 'environment' },
    ])
    expect(await check(['there'], { signal: AbortSignal.abort() })).toMatchObject([{ code: 'RESOURCE_CHECK_FAILED' }])
  })

  test('are looked up in bounded number', async () => {
    for (let count = 0; count < 70; count += 1) states[`v${count}`] = async () => 'found'
    const issues = await check(Array.from({ length: 70 }, (_, index) => `v${index}`))
    expect(issues).toHaveLength(6)
  })

  test('are named only when their field is declared printable, without tricks', async () => {
    const named = (schema: Type.TStringOptions) =>
      defineDriverConfig('acme')
        .version(1, Type.Object({ volume: Type.Optional(Type.String(schema)) }), emptyExamples)
        .build({ resources: [{ what: 'volume', path: 'volume', lookUp: async () => 'not-found' }] })
        .checkResources({ volume: 'data-1"\n' })
    expect((await named({})).map((issue) => issue.message)).toEqual(['driver_config.volume: the volume does not exist'])
    expect((await named({ 'x-printable': true })).map((issue) => issue.message)).toEqual([
      'driver_config.volume: the volume "data-1\\"\\u000a" does not exist',
    ])
  })

  test.each([
    ['a check that throws', { applies: () => raise(), lookUp: async (): Promise<'found'> => 'found' }],
    ['a lookup that throws at once', { lookUp: (): Promise<'found'> => raise() }],
    ['an answer that is none', { lookUp: async () => undefined as never }],
  ])('have failed, and nothing throws, for %s', async (_what, check) => {
    const issues = await defineDriverConfig('acme')
      .version(1, Type.Object({ volume: Type.Optional(Type.String()) }), emptyExamples)
      .build({ resources: [{ what: 'volume', path: 'volume', ...check }] })
      .checkResources({ volume: 'x' })
    expect(issues).toMatchObject([{ code: 'RESOURCE_CHECK_FAILED', path: 'driver_config.volume' }])
  })
})

function raise(): never {
  throw new Error('hunter2')
}
