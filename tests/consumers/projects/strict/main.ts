import { startDevGateway } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { envelope } from '@openshell-ts/driver-config/envelope'
import { testDriverConfig } from '@openshell-ts/driver-config/testing'
import { defineDriver, defineDriverConfig, runDriver } from '@openshell-ts/driver-kit'
import { runConformance } from '@openshell-ts/driver-kit/conformance'
import { OpenShell } from '@openshell-ts/protocol/v0-1'
import { type CommandResult, OpenShellClient, OpenShellError } from '@openshell-ts/sdk'
import { Type } from 'typebox'

export const config = defineDriverConfig('acme', { domain: 'acme.example' })
  .version(1, Type.Object({ size: Type.Integer({ minimum: 1 }) }), {
    examples: {
      minimal: { size: 1 },
      full: { size: 2 },
      invalid: [{ value: { size: 0 }, code: 'NUMBER_OUT_OF_RANGE', path: 'driver_config.size' }],
    },
  })
  .build()

export const driver = defineDriver({
  name: 'acme',
  version: '1.0.0',
  config,
  async create(_sandbox, { config: { size } }) {
    const bytes: number = size
    throw new RangeError(`${bytes}`)
  },
  async start() {},
  async stop() {},
  async delete() {},
  async list() {
    return []
  },
})

export async function run(endpoint: string): Promise<CommandResult | undefined> {
  await using client = await OpenShellClient.connect({ endpoint })
  try {
    await using sandbox = await client.sandboxes.create({ driverConfig: envelope(config.block({ size: 3 })) })
    return await sandbox.commands.run(['pytest', '-q'], { timeoutMs: 600_000 })
  } catch (error) {
    if (error instanceof OpenShellError && error.kind === 'not-found') return undefined
    throw error
  }
}

export const others = [startDevGateway, supervise, testDriverConfig, runDriver, runConformance, OpenShell.typeName]
