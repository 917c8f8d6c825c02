import type { Duplex } from 'node:stream'
import { relayFrame, relayStreamDuplex } from './relay-stream-duplex.js'
import type { TestSupervisor } from './test-supervisor.js'

/** Picks up a relay for a supervisor, and sends back what it brings, its end included. */
export function echoRelay(supervisor: TestSupervisor, channelId: string): Duplex {
  const frames = supervisor.client.bidiStream('relayStream', { metadata: supervisor.metadata })
  frames.write(relayFrame({ case: 'init', value: { channelId } }))
  supervisor.send({ case: 'relayOpenResult', value: { channelId, success: true } })
  const duplex = relayStreamDuplex(frames)
  return duplex.pipe(duplex)
}
