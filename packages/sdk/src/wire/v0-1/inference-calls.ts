import type { InferenceCalls } from '../inference-calls.js'
import { onlyLine00 } from '../unsupported.js'

const ROUTES = 'Routing requests for models'

/** Line 0.1 has no inference service. */
export function inferenceCalls(): InferenceCalls {
  return {
    set: async () => onlyLine00(ROUTES),
    get: async () => onlyLine00(ROUTES),
    delete: async () => onlyLine00(ROUTES),
  }
}
