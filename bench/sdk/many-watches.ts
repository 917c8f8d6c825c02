import { setTimeout as delay } from 'node:timers/promises'
import { OpenShellClient, type Sandbox } from '@openshell-ts/sdk'
import { ChildServer } from '../child-server.js'
import { atMost, type Comparison } from '../comparison.js'
import { summarizeSamples } from '../summarize-samples.js'

const watched = 5_000
const callsAtATime = 16
const deadlineMs = 60_000

/** A watch on each of many sandboxes, over one connection, while all of them are stopped: how many miss it. */
export async function manyWatches(): Promise<Comparison> {
  await using server = await ChildServer.start('gateway-server')
  await using client = await OpenShellClient.connect({ endpoint: `http://127.0.0.1:${server.port}`, wireLine: '0.0' })
  const sandboxes: Sandbox[] = []
  await eachAtATime(Array.from({ length: watched }).keys(), async (index) => {
    sandboxes.push(await client.sandboxes.create({ name: `box-${index}` }, { waitReady: false }))
  })
  const watches = sandboxes.map((sandbox) => new StopWatch(sandbox))
  await Promise.all(watches.map(({ opened }) => opened))
  const startedAt = performance.now()
  await eachAtATime(sandboxes.values(), async (sandbox) => {
    await sandbox.stop()
  })
  await Promise.race([
    Promise.all(watches.map(({ finished }) => finished)),
    delay(deadlineMs, undefined, { ref: false }),
  ])
  const took = summarizeSamples(`${watched} stops, until the last watch has seen its own`, [
    performance.now() - startedAt,
  ])
  const lost = watches.filter(({ sawStop }) => !sawStop).length
  return {
    title: `${watched} watches over one connection`,
    timings: [took],
    verdicts: [atMost('watches that missed the stop of their sandbox', lost, 'changes', 0)],
  }
}

/** Watches one sandbox until it is stopped. */
class StopWatch {
  /** Settles when the sandbox is Ready. */
  readonly opened: Promise<void>
  /** Settles when the watch has ended. */
  readonly finished: Promise<void>
  sawStop = false

  constructor(sandbox: Sandbox) {
    let open = () => {}
    this.opened = new Promise((resolve) => {
      open = resolve
    })
    this.finished = this.#follow(sandbox, open)
  }

  async #follow(sandbox: Sandbox, open: () => void): Promise<void> {
    for await (const event of sandbox.watch()) {
      if (event.type !== 'status') continue
      if (event.info.phase === 'ready') open()
      if (event.info.phase !== 'stopped') continue
      this.sawStop = true
      return
    }
  }
}

async function eachAtATime<T>(items: Iterator<T>, run: (item: T) => Promise<void>): Promise<void> {
  const worker = async () => {
    for (let next = items.next(); !next.done; next = items.next()) await run(next.value)
  }
  await Promise.all(Array.from({ length: callsAtATime }, worker))
}
