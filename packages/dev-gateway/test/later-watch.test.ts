import { once } from 'node:events'
import { connect } from 'node:http2'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { SandboxPhase, SandboxStreamEventSchema, WatchSandboxRequestSchema } from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { LaterSetup, scope } from './later-setup.js'

const capabilities = { driverReportsRuntimeReadiness: true }
const following = { sandbox: 'box', workspaceScope: scope, followStatus: true }

async function phasesOf(setup: LaterSetup, request: object): Promise<(SandboxPhase | undefined)[]> {
  const phases: (SandboxPhase | undefined)[] = []
  for await (const { payload } of setup.client.serverStream('watchSandbox', { ...following, ...request } as never)) {
    if (payload.case === 'sandbox') phases.push(payload.value.status?.phase)
  }
  return phases
}

describe('gateway-client 16: a watch', () => {
  test.each([
    ['Ready', { type: 'Ready', status: 'True' }, SandboxPhase.READY],
    ['Error', { type: 'Ready', status: 'False', reason: 'Dead' }, SandboxPhase.ERROR],
  ])('for a terminal phase ends at %s', async (_name, condition, phase) => {
    await using setup = await LaterSetup.start({ capabilities })
    const { metadata } = await setup.create()
    await setup.driver.watched()
    setup.driver.emitStatus(metadata?.id ?? '', 'box', { conditions: [condition] })
    expect((await phasesOf(setup, { stopOnTerminal: true })).at(-1)).toBe(phase)
  })

  test('for a terminal phase ends at Completed', async () => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    await using supervisor = await setup.supervise(sandbox)
    const report = { sandboxId: sandbox.metadata?.id ?? '', instanceId: 'instance-1', exitCode: 0 }
    await setup.client.unary('reportMainProcessExit', report, { metadata: supervisor.metadata })
    expect(await phasesOf(setup, { stopOnTerminal: true })).toEqual([SandboxPhase.COMPLETED])
  })

  test('ends with its sandbox', async () => {
    await using setup = await LaterSetup.start({ capabilities })
    const { metadata } = await setup.create()
    await setup.driver.watched()
    const phases = phasesOf(setup, {})
    await setup.client.unary('deleteSandbox', { name: 'box', workspaceScope: scope })
    setup.driver.emit({ case: 'deleted', value: { sandboxId: metadata?.id ?? '' } })
    expect((await phases).at(-1)).toBe(SandboxPhase.DELETING)
  })

  test('that falls behind is warned and goes on', async () => {
    await using setup = await LaterSetup.start()
    await setup.driver.watched()
    const id = (await setup.create()).metadata?.id ?? ''
    const other = (await setup.create({ name: 'other' })).metadata?.id ?? ''
    // grpc-js takes in what its user does not read, so that only plain HTTP/2 can be slow.
    const session = connect(setup.gateway.endpoint)
    const stream = session.request({
      ':method': 'POST',
      ':path': '/openshell.v1.OpenShell/WatchSandbox',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    stream.end(framed(toBinary(WatchSandboxRequestSchema, create(WatchSandboxRequestSchema, following as never))))
    await once(stream, 'response')
    const emit = (name: string, condition: object) =>
      setup.driver.emitStatus(name === 'box' ? id : other, name, { conditions: [{ type: 'Ready', ...condition }] })
    for (let index = 0; index < 2_000; index++) emit('box', { status: 'Unknown', message: 'm'.repeat(2_000) })
    emit('other', { status: 'False', reason: 'Dead' })
    await setup.reaches(SandboxPhase.ERROR, 'other')
    const cases: (string | undefined)[] = []
    for await (const message of messagesOf(stream)) {
      const { payload } = fromBinary(SandboxStreamEventSchema, message)
      if (payload.case === 'sandbox' && payload.value.status?.phase === SandboxPhase.ERROR) break
      if (payload.case === 'warning' && cases.at(-1) !== 'warning') emit('box', { status: 'False', reason: 'Dead' })
      cases.push(payload.case)
    }
    expect(new Set(cases)).toEqual(new Set(['sandbox', 'warning']))
    session.destroy()
  })
})

function framed(message: Uint8Array): Buffer {
  const header = Buffer.alloc(5)
  header.writeUInt32BE(message.length, 1)
  return Buffer.concat([header, message])
}

async function* messagesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = Buffer.alloc(0)
  for await (const chunk of stream) {
    bytes = Buffer.concat([bytes, chunk])
    for (let end = endOf(bytes); end <= bytes.length; end = endOf(bytes)) {
      yield bytes.subarray(5, end)
      bytes = bytes.subarray(end)
    }
  }
}

function endOf(bytes: Buffer): number {
  return bytes.length < 5 ? Number.POSITIVE_INFINITY : 5 + bytes.readUInt32BE(1)
}
