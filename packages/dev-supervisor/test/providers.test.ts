import { once } from 'node:events'
import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { GatewayEnd } from './gateway-end.js'
import { startSandbox } from './sandbox.js'

const marked = 'hunter2'

/** The value of a variable in a new command; empty without it. */
async function read(gateway: GatewayEnd, name: string): Promise<string> {
  const ssh = await gateway.openSsh()
  return (await ssh.run(`printenv ${name} || true`)).stdout.toString().trim()
}

test('a gateway that does not know the call is asked once a session, and spoken of once', async () => {
  const gateway = new GatewayEnd()
  gateway.policyVersion = 1
  const loaded = once(gateway.events, 'policy')
  let calls = 0
  gateway.events.on('providers', () => {
    calls += 1
  })
  await using sandbox = await startSandbox({ configPollMs: 5 }, gateway)
  await loaded
  for (const version of [2, 3]) {
    gateway.policyVersion = version
    await once(gateway.events, 'policy')
  }
  // One at the start, one in the session.
  expect(calls).toBe(2)
  ;(await gateway.session()).stream.end()
  await once(gateway.events, 'providers')
  const lines = sandbox
    .log()
    .split('\n')
    .filter((line) => line.includes('no variables of providers'))
  expect(lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 30)).toHaveLength(1)
})

test('after a failure commands keep what they had, until the gateway answers again', async () => {
  const gateway = new GatewayEnd()
  gateway.providerVariables = { KEY: `${marked}-1` }
  gateway.providerRevision = 1n
  await using sandbox = await startSandbox({ configPollMs: 5 }, gateway)
  expect(await read(gateway, 'KEY')).toBe(`${marked}-1`)
  gateway.providerVariables = status.INTERNAL
  gateway.providerRevision = 2n
  // The second call begins after the first one's failure has been heard.
  for (const _call of [1, 2]) await once(gateway.events, 'providers')
  expect(await read(gateway, 'KEY')).toBe(`${marked}-1`)
  gateway.providerVariables = { KEY: `${marked}-2` }
  await once(gateway.events, 'providers')
  await expect.poll(() => read(gateway, 'KEY'), { timeout: 15_000 }).toBe(`${marked}-2`)
  expect(sandbox.log()).toContain('INTERNAL')
  expect(sandbox.log()).not.toContain(marked)
})
