import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { startDevStack } from './dev-stack.js'
import { startScriptedEdge } from './scripted-edge.js'
import { sandboxReply, startScriptedGateway, wireSandbox } from './scripted-gateway.js'

const BUILT = new URL('../dist/index.js', import.meta.url).href

/** Runs a script in a process of its own, with a client in scope; resolves when the process ends by itself. */
async function runScript(
  endpoint: string,
  body: string,
  options: object = {},
): Promise<{ code: number | null; output: string }> {
  const script = `
    import { OpenShellClient } from ${JSON.stringify(BUILT)}
    const client = await OpenShellClient.connect(${JSON.stringify({ endpoint, workspace: 'team-a', ...options })})
    ${body}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'close')
  return { code, output }
}

test('a process ends by itself after close, with a wait of ten minutes given up before', async () => {
  await using gateway = await startScriptedGateway({
    unary: { getSandbox: () => sandboxReply(wireSandbox(SandboxPhase.PROVISIONING)) },
    stream: {
      watchSandbox: (_, call) =>
        call.write({ payload: { case: 'sandbox', value: wireSandbox(SandboxPhase.PROVISIONING) } }),
    },
  })
  const result = await runScript(
    gateway.endpoint,
    `const sandbox = await client.sandboxes.get('box')
    const stop = new AbortController()
    const waiting = sandbox.waitReady({ timeoutMs: 600_000, signal: stop.signal, onProgress: () => stop.abort() })
    await waiting.catch((error) => console.log(error.kind))
    await client.close()`,
  )
  expect(result).toEqual({ code: 0, output: 'aborted\n' })
})

test('a process ends by itself when the client is left open without a call, with a tunnel and without', async () => {
  await using gateway = await startScriptedGateway({})
  await using edge = await startScriptedEdge(Number(new URL(gateway.endpoint).port), {})
  const body = `console.log((await client.health()).version)`
  const auth = { type: 'edge', tunnel: true, token: 'edge.token' }
  const results = [await runScript(gateway.endpoint, body), await runScript(edge.endpoint, body, { auth })]
  expect(results).toEqual([
    { code: 0, output: '0.0.111\n' },
    { code: 0, output: '0.0.111\n' },
  ])
})

test('a process ends by itself after work with files and ports, with the client left open', async () => {
  await using stack = await startDevStack()
  await stack.client.sandboxes.create({ name: 'box', command: ['sleep', 'infinity'] })
  const result = await runScript(
    stack.gateway.endpoint,
    `const { files, ports } = await client.sandboxes.get('box')
    await files.write('note', 'still here')
    const forward = await ports.forward({ targetPort: 1 })
    await forward.close()
    console.log(await files.read('note', { format: 'text' }))`,
  )
  expect(result).toEqual({ code: 0, output: 'still here\n' })
})
