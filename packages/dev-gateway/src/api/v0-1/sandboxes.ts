import { randomUUID } from 'node:crypto'
import type { Struct } from '@bufbuild/protobuf/wkt'
import type { SandboxSpec } from '@openshell-ts/protocol/v0-0'
import {
  type CreateSandboxRequest,
  CreateSandboxRequestSchema,
  DeletionOutcome,
  type OpenShell,
  SandboxSpecSchema,
  SandboxTemplateSchema,
} from '@openshell-ts/protocol/v0-1'
import { parseLabelSelector } from '../../checks/label-selector.js'
import { createSandbox, type SandboxRequest } from '../../compute/create-sandbox.js'
import { prepareSandbox } from '../../compute/prepare-sandbox.js'
import { invalidArgument, notFound } from '../../errors/status-error.js'
import type { LaunchRecord } from '../../records/sandbox-row.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { applyTemplate } from '../../templates/apply-template.js'
import { getTemplate } from '../../templates/workload-templates.js'
import { structAt } from '../../wire/raw-struct.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox, lookUpSandbox } from './find-sandbox.js'
import { pageOf } from './page-of.js'
import { checkExposures, exposeAll } from './service-exposures.js'
import { toSandbox } from './to-sandbox.js'
import { fromLaterSpec } from './to-spec.js'
import { listScopeOf, openScopeOf } from './workspace-scope.js'

/** What a client can do with sandboxes. */
export function sandboxHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store, lifecycle } = context
  return {
    createSandbox: async (request, { requestBytes, signal }) => {
      checkExposures(request.serviceExposures)
      const prepared = prepare(context, request, requestBytes)
      const row = await createSandbox(context, prepared, signal)
      return { sandbox: toSandbox(row), serviceUrls: exposeAll(context, row, request.serviceExposures) }
    },
    getSandbox: ({ workspaceScope, name }) => ({ sandbox: toSandbox(findSandbox(context, workspaceScope, name)) }),
    listSandboxes: (request) => {
      const workspace = listScopeOf(store.workspaces, request.workspaceScope)
      const matches = parseLabelSelector(request.labelSelector)
      const rows = store.sandboxes.list(workspace).filter((row) => matches(row.labels))
      const { items, nextPageToken } = pageOf(rows, request, store)
      return { sandboxes: items.map(toSandbox), nextPageToken }
    },
    deleteSandbox: async ({ workspaceScope, name, allowMissing }) => {
      const row = lookUpSandbox(context, workspaceScope, name)
      if (!row && allowMissing) return { outcome: DeletionOutcome.ALREADY_ABSENT }
      if (!row) throw notFound('sandbox not found')
      await lifecycle.delete(row.id)
      const outcome = store.sandboxes.get(row.id) ? DeletionOutcome.ACCEPTED : DeletionOutcome.COMPLETED
      return { outcome, sandboxId: row.id }
    },
    stopSandbox: async ({ workspaceScope, name }) => ({
      sandbox: toSandbox(await lifecycle.stop(findSandbox(context, workspaceScope, name).id)),
    }),
    startSandbox: async ({ workspaceScope, name }) => ({
      sandbox: toSandbox(await lifecycle.start(findSandbox(context, workspaceScope, name).id)),
    }),
  }
}

const templatePath = [CreateSandboxRequestSchema.field.spec.number, SandboxSpecSchema.field.template.number]

function prepare(context: ApiContext, request: CreateSandboxRequest, bytes: Uint8Array): SandboxRequest {
  const { name, labels, annotations, workspaceScope, awaitMainProcessAttachment } = request
  const driverConfig = structAt(bytes, [...templatePath, SandboxTemplateSchema.field.driverConfig.number])
  const source = resolveSource(context, request, driverConfig)
  const prepared = prepareSandbox(context, {
    name,
    labels,
    annotations,
    spec: source.spec,
    resources: structAt(bytes, [...templatePath, SandboxTemplateSchema.field.resources.number]),
    driverConfig: source.driverConfig,
    resolveWorkspace: () => openScopeOf(context.store.workspaces, workspaceScope),
  })
  const { workloadTemplate } = source
  const attachmentEpoch = prepared.spec.providers.length > 0 ? randomUUID() : undefined
  const restartPolicy = request.spec?.restartPolicy ?? 0
  return {
    ...prepared,
    launch: {
      restartPolicy,
      awaitMainProcessAttachment,
      attachmentEpoch,
      ...(workloadTemplate && { workloadTemplate }),
    },
  }
}

/** What a sandbox is made of, and the template that it came from. */
interface SandboxSource extends Pick<LaunchRecord, 'workloadTemplate'> {
  readonly spec: SandboxSpec | undefined
  readonly driverConfig: Struct | undefined
}

// The template is looked up before the fields are checked, because it brings some of them.
function resolveSource(
  { store }: ApiContext,
  { spec, workloadTemplate: name, workspaceScope }: CreateSandboxRequest,
  driverConfig: Struct | undefined,
): SandboxSource {
  const kept = spec && fromLaterSpec(spec)
  if (name === '') return { spec: kept, driverConfig }
  if (driverConfig && Object.keys(driverConfig.fields).length > 0) {
    throw invalidArgument('workload_template and spec.template.driver_config are mutually exclusive')
  }
  if (!kept) throw invalidArgument('spec is required')
  const { resourceVersion, value } = getTemplate(store, openScopeOf(store.workspaces, workspaceScope), name)
  return {
    spec: applyTemplate(kept, value.spec),
    driverConfig: value.driverConfig,
    workloadTemplate: { name, resourceVersion: String(resourceVersion) },
  }
}
