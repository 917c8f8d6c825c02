import { finished } from 'node:stream'
import {
  create,
  type DescMessage,
  type DescMethod,
  type Message,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { ComputeDriver, type WatchSandboxesEvent, WatchSandboxesEventSchema } from '@openshell-ts/protocol/compute'
import type { DriverClient } from '../driver/driver-client.js'
import { StatusError } from '../errors/status-error.js'
import { TracedCall, type TraceTarget } from './traced-call.js'

const gateway = { side: 'driver', who: 'gateway' } as const

/** A driver whose calls, and each event of whose watch, are traced as the gateway hears them. */
export function traceDriver(driver: DriverClient, target: TraceTarget): DriverClient {
  return {
    close: () => driver.close(),
    call: async (name, request, options) => {
      const method: DescMethod = ComputeDriver.method[name]
      const traced = new TracedCall(target, method, gateway)
      takeRequest(traced, method.input, request)
      try {
        const response = await driver.call(name, request, options)
        traced.response(response, toBinary(method.output, response).length)
        traced.end()
        return response
      } catch (error) {
        traced.end(outcome(error))
        throw error
      }
    },
    watch() {
      const method: DescMethod = ComputeDriver.method.watchSandboxes
      const traced = new TracedCall(target, method, gateway)
      takeRequest(traced, method.input, {})
      traced.identify(gateway)
      const stream = driver.watch()
      const push = (event: WatchSandboxesEvent) =>
        traced.event(event, toBinary(WatchSandboxesEventSchema, event).length)
      // A listener for data would start the stream before its reader is there.
      const join = (name: string | symbol) => {
        if (name !== 'data') return
        stream.off('newListener', join)
        queueMicrotask(() => stream.on('data', push))
      }
      stream.on('newListener', join)
      finished(stream, (error) => traced.end(error ? outcome(error) : undefined))
      return stream
    },
  }
}

function takeRequest(traced: TracedCall, input: DescMessage, request: object): void {
  const message: Message = create(input, request as MessageInitShape<DescMessage>)
  traced.request(message, toBinary(input, message).length)
}

function outcome(error: unknown): { readonly code: status; readonly details: string } {
  if (error instanceof StatusError) return error
  const code = error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : status.UNKNOWN
  const details = error instanceof Error ? error.message : ''
  return { code, details }
}
