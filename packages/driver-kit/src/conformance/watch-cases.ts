import { toJsonString } from '@bufbuild/protobuf'
import { DriverSandboxSchema } from '@openshell-ts/protocol/compute'
import { answerOf } from './call-outcome.js'
import { expectThat } from './case-outcome.js'
import type { ConformanceCase } from './conformance-case.js'
import { describeSandbox, isRunning } from './sandbox-status.js'
import { fence, stageOf, storyOf } from './sandbox-story.js'
import { isDeleted, sandboxOf } from './watch-recorder.js'

/** What a watch tells. */
export const watchCases: readonly ConformanceCase[] = [
  {
    id: 'watch/snapshot-first',
    title: 'a new watch begins with all sandboxes',
    section: 'driver contract 13.1, watch',
    rule: 'A watch sends a snapshot of all sandboxes first; a gateway that reconnects learns only from it what it missed.',
    change: 'Subscribe to the backend first, then send all sandboxes, then what changes.',
    async run(session) {
      const sandbox = await session.createGood()
      const watch = await session.watch()
      await watch.until('a snapshot of a sandbox that was there before', (event) => sandboxOf(event)?.id === sandbox.id)
    },
  },
  {
    id: 'watch/live',
    title: 'a running watch sends what changes',
    section: 'driver contract 13.1, watch',
    rule: 'After the snapshot, a watch sends live events until its reader leaves; it does not end by itself.',
    change: 'Keep the stream open and send every change as it happens.',
    async run(session) {
      const watch = await session.watch()
      const { id } = await fence(session, watch)
      answerOf(await session.call('deleteSandbox', { sandboxId: id }), 'DeleteSandbox')
      await watch.until('a deleted event', (event) => isDeleted(event, id))
    },
  },
  {
    id: 'watch/only-on-change',
    title: 'nothing is sent when nothing changes',
    section: 'driver contract 11.1, applying a snapshot',
    rule: 'Each snapshot counts as a change of the sandbox and wakes every client; one is sent on change only.',
    change: 'Send a snapshot only when it differs from the last one.',
    async run(session) {
      const sandbox = await settled(session)
      const watch = await session.watch()
      await watch.until('a snapshot', (event) => sandboxOf(event)?.id === sandbox.id)
      const before = watch.snapshots(sandbox.id).length
      await session.get(sandbox)
      await session.list()
      await session.validate(session.newSandbox())
      await fence(session, watch)
      const sent = watch.snapshots(sandbox.id).slice(before)
      expectThat(sent.length === 0, 'no snapshot of a sandbox at rest', sent.map(describeSandbox).join(' · '))
    },
  },
  {
    id: 'watch/changes-differ',
    title: 'no snapshot repeats the one before it',
    section: 'driver contract 11.1, applying a snapshot',
    rule: 'A snapshot is sent on change only.',
    change: 'Send a snapshot only when it differs from the last one.',
    order: 'story',
    async run(session) {
      const story = await storyOf(session)
      stageOf(story, 'running')
      const texts = story.events.flatMap((event) => {
        const sandbox = sandboxOf(event)
        return sandbox?.id === story.sandbox.id ? [toJsonString(DriverSandboxSchema, sandbox)] : []
      })
      const repeated = texts.find((text, index) => index > 0 && text === texts[index - 1])
      expectThat(repeated === undefined, 'each snapshot to differ from the one before', repeated ?? '')
    },
  },
  {
    id: 'watch/deleted-once',
    title: 'the end of a sandbox is reported exactly once, and last',
    section: 'driver contract 13.1, watch',
    rule: 'One deleted event a sandbox, when it is gone, and nothing about it afterwards.',
    change: 'Send deleted once, when everything of the sandbox is gone, and nothing about it after that.',
    order: 'story',
    async run(session) {
      const story = await storyOf(session)
      stageOf(story, 'deleted')
      const { id } = story.sandbox
      const deletions = story.events.filter((event) => isDeleted(event, id)).length
      expectThat(deletions === 1, 'one deleted event', `${deletions} deleted events`)
      const end = story.events.findIndex((event) => isDeleted(event, id))
      const later = story.events.slice(end).filter((event) => sandboxOf(event)?.id === id)
      expectThat(later.length === 0, 'nothing about the sandbox after its deleted event', `${later.length} snapshots`)
    },
  },
  {
    id: 'watch/several-watchers',
    title: 'several watchers all get everything',
    section: 'driver contract 13.1, watch',
    rule: 'Every watch stands on its own: a second one takes nothing from the first.',
    change: 'Give each watch a subscription of its own.',
    async run(session) {
      const watches = await Promise.all([session.watch(), session.watch(), session.watch()])
      const { id } = await fence(session, ...watches)
      answerOf(await session.call('deleteSandbox', { sandboxId: id }), 'DeleteSandbox')
      await Promise.all(watches.map((watch) => watch.until('a deleted event', (event) => isDeleted(event, id))))
      await fence(session, ...watches)
      const counts = watches.map((watch) => watch.deletions(id))
      expectThat(
        counts.every((count) => count === 1),
        'one deleted event for each of 3 watchers',
        counts.join(', '),
      )
    },
  },
  {
    id: 'watch/names-echoed',
    title: 'every snapshot has the name that the sandbox was created with',
    section: 'driver contract 10, names',
    rule: 'A gateway rejects a snapshot with another or an empty name whole, and the sweep of all sandboxes with it.',
    change: 'Keep the name of the request with the sandbox and send it in every snapshot.',
    order: 'story',
    async run(session) {
      const story = await storyOf(session)
      stageOf(story, 'running')
      const { id, name } = story.sandbox
      const wrong = story.events.map(sandboxOf).find((sandbox) => sandbox?.id === id && sandbox.name !== name)
      expectThat(wrong === undefined, `the name ${JSON.stringify(name)} in every snapshot`, JSON.stringify(wrong?.name))
    },
  },
]

/** A sandbox that has come to run, so that nothing more is to be told about it. */
async function settled(session: Parameters<ConformanceCase['run']>[0]) {
  const watch = await session.watch()
  const sandbox = await session.createGood()
  await watch.until('a snapshot with Ready=True', (event) => {
    const seen = sandboxOf(event)
    return seen?.id === sandbox.id && isRunning(seen)
  })
  return sandbox
}
