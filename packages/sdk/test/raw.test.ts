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

  test('shows what rawSpec sends beside what has a name', async () => {
    await using stack = await startLineGateway(line)
    const restartPolicy = line === '0.1' ? { restartPolicy: 'on-failure' } : {}
    const rawSpec = {
      template: { runtimeClassName: 'kata', userNamespaces: false, labels: { a: 'b' } },
      ...restartPolicy,
    }
    const spec = { name: 'box', image: 'acme/base:1', resources: { limits: { cpu: '1' } }, rawSpec }
    await stack.client.sandboxes.create(spec, { waitReady: false, keep: true })
    const raw = await openRaw(stack.client)
    const scope = { selection: { case: 'workspace' as const, value: WORKSPACE } }
    const { sandbox } =
      raw.line === '0.0'
        ? await raw.openShell.getSandbox({ workspace: WORKSPACE, name: 'box' })
        : await raw.openShell.getSandbox({ workspaceScope: scope, name: 'box' })
    expect(sandbox?.spec?.template).toMatchObject({
      image: 'acme/base:1',
      resources: { limits: { cpu: '1' } },
      ...rawSpec.template,
    })
    if (line === '0.1') expect(sandbox?.spec).toMatchObject({ restartPolicy: 2 })
  })

  test('is not needed for what has a name: rawSpec refuses it, and what the line does not know', async () => {
    await using stack = await startLineGateway(line)
    const rawSpec = {
      restartPolicy: 'often',
      tty: true,
      template: { image: 'x', driverConfig: {}, runtimeClass: 'kata' },
    }
    const error = await failureOf(stack.client.sandboxes.create({ name: 'Box', rawSpec }))
    expect(error).toMatchObject({ kind: 'invalid-argument', attempts: 0 })
    expect(error.violations.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
      expect.stringContaining('name '),
      `rawSpec.restartPolicy ${line === '0.0' ? 'UNKNOWN_FIELD' : 'NOT_ALLOWED'}`,
      'rawSpec.template.runtimeClass UNKNOWN_FIELD',
      'rawSpec.tty NOT_ALLOWED',
      'rawSpec.template.image NOT_ALLOWED',
      'rawSpec.template.driverConfig NOT_ALLOWED',
    ])
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
