/** What a running command reports, in the order in which it arrives; `exit` comes last. */
export type CommandEvent =
  | { readonly type: 'stdout'; readonly data: Uint8Array }
  | { readonly type: 'stderr'; readonly data: Uint8Array }
  | {
      readonly type: 'exit'
      readonly exitCode: number
      /** False when the stream broke off after the exit, so that output may be missing. */
      readonly outputComplete: boolean
    }
