import type { DescService } from '@bufbuild/protobuf'
import { unimplemented } from '../errors/status-error.js'
import type { MethodHandlers } from '../server/method-handlers.js'
import type { WireLine } from '../wire/wire-line.js'

/** An RPC that this gateway refuses on purpose. `docs/reference/dev-gateway-unimplemented.md` lists the same. */
export interface UnimplementedRpc {
  /** The lines that have it. */
  readonly lines: readonly WireLine[]
  readonly rpc: string
  /** What the caller reads. */
  readonly text: string
}

const onePeer = 'a development gateway runs alone and has no peers'
const both: readonly WireLine[] = ['0.0', '0.1']

/** Every RPC that this gateway refuses on purpose. */
export const unimplementedRpcs: readonly UnimplementedRpc[] = [
  {
    lines: both,
    rpc: 'ExchangeProviderSubjectToken',
    text: 'a development gateway has no SPIFFE identity and exchanges no tokens; give the provider a static credential',
  },
  {
    lines: ['0.1'],
    rpc: 'GetProviderCredentials',
    text: 'a development gateway knows no operator certificates; attach the provider to a sandbox to use its credentials',
  },
  {
    lines: ['0.1'],
    rpc: 'BeginRootfsTarStaging',
    text: 'a development gateway stages no root file systems; name an image in the template',
  },
  { lines: ['0.1'], rpc: 'PeerRelay', text: onePeer },
  { lines: ['0.1'], rpc: 'PeerReportProviderReadiness', text: onePeer },
  { lines: ['0.1'], rpc: 'PeerReportEndpointStatus', text: onePeer },
  { lines: ['0.1'], rpc: 'PeerGetSandboxProviderStatus', text: onePeer },
  { lines: ['0.1'], rpc: 'PeerNotifyConfigUpdate', text: onePeer },
]

/** Handlers of a service that refuse what this gateway leaves out on a line: UNIMPLEMENTED, with a text that says why. */
export function unimplementedHandlers<Service extends DescService>(
  service: Service,
  line: WireLine,
): MethodHandlers<Service> {
  const refused = unimplementedRpcs.filter(({ lines }) => lines.includes(line))
  const handlers = service.methods.flatMap(({ name, localName }) => {
    const found = refused.find(({ rpc }) => rpc === name)
    return found ? [[localName, () => Promise.reject(unimplemented(found.text))]] : []
  })
  return Object.fromEntries(handlers) as MethodHandlers<Service>
}
