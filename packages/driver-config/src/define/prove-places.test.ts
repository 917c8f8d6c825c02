import Type from 'typebox'
import { expect, test } from 'vitest'
import { emptyExamples } from '../../test/version-examples.js'
import { rule } from '../check/rules.js'
import { unique } from '../check/standard-rules.js'
import { opaque } from '../schema/opaque.js'
import type { BuildOptions } from './config-chain.js'
import { defineDriverConfig } from './define-driver-config.js'

const optional = Type.Optional
const V1 = Type.Object({
  mode: optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
  mounts: optional(Type.Array(Type.Object({ target: optional(Type.String()) }))),
  rest: optional(opaque('passed on')),
})
const build = (options: BuildOptions<never, never>) => () =>
  defineDriverConfig('acme')
    .version(1, V1, emptyExamples)
    .build(options as never)
const reading = (place: string) => rule<unknown>('own', { reads: [place] }, () => undefined)
const replacing = (replaces: Record<string, string>) => () =>
  defineDriverConfig('acme')
    .version(1, V1, emptyExamples)
    .version(2, V1, { ...emptyExamples, up: () => ({}), replaces })
const record = { since: '1.0.0', message: 'Do not.' }
const lookUp = async () => 'found' as const

test.each([
  ['mount[].target', 'Write "mounts[].target".'],
  ['mounts.target', 'Write "mounts[].target".'],
  ['mounts[0].target', 'Write "mounts[].target".'],
  ['elsewhere', 'Name a field of the version.'],
])('a rule that reads %s is refused', (place, hint) => {
  expect(build({ rules: [reading(place)] })).toThrow(`the rule "own" reads "${place}", which is not declared. ${hint}`)
})

test('a standard rule with a mistyped list is refused', () => {
  expect(build({ rules: [unique('mount[]', 'target')] })).toThrow('reads "mount[].target", which is not declared')
})

test.each(['', 'mounts', 'mounts[]', 'mounts[].target', 'rest', 'rest[].key'])('a rule may read "%s"', (place) => {
  expect(build({ rules: [reading(place)] })).not.toThrow()
})

test.each<[string, () => unknown, string]>([
  [
    'a lookup',
    build({ resources: [{ what: 'volume', path: 'volume', lookUp }] }),
    'the volume is looked up at "volume"',
  ],
  [
    'a deprecated field',
    build({ deprecated: { moed: record } }),
    '"moed" is deprecated and not declared. Write "mode".',
  ],
  [
    'a deprecated value',
    build({ deprecated: { 'mode=c': record } }),
    '"mode=c" is deprecated and no value of the field',
  ],
  ['a replaced field', () => replacing({ size: 'mode' })().build(), '"size" is replaced, and the version before'],
  ['a replacement', () => replacing({ mode: 'size' })().build(), '"size" replaces "mode", and this version'],
])('%s that is not declared is refused', (_what, declare, problem) => {
  expect(declare).toThrow(problem)
})
