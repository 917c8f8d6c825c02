import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { credentials } from '@grpc/grpc-js'
import { CallTrace, createSimulatedDriver, startDevGateway } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell } from '@openshell-ts/protocol/v0-1'
import { OpenShellClient, type Sandbox, type WireLine } from '@openshell-ts/sdk'
import { describe, expect, test } from 'vitest'

const marked = 'hunter2'
const LINES = ['0.0', '0.1'] as const satisfies readonly WireLine[]

/** A gateway whose sandboxes run `line`, and a client in a workspace of its own. */
async function startWorld(wireLine: WireLine, line: string) {
  const folder = await mkdtemp(join(tmpdir(), 'pro-'))
  const output: string[] = []
  const driver = createSimulatedDriver({
    startSandbox: ({ endpoint, sandboxId, name, token }) =>
      supervise({
        ...{
          endpoint,
          sandboxId,
          sandboxName: name,
          token: { token },
          workdir: folder,
          configPollMs: 20,
          stopGraceMs: 0,
        },
        mainProcess: { command: ['sh', '-c', line], tty: false },
        userEnvironment: { KEY: "the user's" },
        stdout: new Writable({
          write(chunk: Buffer, _encoding, callback) {
            output.push(chunk.toString())
            callback()
          },
        }),
      }),
  })
  const trace = new CallTrace()
  const gateway = await startDevGateway({ line: wireLine, drivers: [driver], trace })
  const client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: 'team-a' })
  await client.workspaces.create('team-a')
  return {
    client,
    gateway,
    folder,
    trace,
    output: () => output.join(''),
    async [Symbol.asyncDispose]() {
      await client.close()
      await gateway.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function readKey(sandbox: Sandbox): Promise<string> {
  const { stdoutText } = await sandbox.commands.run(['printenv', 'KEY'])
  return stdoutText.trim()
}

describe.each(LINES)('on line %s', (line) => {
  test('the main process has what the providers bring that it was created with', async () => {
    await using world = await startWorld(line, 'echo "main has $BORN"; exec sleep 1000')
    const { client } = world
    await client.providers.create('born', { type: 'generic', credentials: { BORN: `${marked}-0` } })
    await client.sandboxes.create({ name: 'box', providers: ['born'] })
    await expect.poll(world.output, { timeout: 15_000 }).toBe(`main has ${marked}-0\n`)
  })

  test('an attach, an update and a detach reach the commands that start afterwards', async () => {
    await using world = await startWorld(line, 'exec sleep 1000')
    const { client } = world
    const sandbox = await client.sandboxes.create({ name: 'box' })
    await client.providers.create('keys', { type: 'generic', credentials: { KEY: `${marked}-1` } })
    // Line 0.0 tells nobody when a change has arrived; on line 0.1 the next command has it.
    const shows = async (value: string) => {
      if (line === '0.1') expect(await readKey(sandbox)).toBe(value)
      else await expect.poll(() => readKey(sandbox), { timeout: 15_000 }).toBe(value)
    }
    const { receipt: attached } = await sandbox.providers.attach('keys')
    if (attached) expect(await sandbox.providers.waitReady(attached)).toMatchObject({ state: 'ready' })
    await shows(`${marked}-1`)
    const { receipts } = await client.providers.update('keys', { credentials: { KEY: `${marked}-2` } })
    for (const updated of receipts) {
      expect(await sandbox.providers.waitReady(updated)).toMatchObject({ state: 'ready' })
    }
    await shows(`${marked}-2`)
    const { receipt: detached } = await sandbox.providers.detach('keys')
    if (detached) expect(await sandbox.providers.waitReady(detached)).toMatchObject({ state: 'revoked' })
    await shows("the user's")
    expect([attached, ...receipts, detached].filter(Boolean)).toHaveLength(line === '0.1' ? 3 : 0)
    const log = async () => JSON.stringify((await sandbox.logs()).lines)
    await expect.poll(log, { timeout: 15_000 }).toContain('variables of the providers installed')
    expect((await log()) + JSON.stringify(world.trace.recent())).not.toContain(marked)
    const asked = world.trace.recent().filter(({ method }) => method === 'GetSandboxConfig')
    const reference = { workspace_scope: { workspace: 'team-a' }, name: 'box' }
    expect(asked.at(-1)?.request).toEqual(line === '0.1' ? reference : { sandbox_id: sandbox.id })
  })
})

test('files of a profile stand in the sandbox while a provider that follows it is attached', async () => {
  await using world = await startWorld('0.1', 'exec sleep 1000')
  const { client, folder, gateway } = world
  const later = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
  const file = { path: '/sandbox/.keys/key.json', content: marked, envVar: 'KEY_FILE' }
  const profile = { id: 'keyed', displayName: 'Keyed', credentials: [{ name: 'KEY' }], files: [file] }
  await later.unary('importProviderProfiles', { profiles: [{ profile }] })
  later.close()
  const sandbox = await client.sandboxes.create({ name: 'box' })
  await client.providers.create('keys', { type: 'keyed', credentials: { KEY: `${marked}-1` } })
  const { receipt: attached } = await sandbox.providers.attach('keys')
  if (attached) expect(await sandbox.providers.waitReady(attached)).toMatchObject({ state: 'ready' })
  const place = join(folder, '.keys/key.json')
  expect((await sandbox.commands.run(['printenv', 'KEY_FILE'])).stdoutText.trim()).toBe(place)
  expect(await readFile(place, 'utf8')).toBe(marked)
  expect((await stat(place)).mode & 0o777).toBe(0o600)
  const { receipt: detached } = await sandbox.providers.detach('keys')
  if (detached) expect(await sandbox.providers.waitReady(detached)).toMatchObject({ state: 'revoked' })
  expect(await readdir(join(folder, '.keys'))).toEqual([])
  expect(JSON.stringify(world.trace.recent()).includes(marked)).toBe(false)
})
