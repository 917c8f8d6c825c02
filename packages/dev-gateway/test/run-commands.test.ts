import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { credentials } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell, SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { startDevGateway } from '../src/index.js'
import { runCommands } from '../src/run-commands/run-commands.js'
import { temporaryDirectory } from './temporary-directory.js'
import { execResult } from './test-client.js'

test('simulated sandboxes run commands in folders of their own, and nothing is left of them', async () => {
  await using tls = await temporaryDirectory()
  const plan = { tls: { directory: tls.path, clientCertificates: 'none' }, line: '0.0' } as const
  const commands = runCommands(plan, { logLevel: 'silent', folder: process.cwd() })
  await using gateway = await startDevGateway(commands.options)
  const trusted = credentials.createSsl(Buffer.from(gateway.tls?.ca ?? ''))
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, trusted)
  const spec = { environment: { GREETING: 'hello' }, command: ['sleep', 'infinity'] }
  const { sandbox } = await client.unary('createSandbox', { name: 'box', spec })
  const id = sandbox?.metadata?.id ?? ''
  for await (const { payload } of client.serverStream('watchSandbox', { id, followStatus: true })) {
    if (payload.case === 'sandbox' && payload.value.status?.phase === SandboxPhase.READY) break
  }
  const command = ['sh', '-c', 'echo $GREETING; ls -a; pwd']
  const { stdout } = await execResult(client.serverStream('execSandbox', { sandboxId: id, command }))
  const [greeting, ...rest] = stdout.trim().split('\n')
  const folder = rest.at(-1) ?? ''
  expect([greeting, folder.endsWith(join('/', id)), existsSync(`${folder}.log`)]).toEqual(['hello', true, true])
  await client.unary('deleteSandbox', { name: 'box' })
  client.close()
  await gateway.close()
  await commands.end()
  expect(existsSync(join(folder, '..'))).toBe(false)
})
