import { request } from 'node:http'
import { credentials } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { createSimulatedDriver, startDevGateway } from '../src/index.js'
import { findChromium } from './find-chromium.js'

const planted = 'pl4nted'
const hostile = '<script>document.title="owned"</script>"\'&'

/** A gateway with a status page, whose one sandbox tries to break out of it. */
async function start() {
  const driver = createSimulatedDriver({ name: 'acme' })
  const gateway = await startDevGateway({ drivers: [driver], statusPort: 0 })
  const client = new GrpcServiceClient(OpenShell, `127.0.0.1:${gateway.port}`, credentials.createInsecure())
  const block = { api_key: planted, note: hostile }
  const { sandbox } = await client.unary('createSandbox', {
    name: 'box',
    spec: { template: { image: hostile, driverConfig: { acme: block } } },
  })
  driver.failSandbox(sandbox?.metadata?.id ?? '', 'Broken', hostile)
  for await (const { payload } of client.serverStream('watchSandbox', {
    id: sandbox?.metadata?.id ?? '',
    followStatus: true,
  })) {
    if (payload.case === 'sandbox' && payload.value.status?.conditions.length) break
  }
  client.close()
  const { statusPort = 0 } = gateway
  return {
    url: `http://127.0.0.1:${statusPort}`,
    port: statusPort,
    [Symbol.asyncDispose]: () => gateway.close(),
  }
}

/** Asks with any method and host, and resolves with the code and the text. */
function ask(port: number, options: { method?: string; host?: string; path?: string }) {
  return new Promise<{ code: number | undefined; text: string; headers: object }>((resolve, reject) => {
    const { host = `127.0.0.1:${port}`, ...rest } = options
    const call = request({ hostname: '127.0.0.1', port, ...rest, headers: { host } }, async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      resolve({ code: response.statusCode, text, headers: response.headers })
    })
    call.once('error', reject).end()
  })
}

test('the page shows sandbox, phase, condition, block and calls; nothing breaks out of it, and no secret is on it', async () => {
  await using page = await start()
  const { text, headers } = await ask(page.port, { path: '/' })
  for (const shown of [
    'box in default',
    '>Error<',
    'Ready=False Broken',
    'REDACTED',
    'CreateSandbox',
    'WatchSandboxes',
  ]) {
    expect(text).toContain(shown)
  }
  expect(text).not.toContain(planted)
  expect(text).not.toContain('<script')
  expect(text).not.toMatch(/(src|href)="(?!\/status\.json")/)
  expect(headers).toMatchObject({ 'content-security-policy': expect.stringContaining("default-src 'none'") })
})

test('the same is there as JSON', async () => {
  await using page = await start()
  const { text } = await ask(page.port, { path: '/status.json' })
  const status = JSON.parse(text)
  expect(status).toMatchObject({
    driverName: 'acme',
    sandboxes: [{ name: 'box', phase: 'Error', image: hostile, block: { api_key: 'REDACTED', note: hostile } }],
  })
  expect(status.calls.map(({ method }: { method: string }) => method)).toContain('CreateSandbox')
  expect(text).not.toContain(planted)
})

test('only reading is possible, and only under the names of this machine', async () => {
  await using page = await start()
  const codes = async (asked: object[]) =>
    Promise.all(asked.map(async (options) => (await ask(page.port, options)).code))
  const port = page.port
  expect(await codes([{ host: `localhost:${port}` }, { path: '/?a=b' }])).toEqual([200, 200])
  expect(await codes(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'].map((method) => ({ method })))).toEqual(
    Array(5).fill(405),
  )
  const hosts = ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1.evil.example:${port}`, 'localhost']
  expect(await codes(hosts.map((host) => ({ host })))).toEqual(Array(5).fill(403))
  expect(await codes([{ path: '/other' }, { path: '/../etc/passwd' }, { path: '//status.json' }])).toEqual([
    404, 404, 404,
  ])
})

test('an occupied port is named, and nothing is left open', async () => {
  await using page = await start()
  await expect(startDevGateway({ statusPort: page.port })).rejects.toThrow(
    `Cannot listen on 127.0.0.1:${page.port}: the port is in use; choose another one with --status-port (statusPort), or 0 for a free one.`,
  )
})

const executablePath = findChromium()
// Skipped in silence it would never be missed.
if (!executablePath) {
  process.stderr.write('\nSKIPPED: the status page in Chromium. Install chromium, so that this test can run.\n\n')
}

test.skipIf(!executablePath)('Chromium shows the page, runs nothing on it, and renews it', async () => {
  await using page = await start()
  const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] })
  try {
    const tab = await browser.newPage()
    const problems: string[] = []
    tab.on('console', (message) => problems.push(message.text()))
    tab.on('pageerror', ({ message }) => problems.push(message))
    await tab.goto(page.url)
    expect(await tab.title()).toBe('OpenShell development gateway')
    const row = tab.locator('#sandboxes tbody tr')
    expect(await row.count()).toBe(1)
    expect(await row.textContent()).toContain(hostile)
    const colour = await tab.evaluate("getComputedStyle(document.querySelector('.Error')).color")
    expect(colour).toBe('rgb(207, 34, 46)')
    await tab.waitForEvent('load')
    expect(await tab.title()).toBe('OpenShell development gateway')
    // A browser asks for an icon, which the page's own policy refuses.
    expect(problems.filter((problem) => !problem.includes('favicon'))).toEqual([])
  } finally {
    await browser.close()
  }
})
