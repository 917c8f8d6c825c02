import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { timestampMs } from '@bufbuild/protobuf/wkt'
import { credentials } from '@grpc/grpc-js'
import { CallTrace, createSimulatedDriver, startDevGateway } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell, SandboxPhase } from '@openshell-ts/protocol/v0-1'
import { Client, type ClientChannel } from 'ssh2'
import { expect, test } from 'vitest'

const workspaceScope = { selection: { case: 'workspace', value: 'default' } } as const

/** A gateway of line 0.1 whose sandbox `box` runs this line. */
async function startLaterBox(line: string) {
  const folder = await mkdtemp(join(tmpdir(), 'later-'))
  const sshSocketPath = join(folder, 'ssh.sock')
  const driver = createSimulatedDriver({
    startSandbox: ({ endpoint, sandboxId, token }) =>
      supervise({
        ...{ endpoint, sandboxId, token: { token }, sshSocketPath, workdir: folder },
        mainProcess: { command: ['sh', '-c', line], tty: false },
      }),
  })
  const trace = new CallTrace()
  const gateway = await startDevGateway({ line: '0.1', drivers: [driver], trace })
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
  await client.unary('createSandbox', { name: 'box', spec: {}, workspaceScope })
  const reaches = async (phase: SandboxPhase) => {
    const request = { sandbox: 'box', workspaceScope, followStatus: true }
    for await (const { payload } of client.serverStream('watchSandbox', request)) {
      if (payload.case === 'sandbox' && payload.value.status?.phase === phase) return
    }
  }
  await reaches(SandboxPhase.READY)
  return {
    client,
    trace,
    sshSocketPath,
    reaches,
    async [Symbol.asyncDispose]() {
      client.close()
      await gateway.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Attaches to the main process, and reads nothing yet. */
async function attach(socketPath: string): Promise<{ readonly client: Client; readonly channel: ClientChannel }> {
  const client = new Client()
  const ready = once(client, 'ready')
  // The supervisor ends with its sandbox, and this connection with it.
  client.on('error', () => undefined)
  client.connect({ sock: connect(socketPath), username: 'sandbox' })
  await ready
  const channel = await new Promise<ClientChannel>((resolve, reject) =>
    client.subsys('openshell-main', (error, opened) => (error ? reject(error) : resolve(opened))),
  )
  return { client, channel: channel.pause() }
}

test('the end of the main process is known at once, and final when those who watch have its output', async () => {
  // Half a megabyte more than the 3 MiB that a client of ssh2 takes without being read; 1 MiB more would leave it behind.
  await using box = await startLaterBox('read go; for piece in $(seq 36); do head -c 100000 /dev/zero; done')
  const { client, channel } = await attach(box.sshSocketPath)
  const finalized = new Promise<void>((resolve) => {
    box.trace.listen(({ method }) => method === 'FinalizeMainProcessExit' && resolve())
  })
  channel.write('now\n')
  await box.reaches(SandboxPhase.COMPLETED)
  // Time for a call that nothing holds back.
  for (let call = 0; call < 20; call += 1) await box.client.unary('health', {})
  expect(box.trace.recent().map(({ method }) => method)).not.toContain('FinalizeMainProcessExit')
  let bytes = 0
  channel.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  const closed = once(channel, 'close')
  channel.resume()
  await Promise.all([finalized, closed])
  expect(bytes).toBe(3_600_000)
  client.end()
})

test('lines of the supervisor’s log carry the time at which they were written', async () => {
  const before = Date.now()
  await using box = await startLaterBox('sleep infinity')
  const request = { sandbox: 'box', workspaceScope, followLogs: true, logSources: ['sandbox'] }
  for await (const { payload } of box.client.serverStream('watchSandbox', request)) {
    if (payload.case !== 'log') continue
    const time = payload.value.eventTime ? timestampMs(payload.value.eventTime) : 0
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(Date.now())
    break
  }
})
