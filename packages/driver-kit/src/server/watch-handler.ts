import { type handleServerStreamingCall, Metadata, type ServerWritableStream } from '@grpc/grpc-js'
import type { WatchSandboxesEvent, WatchSandboxesRequest } from '@openshell-ts/protocol/compute'
import { toWireStatus } from '../contract/status-error.js'
import type { DriverLogger } from '../driver/driver-logger.js'
import type { WatchFeed } from '../engine/watch-feed.js'

type WatchCall = ServerWritableStream<WatchSandboxesRequest, WatchSandboxesEvent>

/** Sends a feed as it comes, as fast as its reader takes it. A stream without an error would look like an end of news. */
export function watchHandler(
  subscribe: () => Promise<WatchFeed>,
  logger: DriverLogger,
): handleServerStreamingCall<WatchSandboxesRequest, WatchSandboxesEvent> {
  return (call) => {
    send(call, subscribe).then(
      () => call.end(),
      (error: unknown) => call.emit('error', toWireStatus(error, 'watch sandboxes', logger)),
    )
  }
}

async function send(call: WatchCall, subscribe: () => Promise<WatchFeed>): Promise<void> {
  const feed = await subscribe()
  // Without sandboxes there is no first event, and the caller would not learn that its watch has begun.
  call.sendMetadata(new Metadata())
  const gone = new Promise<void>((resolve) => {
    call.once('cancelled', resolve)
    call.once('close', resolve)
  }).then(() => feed.close())
  if (call.cancelled) feed.close()
  for await (const event of feed) {
    if (!call.write(event)) await Promise.race([drained(call), gone])
  }
}

function drained(call: WatchCall): Promise<void> {
  return new Promise((resolve) => {
    call.once('drain', resolve)
  })
}
