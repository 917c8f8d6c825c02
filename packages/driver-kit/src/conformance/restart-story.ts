import { setTimeout as pause } from 'node:timers/promises'
import type { DriverSandbox } from '@openshell-ts/protocol/compute'
import { type CallOutcome, describeOutcome, outcomeOf } from './call-outcome.js'
import { CaseFailure, CaseSkip } from './case-outcome.js'
import type { ConformanceSession, OwnSandbox } from './conformance-session.js'

const pollMs = 2
/** As long as a gateway waits for a driver. */
const recoveryMs = 30_000

/** What is known after the one restart of a run; the sandboxes live on until the run ends. */
export interface Restarted {
  readonly running: OwnSandbox
  readonly stopped: OwnSandbox
  /** Deleted before the restart. */
  readonly deleted: OwnSandbox
  /** Was being created when the driver ended; its create may or may not have been answered. */
  readonly interrupted: OwnSandbox
  readonly interruptedCreate: CallOutcome<unknown>
  /** Was created with a block of the oldest version, and stopped; absent when there is no such block or the gate is off. */
  readonly old?: OwnSandbox
  /** Every list that was answered while the driver restarted. */
  readonly earlyLists: readonly (readonly DriverSandbox[])[]
}

/** The restarts by the shared session of their run. */
const restarts = new WeakMap<ConformanceSession, Promise<Restarted>>()

/**
 * Restarts the driver, once a run.
 *
 * @throws CaseSkip when there is no way to restart it, CaseFailure when it does not come back.
 */
export function restartOnce({ shared }: ConformanceSession): Promise<Restarted> {
  const restarted = restarts.get(shared) ?? restart(shared)
  restarts.set(shared, restarted)
  return restarted
}

async function restart(shared: ConformanceSession): Promise<Restarted> {
  const { restart: cause, oldBlock } = shared.run.options
  if (cause === undefined)
    throw new CaseSkip('needs a way to restart the driver; see --restart-command and --driver-command')
  const [running, stopped, deleted] = await Promise.all([shared.createGood(), shared.createGood(), shared.createGood()])
  const old = oldBlock === undefined ? undefined : shared.newSandbox({}, oldBlock)
  const hasOld = old !== undefined && (await shared.create(old)).ok
  await Promise.all([stopped, ...(hasOld ? [old] : [])].map((sandbox) => shared.stopGood(sandbox)))
  await shared.delete(deleted)
  const interrupted = shared.newSandbox()
  const creating = shared.create(interrupted)
  const earlyLists = await restartListing(shared, cause)
  const interruptedCreate = await creating
  return {
    ...{ running, stopped, deleted, interrupted, interruptedCreate, earlyLists },
    ...(hasOld ? { old } : {}),
  }
}

async function restartListing(shared: ConformanceSession, cause: () => Promise<void>) {
  const done = new AbortController()
  const listing = listUntil(shared, done.signal)
  try {
    await cause()
  } catch (error) {
    throw new CaseFailure('the driver to serve again', error instanceof Error ? error.message : String(error))
  } finally {
    done.abort()
    shared.run.reconnect()
  }
  return [...(await listing), await firstList(shared)]
}

// A driver may accept connections before it answers, and so may the last one for a moment after its end.
async function firstList(shared: ConformanceSession): Promise<readonly DriverSandbox[]> {
  const { run } = shared
  const timeout = AbortSignal.timeout(Math.min(run.options.timeoutMs, recoveryMs))
  for (;;) {
    const outcome = await shared.call('listSandboxes', {}, timeout)
    if (outcome.ok) return outcome.answer.sandboxes
    if (timeout.aborted || run.options.signal?.aborted) {
      throw new CaseFailure('ListSandboxes to be answered OK after the restart', describeOutcome(outcome))
    }
    run.reconnect()
    await pause(pollMs)
  }
}

/** Asks for lists on connections of their own, until the driver is back: most calls fail, the earliest answers count. */
async function listUntil({ run }: ConformanceSession, signal: AbortSignal): Promise<(readonly DriverSandbox[])[]> {
  const lists: (readonly DriverSandbox[])[] = []
  while (!signal.aborted) {
    const client = run.connect()
    const outcome = await outcomeOf(client.unary('listSandboxes', {}, { signal }))
    client.close()
    if (outcome.ok) lists.push(outcome.answer.sandboxes)
    await pause(pollMs)
  }
  return lists
}
