import { setTimeout as pause } from 'node:timers/promises'
import type { DriverSandbox } from '@openshell-ts/protocol/compute'
import { answerOf, outcomeOf } from './call-outcome.js'
import { CaseSkip, expectThat } from './case-outcome.js'
import type { ConformanceCase } from './conformance-case.js'
import type { ConformanceSession, OwnSandbox } from './conformance-session.js'
import { describeSandbox, isSuspended } from './sandbox-status.js'
import { sandboxOf } from './watch-recorder.js'

const pollMs = 2

/** What a driver knows after it was ended and started again. */
export const restartCases: readonly ConformanceCase[] = [
  {
    id: 'restart/nothing-lost',
    title: 'a restarted driver has all its sandboxes, under their names',
    rule: 'A gateway never repeats names, specs or tokens: a driver rebuilds everything from its own records.',
    async run(session) {
      const { running, stopped } = await restartWithTwo(session)
      const listed = await session.list()
      for (const { id, name } of [running, stopped]) {
        const found = listed.find((sandbox) => sandbox.id === id)
        expectThat(found !== undefined, `the list to have ${name}`, `${listed.length} other sandboxes`)
        expectThat(found.name === name, `the name ${name}`, found.name)
        expectThat((await session.get({ id, name, message: {} }))?.id === id, `Get to have ${name}`, 'another one')
      }
    },
  },
  {
    id: 'restart/stopped-stays-stopped',
    title: 'a restarted driver starts nothing',
    rule: 'A stop on request stands until a start; it is told from a crash also after a restart.',
    async run(session) {
      const { stopped } = await restartWithTwo(session)
      const sandbox = await session.get(stopped)
      expectThat(
        sandbox !== undefined && isSuspended(sandbox),
        'Suspended=True for a sandbox that was stopped before the restart',
        sandbox === undefined ? 'an answer without a sandbox' : describeSandbox(sandbox),
      )
    },
  },
  {
    id: 'restart/list-waits-for-recovery',
    title: 'no list is answered before everything is recovered',
    rule: 'One miss in List and Get destroys a row: until recovery is done, List waits or fails.',
    async run(session) {
      const { running, stopped, earlyLists } = await restartWithTwo(session)
      for (const list of earlyLists) {
        for (const { id, name } of [running, stopped]) {
          const found = list.some((sandbox) => sandbox.id === id)
          expectThat(found, `each list to have ${name}`, `a list of ${list.length} sandboxes during recovery`)
        }
      }
    },
  },
  {
    id: 'restart/watch-snapshot',
    title: 'a watch of the restarted driver begins with all sandboxes',
    rule: 'The gateway opens a new watch and learns from its snapshot what has happened meanwhile.',
    async run(session) {
      const { running, stopped } = await restartWithTwo(session)
      const watch = await session.watch()
      for (const { id, name } of [running, stopped]) {
        await watch.until(`a snapshot of ${name}`, (event) => sandboxOf(event)?.id === id)
      }
    },
  },
  {
    id: 'restart/goes-on',
    title: 'sandboxes can be started and deleted after a restart',
    rule: 'Start carries no spec: the driver keeps what it needs.',
    async run(session) {
      const { running, stopped } = await restartWithTwo(session)
      answerOf(await session.start(stopped), 'StartSandbox after a restart')
      for (const { id, name } of [running, stopped]) {
        const { deleted } = answerOf(await session.call('deleteSandbox', { sandboxId: id, name }), 'DeleteSandbox')
        expectThat(deleted, 'deleted=true', 'deleted=false')
      }
    },
  },
]

interface Restarted {
  readonly running: OwnSandbox
  readonly stopped: OwnSandbox
  /** Every list that was answered while the driver restarted. */
  readonly earlyLists: readonly (readonly DriverSandbox[])[]
}

async function restartWithTwo(session: ConformanceSession): Promise<Restarted> {
  const { restart } = session.options
  if (restart === undefined) throw new CaseSkip('needs a way to restart the driver; pass the option "restart"')
  const running = await session.createGood()
  const stopped = await session.createGood()
  answerOf(await session.call('stopSandbox', { sandboxId: stopped.id, name: stopped.name }), 'StopSandbox')
  const done = new AbortController()
  const listing = listUntil(session, done.signal)
  try {
    await restart()
  } finally {
    done.abort()
    session.reconnect()
  }
  return { running, stopped, earlyLists: await listing }
}

/** Asks for lists on connections of their own, until the driver is back: most calls fail, the earliest answers count. */
async function listUntil(session: ConformanceSession, signal: AbortSignal): Promise<(readonly DriverSandbox[])[]> {
  const lists: (readonly DriverSandbox[])[] = []
  while (!signal.aborted) {
    const client = session.connect()
    const outcome = await outcomeOf(client.unary('listSandboxes', {}, { signal }))
    client.close()
    if (outcome.ok) lists.push(outcome.answer.sandboxes)
    await pause(pollMs)
  }
  return lists
}
