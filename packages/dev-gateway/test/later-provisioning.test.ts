import { status } from '@grpc/grpc-js'
import { ConfigurationAdmissionState, SandboxPhase } from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { TestClock } from '../src/index.js'
import { LaterSetup, scope } from './later-setup.js'
import { DriverRefusal } from './scripted-driver.js'
import { failure } from './test-client.js'

const named = { name: 'box', workspaceScope: scope }
const rejected = { state: ConfigurationAdmissionState.REJECTED, error: 'bad rule' }
const seconds = { seconds: expect.any(BigInt) }

/** A gateway that gives a sandbox up ten minutes after its supervisor has rejected its configuration, and such a sandbox. */
async function rejectedSandbox() {
  const clock = new TestClock()
  const timings = { configurationRepairMs: 600_000, sweepIntervalMs: 3_600_000 }
  const setup = await LaterSetup.start({ clock, timings })
  const sandbox = await setup.create()
  const supervisor = await setup.supervise(sandbox, { accepts: false })
  await setup.reportConfiguration(sandbox, rejected)
  return {
    clock,
    setup,
    sandbox,
    id: sandbox.metadata?.id ?? '',
    supervisor,
    async [Symbol.asyncDispose]() {
      await supervisor[Symbol.asyncDispose]()
      await setup[Symbol.asyncDispose]()
    },
  }
}

/** Resolves when the compute of a sandbox that was given up is deleted. */
const cleanedUp = (setup: LaterSetup) =>
  setup.shows(({ status: found }) => found?.provisioning?.cleanupCompletedTime !== undefined)

describe('gateway-client 11: the repair window of a rejected configuration', () => {
  test('is announced, and closed by an acceptance', async () => {
    await using given = await rejectedSandbox()
    const { setup, clock, sandbox } = given
    expect((await setup.get()).status?.provisioning).toMatchObject({
      attemptId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      firstRejectionTime: seconds,
      deadline: seconds,
    })
    await setup.reportConfiguration(sandbox)
    clock.skip(600_000)
    const { status: found } = await setup.get()
    expect(found?.phase).toBe(SandboxPhase.READY)
    expect(found?.provisioning?.deadline).toBeUndefined()
    expect(setup.driver.callsOf('deleteSandbox')).toEqual([])
  })

  test('driver-contract 13.1, 13.2: ends with an error that neither its driver nor a sweep takes away', async () => {
    await using given = await rejectedSandbox()
    const { setup, clock, id, supervisor } = given
    const ended = supervisor.sessionEnded()
    clock.skip(600_000)
    await setup.reaches(SandboxPhase.ERROR)
    expect(await ended).toBeUndefined()
    const { status: found } = await cleanedUp(setup)
    expect(found?.provisioning).toMatchObject({ timeoutTime: seconds, cleanupError: '' })
    expect(found?.conditions.find(({ type }) => type === 'Ready')).toMatchObject({
      reason: 'ConfigurationInvalid',
      message: 'Sandbox provisioning timed out: bad rule',
    })
    await setup.driver.watched()
    setup.driver.emit({ case: 'deleted', value: { sandboxId: id } })
    setup.driver.records.clear()
    const sweeps = setup.driver.callsOf('listSandboxes').length
    clock.skip(3_600_000)
    await setup.driver.received('listSandboxes', sweeps + 1)
    await setup.driver.received('getSandbox')
    expect((await setup.get()).status?.phase).toBe(SandboxPhase.ERROR)
  })

  test('is followed by another try when the driver cannot delete', async () => {
    await using given = await rejectedSandbox()
    const { setup, clock } = given
    setup.driver.replies.deleteSandbox = () => Promise.reject(new DriverRefusal(status.UNAVAILABLE, 'busy'))
    clock.skip(600_000)
    const failed = await setup.shows(({ status: found }) => found?.provisioning?.cleanupRetryTime !== undefined)
    expect(failed.status?.provisioning?.cleanupError).toBe('busy')
    delete setup.driver.replies.deleteSandbox
    clock.skip(60_000)
    expect((await cleanedUp(setup)).status?.provisioning).toMatchObject({ cleanupError: '' })
  })

  test('driver-contract 12: lets no supervisor connect any more', async () => {
    await using given = await rejectedSandbox()
    const { setup, clock, sandbox } = given
    clock.skip(600_000)
    await setup.reaches(SandboxPhase.ERROR)
    expect(await failure(setup.supervise(sandbox, { accepts: false }))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: 'sandbox is not accepting supervisor sessions while Error',
    })
  })

  test('driver-contract 8: a start after it creates the compute again under its id, without a token', async () => {
    await using given = await rejectedSandbox()
    const { setup, clock, id } = given
    clock.skip(600_000)
    const before = (await cleanedUp(setup)).status?.provisioning?.attemptId
    const { sandbox } = await setup.client.unary('startSandbox', named)
    expect(sandbox?.status).toMatchObject({ phase: SandboxPhase.STARTING })
    expect(sandbox?.status?.provisioning?.attemptId).not.toBe(before)
    const [first, again] = setup.driver.callsOf('createSandbox').map(({ request }) => request.sandbox)
    expect(again).toMatchObject({ id, name: 'box', spec: { sandboxToken: '', command: first?.spec?.command } })
    expect(again?.spec?.launchAuthentication.length).toBeGreaterThan(0)
  })
})
