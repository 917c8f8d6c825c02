import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { describe, expect, test } from 'vitest'
import { OpenShellClient, type SshSession } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { WORDS } from './line-words.js'
import { startScriptedGateway } from './scripted-gateway.js'

const GOOD = {
  sandboxId: 'id-1',
  token: 'a-secret',
  gatewayHost: '127.0.0.1',
  gatewayPort: 17670,
  gatewayScheme: 'http',
  hostKeyFingerprint: 'SHA256:abc',
}

describe.each(LINES)('the answer of line %s about an SSH session', (line) => {
  /** Asks a gateway for a session that answers so, and gives the calls that arrived. */
  async function ask(reply: object, use: (asked: Promise<SshSession>) => Promise<void>): Promise<readonly string[]> {
    await using gateway = await startScriptedGateway(line, {
      unary: {
        getSandbox: () => WORDS[line].sandboxReply(),
        createSshSession: () => ({ ...GOOD, ...reply }),
        // Each line reads its own field.
        revokeSshSession: () => ({ revoked: true, outcome: 1 }),
      },
    })
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    const { ssh } = await client.sandboxes.get('box')
    await use(ssh.createSession())
    return gateway.calls
  }

  test.each([
    {},
    { gatewayHost: '[2001:db8::1]' },
    { gatewayHost: 'gateway.example', gatewayScheme: 'https', gatewayPort: 443 },
    { token: 'A1._~+/=-', sandboxId: 'id-1' },
  ])('is taken when every field is of its form: %j', async (reply) => {
    await ask(reply, async (asked) => expect(await asked).toMatchObject({ ...GOOD, ...reply }))
  })

  test('says when the session ends by itself, if it does', async () => {
    const ends = async (endsAt: Date | undefined) => {
      // Each line reads its own field.
      const times = endsAt ? { expiresAtMs: BigInt(endsAt.getTime()), expirationTime: timestampFromDate(endsAt) } : {}
      let told: readonly unknown[] = []
      await ask(times, async (asked) => {
        const { expiresAt, expired } = await asked
        told = [expiresAt, expired]
      })
      return told
    }
    const [past, future] = [new Date(1_000), new Date(Date.now() + 3_600_000)]
    expect([await ends(past), await ends(future), await ends(undefined)]).toEqual([
      [past, true],
      [future, false],
      [undefined, false],
    ])
  })

  test.each([
    ['sandboxId', 'id-1 -oProxyCommand=x'],
    ['token', 'a-secret\nHost *'],
    ['token', ''],
    ['token', 'a'.repeat(4_097)],
    ['sandboxId', 'i'.repeat(129)],
    ['gatewayHost', 'h'.repeat(254)],
    ['gatewayHost', '2001:db8::1'],
    ['gatewayHost', '-oProxyCommand=x'],
    ['gatewayHost', 'gateway.example\r\nProxyCommand x'],
    ['gatewayPort', 0],
    ['gatewayPort', 65_536],
    ['gatewayScheme', 'javascript'],
    ['hostKeyFingerprint', 'SHA256:abc; x'],
  ])('is refused for a %s such as %j, and says nothing of the secret', async (field, value) => {
    await ask({ [field]: value }, async (asked) => {
      const error = await failureOf(asked)
      expect(error).toMatchObject({ kind: 'internal', rpc: 'CreateSshSession' })
      expect(error.message).toContain(`${field} is`)
      expect(error.message).not.toContain('a-secret')
    })
  })

  test('is refused when it is about another sandbox, whose session is revoked where it is one', async () => {
    const calls = await ask({ sandboxId: 'id-2' }, async (asked) => {
      expect(await failureOf(asked)).toMatchObject({ kind: line === '0.0' ? 'internal' : 'not-found' })
    })
    expect(calls.includes('revokeSshSession')).toBe(line === '0.1')
  })
})
