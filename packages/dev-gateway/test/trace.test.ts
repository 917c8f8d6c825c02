import { once } from 'node:events'
import {
  create,
  type DescField,
  type DescMessage,
  type DescService,
  getOption,
  hasOption,
  ScalarType,
} from '@bufbuild/protobuf'
import { reflect } from '@bufbuild/protobuf/reflect'
import { credentials } from '@grpc/grpc-js'
import { ComputeDriver } from '@openshell-ts/protocol/compute'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { Inference, OpenShell, SandboxPhase, secret } from '@openshell-ts/protocol/v0-0'
import { OpenShell as LaterOpenShell } from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { CallTrace, formatTrace, startDevGateway, TestClock, type TraceEntry } from '../src/index.js'
import { safeJson } from '../src/trace/safe-json.js'
import { LaterSetup, scope } from './later-setup.js'
import { failure } from './test-client.js'

const planted = 'pl4nted'

/** Every message that a service's calls can carry. */
function messagesOf(...services: DescService[]): DescMessage[] {
  const found = new Set<DescMessage>()
  const visit = (message: DescMessage | undefined) => {
    if (!message || found.has(message) || message.typeName.startsWith('google.')) return
    found.add(message)
    for (const field of message.fields) visit(field.message)
  }
  for (const { methods } of services) for (const { input, output } of methods) [input, output].forEach(visit)
  return [...found]
}

/** A message with the planted text in one field. */
function plant(message: DescMessage, field: DescField) {
  const reflected = reflect(message, create(message))
  if (field.fieldKind === 'map') reflected.get(field).set('KEY', planted)
  else if (field.fieldKind === 'list') reflected.get(field).add(planted)
  else if (field.scalar === ScalarType.BYTES) reflected.set(field, new TextEncoder().encode(planted))
  else reflected.set(field, planted)
  return reflected.message
}

const secretFields = messagesOf(OpenShell, Inference, LaterOpenShell, ComputeDriver).flatMap((message) =>
  message.fields
    .filter((field) => hasOption(field, secret) && getOption(field, secret))
    .map((field) => [`${message.typeName}.${field.name}`, message, field] as const),
)

test('the contract marks secrets on every line', () => {
  expect(secretFields.length).toBeGreaterThan(20)
})

test.each(secretFields)('%s never shows', (_name, message, field) => {
  const shown = JSON.stringify(safeJson(message, plant(message, field)))
  expect(shown).not.toContain(planted)
  expect(shown).not.toContain(Buffer.from(planted).toString('base64'))
})

/** A traced gateway with a simulated driver, after a client has done this and that. */
async function traceOf(): Promise<readonly TraceEntry[]> {
  const trace = new CallTrace()
  const gateway = await startDevGateway({ trace })
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
  const block = { api_key: planted, nested: [{ password: planted }], visible: 'plain' }
  const { sandbox } = await client.unary('createSandbox', {
    name: 'box',
    spec: { environment: { MY_TOKEN: planted }, template: { driverConfig: { simulated: block } } },
  })
  const watch = client.serverStream('watchSandbox', { id: sandbox?.metadata?.id ?? '', followStatus: true })
  for await (const { payload } of watch) {
    if (payload.case === 'sandbox' && payload.value.status?.phase === SandboxPhase.READY) break
  }
  await failure(client.unary('getSandbox', { name: 'nobody\u001b[2J\n' }))
  await client.unary('createProvider', {
    provider: { metadata: { name: 'p' }, type: 'generic', credentials: { KEY: planted } },
  } as never)
  client.close()
  await gateway.close()
  return trace.recent()
}

