import { Metadata } from '@grpc/grpc-js'
import { ComputeDriver } from '@openshell-ts/protocol/compute'
import { type CallOutcome, outcomeOf } from './call-outcome.js'
import type { ConformanceRun } from './conformance-run.js'

/** Calls a method of the driver's service by its wire name, with bytes that no generated message would write. */
export function rawCall(run: ConformanceRun, method: string, request: Uint8Array): Promise<CallOutcome<Uint8Array>> {
  const { signal } = run.options
  const deadline = new Date(Date.now() + run.options.timeoutMs)
  return outcomeOf(
    new Promise<Uint8Array>((resolve, reject) => {
      const call = run.rawClient.makeUnaryRequest(
        `/${ComputeDriver.typeName}/${method}`,
        (bytes: Uint8Array) => Buffer.from(bytes),
        (bytes: Buffer): Uint8Array => bytes,
        request,
        new Metadata(),
        { deadline },
        (error, answer) => {
          signal?.removeEventListener('abort', cancel)
          return error ? reject(error) : resolve(answer ?? new Uint8Array())
        },
      )
      const cancel = () => call.cancel()
      signal?.addEventListener('abort', cancel, { once: true })
    }),
  )
}
