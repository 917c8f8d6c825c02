import { answerOf, refusalOf } from './call-outcome.js'
import { CaseSkip, expectThat } from './case-outcome.js'
import type { CaseDescription, ConformanceCase } from './conformance-case.js'
import type { ConformanceSession } from './conformance-session.js'
import { type Restarted, restartOnce } from './restart-story.js'
import { describeSandbox, isSuspended, readyCondition } from './sandbox-status.js'
import { sandboxOf } from './watch-recorder.js'

/** What a driver knows after it was ended and started again. They share one restart; the last ones act on its sandboxes. */
export const restartCases: readonly ConformanceCase[] = [
  restartCase(
    {
      id: 'restart/nothing-lost',
      title: 'a restarted driver has all its sandboxes, under their names',
      section: 'driver contract 13.4, outages and restarts',
      rule: 'A gateway never repeats names, specs or tokens: a driver rebuilds everything from its own records.',
      change: 'Write a record of each sandbox before CreateSandbox answers, and read all of them at start.',
    },
    async (session, { running, stopped }) => {
      const listed = await session.list()
      for (const sandbox of [running, stopped]) {
        const { id, name } = sandbox
        const found = listed.find((one) => one.id === id)
        expectThat(found !== undefined, `the list to have ${name}`, `${listed.length} other sandboxes`)
        expectThat(found.name === name, `the name ${name}`, found.name)
        const got = await session.get(sandbox)
        const right = got?.id === id && readyCondition(got) !== undefined
        expectThat(right, `Get to have ${name} with a Ready condition`, got ? describeSandbox(got) : 'no sandbox')
      }
    },
  ),
  restartCase(
    {
      id: 'restart/no-handshake',
      title: 'a restarted driver serves without being asked for its capabilities',
      section: 'driver contract 1.4, serving both lines',
      rule: 'A gateway of line 0.0 asks for the capabilities at its own start only; a restarted driver never sees that call.',
      change: 'Make the driver ready when it starts, not when GetCapabilities arrives.',
      lines: ['0.0'],
    },
    async (session) => {
      answerOf(await session.validate(session.newSandbox()), 'ValidateSandboxCreate after a restart')
      await session.createGood()
    },
  ),
  restartCase(
    {
      id: 'restart/stopped-stays-stopped',
      title: 'a restarted driver starts nothing',
      section: 'driver contract 19, state and phases',
      rule: 'A stop on request stands until a start; it is told from a crash also after a restart.',
      change: 'Keep with the sandbox that it was stopped on request.',
    },
    async (session, { stopped }) => {
      const sandbox = await session.get(stopped)
      expectThat(
        sandbox !== undefined && isSuspended(sandbox),
        'Suspended=True for a sandbox that was stopped before the restart',
        sandbox === undefined ? 'an answer without a sandbox' : describeSandbox(sandbox),
      )
    },
  ),
  restartCase(
    {
      id: 'restart/deleted-stays-deleted',
      title: 'a deleted sandbox does not come back with a restart',
      section: 'driver contract 10, DeleteSandbox',
      rule: 'DeleteSandbox removes the record too: a sandbox that comes back is one that no gateway knows.',
      change: 'Remove the record before DeleteSandbox answers.',
    },
    async (session, { deleted }) => {
      const { id, name } = deleted
      const listed = (await session.list()).some((one) => one.id === id)
      expectThat(!listed, `the list to be without ${name}`, 'the sandbox in the list')
      refusalOf(
        await session.call('getSandbox', { sandboxId: id, name }),
        'GetSandbox of a deleted sandbox',
        'NOT_FOUND',
      )
    },
  ),
  restartCase(
    {
      id: 'restart/list-waits-for-recovery',
      title: 'no list is answered before everything is recovered',
      section: 'driver contract 13.2, reconcile sweep',
      rule: 'One miss in List and Get destroys a row: until recovery is done, List waits or fails.',
      change: 'Read all records before listening, or let List wait for it.',
    },
    async (_, { running, stopped, earlyLists }) => {
      for (const list of earlyLists) {
        for (const { id, name } of [running, stopped]) {
          const found = list.some((sandbox) => sandbox.id === id)
          expectThat(found, `each list to have ${name}`, `a list of ${list.length} sandboxes during recovery`)
        }
      }
    },
  ),
  restartCase(
    {
      id: 'restart/watch-snapshot',
      title: 'a watch of the restarted driver begins with all sandboxes',
      section: 'driver contract 13.4, outages and restarts',
      rule: 'The gateway opens a new watch and learns from its snapshot what has happened meanwhile.',
      change: 'Send all recovered sandboxes first on each watch.',
    },
    async (session, { running, stopped }) => {
      const watch = await session.watch()
      for (const { id, name } of [running, stopped]) {
        await watch.until(`a snapshot of ${name}`, (event) => sandboxOf(event)?.id === id)
      }
    },
  ),
  restartCase(
    {
      id: 'restart/interrupted-create',
      title: 'a create that the end of the driver cut off is whole or undone',
      section: 'driver contract 19, state and phases',
      rule: 'What a cut create has left is listed and can be deleted, or is not there at all; an answered one is never lost.',
      change: 'Write the record before the compute is made, and finish or remove at start what has no answer.',
    },
    async (session, { interrupted, interruptedCreate }) => {
      const listed = (await session.list()).some(({ id }) => id === interrupted.id)
      expectThat(listed || !interruptedCreate.ok, 'an answered create to be kept', 'no such sandbox in the list')
      if (listed) await session.get(interrupted)
      answerOf(await session.delete(interrupted), 'DeleteSandbox of an interrupted create')
      answerOf(await session.create(interrupted), 'CreateSandbox with the same id and name')
    },
  ),
  restartCase(
    {
      id: 'restart/old-config',
      title: 'a sandbox with a block of the oldest version starts after a restart',
      section: 'config lineage 1, H8',
      rule: 'StartSandbox does not resend the block: the stored one is checked and migrated when it is needed again.',
      change: 'Store the block with its version, and bring it to the current version at start.',
      level: 'L3',
    },
    async (session, { old }) => {
      if (old === undefined) throw new CaseSkip('needs published schemas, and an operator who allows blocks')
      answerOf(await session.start(old), 'StartSandbox of a sandbox with an old block')
    },
  ),
  restartCase(
    {
      id: 'restart/goes-on',
      title: 'sandboxes can be started and deleted after a restart',
      section: 'driver contract 10, StartSandbox',
      rule: 'Start carries no spec: the driver keeps what it needs.',
      change: 'Keep command, environment, block and token of each sandbox over restarts.',
    },
    async (session, { running, stopped }) => {
      answerOf(await session.start(stopped), 'StartSandbox after a restart')
      for (const sandbox of [running, stopped]) {
        const { deleted } = answerOf(await session.delete(sandbox), 'DeleteSandbox after a restart')
        expectThat(deleted, 'deleted=true', 'deleted=false')
      }
    },
  ),
]

function restartCase(
  description: CaseDescription & Pick<ConformanceCase, 'lines'>,
  check: (session: ConformanceSession, restarted: Restarted) => Promise<void>,
): ConformanceCase {
  return {
    ...description,
    order: 'all',
    run: async (session) => check(session, await restartOnce(session)),
  }
}
