import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDevGateway } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { defineDriver, type SandboxState, serveDriver } from '@openshell-ts/driver-kit'
import { OpenShellClient } from '@openshell-ts/sdk'
import { expect, test } from 'vitest'

test('driver-contract 10: a supervisor whose driver knows it by a credential of its own gets a token, and commands run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'own-'))
  const workdir = join(folder, 'box')
  await mkdir(workdir)
  const credentialFile = join(folder, 'credential')
  await writeFile(credentialFile, 'hunter2\n')
  const states = new Map<string, SandboxState>()
  const driver = defineDriver({
    name: 'acme',
    version: '1.0.0',
    create: async ({ id }) => void states.set(id, { type: 'running' }),
    start: async ({ id }) => void states.set(id, { type: 'running' }),
    stop: async ({ id }) => void states.set(id, { type: 'stopped' }),
    delete: async ({ id }) => void states.delete(id),
    list: async () => [...states].map(([id, state]) => ({ id, state })),
    authenticate: async (credential) => (credential === 'hunter2' ? [...states.keys()][0] : undefined),
  })
  const socketPath = join(folder, 'driver', 'compute.sock')
  const server = await serveDriver(driver, { socketPath, stateDirectory: join(folder, 'state') })
  try {
    await using gateway = await startDevGateway({ line: '0.1', drivers: [{ name: 'acme', socketPath }] })
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: 'team-a' })
    await client.workspaces.create('team-a')
    const sandbox = await client.sandboxes.create({ name: 'box', image: 'none' }, { waitReady: false })
    const launch = {
      ...{ endpoint: gateway.endpoint, sandboxId: sandbox.id, workdir, stopGraceMs: 0 },
      mainProcess: { command: ['sleep', '1000'], tty: false },
    } as const
    const wrong = join(folder, 'wrong')
    await writeFile(wrong, 'guess')
    await expect(supervise({ ...launch, token: { credentialFile: wrong } })).rejects.toThrow(
      `The gateway gives no sandbox token for the credential in ${wrong} (UNAUTHENTICATED).`,
    )
    await using _supervisor = await supervise({ ...launch, token: { credentialFile } })
    await sandbox.waitReady()
    expect((await sandbox.commands.run(['echo', 'here'])).stdoutText).toBe('here\n')
  } finally {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
})
