import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How many bytes of buffers this process still holds, once nothing more of them is let go. */
export async function liveBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  let held = Number.POSITIVE_INFINITY
  for (let now = bytesOfBuffers(); now < held; now = bytesOfBuffers()) {
    held = now
    collect()
    // What was collected is given back on another thread.
    await setImmediate()
    collect()
  }
  return held
}

function bytesOfBuffers(): number {
  return process.memoryUsage().arrayBuffers
}
