import { type CallOptions, createContextValues } from '@connectrpc/connect'
import { BYTES_SINKS, type BytesSink } from '../transport/grpc/bytes-sink.js'

/** Takes what a command writes, as it arrives. */
export interface ExecOutput {
  readonly stdout: BytesSink
  readonly stderr: BytesSink
}

/** Fields of an event that hold output, as a line describes them. */
interface OutputFields {
  readonly stdout: { readonly number: number }
  readonly stderr: { readonly number: number }
}

/** Options of a call whose output goes where it is wanted instead of into the events. */
export function withOutput(options: CallOptions, fields: OutputFields, output: ExecOutput | undefined): CallOptions {
  if (!output) return options
  const sinks = new Map([
    [fields.stdout.number, output.stdout],
    [fields.stderr.number, output.stderr],
  ])
  return { ...options, contextValues: createContextValues().set(BYTES_SINKS, sinks) }
}
