import { OpenShellError, UnsupportedGatewayError } from '@openshell-ts/sdk'
import type { StoryOptions } from './story-options.js'

/** Why the story ended early, for people. */
export interface Failure {
  readonly message: string
  /** What to do about it; absent when the message says it. */
  readonly fix?: string | undefined
}

/** Puts an error into words that help without knowledge of the code. Never shows a value of a template. */
export function explainFailure(error: unknown, { gateway }: StoryOptions): Failure {
  if (error instanceof UnsupportedGatewayError) {
    const fix = 'If you know which protocol it speaks, say so with --wire-line 0.0.'
    return { message: plainMessage(error), fix: error.override === undefined ? undefined : fix }
  }
  if (error instanceof OpenShellError) {
    if (error.kind !== 'unavailable') return { message: plainMessage(error), fix: error.hint }
    return error.dispatched
      ? {
          message: `The gateway at ${gateway} went away: ${plainMessage(error)}`,
          fix: 'Look at its log, and start it again.',
        }
      : {
          message: `No gateway answers at ${gateway}.`,
          fix: 'Start one there, or pass another address with --gateway.',
        }
  }
  return { message: error instanceof Error ? error.message : String(error) }
}

/** The message without the kind that every message of the SDK begins with. */
function plainMessage({ message, kind }: OpenShellError): string {
  return message.replace(`[${kind}] `, '')
}
