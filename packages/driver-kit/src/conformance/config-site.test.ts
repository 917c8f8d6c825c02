import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import { expect, test } from 'vitest'
import { configSites } from './config-site.js'
import { sampleValue } from './sample-value.js'
import { schemaAccepts } from './schema-validator.js'

const volume = (type: string, more: JsonObject) => ({
  type: 'object',
  properties: { type: { const: type }, ...more },
  required: ['type', ...Object.keys(more)],
  additionalProperties: false,
})

const schema: JsonObject = {
  type: 'object',
  properties: {
    schema_version: { const: 1 },
    $schema: { type: 'string' },
    mounts: {
      type: 'array',
      minItems: 1,
      items: {
        anyOf: [
          volume('bind', { source: { type: 'string', pattern: '^/' } }),
          volume('tmpfs', { mib: { type: 'integer', minimum: 8, multipleOf: 8 } }),
        ],
      },
    },
    labels: {
      type: 'object',
      propertyNames: { pattern: '^[a-z]+$' },
      additionalProperties: { type: 'string', minLength: 200 },
    },
    range: {
      type: 'array',
      prefixItems: [{ type: 'integer' }, { type: 'boolean' }],
      items: false,
      minItems: 2,
      maxItems: 2,
    },
    odd: { type: 'string', pattern: '^odd-[0-9]{7}$' },
  },
  required: ['mounts'],
  additionalProperties: false,
}

test('every place of lists, unions, maps and tuples is found, but not the keys of the config as a whole', () => {
  expect(configSites({ version: 1, schema }).map(({ path }) => path)).toEqual([
    '',
    'mounts',
    'mounts[]',
    'mounts[](bind).type',
    'mounts[](bind).source',
    'mounts[](tmpfs).type',
    'mounts[](tmpfs).mib',
    'labels',
    'labels.*',
    'range',
    'range[0]',
    'range[1]',
    'odd',
  ])
})

test('a good value in any place makes a good document', () => {
  const sites = configSites({ version: 1, schema }).filter(({ path }) => path !== 'odd')
  for (const site of sites) {
    const value = sampleValue(site.schema)
    expect([site.path, schemaAccepts(schema, site.place(value))]).toEqual([site.path, true])
  }
})

test('no value is made up for a pattern that no common form fits', () => {
  expect(sampleValue({ type: 'string', pattern: '^odd-[0-9]{7}$' })).toBeUndefined()
  expect(sampleValue({ type: 'string', pattern: '^odd-[0-9]{7}$', examples: ['odd-1234567'] })).toBe('odd-1234567')
})

test('a document can leave its field out', () => {
  const mounts = configSites({ version: 1, schema }).find(({ path }) => path === 'mounts')
  expect(mounts?.required).toBe(true)
  expect(mounts?.place(undefined)).toEqual({})
})
