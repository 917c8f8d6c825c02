import type { GatewayClock } from '../clock/gateway-clock.js'
import type { ServedService } from '../server/grpc-listener.js'
import type { CallContext, ResponseStream } from '../server/method-handlers.js'
import type { AnyHandler } from '../server/serve-call.js'
import { lostCursor } from '../watch/cursor.js'
import type { FaultList } from './fault-list.js'
import { faultStatus } from './fault-status.js'
import { FaultyAnswer } from './faulty-answer.js'
import type { DevGatewayFault } from './gateway-fault.js'
import { namedSandboxes } from './named-sandboxes.js'

/** What faults need to know of their gateway. */
export interface FaultSurroundings {
  readonly faults: FaultList
  readonly clock: GatewayClock
  /** The name of a sandbox. */
  readonly nameOf: (id: string) => string | undefined
  /** Lets another session of a sandbox take over, one that answers nothing. */
  readonly supersede: (sandboxId: string) => void
}

/** A service whose calls may be struck by faults. */
export function faultyService({ service, handlers }: ServedService, surroundings: FaultSurroundings): ServedService {
  const faulty = service.methods.flatMap(({ localName, name }) => {
    const handler = handlers[localName] as AnyHandler | undefined
    return handler ? [[localName, faultyHandler(name, handler, surroundings)]] : []
  })
  return { service, handlers: Object.fromEntries(faulty) }
}

function faultyHandler(rpc: string, handler: AnyHandler, surroundings: FaultSurroundings): AnyHandler {
  const { faults, nameOf } = surroundings
  return async (input, context, responses) => {
    if (!faults.concerns(rpc)) return handler(input, context, responses)
    const { first, input: whole } = await peek(input)
    const { principal } = context
    const own = principal.type === 'sandbox' ? { sandboxId: principal.sandboxId } : undefined
    const sandboxes = [...namedSandboxes(first, nameOf), ...namedSandboxes(own, nameOf)]
    const fault = faults.take({ rpc, sandboxes, resumes: resumes(first) })
    return fault
      ? strike(fault, handler, { input: whole, context, responses }, surroundings)
      : handler(whole, context, responses)
  }
}

interface HandlerCall {
  readonly input: unknown
  readonly context: CallContext
  readonly responses: ResponseStream<never>
}

async function strike(
  fault: DevGatewayFault,
  handler: AnyHandler,
  { input, context, responses }: HandlerCall,
  { clock, supersede }: FaultSurroundings,
): Promise<object | undefined> {
  switch (fault.effect) {
    case 'status':
      throw faultStatus(fault)
    case 'lose-cursor':
      throw lostCursor()
    case 'drop-before-commit':
      context.dropConnection()
      return undefined
    case 'delay':
      await clock.sleep(fault.delayMs, context.signal)
      return handler(input, context, responses)
    case 'slow-reader':
      return handler(
        slowed(input, () => clock.sleep(fault.delayMs, context.signal)),
        context,
        responses,
      )
    default: {
      const answer = new FaultyAnswer(fault, context, responses, supersede)
      return answer.of(handler, input)
    }
  }
}

function resumes(first: unknown): boolean {
  if (typeof first !== 'object' || first === null || !('resumeAfterCursor' in first)) return false
  return first.resumeAfterCursor !== ''
}

/** Looks at the first message of a call without taking it away. */
async function peek(input: unknown): Promise<{ readonly first: unknown; readonly input: unknown }> {
  if (!isIterator(input)) return { first: input, input }
  const first = await input.next()
  const whole = (async function* () {
    if (first.done) return
    yield first.value
    for (let next = await input.next(); !next.done; next = await input.next()) yield next.value
  })()
  return { first: first.done ? undefined : first.value, input: whole }
}

function slowed(input: unknown, wait: () => Promise<void>): unknown {
  if (!isIterator(input)) return input
  return (async function* () {
    for (;;) {
      await wait()
      const next = await input.next()
      if (next.done) return
      yield next.value
    }
  })()
}

function isIterator(input: unknown): input is AsyncIterator<unknown> {
  return typeof input === 'object' && input !== null && 'next' in input && typeof input.next === 'function'
}
