import { answerOf, describeOutcome, refusalOf } from './call-outcome.js'
import { expectThat } from './case-outcome.js'
import type { ConformanceCase } from './conformance-case.js'
import { fence } from './sandbox-story.js'
import { sandboxOf } from './watch-recorder.js'

/** Calls that gateways make again. */
export const idempotencyCases: readonly ConformanceCase[] = [
  {
    id: 'idempotency/stop-twice',
    title: 'a stopped sandbox can be stopped again',
    section: 'driver contract 10, StopSandbox',
    rule: 'StopSandbox is idempotent: a gateway repeats it for a row that stays at Stopping.',
    change: 'Answer OK when the sandbox is stopped already.',
    async run(session) {
      const { id, name } = await session.createGood()
      answerOf(await session.call('stopSandbox', { sandboxId: id, name }), 'StopSandbox')
      answerOf(await session.call('stopSandbox', { sandboxId: id, name }), 'a second StopSandbox')
    },
  },
  {
    id: 'idempotency/start-running',
    title: 'a running sandbox can be started',
    section: 'driver contract 10, StartSandbox',
    rule: 'StartSandbox answers OK when the sandbox runs already: a gateway that restarts calls it for all rows.',
    change: 'Answer OK when the sandbox runs already.',
    async run(session) {
      const sandbox = await session.createGood()
      answerOf(await session.start(sandbox), 'StartSandbox of a running sandbox')
      answerOf(await session.start(sandbox), 'a second StartSandbox')
    },
  },
  {
    id: 'idempotency/delete-twice',
    title: 'a second delete answers deleted=false',
    section: 'driver contract 10, DeleteSandbox',
    rule: 'DeleteSandbox of an absent sandbox answers OK with deleted=false; an error reaches the user as INTERNAL.',
    change: 'Answer deleted=false when there is nothing to delete.',
    async run(session) {
      const { id, name } = await session.createGood()
      answerOf(await session.call('deleteSandbox', { sandboxId: id, name }), 'DeleteSandbox')
      const { deleted } = answerOf(
        await session.call('deleteSandbox', { sandboxId: id, name }),
        'a second DeleteSandbox',
      )
      expectThat(!deleted, 'deleted=false', 'deleted=true')
    },
  },
  {
    id: 'idempotency/delete-unknown',
    title: 'a delete of an unknown sandbox answers deleted=false',
    section: 'driver contract 10, DeleteSandbox',
    rule: 'DeleteSandbox of an absent sandbox answers OK with deleted=false; an error reaches the user as INTERNAL.',
    change: 'Answer deleted=false when there is nothing to delete.',
    async run(session) {
      const { id, name } = session.newSandbox()
      const outcome = await session.call('deleteSandbox', { sandboxId: id, name })
      expectThat(!answerOf(outcome, 'DeleteSandbox').deleted, 'deleted=false', 'deleted=true')
    },
  },
  {
    id: 'idempotency/create-again',
    title: 'an id or a name that exists is not created again',
    section: 'driver contract 10, CreateSandbox',
    rule: 'CreateSandbox answers ALREADY_EXISTS when the id or the name exists.',
    change: 'Look for the id and for the name before creating anything.',
    async run(session) {
      const first = await session.createGood()
      refusalOf(await session.create(first), 'CreateSandbox with an id that exists', 'ALREADY_EXISTS')
      const second = session.newSandbox()
      const sameName = { ...second, name: first.name, message: { ...second.message, name: first.name } }
      refusalOf(await session.create(sameName), 'CreateSandbox with a name that exists', 'ALREADY_EXISTS')
      const count = (await session.list()).filter(({ name }) => name === first.name).length
      expectThat(count === 1, 'one sandbox of the name', `${count} sandboxes`)
    },
  },
  {
    id: 'idempotency/validate-changes-nothing',
    title: 'Validate leaves the list unchanged',
    section: 'driver contract 10, ValidateSandboxCreate',
    rule: 'ValidateSandboxCreate has no side effects: a gateway may never create what it validates.',
    change: 'Only check in ValidateSandboxCreate; create in CreateSandbox.',
    order: 'all',
    async run(session) {
      await session.createGood()
      const before = ids(await session.list())
      answerOf(await session.validate(session.newSandbox()), 'ValidateSandboxCreate')
      await session.validate(session.newSandbox({}, { conformance_unknown_key: 1 }))
      const after = ids(await session.list())
      expectThat(after === before, `the list ${before}`, after)
    },
  },
  {
    id: 'idempotency/validate-answers-the-same',
    title: 'Validate answers the same ten times',
    section: 'config lineage 13, idempotent',
    rule: 'The same request gets the same verdict, code and text each time.',
    change: 'Leave time, counters and random order out of verdicts and texts.',
    async run(session) {
      const refused = session.newSandbox({}, { conformance_unknown_key: 1, conformance_other_key: 'x' })
      const good = session.newSandbox()
      for (const sandbox of [refused, good]) {
        const first = describeOutcome(await session.validate(sandbox))
        for (let count = 1; count < 10; count += 1) {
          const next = describeOutcome(await session.validate(sandbox))
          expectThat(next === first, first, `${next}, the ${count + 1}. time`)
        }
      }
    },
  },
  {
    id: 'idempotency/delete-during-create',
    title: 'a delete that arrives during a create wins',
    section: 'driver contract 8, create flow',
    rule: 'DeleteSandbox may arrive while CreateSandbox runs; what the create then leaves is an orphan that nobody removes.',
    change: 'Serialise the calls on one sandbox, and let a delete end a running create.',
    async run(session) {
      const watch = await session.watch()
      const sandbox = session.newSandbox()
      const creating = session.create(sandbox)
      const visible = watch.until('a snapshot of the sandbox', (event) => sandboxOf(event)?.id === sandbox.id)
      await Promise.race([creating, visible])
      const request = { sandboxId: sandbox.id, name: sandbox.name }
      const { deleted } = answerOf(await session.call('deleteSandbox', request), 'DeleteSandbox during CreateSandbox')
      await Promise.all([creating, visible])
      expectThat(deleted, 'deleted=true', 'deleted=false')
      await fence(session, watch)
      const left = (await session.list()).some(({ id }) => id === sandbox.id)
      expectThat(!left, 'the sandbox to be gone', 'the sandbox in the list')
    },
  },
  {
    id: 'idempotency/cancelled-create',
    title: 'a create that its caller gives up is finished or undone',
    section: 'driver contract 8, create flow',
    rule: "A client's cancellation reaches CreateSandbox: the driver finishes or undoes it. Half a sandbox is what nobody can delete.",
    change: 'Finish a cancelled create, or remove what it has made and forget the sandbox.',
    async run(session) {
      const watch = await session.watch()
      const sandbox = session.newSandbox()
      const giveUp = new AbortController()
      const creating = session.create(sandbox, giveUp.signal)
      const visible = watch.until('a snapshot of the sandbox', (event) => sandboxOf(event)?.id === sandbox.id)
      await Promise.race([creating, visible])
      giveUp.abort()
      // An undone create may never be seen.
      void visible.catch(() => undefined)
      await creating
      answerOf(await session.delete(sandbox), 'DeleteSandbox after a cancelled create')
      const got = await session.call('getSandbox', { sandboxId: sandbox.id, name: sandbox.name })
      refusalOf(got, 'GetSandbox after a cancelled create and a delete', 'NOT_FOUND')
      const listed = (await session.list()).some(({ id }) => id === sandbox.id)
      expectThat(!listed, 'the sandbox to be gone', 'the sandbox in the list')
      answerOf(await session.create(sandbox), 'CreateSandbox with the same id and name')
    },
  },
]

function ids(sandboxes: readonly { readonly id: string }[]): string {
  return JSON.stringify(sandboxes.map(({ id }) => id).sort())
}
