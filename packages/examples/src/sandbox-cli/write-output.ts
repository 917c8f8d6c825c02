import { once } from 'node:events'
import type { Output } from './surroundings.js'

/** Writes, and waits until the reader has taken it: a slow reader slows the sandbox down. */
export async function writeOutput(stream: Output, data: Uint8Array): Promise<void> {
  if (!stream.write(data)) await once(stream, 'drain')
}
