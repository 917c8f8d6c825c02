import Type from 'typebox'
import { expect, test } from 'vitest'
import { emptyExamples } from '../../test/version-examples.js'
import {
  advertiseConfig,
  defineDriverConfig,
  loadPublishedConfig,
  negotiateVersion,
  noDriverConfig,
  publishConfig,
  readAdvertisedConfig,
} from '../index.js'

const first = defineDriverConfig('acme').version(1, Type.Object({ a: Type.Optional(Type.String()) }), emptyExamples)
const one = first.build()
const two = first
  .version(2, Type.Object({ b: Type.Optional(Type.String()) }), { ...emptyExamples, up: () => ({}) })
  .build()
const described = first
  .version(2, Type.Object({ b: Type.Optional(Type.String({ description: 'B.' })) }), {
    ...emptyExamples,
    up: () => ({}),
  })
  .build()

const laterBaseline = defineDriverConfig('acme')
  .removed(1, { in: '2.0.0', lastReader: '1.9' })
  .version(2, Type.Object({ b: Type.Optional(Type.String()) }), emptyExamples)
  .build()

test('a version tells the range and the digest of the config, after what it says already', () => {
  const told = advertiseConfig('1.4.0', two)
  expect(told).toMatch(/^1\.4\.0\+cfg\.1-2\.[0-9a-f]{12}$/)
  expect(readAdvertisedConfig(told)).toEqual({ driverVersion: '1.4.0', min: 1, max: 2, digest: told.slice(-12) })
  const more = advertiseConfig('1.4.0+build.7', two)
  expect(more).toBe(`1.4.0+build.7.cfg.1-2.${told.slice(-12)}`)
  expect(readAdvertisedConfig(more)?.driverVersion).toBe('1.4.0+build.7')
})

test('the digest is that of the published index, and no text changes it', () => {
  const index = JSON.parse(publishConfig(two, { driverVersion: '9.9.9' }).files[0]?.text ?? '')
  expect(index.config_digest).toMatch(new RegExp(`^sha256:${readAdvertisedConfig(advertiseConfig('1', two))?.digest}`))
  expect(advertiseConfig('1', described)).toBe(advertiseConfig('1', two))
})

test('a driver without a config keeps its version', () => {
  expect(advertiseConfig('1.4.0', noDriverConfig('acme'))).toBe('1.4.0')
})

test.each([
  '1.4.0',
  '1.4.0+cfg.1-2',
  '1.4.0+cfg.2-1.ab12cd34ef56',
  '1.4.0+cfg.0-1.ab12cd34ef56',
  'cfg.1-2.ab12cd34ef56',
  '',
])('the version %j tells nothing about a config', (version) => {
  expect(readAdvertisedConfig(version)).toBeUndefined()
})

test.each([
  ['the same driver', advertiseConfig('1.4.0', two), two, { version: 2, unmarked: false, sameShapes: true }],
  ['an older driver', advertiseConfig('1.3.0', one), two, { version: 1, unmarked: false, sameShapes: false }],
  ['a newer driver', advertiseConfig('1.4.0', two), one, { version: 1, unmarked: false, sameShapes: false }],
  ['a driver that tells nothing', '1.4.0', two, { version: 1, unmarked: true, sameShapes: false }],
  ['a driver that tells nothing, its baseline gone', '1.4.0', laterBaseline, undefined],
  ['a driver with other versions', advertiseConfig('1.0.0', one), laterBaseline, undefined],
])('the version to write for %s is the highest that both read', (_, driverVersion, config, expected) => {
  expect(negotiateVersion(driverVersion, config)).toEqual(expected)
  const loaded = loadPublishedConfig(publishConfig(config as never).bundle.value)
  expect(negotiateVersion(driverVersion, loaded)).toEqual(expected)
})
