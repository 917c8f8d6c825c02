import type {
  SandboxWorkloadConfig,
  SandboxWorkloadTemplate,
  SandboxWorkloadTemplateSpec,
} from '@openshell-ts/protocol/v0-1'
import type { WorkloadTemplateInfo } from '../../model/workload-template.js'
import { requiredPart } from '../required-part.js'
import type { TemplateCalls, TemplateCreateRequest } from '../template-calls.js'
import { toDeletionOutcome } from './deletion-outcome.js'
import { listScope } from './list-scope.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toRecordInfo } from './record-info.js'
import { toDuration, toMs } from './to-duration.js'
import { workspaceScope } from './workspace-scope.js'

export function templateCalls(client: OpenShellServiceClient): TemplateCalls {
  return {
    async create(request, call) {
      const { template } = await client.createSandboxTemplate(
        {
          workspaceScope: workspaceScope(request.workspace),
          template: toTemplate(request),
          requestId: call.requestId ?? '',
        },
        toCallOptions(call),
      )
      return toTemplateInfo(requiredPart(template, 'template'))
    },
    async get(workspace, name, call) {
      const request = { workspaceScope: workspaceScope(workspace), name }
      const { template } = await client.getSandboxTemplate(request, toCallOptions(call))
      return toTemplateInfo(requiredPart(template, 'template'))
    },
    async list({ scope, ...request }, call) {
      const wireRequest = { workspaceScope: listScope(scope), ...request }
      const { templates, nextPageToken } = await client.listSandboxTemplates(wireRequest, toCallOptions(call))
      return { items: templates.map(toTemplateInfo), nextPageToken }
    },
    async delete(workspace, name, call) {
      const request = {
        workspaceScope: workspaceScope(workspace),
        name,
        allowMissing: true,
        requestId: call.requestId ?? '',
      }
      const { outcome } = await client.deleteSandboxTemplate(request, toCallOptions(call))
      return { outcome: toDeletionOutcome(outcome) }
    },
  }
}

// The workload is always sent: a gateway refuses a template without one, also when there is nothing in it.
function toTemplate({ name, spec, driverConfig }: TemplateCreateRequest) {
  const { image = '', environment = {}, resources, gpu, startup, labels = {}, annotations = {} } = spec
  const readyWithin = toDuration(startup?.readyWithinMs)
  return {
    metadata: { name, labels: { ...labels }, annotations: { ...annotations } },
    spec: {
      workload: {
        image,
        environment: { ...environment },
        ...(resources || gpu
          ? {
              resources: {
                cpu: resources?.cpu ?? '',
                memory: resources?.memory ?? '',
                ...(gpu ? { gpu: gpu === true ? {} : { count: gpu.count } } : {}),
              },
            }
          : {}),
      },
      ...(driverConfig ? { driverConfig } : {}),
      ...(startup
        ? {
            desiredServiceLevel: {
              startup: { maxBurst: startup.maxBurst ?? 0, ...(readyWithin ? { readyWithin } : {}) },
            },
          }
        : {}),
    },
  }
}

function toTemplateInfo({ metadata, spec }: SandboxWorkloadTemplate): WorkloadTemplateInfo {
  return {
    ...toRecordInfo(metadata),
    spec: {
      image: spec?.workload?.image ?? '',
      environment: { ...spec?.workload?.environment },
      ...toResources(spec?.workload),
      ...(spec?.driverConfig ? { driverConfig: spec.driverConfig } : {}),
      ...toStartup(spec),
    },
  }
}

function toResources(
  workload: SandboxWorkloadConfig | undefined,
): Pick<WorkloadTemplateInfo['spec'], 'resources' | 'gpu'> {
  const { cpu = '', memory = '', gpu } = workload?.resources ?? {}
  const amounts = { ...(cpu === '' ? {} : { cpu }), ...(memory === '' ? {} : { memory }) }
  return {
    ...(Object.keys(amounts).length > 0 ? { resources: amounts } : {}),
    ...(gpu ? { gpu: gpu.count === undefined ? true : { count: gpu.count } } : {}),
  }
}

function toStartup(spec: SandboxWorkloadTemplateSpec | undefined): Pick<WorkloadTemplateInfo['spec'], 'startup'> {
  const startup = spec?.desiredServiceLevel?.startup
  return startup ? { startup: { readyWithinMs: toMs(startup.readyWithin), maxBurst: startup.maxBurst } } : {}
}
