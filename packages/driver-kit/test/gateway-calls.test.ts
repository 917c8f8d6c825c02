import { readFileSync } from 'node:fs'
import { fromJson, type JsonObject, type JsonValue } from '@bufbuild/protobuf'
import { status as codes, type ServiceError } from '@grpc/grpc-js'
import { ComputeDriver } from '@openshell-ts/protocol/compute'
import { expect, test } from 'vitest'
import { defineDriver } from '../src/index.js'
import { memoryBackend, memoryHandlers } from './memory-driver.js'
import { type ComputeClient, serveInTest } from './serve-in-test.js'

interface Scenario {
  readonly id: string
  readonly calls: readonly (readonly [rpc: string, request: JsonObject])[]
}

const scenarios = readFileSync(new URL('data/gateway-calls.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Scenario)

const resources = { cpuLimit: true, memoryLimit: true, gpu: true, gpuCount: true }

/** What the contract says about each call, from the names that exist so far. */
class Expectation {
  readonly #names = new Set<string>()

  next(rpc: string, request: JsonObject): string {
    const sandbox = request['sandbox'] as
      | { name: string; spec: { template: { driver_config?: JsonObject } } }
      | undefined
    const block = sandbox?.spec.template.driver_config ?? {}
    const name = sandbox?.name ?? String(request['sandbox_name'])
    const exists = this.#names.has(name)
    switch (rpc) {
      case 'ValidateSandboxCreate':
        return Object.keys(block).length > 0 ? 'INVALID_ARGUMENT' : 'OK'
      case 'CreateSandbox':
        if (exists) return 'ALREADY_EXISTS'
        if (Object.keys(block).length > 0) return 'FAILED_PRECONDITION'
        this.#names.add(name)
        return 'OK'
      case 'DeleteSandbox':
        this.#names.delete(name)
        return `OK deleted=${exists}`
      case 'ListSandboxes':
        return `OK ${[...this.#names].sort().join(' ')}`
      case 'GetSandbox':
      case 'StopSandbox':
      case 'StartSandbox':
        return exists ? 'OK' : 'NOT_FOUND'
      default:
        return 'OK'
    }
  }
}

/**
 * One id for each name of a scenario, because the recordings replace all ids by the same placeholder; and names of its own
 * for each scenario, because all are played to one driver.
 */
function withIds(scenario: string, request: JsonObject): JsonObject {
  const { sandbox, sandbox_name, ...rest } = request
  const named = (name: JsonValue | undefined) => ({ id: idOf(scenario, name), name: `${scenario} ${String(name)}` })
  const own =
    sandbox === undefined ? undefined : { ...(sandbox as JsonObject), ...named((sandbox as JsonObject)['name']) }
  const reference = sandbox_name === undefined ? undefined : named(sandbox_name)
  return {
    ...rest,
    ...(own === undefined ? {} : { sandbox: own }),
    ...(reference === undefined ? {} : { sandbox_id: reference.id, name: reference.name }),
  }
}

function idOf(scenario: string, name: JsonValue | undefined): string {
  return `${scenario}-${String(name)}`.replaceAll(/[^A-Za-z0-9._-]/g, '_')
}

async function outcome(client: ComputeClient, scenario: string, rpc: string, request: JsonObject): Promise<string> {
  const method = ComputeDriver.methods.find(({ name }) => name === rpc)
  if (method?.methodKind !== 'unary') throw new Error(`The recording has an unexpected call ${rpc}.`)
  try {
    const message = fromJson(method.input, withIds(scenario, request))
    const answer = await client.unary(method.localName as 'listSandboxes', message as never)
    if (rpc === 'ListSandboxes') {
      const own = answer.sandboxes.filter(({ name }) => name.startsWith(`${scenario} `))
      return `OK ${own
        .map(({ name }) => name.slice(scenario.length + 1))
        .sort()
        .join(' ')}`
    }
    if (rpc === 'DeleteSandbox') return `OK deleted=${(answer as unknown as { deleted: boolean }).deleted}`
    return 'OK'
  } catch (error) {
    return codes[(error as ServiceError).code] ?? String(error)
  }
}

const areas = [...new Set(scenarios.map(({ id }) => id.split('/')[0] ?? ''))]

test.each(areas)(
  'the calls that a gateway was recorded to make are answered as the contract says: %s',
  async (area) => {
    const driver = defineDriver({
      ...memoryHandlers(memoryBackend()),
      name: 'acme',
      version: '1.2.3',
      capabilities: { defaultImage: 'acme/base:1', resources },
    })
    await using served = await serveInTest(driver)
    for (const { id, calls } of scenarios.filter((scenario) => scenario.id.startsWith(`${area}/`))) {
      const expectation = new Expectation()
      for (const [index, [rpc, request]] of calls.entries()) {
        const answer = await outcome(served.client, id, rpc, request)
        expect(`${id} ${index} ${rpc} ${answer.trim()}`).toBe(
          `${id} ${index} ${rpc} ${expectation.next(rpc, request).trim()}`,
        )
      }
    }
  },
)
