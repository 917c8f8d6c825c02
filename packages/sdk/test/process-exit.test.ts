import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startDevStack } from './dev-stack.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { SandboxPhase, WORDS } from './line-words.js'
import { startScriptedEdge } from './scripted-edge.js'
import { startScriptedGateway } from './scripted-gateway.js'

const BUILT = new URL('../dist/index.js', import.meta.url).href

/** Runs a script in a process of its own, with a client in scope; resolves when the process ends by itself. */
async function runScript(
  endpoint: string,
  body: string,
  options: object = {},
): Promise<{ code: number | null; output: string }> {
  const script = `
    import { OpenShellClient } from ${JSON.stringify(BUILT)}
    const client = await OpenShellClient.connect(${JSON.stringify({ endpoint, workspace: WORKSPACE, ...options })})
    ${body}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'close')
  return { code, output }
}

test.each(LINES)(
  'a process ends by itself after close, with a wait of ten minutes given up before, on line %s',
  async (line) => {
    const { sandboxReply, statusEvent } = WORDS[line]
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox: () => sandboxReply(SandboxPhase.PROVISIONING) },
      stream: {
        watchSandbox: (_, call) => call.write(statusEvent(SandboxPhase.PROVISIONING)),
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
  },
)

test('a process ends by itself when the client is left open without a call, with a tunnel and without', async () => {
  await using gateway = await startScriptedGateway('0.1')
  await using edge = await startScriptedEdge(Number(new URL(gateway.endpoint).port), {})
  const body = `console.log((await client.health()).version)`
  const auth = { type: 'edge', tunnel: true, token: 'edge.token' }
  const results = [await runScript(gateway.endpoint, body), await runScript(edge.endpoint, body, { auth })]
  expect(results).toEqual([
    { code: 0, output: '0.1.5\n' },
    { code: 0, output: '0.1.5\n' },
  ])
})

test.each(LINES)(
  'a process ends by itself after work with files and ports, with the client left open, on line %s',
  async (line) => {
    await using stack = await startDevStack({ line })
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
  },
)
