import type { DescMessage, DescMethod, JsonValue, Message } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import type { CallTrace } from './call-trace.js'
import type { KnownSecrets } from './known-secrets.js'
import { outlineJson, safeJson } from './safe-json.js'
import type { TraceEntry } from './trace-entry.js'

// Writing a larger message as JSON would hold the gateway up.
const shownBytes = 16_384

/** Who is at the other end of a call. */
export interface TracedPeer {
  readonly side: TraceEntry['side']
  readonly who: string
}

/** Where calls are traced to. */
export interface TraceTarget {
  readonly trace: CallTrace
  readonly secrets: KnownSecrets
}

/** Follows one call from its start to its end. */
export class TracedCall {
  readonly #target: TraceTarget
  readonly #method: DescMethod
  readonly #time = new Date()
  readonly #startedMs = performance.now()
  #peer: TracedPeer
  #sandbox = ''
  #requestBytes = 0
  #responseBytes = 0
  #request: JsonValue | undefined
  #response: JsonValue | undefined
  #ended = false

  constructor(target: TraceTarget, method: DescMethod, peer: TracedPeer) {
    this.#target = target
    this.#method = method
    this.#peer = peer
  }

  /** Says who it is, once that is known. The start of a stream is told now. */
  identify(peer: TracedPeer): void {
    this.#peer = peer
    if (this.#method.methodKind !== 'unary') this.#add('stream-start', {})
  }

  /** Takes a request. */
  request(message: Message, bytes: number): void {
    this.#requestBytes += bytes
    if (this.#requestBytes > bytes) return
    const shown = show(this.#method.input, message, bytes)
    this.#sandbox = sandboxOf(shown)
    if (this.#method.methodKind === 'unary' || this.#method.methodKind === 'server_streaming') this.#request = shown
  }

  /** Takes an answer. */
  response(message: Message, bytes: number): void {
    this.#responseBytes += bytes
    if (this.#method.methodKind !== 'unary') return
    this.#response = show(this.#method.output, message, bytes)
    this.#sandbox ||= sandboxOf(this.#response)
  }

  /** Takes an event of a stream of answers, which has a line of its own. */
  event(message: Message, bytes: number): void {
    this.#responseBytes += bytes
    const response = show(this.#method.output, message, bytes)
    this.#add('stream-event', { sandbox: sandboxOf(response), requestBytes: 0, responseBytes: bytes, response })
  }

  /** Ends it, with the refusal when there is one. Only the first end counts. */
  end(error?: { readonly code: status; readonly details: string }): void {
    if (this.#ended) return
    this.#ended = true
    this.#add(this.#method.methodKind === 'unary' ? 'call' : 'stream-end', {
      status: status[error?.code ?? status.OK] ?? String(error?.code),
      message: error?.details ?? '',
      durationMs: performance.now() - this.#startedMs,
    })
  }

  #add(type: TraceEntry['type'], outcome: Partial<TraceEntry>): void {
    const { trace, secrets } = this.#target
    const entry = {
      time: type === 'stream-event' || type === 'stream-end' ? new Date() : this.#time,
      ...this.#peer,
      type,
      method: this.#method.name,
      sandbox: this.#sandbox,
      status: '',
      message: '',
      durationMs: 0,
      requestBytes: this.#requestBytes,
      responseBytes: this.#responseBytes,
      ...(this.#request !== undefined && { request: this.#request }),
      ...(this.#response !== undefined && { response: this.#response }),
      ...outcome,
    }
    trace.add(secrets.hideIn(entry))
  }
}

function show(schema: DescMessage, message: Message, bytes: number): JsonValue {
  return bytes > shownBytes ? outlineJson(schema, message) : safeJson(schema, message)
}

/** The sandbox that a message names, in the order in which messages name it. */
function sandboxOf(message: JsonValue | undefined): string {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return ''
  const { sandbox, sandbox_id: sandboxId, hello, deleted, platform_event: event, name, id } = message
  for (const named of [sandbox, hello, deleted, event]) if (named !== undefined) return sandboxOf(named)
  if (message['metadata'] !== undefined) return sandboxOf(message['metadata'])
  return [name, sandboxId, id].find((text): text is string => typeof text === 'string' && text !== '') ?? ''
}
