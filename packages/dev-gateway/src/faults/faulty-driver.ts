import { PassThrough, type Readable } from 'node:stream'
import { status } from '@grpc/grpc-js'
import { ComputeDriver, type WatchSandboxesEvent } from '@openshell-ts/protocol/compute'
import type { GatewayClock } from '../clock/gateway-clock.js'
import type { DriverClient } from '../driver/driver-client.js'
import type { DriverWatchStream } from '../driver/driver-watch-stream.js'
import { StatusError } from '../errors/status-error.js'
import type { FaultList } from './fault-list.js'
import { faultStatus } from './fault-status.js'
import type { DevGatewayFault } from './gateway-fault.js'
import { isLost } from './is-lost.js'
import { namedSandboxes } from './named-sandboxes.js'
import { tellLie } from './tell-lie.js'

/** A driver whose calls and whose watch stream may be struck by faults. */
export function faultyDriver(driver: DriverClient, faults: FaultList, clock: GatewayClock): DriverClient {
  const call: DriverClient['call'] = async (name, request, options) => {
    const rpc = `driver/${ComputeDriver.method[name].name}`
    const fault = faults.take({ rpc, sandboxes: namedSandboxes(request, () => undefined) })
    if (fault) await strikeBefore(fault, clock, options?.signal)
    const answer = await driver.call(name, request, options)
    if (!fault) return answer
    await strikeAfter(fault, options?.signal)
    return tellLie(fault, answer)
  }
  const watch = () => {
    const fault = faults.take({ rpc: 'driver/WatchSandboxes', sandboxes: [] })
    return fault ? faultyWatch(driver, fault, clock) : driver.watch()
  }
  return { call, watch, close: () => driver.close() }
}

async function strikeBefore(
  fault: DevGatewayFault,
  clock: GatewayClock,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (fault.effect === 'status') throw faultStatus(fault)
  if (fault.effect === 'drop-before-commit') throw connectionLost()
  if (fault.effect === 'delay') await clock.sleep(fault.delayMs, signal)
}

async function strikeAfter(fault: DevGatewayFault, signal: AbortSignal | undefined): Promise<void> {
  if (fault.effect === 'status-after-commit') throw faultStatus(fault)
  if (fault.effect === 'drop-after-commit') throw connectionLost()
  if (fault.effect !== 'half-open') return
  await new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(cancelled()))
  })
}

function faultyWatch(driver: DriverClient, fault: DevGatewayFault, clock: GatewayClock): DriverWatchStream {
  const events = new PassThrough({ objectMode: true, highWaterMark: 1 })
  const aborter = new AbortController()
  const cancel = () => {
    aborter.abort()
    // Whoever cancels a call hears of its end as an error.
    events.destroy(cancelled())
  }
  void pass(driver, fault, events, clock, aborter.signal).catch((error: Error) => events.destroy(error))
  return Object.assign(events, { cancel })
}

async function pass(
  driver: DriverClient,
  fault: DevGatewayFault,
  events: PassThrough,
  clock: GatewayClock,
  signal: AbortSignal,
): Promise<void> {
  await strikeBefore(fault, clock, signal)
  if (signal.aborted) return
  const source = driver.watch()
  signal.addEventListener('abort', () => source.cancel(), { once: true })
  let place = 0
  try {
    for await (const event of source as Readable as AsyncIterable<WatchSandboxesEvent>) {
      place += 1
      if (fault.effect === 'slow-reader') await clock.sleep(fault.delayMs, signal)
      if (fault.effect === 'drop-after-commit') throw connectionLost()
      if (fault.effect === 'half-open' && place > (fault.messages ?? 0)) continue
      if (!isLost(fault, event, place)) events.write(tellLie(fault, event))
      if (fault.effect === 'end-early' && place >= (fault.messages ?? 1)) break
    }
    if (fault.effect === 'status-after-commit') throw faultStatus(fault)
    events.end()
  } finally {
    source.on('error', () => undefined)
    source.cancel()
  }
}

// What the gateway makes of a driver's connection that is lost during a call.
function connectionLost(): StatusError {
  return new StatusError(status.UNKNOWN, 'transport error')
}

function cancelled(): StatusError {
  return new StatusError(status.CANCELLED, 'the call was cancelled')
}
