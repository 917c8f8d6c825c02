import { create, type MessageInitShape } from '@bufbuild/protobuf'
import {
  type DriverSandboxSpecSchema,
  type ResourceCapabilities,
  ResourceCapabilitiesSchema,
} from '@openshell-ts/protocol/compute'
import { refusalOf } from './call-outcome.js'
import { CaseUnsupported } from './case-outcome.js'
import type { ConformanceCase } from './conformance-case.js'
import type { ConformanceSession } from './conformance-session.js'

type Spec = MessageInitShape<typeof DriverSandboxSpecSchema>

interface Limit {
  readonly name: string
  readonly field: 'cpuLimit' | 'memoryLimit'
  readonly good: string
  readonly isSupported: (capabilities: ResourceCapabilities) => boolean
}

const limits: readonly Limit[] = [
  { name: 'cpu', field: 'cpuLimit', good: '500m', isSupported: ({ cpu }) => cpu?.limitSupported ?? false },
  { name: 'memory', field: 'memoryLimit', good: '64Mi', isSupported: ({ memory }) => memory?.limitSupported ?? false },
]
const badQuantities = ['conformance', '-1', '1Qx']
const rule =
  'ValidateSandboxCreate refuses every field that the driver cannot honour; a limit that is ignored without a word is worse than none.'

/** Typed fields of a request that not every driver can honour. */
export const requestCases: readonly ConformanceCase[] = [
  ...limits.map(limitCase),
  {
    id: 'request/gpu',
    title: 'a GPU that the driver does not offer is refused',
    section: 'driver contract 17.7, resource capabilities',
    rule,
    change:
      'Refuse resource_requirements.gpu, or a count, in ValidateSandboxCreate as long as the capabilities say no.',
    async run(session) {
      const { gpu } = await resourceCapabilities(session)
      const { defaultSelectionSupported = false, countSelectionSupported = false } = gpu ?? {}
      if (!defaultSelectionSupported) await expectRefusal(session, 'a GPU', { resourceRequirements: { gpu: {} } })
      if (!countSelectionSupported) {
        await expectRefusal(session, 'two GPUs', { resourceRequirements: { gpu: { count: 2 } } })
      }
      if (defaultSelectionSupported && countSelectionSupported) {
        throw new CaseUnsupported('the driver offers GPUs in both ways, so that there is nothing to refuse')
      }
    },
  },
]

function limitCase({ name, field, good, isSupported }: Limit): ConformanceCase {
  return {
    id: `request/${name}-limit`,
    title: `a ${name} limit that cannot be kept is refused`,
    section: 'driver contract 17.7, resource capabilities',
    rule,
    change: `Refuse a ${name} limit in ValidateSandboxCreate when it is no quantity, and any when the capabilities offer none.`,
    async run(session) {
      const offered = isSupported(await resourceCapabilities(session))
      const quantities = offered ? badQuantities : [good, ...badQuantities]
      for (const quantity of quantities) {
        const { image, block } = session.run.options
        const template = { image, resources: { [field]: quantity }, ...(block ? { driverConfig: block } : {}) }
        await expectRefusal(session, `a ${name} limit of ${quantity}`, { template })
      }
    },
  }
}

async function resourceCapabilities(session: ConformanceSession): Promise<ResourceCapabilities> {
  const { resourceCapabilities: said } = await session.capabilities()
  return said ?? create(ResourceCapabilitiesSchema, silentDriver)
}

// Drivers for line 0.0 alone say nothing about resources. Whether they keep a limit cannot be seen, so that only what nobody can keep is asked for.
const silentDriver: MessageInitShape<typeof ResourceCapabilitiesSchema> = {
  cpu: { limitSupported: true },
  memory: { limitSupported: true },
  gpu: { defaultSelectionSupported: true, countSelectionSupported: true },
}

async function expectRefusal(session: ConformanceSession, what: string, spec: Spec): Promise<void> {
  const outcome = await session.validate(session.newSandbox(spec))
  refusalOf(outcome, `a request for ${what}`, 'INVALID_ARGUMENT', 'FAILED_PRECONDITION')
}
