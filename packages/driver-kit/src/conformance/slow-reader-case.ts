import type { WatchSandboxesEvent } from '@openshell-ts/protocol/compute'
import { answerOf } from './call-outcome.js'
import { expectThat } from './case-outcome.js'
import type { ConformanceCase } from './conformance-case.js'
import { SlowWatch } from './slow-watch.js'
import { isDeleted } from './watch-recorder.js'

const sandboxCount = 4

/** A gateway that takes nothing from its watch for a while. */
export const slowReaderCase: ConformanceCase = {
  id: 'watch/slow-reader',
  title: 'a watch that is not read holds nobody up and loses nothing silently',
  section: 'driver contract 13.1, watch',
  rule: 'A slow gateway never blocks the driver; what does not fit ends the stream with an error, so that the gateway starts anew.',
  change: 'Queue events for each watch apart, bound the queue, and close the stream with an error when it is full.',
  async run(session) {
    const slow = new SlowWatch(session.run.options.socketPath)
    try {
      const other = await session.watch()
      const live = async () => {
        const sandbox = await session.createGood()
        await session.stopGood(sandbox)
        answerOf(await session.delete(sandbox), 'DeleteSandbox beside a watch that is not read')
        await other.until('a deleted event beside a watch that is not read', (event) => isDeleted(event, sandbox.id))
        return sandbox
      }
      const sandboxes = await Promise.all(Array.from({ length: sandboxCount }, live))
      slow.open()
      const timeout = AbortSignal.timeout(session.run.options.timeoutMs)
      const deletedIn = (events: readonly WatchSandboxesEvent[]) =>
        sandboxes.filter(({ id }) => events.some((event) => isDeleted(event, id))).length
      await slow.until((events) => deletedIn(events) === sandboxCount, timeout)
      const deleted = deletedIn(slow.events())
      const complete = slow.ended || deleted === sandboxCount
      expectThat(complete, `${sandboxCount} deleted events, or the end of the stream`, `${deleted} deleted events`)
    } finally {
      slow.close()
    }
  },
}
