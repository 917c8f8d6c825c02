import { OpenShellError } from '../errors/openshell-error.js'
import { createSshSession } from '../ssh/create-ssh-session.js'
import type { Gateway } from '../transport/gateway.js'
import type { ForwardTarget } from '../wire/forward-calls.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import { ForwardDuplex, type OpenForwardStream } from './forward-duplex.js'
import { acquireStreamSlot } from './stream-slots.js'

// The gateway may count a connection for a moment that has ended here.
const PAUSES_FOR_ROOM_MS = [50, 100, 200, 400, 800]

/** What is opened. */
export interface ForwardOptions {
  readonly target: ForwardTarget
  /** Ends the connection, also after it was opened. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens a connection into a sandbox, with an SSH session of its own that is revoked at its end. Waits while the sandbox has as many
 * connections as it may have.
 */
export async function openForward(
  gateway: Gateway,
  address: SandboxAddress,
  { target, signal }: ForwardOptions,
): Promise<ForwardDuplex> {
  const scope = { rpc: 'ForwardTcp', sandboxName: address.name, signal }
  // Says so as every other call does when the signal has aborted or the client is closed.
  await gateway.look(scope, () => undefined)
  let release = () => {}
  try {
    release = await acquireStreamSlot(gateway, address.id, signal)
    for (const pauseMs of [...PAUSES_FOR_ROOM_MS, undefined]) {
      try {
        return await openOnce(gateway, address, { target, signal }, release)
      } catch (error) {
        if (pauseMs === undefined || !isFull(error)) throw error
        await gateway.pause(pauseMs, scope)
      }
    }
    throw new TypeError('A forward was neither opened nor refused.')
  } catch (error) {
    release()
    // The wait for a place ends with a bare reason; this says what it means.
    if (!(error instanceof OpenShellError)) await gateway.pause(0, scope)
    throw error
  }
}

async function openOnce(
  gateway: Gateway,
  address: SandboxAddress,
  { target, signal }: ForwardOptions,
  release: () => void,
): Promise<ForwardDuplex> {
  const session = await createSshSession(gateway, address, signal)
  const open: OpenForwardStream = (data, ended, onAccepted) => {
    const scope = {
      rpc: 'ForwardTcp',
      sandboxName: address.name,
      signal: ended,
      deadlineMs: 0,
      timeoutOption: 'none',
      mutates: true,
    }
    const request = { target, token: session.token }
    return gateway.stream(scope, (codec, call) => codec.forwards.open(address, request, data, call, onAccepted))
  }
  const stream = new ForwardDuplex(open, session.hostKeyFingerprint)
  const stop = () => stream.destroy(aborted(address, signal))
  // What goes wrong before the connection is handed over is the rejection of `accepted`.
  const ignore = () => undefined
  stream.on('error', ignore)
  stream.once('close', () => {
    signal?.removeEventListener('abort', stop)
    // A session that cannot be revoked expires.
    session[Symbol.asyncDispose]().catch(ignore)
  })
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted) stop()
  await stream.accepted
  stream.off('error', ignore)
  stream.once('close', release)
  return stream
}

function aborted({ name }: SandboxAddress, signal: AbortSignal | undefined): OpenShellError {
  return new OpenShellError({
    kind: 'aborted',
    message: 'ForwardTcp was aborted by the given signal.',
    rpc: 'ForwardTcp',
    sandboxName: name,
    dispatched: true,
    cause: signal?.reason,
  })
}

function isFull(error: unknown): boolean {
  return (
    error instanceof OpenShellError && error.kind === 'resource-exhausted' && /connection limit/.test(error.message)
  )
}
