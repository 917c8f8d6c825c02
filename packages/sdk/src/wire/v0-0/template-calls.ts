import type { TemplateCalls } from '../template-calls.js'
import { needsLine01 } from '../unsupported.js'

const TEMPLATES = 'Storing templates'

/** Line 0.0 has no stored templates. */
export function templateCalls(): TemplateCalls {
  return {
    create: async () => needsLine01(TEMPLATES),
    get: async () => needsLine01(TEMPLATES),
    list: async () => needsLine01(TEMPLATES),
    delete: async () => needsLine01(TEMPLATES),
  }
}
