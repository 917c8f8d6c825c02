import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import type { DeleteResult } from '../model/delete-result.js'
import type { WorkloadTemplateInfo, WorkloadTemplateSpec } from '../model/workload-template.js'
import type { ListScope } from './list-scope.js'
import type { PageReply, PageRequest } from './page.js'
import type { WireCall } from './wire-call.js'

/** A template to store: the envelope is plain JSON and has been measured. */
export interface TemplateCreateRequest {
  readonly workspace: string
  readonly name: string
  readonly spec: Omit<WorkloadTemplateSpec, 'driverConfig'>
  readonly driverConfig: JsonObject | undefined
}

/** Which templates to list. */
export interface TemplateListRequest extends PageRequest {
  readonly scope: ListScope
  readonly labelSelector: string
}

/** What a client says about stored templates; line 0.0 has none. */
export interface TemplateCalls {
  create(request: TemplateCreateRequest, call: WireCall): Promise<WorkloadTemplateInfo>
  get(workspace: string, name: string, call: WireCall): Promise<WorkloadTemplateInfo>
  list(request: TemplateListRequest, call: WireCall): Promise<PageReply<WorkloadTemplateInfo>>
  delete(workspace: string, name: string, call: WireCall): Promise<DeleteResult>
}
