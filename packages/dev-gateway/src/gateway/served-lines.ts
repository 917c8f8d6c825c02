import type { ApiContext } from '../api/api-context.js'
import { inferenceService } from '../api/v0-0/inference.js'
import { openShellService } from '../api/v0-0/service.js'
import { withErrorDetails } from '../api/v0-1/error-details.js'
import { laterOpenShellService } from '../api/v0-1/service.js'
import type { StatusError } from '../errors/status-error.js'
import type { ServedService } from '../server/grpc-listener.js'
import type { WireLine } from '../wire/wire-line.js'

/** How a gateway serves one line of the wire. */
export interface ServedLine {
  readonly services: (context: ApiContext) => readonly ServedService[]
  /** Adds to a refusal what the line's clients read besides code and text. */
  readonly explain: (error: StatusError) => StatusError
}

/** The lines that a gateway can serve; it serves one at a time. */
export const servedLines: Readonly<Record<WireLine, ServedLine>> = {
  '0.0': {
    services: (context) => [openShellService(context), inferenceService(context)],
    explain: (error) => error,
  },
  '0.1': {
    services: (context) => [laterOpenShellService(context)],
    explain: withErrorDetails,
  },
}
