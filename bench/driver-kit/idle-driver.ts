import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ChildServer } from '../child-server.js'
import { atMost, type Comparison } from '../comparison.js'
import { computeClient } from './compute-client.js'
import { CountingWatch } from './counting-watch.js'
import { sandboxMessage } from './sandbox-message.js'
import { temporaryFolder } from './temporary-folder.js'

const idleMs = 10_000
/** Less is the cost of asking, and the clock's own steps. */
const measurableMs = 10

/** A driver with one sandbox and a gateway that watches, while nothing happens; against a bare grpc-js server. */
export async function idleDriver(): Promise<Comparison> {
  await using folder = await temporaryFolder()
  const kitSocket = join(folder.path, 's', 'kit.sock')
  await using kit = await ChildServer.start('kit-server', [kitSocket, join(folder.path, 'state')])
  await using bare = await ChildServer.start('bare-server', [join(folder.path, 'bare.sock')])
  const client = computeClient(kitSocket)
  await client.unary('createSandbox', { sandbox: sandboxMessage(0) })
  const watch = new CountingWatch(kitSocket)
  await watch.until(1)
  await pause(1_000)
  const before = await kit.ask({ ask: 'processor' })
  await pause(idleMs)
  const after = await kit.ask({ ask: 'processor' })
  const ofKit = (await kit.ask({ ask: 'memory' })).rssBytes / 2 ** 20
  const ofBare = (await bare.ask({ ask: 'memory' })).rssBytes / 2 ** 20
  watch.close()
  client.close()
  return {
    title: `an idle driver; a bare grpc-js server has ${ofBare.toFixed(1)} MiB`,
    timings: [],
    verdicts: [
      atMost('resident memory', ofKit, 'MiB', 90),
      atMost(`processor time in ${idleMs / 1_000} s`, after.cpuMs - before.cpuMs, 'ms', measurableMs),
    ],
  }
}
