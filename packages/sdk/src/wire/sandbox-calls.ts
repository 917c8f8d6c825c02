import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import type { Violation } from '../errors/openshell-error.js'
import type { DeleteResult } from '../model/delete-result.js'
import type { SandboxInfo } from '../model/sandbox-info.js'
import type { SandboxCreateSpec } from '../model/template.js'
import type { ListScope } from './list-scope.js'
import type { PageReply, PageRequest } from './page.js'
import type { SandboxAddress } from './sandbox-address.js'
import type { WireCall } from './wire-call.js'

/** A create as it goes on the wire: the envelope is plain JSON and has been measured. */
export interface CreateRequest {
  readonly workspace: string
  readonly spec: Omit<SandboxCreateSpec, 'driverConfig'>
  readonly driverConfig?: JsonObject | undefined
}

/** Which sandboxes to list. */
export interface SandboxListRequest extends PageRequest {
  readonly scope: ListScope
  readonly labelSelector: string
}

/** A sandbox that was created. */
export interface CreateReply {
  readonly info: SandboxInfo
  /** URLs of the services that were exposed with it, by their names; empty on line 0.0. */
  readonly serviceUrls: Readonly<Record<string, string>>
}

/** What a client says about sandboxes. */
export interface SandboxCalls {
  /** What is wrong with the policy and the raw fields of a create, on this line. */
  specProblems(spec: Pick<SandboxCreateSpec, 'policy' | 'rawSpec'>): readonly Violation[]
  create(request: CreateRequest, call: WireCall): Promise<CreateReply>
  get(workspace: string, name: string, call: WireCall): Promise<SandboxInfo>
  list(request: SandboxListRequest, call: WireCall): Promise<PageReply<SandboxInfo>>
  start(address: SandboxAddress, call: WireCall): Promise<SandboxInfo>
  stop(address: SandboxAddress, call: WireCall): Promise<SandboxInfo>
  delete(address: SandboxAddress, call: WireCall): Promise<DeleteResult>
}
