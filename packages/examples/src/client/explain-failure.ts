import { OpenShellError, UnsupportedGatewayError } from '@openshell-ts/sdk'
import type { StoryOptions } from './story-options.js'

/** Why the story ended early, for people. */
export interface Failure {
  readonly message: string
  /** What to do about it; absent when the message says it. */
  readonly fix?: string | undefined
}

/** Puts an error into words that help without knowledge of the code. Never shows a value of a template. */
export function explainFailure(error: unknown, { gateway }: Pick<StoryOptions, 'gateway'>): Failure {
  if (!(error instanceof OpenShellError)) return { message: error instanceof Error ? error.message : String(error) }
  if (isSilence(error) || isSilence(error.cause)) {
    return error.dispatched
      ? { message: `The gateway at ${gateway} went away.`, fix: 'Look at its log, and start it again.' }
      : {
          message: `No gateway answers at ${gateway}.`,
          fix: 'Start one there, or pass another address with --gateway.',
        }
  }
  if (error instanceof UnsupportedGatewayError && error.override !== undefined) {
    return {
      message: error.plainMessage,
      fix: 'If you know which line it speaks, say so with --wire-line 0.0 or --wire-line 0.1.',
    }
  }
  return { message: error.plainMessage, fix: error.hint }
}

/** True when nobody answered; a gateway that answers "unavailable" gives the error a code. */
function isSilence(error: unknown): boolean {
  return error instanceof OpenShellError && error.kind === 'unavailable' && error.code === undefined
}
