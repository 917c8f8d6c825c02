import type { DeleteResult } from '../model/delete-result.js'
import type { ServiceInfo, ServiceSpec } from '../model/service-info.js'
import type { ListScope } from './list-scope.js'
import type { PageReply, PageRequest } from './page.js'
import type { WireCall } from './wire-call.js'

/** A service by its names. */
export interface ServiceAddress {
  readonly workspace: string
  readonly sandboxName: string
  /** Empty for the unnamed one. */
  readonly name: string
}

/** Which services to list. */
export interface ServiceListRequest extends PageRequest {
  readonly scope: ListScope
  /** Empty for those of every sandbox. */
  readonly sandboxName: string
}

/** What a client says about exposed services. */
export interface ServiceCalls {
  expose(
    address: ServiceAddress,
    spec: Pick<ServiceSpec, 'targetPort' | 'authorization'>,
    call: WireCall,
  ): Promise<ServiceInfo>
  get(address: ServiceAddress, call: WireCall): Promise<ServiceInfo>
  list(request: ServiceListRequest, call: WireCall): Promise<PageReply<ServiceInfo>>
  delete(address: ServiceAddress, call: WireCall): Promise<DeleteResult>
}
