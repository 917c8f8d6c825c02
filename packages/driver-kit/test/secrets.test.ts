import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toJsonString } from '@bufbuild/protobuf'
import { GetSandboxResponseSchema, WatchSandboxesEventSchema } from '@openshell-ts/protocol/compute'
import { expect, test } from 'vitest'
import { DriverError, type DriverLogger, defineDriver, type LaunchContext } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { rejection } from './rejection.js'
import { sandboxMessage, serveInTest, TestWatch } from './serve-in-test.js'

const secrets = {
  token: 'planted-sandbox-token',
  launch: 'the-planted-launch-material',
  credential: 'hidden-credential',
}
const all = Object.values(secrets).join(' and ')

/** Leaks everything that it knows in every way that a handler has. */
function leak({ logger, progress, warn, report }: LaunchContext<unknown, unknown>): void {
  const error = new Error(`refused ${all}`, { cause: new Error(all) })
  logger.info({ err: error, request: { list: [all], bytes: Buffer.from(all), sandbox_token: secrets.token } }, all)
  progress.start('starting_sandbox', all)
  progress.complete('starting_sandbox', all)
  warn('Leaked', all)
  // A cut in the middle of a secret must not leave its first half.
  warn('Leaked', `${'x'.repeat(1_015)} ${secrets.token}`)
  report({ type: 'starting', detail: all })
  report({ type: 'failed', reason: 'Leaked', message: all })
}

const leaking = defineDriver({
  ...memoryDriver(memoryBackend()),
  async validate() {
    throw new DriverError({ code: 'failed-precondition', message: all, cause: new Error(all) })
  },
  async create(_, context) {
    leak(context)
  },
  async start() {
    throw new Error(all)
  },
  async authenticate(_, { logger }) {
    logger.warn({ all })
    throw new DriverError({ code: 'unavailable', message: all })
  },
})

test('no secret of a request reaches a log, a record, an event, a state or an error, whatever handlers do', async () => {
  const seen: string[] = []
  const log = (fields: object, message?: string) => {
    const text = (_: string, value: unknown) =>
      value instanceof Error ? { ...value, text: `${value.message} ${value.stack}`, cause: value.cause } : value
    seen.push(`${message} ${JSON.stringify(fields, text)}`)
  }
  const logger: DriverLogger = { debug: log, info: log, warn: log, error: log }
  await using served = await serveInTest(leaking, { logger })
  const { client } = served
  const watch = await TestWatch.open(client)
  const spec = { sandboxToken: secrets.token, launchAuthentication: Buffer.from(secrets.launch) }
  const sandbox = sandboxMessage('one', { spec })
  // Only what the call was given can be told apart from ordinary words.
  const ofCreate = [secrets.token, secrets.launch]
  const validated = await rejection(client.unary('validateSandboxCreate', { sandbox }))
  await client.unary('createSandbox', { sandbox })
  const got = await client.unary('getSandbox', { sandboxId: 'one' })
  await watch.until((events) => events.length >= 6)
  const launchAuthentication = Buffer.from(secrets.launch)
  const started = await rejection(client.unary('startSandbox', { sandboxId: 'one', launchAuthentication }))
  const record = await readFile(join(served.stateDirectory, 'sandboxes', 'one', 'record.json'), 'utf8')
  const told = watch.events.map((event) => toJsonString(WatchSandboxesEventSchema, event))
  const answers = [validated.details, started.details, toJsonString(GetSandboxResponseSchema, got), record, ...told]
  expect(answers.join('\n')).toContain('[secret]')
  const duringStart = seen.findIndex((line) => line.includes('Failed to start'))
  expect(duringStart).toBeGreaterThan(0)
  for (const secret of ofCreate) {
    expect(answers.join('\n')).not.toContain(secret)
    expect(answers.join('\n')).not.toContain(secret.slice(0, 8))
    expect(seen.slice(0, duringStart).join('\n')).not.toContain(secret)
  }
  expect(seen[duringStart]).not.toContain(secrets.launch)
  const before = seen.length
  const { credential } = secrets
  const refused = await rejection(client.unary('authenticateSandbox', { credential }))
  expect([refused.details, ...seen.slice(before)].join('\n')).not.toContain(credential)
  expect(seen.length).toBeGreaterThan(before)
  watch.close()
})
