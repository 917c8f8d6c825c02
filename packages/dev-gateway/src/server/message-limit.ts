import { type Metadata, status } from '@grpc/grpc-js'
import { messageTooLarge } from './decode-message.js'
import type { RawCall } from './serve-call.js'

// What grpc-js says of a message whose announced size is above its limit.
const tooLargeText = /^Received message larger than max \((\d+) vs \d+\)$/

interface SentStatus {
  readonly code: status
  readonly details: string
  readonly metadata?: Metadata | null
}

interface CallInside {
  sendStatus(status: SentStatus): void
}

/**
 * Lets grpc-js refuse a message by its announced size, before any of it is kept, in the real gateway's words.
 *
 * This reaches into grpc-js. Where its inside looks different, the refusal has the code and the text of grpc-js.
 */
export function refuseLargeMessages(call: RawCall, headers: Metadata): void {
  const inside: unknown = Reflect.get(call, 'call')
  if (!isCallInside(inside)) return
  const send = inside.sendStatus.bind(inside)
  inside.sendStatus = (sent) => {
    const [, sizeBytes] = (sent.code === status.RESOURCE_EXHAUSTED && tooLargeText.exec(sent.details)) || []
    if (sizeBytes === undefined) return send(sent)
    const { code, details } = messageTooLarge(Number(sizeBytes))
    send({ code, details, metadata: headers })
  }
}

function isCallInside(value: unknown): value is CallInside {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'sendStatus') === 'function'
}
