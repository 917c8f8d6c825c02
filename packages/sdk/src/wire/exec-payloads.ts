import type { CommandInput } from './exec-calls.js'
import { type ExecEvent, type ExecPayload, toExecEvent } from './exec-event.js'

/** Reads what a gateway says about a command. */
export async function* toExecEvents(
  replies: AsyncIterable<{ readonly payload: ExecPayload }>,
): AsyncGenerator<ExecEvent> {
  for await (const { payload } of replies) {
    const event = toExecEvent(payload)
    if (event) yield event
  }
}

/** One message of a caller; the same on both lines but for the start. */
type InputPayload<Start> =
  | { readonly case: 'start'; readonly value: Start }
  | { readonly case: 'stdin'; readonly value: Uint8Array }
  | { readonly case: 'resize'; readonly value: { readonly cols: number; readonly rows: number } }

/** Writes what a caller sends: the start first. */
export async function* toInputMessages<Start>(
  start: Start,
  inputs: AsyncIterable<CommandInput>,
): AsyncGenerator<{ payload: InputPayload<Start> }> {
  yield { payload: { case: 'start', value: start } }
  for await (const input of inputs) {
    if (input.type === 'stdin') yield { payload: { case: 'stdin', value: input.data } }
    else yield { payload: { case: 'resize', value: { cols: input.cols, rows: input.rows } } }
  }
}
