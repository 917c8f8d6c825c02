import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OpenShellClient } from '@openshell-ts/sdk'
import { expect, test } from 'vitest'
import { startSupervisedGateway, WORKSPACE } from './supervised-gateway.js'

test('a supervisor and a client that show certificates run commands, relays included', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mtls-'))
  await using world = await startSupervisedGateway({ tls: { directory } })
  const { gateway } = world
  expect(gateway.endpoint).toMatch(/^https:/)
  await using client = await OpenShellClient.connect({
    endpoint: gateway.endpoint,
    workspace: WORKSPACE,
    ...(gateway.tls && { tls: gateway.tls }),
  })
  const sandbox = await client.sandboxes.get('box')
  const output = await sandbox.commands.run(['sh', '-c', 'cat; echo done >&2'], { stdin: 'x'.repeat(500_000) })
  expect([output.exitCode, output.stdout.length, output.stderrText]).toEqual([0, 500_000, 'done\n'])
  const { sandboxId } = world
  expect(await world.client.unary('createSshSession', { sandboxId })).toMatchObject({ gatewayScheme: 'https' })
  await rm(directory, { recursive: true, force: true })
})
