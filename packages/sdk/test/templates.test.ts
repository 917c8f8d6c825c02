import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from './failure-of.js'
import { type LineGateway, startLineGateway, WORKSPACE } from './line-gateway.js'

describe('templates on line 0.1', () => {
  let stack: LineGateway
  beforeAll(async () => {
    stack = await startLineGateway('0.1')
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('stores a template in full, finds it, lists it by label and deletes it', async () => {
    const { templates } = stack.client
    const spec = {
      image: 'python:3.12',
      environment: { A: '1' },
      resources: { cpu: '2', memory: '4Gi' },
      gpu: true,
      startup: { readyWithinMs: 1500, maxBurst: 3 },
    } as const
    const driverConfig = { simulated: { size: 1, list: [null] } }
    const made = await templates.create('base', { ...spec, driverConfig, labels: { kind: 'base' } })
    expect(made).toMatchObject({ name: 'base', workspace: WORKSPACE, labels: { kind: 'base' } })
    expect(made.spec).toEqual({ ...spec, driverConfig })
    expect(await templates.get('base')).toEqual(made)
    await templates.create('bare', {})
    expect(await templates.list({ pageSize: 1 }).toArray()).toHaveLength(2)
    expect(await templates.list({ labelSelector: 'kind=base' }).toArray()).toEqual([made])
    expect(await failureOf(templates.create('base', {}))).toMatchObject({ kind: 'already-exists' })
    expect(await templates.delete('base')).toEqual({ outcome: 'completed' })
    expect(await templates.delete('base')).toEqual({ outcome: 'absent' })
    expect(await templates.tryGet('base')).toBeUndefined()
  })

  test('makes a sandbox from a template, in which the spec wins', async () => {
    const { templates, sandboxes } = stack.client
    const spec = { image: 'python:3.12', environment: { A: '1', B: '1' } }
    const { resourceVersion } = await templates.create('python', spec)
    await using sandbox = await sandboxes.create({ template: 'python', environment: { B: '2' } }, { waitReady: false })
    expect(sandbox.info.template).toEqual({ name: 'python', resourceVersion })
    expect(sandbox.info.spec.image).toBe('python:3.12')
    const missing = sandboxes.create({ template: 'nobody' }, { waitReady: false })
    expect(await failureOf(missing)).toMatchObject({ kind: 'not-found' })
  })

  test('says which setting forbids the driver config of a template', async () => {
    const { templates, sandboxes } = stack.client
    await templates.create('sized', { driverConfig: { simulated: { size: 1 } } })
    const error = await failureOf(sandboxes.create({ template: 'sized' }))
    expect(error).toMatchObject({
      kind: 'driver-config-disabled',
      hint: expect.stringContaining('allow_driver_config'),
    })
  })

  test('warns about a block that does not match, before a template is stored', async () => {
    const warnings: string[] = []
    const onWarning = ({ message }: { readonly message: string }) => void warnings.push(message)
    await stack.client.templates.create('odd', { driverConfig: { simulatd: {} } }, { onWarning })
    expect(warnings).toEqual([expect.stringContaining('simulatd')])
  })

  test('reports every problem of a template at once, and sends nothing', async () => {
    const spec = { environment: { OPENSHELL_X: '' }, gpu: { count: 0 }, startup: { readyWithinMs: -1 } }
    const error = await failureOf(stack.client.templates.create('', spec))
    expect(error).toMatchObject({ kind: 'invalid-argument', attempts: 0 })
    expect(error.violations.map(({ field }) => field)).toEqual([
      'name',
      'environment.OPENSHELL_X',
      'gpu.count',
      'startup.readyWithinMs',
    ])
  })

  test('refuses a template beside a driver config, and sends nothing', async () => {
    const spec = { template: 'python', driverConfig: { simulated: {} } }
    const error = await failureOf(stack.client.sandboxes.create(spec))
    expect(error).toMatchObject({ kind: 'invalid-argument', attempts: 0 })
    expect(error.violations).toEqual([expect.objectContaining({ field: 'driverConfig', reason: 'CONFLICT' })])
  })
})

test('templates on line 0.0 are unsupported, and the error names the first version that has them', async () => {
  await using stack = await startLineGateway('0.0')
  const { templates, sandboxes } = stack.client
  const calls = [
    templates.create('a', {}),
    templates.get('a'),
    templates.tryGet('a'),
    templates.delete('a'),
    templates.list().toArray(),
    sandboxes.create({ template: 'a' }),
    sandboxes.create({ services: [{ targetPort: 80 }] }),
  ]
  for (const error of await Promise.all(calls.map(failureOf))) {
    expect(error.kind).toBe('unsupported')
    expect(error.message).toContain('0.1.0')
  }
})
