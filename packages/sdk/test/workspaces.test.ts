import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway, WORKSPACE } from './line-gateway.js'

describe.each(LINES)('workspaces on line %s', (line) => {
  let stack: LineGateway
  beforeAll(async () => {
    stack = await startLineGateway(line)
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('creates, finds, lists page by page and deletes a workspace', async () => {
    const { workspaces } = stack.client
    const made = await workspaces.create('team-b', { labels: { unit: 'b' } })
    expect(made).toMatchObject({ name: 'team-b', phase: 'active', labels: { unit: 'b' } })
    expect(await workspaces.get('team-b')).toEqual(made)
    const names = await workspaces.list({ pageSize: 1 }).toArray()
    expect(names.map(({ name }) => name).sort()).toEqual(['default', WORKSPACE, 'team-b'])
    expect(await workspaces.list({ labelSelector: 'unit=b' }).toArray()).toEqual([made])
    expect(await workspaces.delete('team-b')).toEqual({ outcome: 'completed' })
    expect(await workspaces.tryGet('team-b')).toBeUndefined()
    expect(await workspaces.delete('team-b')).toEqual({ outcome: 'absent' })
  })

  test('explains that a refused deletion has closed the workspace', async () => {
    const { workspaces } = stack.client
    await workspaces.create('full')
    const { sandboxes } = stack.client.workspace('full')
    const sandbox = await sandboxes.create({ name: 'rest' }, { waitReady: false })
    const error = await failureOf(workspaces.delete('full'))
    expect(error).toMatchObject({ kind: 'failed-precondition', hint: expect.stringContaining('TERMINATING') })
    expect(error.message).toContain('sandbox')
    expect((await workspaces.get('full')).phase).toBe('terminating')
    await sandbox.delete({ wait: true })
    expect(await workspaces.delete('full')).toEqual({ outcome: 'completed' })
  })

  test('says nothing of TERMINATING about the default workspace, which stays open', async () => {
    const error = await failureOf(stack.client.workspaces.delete('default'))
    expect(error.hint ?? '').not.toContain('TERMINATING')
  })

  test('lets members in and out', async () => {
    const members = stack.client.workspaces.members(WORKSPACE)
    await members.add('anna', 'admin')
    await members.add('ben', 'user')
    expect(await failureOf(members.add('ben', 'user'))).toMatchObject({ kind: 'already-exists' })
    const found = await members.list({ pageSize: 1 }).toArray()
    expect(found.map(({ subject, role }) => [subject, role])).toEqual([
      ['anna', 'admin'],
      ['ben', 'user'],
    ])
    expect(await members.remove('ben')).toEqual({ outcome: 'completed' })
    expect(await members.remove('ben')).toEqual({ outcome: 'absent' })
  })

  test('reports every problem of a name and of labels at once, and sends nothing', async () => {
    const error = await failureOf(stack.client.workspaces.create('Bad--Name', { labels: { 'a b': 'c' } }))
    expect(error).toMatchObject({ kind: 'invalid-argument', attempts: 0 })
    expect(error.violations.map(({ field }) => field)).toEqual(['name', 'name', 'labels["a b"]'])
  })

  test('refuses a mistyped option with the nearest name', async () => {
    const options = { labelSelecter: 'a=b' } as object
    expect(() => stack.client.workspaces.list(options)).toThrow('did you mean "labelSelector"?')
  })
})
