import { ConnectError } from '@connectrpc/connect'
import { describe, expect, test } from 'vitest'
import { openRaw } from '../src/raw.js'
import { failureOf } from './failure-of.js'
import { LINES, startLineGateway, WORKSPACE } from './line-gateway.js'

describe.each(LINES)('the raw client on line %s', (line) => {
  test('sends generated messages over the connection of the client, and ends with it', async () => {
    await using stack = await startLineGateway(line)
    await stack.client.sandboxes.create({ name: 'box' }, { waitReady: false, keep: true })
    const raw = await openRaw(stack.client)
    expect(raw.line).toBe(line)
    const reply =
      raw.line === '0.0'
        ? await raw.openShell.getSandbox({ workspace: WORKSPACE, name: 'box' })
        : await raw.openShell.getSandbox({
            workspaceScope: { selection: { case: 'workspace', value: WORKSPACE } },
            name: 'box',
          })
    expect(reply.sandbox?.metadata?.name).toBe('box')
    await stack.client.close()
    await expect(raw.openShell.health({})).rejects.toBeInstanceOf(ConnectError)
    expect(await failureOf(openRaw(stack.client))).toMatchObject({ kind: 'closed' })
  })

  test('carries the credentials of the client', async () => {
    const users = [{ token: 'sesame', subject: 'anna', roles: ['openshell-admin'], scopes: ['openshell:all'] }] as const
    await using stack = await startLineGateway(line, {
      gateway: { auth: { users: [...users] } },
      connect: { auth: { type: 'bearer', token: 'sesame' } },
    })
    const raw = await openRaw(stack.client)
    expect((await raw.openShell.getCurrentUser({})).subject).toBe('anna')
  })
})
