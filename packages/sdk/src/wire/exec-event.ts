/** What a reply of a command holds. */
export type ExecPayload =
  | { readonly case: 'stdout' | 'stderr'; readonly value: { readonly data: Uint8Array } }
  | { readonly case: 'exit'; readonly value: { readonly exitCode: number } }
  | { readonly case: undefined; readonly value?: undefined }

/** What a gateway reports about a command. */
export type ExecEvent =
  | { readonly type: 'stdout' | 'stderr'; readonly data: Uint8Array }
  | { readonly type: 'exit'; readonly exitCode: number }

/** Reads an event of a command; both lines write it alike. Undefined for one that this release does not know. */
export function toExecEvent(payload: ExecPayload): ExecEvent | undefined {
  switch (payload.case) {
    case 'stdout':
      return { type: 'stdout', data: payload.value.data }
    case 'stderr':
      return { type: 'stderr', data: payload.value.data }
    case 'exit':
      return { type: 'exit', exitCode: payload.value.exitCode }
    default:
      return undefined
  }
}
