import { join } from 'node:path'
import { type DevGateway, startDevGateway } from '@openshell-ts/dev-gateway'
import { OpenShellClient, type Sandbox } from '@openshell-ts/sdk'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findFreePort } from '../src/demo/free-port.js'
import { listSandboxProcesses } from '../src/local-process/sandbox-processes.js'
import { type Program, startDriver } from './program.js'
import { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let folder: TemporaryFolder
let gateway: DevGateway
let client: OpenShellClient
let driver: Program
let port: number

beforeEach(async () => {
  folder = createTemporaryFolder()
  port = await findFreePort()
  driver = await serve()
  gateway = await startDevGateway({
    drivers: [{ name: 'local-process', socketPath: join(folder.path, 'driver.sock') }],
    port,
    timings: { watchReopenMs: 50 },
  })
  client = await OpenShellClient.connect({ endpoint: gateway.endpoint })
})

afterEach(async () => {
  for (const resource of [client, gateway, driver, folder]) await resource[Symbol.asyncDispose]()
})

async function serve(): Promise<Program> {
  const program = startDriver(
    'serve',
    ...['--bind-socket', join(folder.path, 'driver.sock')],
    ...['--state-dir', join(folder.path, 'state')],
    ...['--openshell-endpoint', `http://127.0.0.1:${port}`],
  )
  await program.says('serves on')
  return program
}

async function restart(): Promise<void> {
  driver.kill('SIGKILL')
  await driver.ended
  driver = await serve()
}

function processesOf({ id }: Sandbox) {
  return listSandboxProcesses({ directory: join(folder.path, 'state', 'sandboxes', id, 'files') })
}

function createSandbox(): Promise<Sandbox> {
  return client.sandboxes.create({ command: ['tail', '-f', '/dev/null'] })
}

test('sandboxes run on when the driver is killed, and the next driver serves them', async () => {
  const sandbox = await createSandbox()
  const before = processesOf(sandbox).map(({ pid }) => pid)
  await restart()
  expect(processesOf(sandbox).map(({ pid }) => pid)).toEqual(before)
  expect(await sandbox.commands.run(['echo', 'still here'])).toMatchObject({ stdoutText: 'still here\n' })

  await sandbox.stop()
  expect(processesOf(sandbox)).toEqual([])
  await sandbox.start()
  await sandbox.waitReady()
  expect(await sandbox.commands.run(['echo', 'again'])).toMatchObject({ stdoutText: 'again\n' })

  await sandbox.delete({ wait: true })
  expect(processesOf(sandbox)).toEqual([])
})

test('the next driver sees it when a sandbox of the first one ends', async () => {
  const sandbox = await createSandbox()
  await restart()
  for (const { pid } of processesOf(sandbox)) process.kill(pid, 'SIGKILL')
  await expect.poll(async () => (await sandbox.refresh()).phase, { timeout: 10_000 }).toBe('error')
  expect(sandbox.info.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', reason: 'ProcessLost' }))
})

test('the next driver sees that a sandbox has ended while there was no driver', async () => {
  const sandbox = await createSandbox()
  driver.kill('SIGKILL')
  await driver.ended
  for (const { pid } of processesOf(sandbox)) process.kill(pid, 'SIGKILL')
  driver = await serve()
  await expect.poll(async () => (await sandbox.refresh()).phase, { timeout: 10_000 }).toBe('error')
  await sandbox.delete({ wait: true })
  expect(await client.sandboxes.list().toArray()).toEqual([])
})
