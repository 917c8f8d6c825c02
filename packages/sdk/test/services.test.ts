import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from './failure-of.js'
import { LINES, type LineGateway, startLineGateway, WORKSPACE } from './line-gateway.js'

describe.each(LINES)('services on line %s', (line) => {
  let stack: LineGateway
  beforeAll(async () => {
    stack = await startLineGateway(line)
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('exposes ports with a name and without, lists them and takes them back', async () => {
    await using sandbox = await stack.client.sandboxes.create({ name: 'shop' }, { waitReady: false })
    const web = await sandbox.services.expose({ name: 'web', targetPort: 8080 })
    expect(web).toMatchObject({ name: 'web', sandboxName: 'shop', sandboxId: sandbox.id, targetPort: 8080 })
    expect(web.url).toContain(`${WORKSPACE}--shop--web`)
    const unnamed = await sandbox.services.expose({ targetPort: 80 })
    expect(unnamed).toMatchObject({ name: '', workspace: WORKSPACE })
    expect(await sandbox.services.get()).toEqual(unnamed)
    expect(await stack.client.services.of('shop').list({ pageSize: 1 }).toArray()).toHaveLength(2)
    expect(await stack.client.services.list().toArray()).toHaveLength(2)
    expect(await sandbox.services.delete('web')).toEqual({ outcome: 'completed' })
    expect(await sandbox.services.delete('web')).toEqual({ outcome: 'absent' })
    expect(await sandbox.services.tryGet('web')).toBeUndefined()
  })

  test('reports every problem of a service at once, and sends nothing', async () => {
    const error = await failureOf(stack.client.services.of('x').expose({ name: 'A--b', targetPort: 70_000 }))
    expect(error).toMatchObject({ kind: 'invalid-argument', attempts: 0 })
    expect(error.violations.map(({ field }) => field)).toEqual(['name', 'targetPort'])
  })

  test('chooses what becomes of authorization, and exposes at create, from line 0.1 on', async () => {
    const { sandboxes } = stack.client
    const spec = { name: 'early', services: [{ name: 'api', targetPort: 90, authorization: 'strip' }] } as const
    if (line === '0.0') {
      const expose = stack.client.services.of('x').expose({ targetPort: 80, authorization: 'bearer-passthrough' })
      expect(await failureOf(expose)).toMatchObject({ kind: 'unsupported' })
      return
    }
    await using sandbox = await sandboxes.create(spec, { waitReady: false })
    expect(sandbox.serviceUrls).toEqual({ api: expect.stringContaining(`${WORKSPACE}--early--api`) })
    expect((await sandboxes.get('early')).serviceUrls).toEqual({})
    expect(await sandbox.services.get('api')).toMatchObject({ targetPort: 90, authorization: 'strip' })
    await using once = await sandboxes.createOnce(
      { name: 'once', services: [{ targetPort: 90 }] },
      { waitReady: false },
    )
    expect(once.serviceUrls).toEqual({ '': (await once.services.get()).url })
    const twice = sandboxes.create({ services: [{ targetPort: 1 }, { targetPort: 2 }] })
    expect((await failureOf(twice)).violations).toEqual([expect.objectContaining({ reason: 'DUPLICATE' })])
  })
})
