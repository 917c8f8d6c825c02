import { createSimulatedDriver } from '@openshell-ts/dev-gateway'
import { type DriverConfig, loadPublishedConfig, publishConfig } from '@openshell-ts/driver-config'
import { envelope } from '@openshell-ts/driver-config/envelope'
import { defineDriverConfig, operations, rename, requires, unique, withDefault } from '@openshell-ts/driver-kit'
import Type from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DriverConfigRejectedError, type SandboxWarning } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway } from './line-gateway.js'

const invalid = [{ value: { size: '1' }, code: 'TYPE_MISMATCH', path: 'driver_config.size' }] as const
const size = Type.Optional(Type.Integer({ minimum: 1 }))
const disks = Type.Array(Type.Object({ name: Type.String({ maxLength: 8 }) }), { maxItems: 4 })

/** The driver's own: what the client has is its bundle. */
const acme = defineDriverConfig('acme')
  .version(1, Type.Object({ size, label: Type.Optional(Type.String()) }), {
    examples: { minimal: {}, full: { size: 1 }, invalid },
  })
  .version(2, Type.Object({ size, name: Type.Optional(Type.String()), disks: withDefault(disks, []) }), {
    examples: { minimal: {}, full: { size: 1 }, invalid },
    up: operations(rename('label', 'name')),
    rules: [requires('name', 'size'), unique('disks[]', 'name')],
  })
  .build()
const published = loadPublishedConfig(publishConfig(acme, { driverVersion: '2.0.0' }).bundle.text)

describe.each(LINES)('a config that was loaded from its bundle, on line %s', (line) => {
  let stack: LineGateway

  beforeAll(async () => {
    const driver = createSimulatedDriver({ name: 'acme', config: acme as DriverConfig<unknown> })
    stack = await startLineGateway(line, { gateway: { drivers: [driver], admission: { allowDriverConfig: true } } })
  })
  afterAll(async () => {
    await stack[Symbol.asyncDispose]()
  })

  const create = async (driverConfig: object, options: object) => {
    const warnings: SandboxWarning[] = []
    const onWarning = (warning: SandboxWarning) => void warnings.push(warning)
    await using sandbox = await stack.client.sandboxes.create(
      { driverConfig: driverConfig as never },
      { waitReady: false, checkers: [published], onWarning, ...options },
    )
    return { warnings, driverConfig: sandbox.info.spec.driverConfig }
  }
  const refusing = { onBlockIssue: 'refuse' } as const
  const count = async () => (await stack.client.sandboxes.list().toArray()).length

  test('builds a block that the driver takes', async () => {
    const block = published.block({ size: 5, name: 'a', disks: [{ name: 'b' }] })
    expect(await create({ ...envelope(block), docker: { mounts: [] } }, refusing)).toEqual({
      warnings: [],
      driverConfig: { acme: { schema_version: 2, size: 5, name: 'a', disks: [{ name: 'b' }] } },
    })
    expect(await create({ acme: { label: 'a', size: 5 } }, refusing)).toMatchObject({ warnings: [] })
  })

  test('refuses a bad block before it is sent, with the issues that the driver has', async () => {
    // In the order in which keys travel: a driver reports in the order that it sees.
    const driverConfig = { acme: { disks: [{ name: 5 }], name: 'a', schema_version: 2, sise: 1 } }
    const own = await failureOf(stack.client.sandboxes.create({ driverConfig }, { checkers: [published], ...refusing }))
    const drivers = await failureOf(stack.client.sandboxes.create({ driverConfig }))
    expect(own).toBeInstanceOf(DriverConfigRejectedError)
    expect(own).toMatchObject({ kind: 'driver-config-rejected', refusal: 'schema', dispatched: false, rpc: undefined })
    expect(placesOf(own)).toEqual([
      ['TYPE_MISMATCH', 'driver_config.disks[0].name'],
      ['FIELD_NEEDS_OTHER', 'driver_config.name'],
      ['UNKNOWN_FIELD', 'driver_config.sise'],
    ])
    expect(placesOf(own)).toEqual(placesOf(drivers))
    expect(await count()).toBe(0)
  })

  test('leaves to the driver what only the driver can judge', async () => {
    const driverConfig = envelope(published.block({ size: 5, disks: [{ name: 'a' }, { name: 'a' }] }))
    const refused = stack.client.sandboxes.create({ driverConfig }, { checkers: [published], ...refusing })
    expect(await failureOf(refused)).toMatchObject({ code: 'INVALID_ARGUMENT', issues: [{ code: 'ITEMS_NOT_UNIQUE' }] })
    expect(published.driverOnly).toMatchObject([{ kind: 'rule', name: 'unique-disks-name@1' }])
  })

  test('warns only about the block of a driver that is not active', async () => {
    const other = loadPublishedConfig(
      publishConfig(
        defineDriverConfig('other')
          .version(1, Type.Object({ size }), { examples: { minimal: {}, full: { size: 1 }, invalid } })
          .build(),
      ).bundle.value,
    )
    const { warnings } = await create(
      { acme: { size: 1 }, other: { size: 0 } },
      { ...refusing, checkers: [published, other] },
    )
    expect(warnings).toMatchObject([
      { type: 'block-issue', driverName: 'other', issue: { code: 'NUMBER_OUT_OF_RANGE', path: 'driver_config.size' } },
    ])
  })

  if (line === '0.1') {
    test('checks the blocks of templates as well', async () => {
      const spec = { image: 'python:3.12', driverConfig: { acme: { size: 0 } } }
      const refused = stack.client.templates.create('small', spec, {
        checkers: [published],
        ...refusing,
      })
      expect(await failureOf(refused)).toMatchObject({ kind: 'driver-config-rejected', dispatched: false })
    })
  }

  test('refuses another word for what an issue does', async () => {
    expect(await failureOf(create({ acme: {} }, { onBlockIssue: 'error' }))).toMatchObject({
      kind: 'configuration',
      violations: [{ field: 'onBlockIssue', description: 'must be one of: warn, refuse' }],
    })
  })
})

function placesOf(error: unknown): readonly (readonly [string, string])[] {
  return error instanceof DriverConfigRejectedError ? error.issues.map(({ code, path }) => [code, path] as const) : []
}