test('each call is one line on both sides of the gateway, without a secret', async () => {
  const lines = (await traceOf()).map((entry) => formatTrace(entry))
  const text = lines.join('\n')
  expect(
    lines.some((line) => /client->gateway CreateSandbox by=\S+ sandbox=box OK [\d.]+ms \d+B\/\d+B \{/.test(line)),
  ).toBe(true)
  expect(text).toMatch(/gateway->driver CreateSandbox by=gateway sandbox=box OK/)
  expect(text).toMatch(/client->gateway WatchSandbox start by=/)
  expect(text).toMatch(/client->gateway WatchSandbox end .* CANCELLED/)
  expect(text).toMatch(/gateway->driver WatchSandboxes start/)
  expect(text).toMatch(/gateway->driver WatchSandboxes end/)
  expect(text).toMatch(/client->gateway GetSandbox .* NOT_FOUND .*"sandbox not found"/)
  expect(text).not.toContain(planted)
  expect(lines.filter((line) => /\p{Cc}/u.test(line))).toEqual([])
})

test('what a driver says that is not so is shown as the gateway hears it', async () => {
  const trace = new CallTrace()
  const shown: string[] = []
  trace.listen((entry) => {
    if (entry.side === 'driver')
      shown.push(`${entry.method} ${entry.status} ${JSON.stringify(entry.response ?? entry.message)}`)
  })
  const text = (method: string) => shown.filter((line) => line.startsWith(method)).join('\n')
  const clock = new TestClock()
  await using setup = await LaterSetup.start({
    trace,
    clock,
    faults: [
      'driver/WatchSandboxes:wrong-id=somebody-else:1',
      'driver/CreateSandbox:empty-identity',
      'driver/DeleteSandbox:status=INTERNAL:1',
      'driver/GetSandbox:bad-time:1',
      'driver/ValidateSandboxCreate:oversize-answer=5000000:1',
    ],
  })
  await setup.driver.watched()
  await failure(setup.create())
  const id = (await setup.create()).metadata?.id ?? ''
  const conditions = [{ type: 'Ready', status: 'Unknown', transitionTime: { seconds: 1n, nanos: 0 } }]
  setup.driver.records.set(id, { id, name: 'box', status: { conditions } })
  setup.driver.replies.listSandboxes = () => ({ sandboxes: Array.from({ length: 5_000 }, () => ({ id })) })
  setup.driver.emitStatus(id, 'box', { conditions: [] })
  await failure(setup.client.unary('deleteSandbox', { name: 'box', workspaceScope: scope }))
  clock.skip(60_000)
  await setup.driver.received('listSandboxes', 2)
  await expect.poll(() => text('ListSandboxes')).toContain('ListSandboxes OK {"sandboxes":"5000 entries"}')
  await expect.poll(() => text('WatchSandboxes')).toContain('"id":"somebody-else"')
  expect(text('ValidateSandboxCreate')).toContain(
    'OUT_OF_RANGE "Error, decoded message length too large: found 5000000',
  )
  expect(text('GetSandbox')).toContain('"transition_time":{"seconds":"1000000000000"}')
})

test('a listener that throws breaks no call, warns once and hears nothing more', async () => {
  const trace = new CallTrace()
  let heard = 0
  trace.listen(() => {
    heard += 1
    throw new Error('no ear')
  })
  const warned = once(process, 'warning')
  await using gateway = await startDevGateway({ trace })
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
  await client.unary('createSandbox', { name: 'box', spec: {} })
  client.close()
  expect(await warned).toMatchObject([{ message: expect.stringContaining('no ear') }])
  expect(heard).toBe(1)
})

test('a status is coloured on request only', () => {
  const entry: TraceEntry = {
    time: new Date(),
    side: 'client',
    type: 'call',
    method: 'Health',
    who: '',
    sandbox: '',
    status: 'OK',
    message: '',
    durationMs: 1,
    requestBytes: 0,
    responseBytes: 0,
  }
  expect(formatTrace(entry)).toMatch(/Health OK 1\.0ms 0B\/0B$/)
  expect(formatTrace(entry, { colour: true })).toContain('\u001b[32mOK\u001b[0m')
})
