import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProviderProfile } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway } from './line-gateway.js'

const acme: ProviderProfile = {
  id: 'acme',
  displayName: 'Acme',
  category: 'source-control',
  credentials: [
    {
      name: 'token',
      envVars: ['ACME_TOKEN'],
      authStyle: 'bearer',
      headerName: 'authorization',
      required: true,
      refresh: { strategy: 'oauth2-refresh-token', tokenUrl: 'https://acme.example/token', refreshBeforeMs: 300_000 },
    },
  ],
  endpoints: [{ host: 'api.acme.example', port: 443, access: 'read-only' }],
}

describe.each(LINES)('profiles on line %s', (line) => {
  let stack: LineGateway
  beforeAll(async () => {
    stack = await startLineGateway(line)
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('imports, finds, replaces and deletes a profile of a workspace', async () => {
    const { profiles } = stack.client
    const imported = await profiles.import([{ profile: acme, source: 'acme.yaml' }])
    expect(imported).toMatchObject({ imported: true, diagnostics: [] })
    const found = await profiles.get('acme')
    expect(found).toMatchObject(acme)
    expect((await profiles.list({ pageSize: 1 }).toArray()).map(({ id }) => id)).toContain('acme')
    expect(await stack.client.admin.profiles.tryGet('acme')).toBeUndefined()
    const { resourceVersion: expectedResourceVersion = '' } = found
    const item = { profile: { ...acme, description: 'Better' } }
    const updated = await profiles.update('acme', item, { expectedResourceVersion })
    expect(updated).toMatchObject({ updated: true, profile: { description: 'Better' } })
    expect(await failureOf(profiles.update('acme', item, { expectedResourceVersion }))).toMatchObject({
      kind: 'conflict',
    })
    expect(await profiles.delete('acme')).toEqual({ outcome: 'completed' })
    expect(await profiles.delete('acme')).toEqual({ outcome: 'absent' })
    expect(await profiles.tryGet('acme')).toBeUndefined()
  })

  test('gives what is wrong with a profile as data, with its source, and stores nothing', async () => {
    const { profiles } = stack.client
    const items = [{ profile: { ...acme, id: 'Bad Id' }, source: 'bad.yaml' }]
    const lint = await profiles.lint(items)
    expect(lint.valid).toBe(false)
    expect(lint.diagnostics[0]).toMatchObject({ source: 'bad.yaml', severity: 'error' })
    expect(await profiles.import(items)).toMatchObject({ imported: false, diagnostics: lint.diagnostics, profiles: [] })
    expect((await profiles.list().toArray()).map(({ id }) => id)).not.toContain('Bad Id')
  })

  test('keeps the profiles of the platform beside those of the workspaces', async () => {
    const { admin, profiles } = stack.client
    await admin.profiles.import([{ profile: { ...acme, id: 'shared' } }])
    expect(await profiles.get('shared')).toMatchObject({ id: 'shared' })
    expect(await admin.profiles.delete('shared')).toEqual({ outcome: 'completed' })
  })

  test('refuses a key that the line does not know, with its place and the nearest name', async () => {
    const credentials: object[] = [{ nam: 'x' }]
    const profile: ProviderProfile = { ...acme, credentials }
    const error = await failureOf(stack.client.profiles.lint([{ profile }]))
    expect(error.violations).toEqual([
      {
        field: 'profiles[0].credentials[0].nam',
        reason: 'UNKNOWN_FIELD',
        description: expect.stringContaining('did you mean "name"?'),
      },
    ])
  })
})
