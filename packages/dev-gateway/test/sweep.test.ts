import { status } from '@grpc/grpc-js'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { TestClock } from '../src/index.js'
import { DriverRefusal } from './scripted-driver.js'
import { Setup } from './test-client.js'

const timings = { sweepIntervalMs: 10, sweepGraceMs: 300_000 }

test('a sweep applies what GetSandbox says about listed sandboxes', async () => {
  await using setup = await Setup.start({ timings })
  const sandbox = await setup.create()
  const id = sandbox.metadata?.id ?? ''
  setup.driver.records.set(id, {
    id,
    name: 'box',
    status: { conditions: [{ type: 'Ready', status: 'False', reason: 'ImagePullFailed' }] },
  })
  expect((await setup.reaches(id, SandboxPhase.ERROR)).status?.conditions[0]?.reason).toBe('ImagePullFailed')
})

test('a row that the driver does not know is kept for five minutes, and then removed', async () => {
  const clock = new TestClock()
  await using setup = await Setup.start({ timings, clock })
  const id = (await setup.create()).metadata?.id ?? ''
  setup.driver.records.delete(id)
  const sweeps = async (count: number) =>
    setup.driver.received('listSandboxes', setup.driver.callsOf('listSandboxes').length + count)
  // The sweep that was running may have seen the sandbox in the driver's list.
  await sweeps(2)
  const asked = setup.driver.callsOf('getSandbox').length
  await sweeps(3)
  expect((await setup.get()).metadata?.id).toBe(id)
  expect(setup.driver.callsOf('getSandbox').length).toBe(asked)
  clock.skip(300_000)
  await setup.removed(id)
})

test('a row is kept whose supervisor came while the driver was looking for it in vain', async () => {
  const clock = new TestClock()
  await using setup = await Setup.start({ timings, clock })
  const sandbox = await setup.create()
  const id = sandbox.metadata?.id ?? ''
  setup.driver.records.delete(id)
  await setup.driver.received('listSandboxes', setup.driver.callsOf('listSandboxes').length + 2)
  const supervisors: AsyncDisposable[] = []
  setup.driver.replies.getSandbox = async () => {
    if (supervisors.length > 0) return { sandbox: { id, name: 'box', status: {} } }
    supervisors.push(await setup.supervise(sandbox))
    throw new DriverRefusal(status.NOT_FOUND, '')
  }
  const asked = setup.driver.callsOf('getSandbox').length
  clock.skip(300_000)
  await setup.driver.received('getSandbox', asked + 2)
  expect((await setup.get()).metadata?.id).toBe(id)
  for (const supervisor of supervisors) await supervisor[Symbol.asyncDispose]()
})

test('a stopped row is kept as an error that tells what to do', async () => {
  const clock = new TestClock()
  await using setup = await Setup.start({ timings, clock })
  const sandbox = await setup.create()
  const id = sandbox.metadata?.id ?? ''
  await using _supervisor = await setup.supervise(sandbox)
  await setup.client.unary('stopSandbox', { name: 'box' })
  setup.driver.records.delete(id)
  clock.skip(300_000)
  const failed = await setup.reaches(id, SandboxPhase.ERROR)
  expect(failed.status?.conditions.at(-1)).toMatchObject({ reason: 'ComputeResourceMissing' })
})

test('an answer about another sandbox ends the sweep, and the next one goes on', async () => {
  await using setup = await Setup.start({ timings })
  const first = (await setup.create({ name: 'first' })).metadata?.id ?? ''
  const second = (await setup.create({ name: 'second' })).metadata?.id ?? ''
  const dead = { conditions: [{ type: 'Ready', status: 'False', reason: 'Dead' }] }
  let lies = 0
  setup.driver.replies.getSandbox = ({ request }) => {
    if (request.sandboxId === first && lies++ < 2) return { sandbox: { id: 'other', name: 'first' } }
    return { sandbox: { id: request.sandboxId, name: request.name, status: dead } }
  }
  await setup.reaches(second, SandboxPhase.ERROR)
  expect(lies).toBe(3)
})
