import { create, type JsonObject } from '@bufbuild/protobuf'
import type { Struct } from '@bufbuild/protobuf/wkt'
import {
  type DriverSandbox,
  DriverSandboxSchema,
  type DriverSandboxTemplate,
  DriverSandboxTemplateSchema,
} from '@openshell-ts/protocol/compute'
import type { SandboxSpec, SandboxTemplate } from '@openshell-ts/protocol/v0-0'
import { toLaterPolicy } from '../wire/policy-words.js'
import { asUnknownField, encodeStruct } from '../wire/raw-struct.js'
import type { WireLine } from '../wire/wire-line.js'
import { splitResources } from './translate-resources.js'

const driverConfigField = DriverSandboxTemplateSchema.field.driverConfig.number

/** What a driver is told about a sandbox. */
export interface TranslationInput {
  readonly line: WireLine
  readonly id: string
  readonly name: string
  readonly workspace: string
  /** With the gateway's defaults filled in. */
  readonly spec: SandboxSpec
  /** The active driver's own block; absent when the envelope has none for it. */
  readonly block: Struct | undefined
  /** Empty in Validate, and when the gateway issues no tokens. */
  readonly sandboxToken: string
  /** Whether the main process waits until somebody is attached to it. Line 0.1 only; never in Validate. */
  readonly awaitAttachment: boolean
  /** The credentials of the first run. Line 0.1 only; empty as `sandboxToken` is. */
  readonly launchAuthentication: Uint8Array
}

/** Translates a public sandbox into the driver contract's words. */
export function toDriverSandbox(input: TranslationInput): DriverSandbox {
  const { line, id, name, workspace, spec, block, sandboxToken } = input
  return create(DriverSandboxSchema, {
    id,
    name,
    workspace,
    status: {},
    spec: {
      logLevel: spec.logLevel,
      environment: spec.environment,
      template: toDriverTemplate(spec.template, block, line),
      ...(spec.resourceRequirements && {
        resourceRequirements: {
          ...(spec.resourceRequirements.gpu && { gpu: gpuRequest(spec.resourceRequirements.gpu.count) }),
        },
      }),
      sandboxToken,
      command: spec.command,
      tty: spec.tty,
      ...(line === '0.1' && launchFields(input)),
    },
  })
}

function launchFields({ spec, awaitAttachment, launchAuthentication }: TranslationInput) {
  const { runAsUser = '', runAsGroup = '' } = spec.policy?.process ?? {}
  return {
    awaitMainProcessAttachment: awaitAttachment,
    launchAuthentication,
    workloadIdentity: { user: runAsUser, group: runAsGroup },
    ...(spec.policy && { policy: toLaterPolicy(spec.policy) }),
  }
}

function gpuRequest(count: number | undefined): { count?: number } {
  return count === undefined ? {} : { count }
}

function toDriverTemplate(
  template: SandboxTemplate | undefined,
  block: Struct | undefined,
  line: WireLine,
): DriverSandboxTemplate {
  if (!template) return create(DriverSandboxTemplateSchema)
  const { typed, raw } = splitResources(template.resources)
  const platformConfig = toPlatformConfig(template, raw, line)
  const message = create(DriverSandboxTemplateSchema, {
    image: template.image,
    agentSocketPath: template.agentSocket,
    labels: template.labels,
    environment: template.environment,
    ...(typed && { resources: typed }),
    ...(platformConfig && { platformConfig }),
    ...(line === '0.1' && template.userNamespaces !== undefined && { userNamespaces: template.userNamespaces }),
  })
  if (block) message.$unknown = [asUnknownField(driverConfigField, encodeStruct(block))]
  return message
}

function toPlatformConfig(
  template: SandboxTemplate,
  resources: JsonObject | undefined,
  line: WireLine,
): JsonObject | undefined {
  const config: JsonObject = {}
  if (Object.keys(template.annotations).length > 0) config['annotations'] = template.annotations
  if (line === '0.0' && template.userNamespaces !== undefined) config['host_users'] = !template.userNamespaces
  if (resources) config['resources_raw'] = resources
  if (template.runtimeClassName !== '') config['runtime_class_name'] = template.runtimeClassName
  return Object.keys(config).length > 0 ? config : undefined
}
