import type { CommandEvent } from '../commands/command-event.js'

/** What a reply of a command holds. */
export type ExecPayload =
  | { readonly case: 'stdout' | 'stderr'; readonly value: { readonly data: Uint8Array } }
  | { readonly case: 'exit'; readonly value: { readonly exitCode: number } }
  | { readonly case: undefined; readonly value?: undefined }

/** Reads an event of a command; both lines write it alike. Undefined for one that this release does not know. */
export function toCommandEvent(payload: ExecPayload): CommandEvent | undefined {
  switch (payload.case) {
    case 'stdout':
      return { type: 'stdout', data: payload.value.data }
    case 'stderr':
      return { type: 'stderr', data: payload.value.data }
    case 'exit':
      return { type: 'exit', exitCode: payload.value.exitCode, outputComplete: true }
    default:
      return undefined
  }
}
