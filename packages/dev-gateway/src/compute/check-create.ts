import { toBinary } from '@bufbuild/protobuf'
import type { Struct } from '@bufbuild/protobuf/wkt'
import { SandboxPolicySchema, type SandboxSpec, type SandboxTemplate } from '@openshell-ts/protocol/v0-0'
import { checkEnvironmentCharacters, checkEnvironmentTotal } from '../checks/check-environment.js'
import { checkLabelKey, checkLabels } from '../checks/check-labels.js'
import { checkName } from '../checks/check-name.js'
import { byteLength, checkEncodedSize, checkLength, checkMapSizes } from '../checks/check-text.js'
import { invalidArgument } from '../errors/status-error.js'
import { encodeStruct } from '../wire/raw-struct.js'

const providerLimit = 32
const logLevelLimit = 32
const templateTextLimit = 1_024
const structLimit = 65_536
const policyLimit = 262_144
const argumentCountLimit = 256
const argumentLimit = 32_768
const commandLimit = 262_144

/** The parts of a create request that are checked before anything is looked up. */
export interface CreateCheckInput {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** With the default command and image. */
  readonly spec: SandboxSpec
  /** As the request carries them, before any decoding to JSON. */
  readonly resources: Struct | undefined
  readonly driverConfig: Struct | undefined
}

/** Checks a create request's fields in the gateway's order; the first problem is the answer. */
export function checkCreate(input: CreateCheckInput): void {
  const { spec } = input
  checkName('name', input.name)
  if (spec.providers.length > providerLimit) {
    throw invalidArgument(`providers list exceeds maximum (${spec.providers.length} > ${providerLimit})`)
  }
  checkLength('log_level', spec.logLevel, logLevelLimit)
  checkMapSizes('spec.environment', spec.environment)
  checkEnvironmentTotal('spec.environment', spec.environment)
  checkEnvironmentCharacters('spec.environment', spec.environment)
  if (spec.template) checkTemplate(spec.template, input)
  if (spec.resourceRequirements?.gpu?.count === 0) throw invalidArgument('gpu count must be greater than 0')
  checkCommand(spec.command)
  if (spec.policy) checkEncodedSize('policy', toBinary(SandboxPolicySchema, spec.policy).length, policyLimit)
  checkLabels(input.labels)
  checkMapSizes('annotations', input.annotations)
  for (const key of Object.keys(input.annotations)) checkLabelKey(key)
}

function checkTemplate(template: SandboxTemplate, { resources, driverConfig }: CreateCheckInput): void {
  checkLength('template.image', template.image, templateTextLimit)
  checkLength('template.runtime_class_name', template.runtimeClassName, templateTextLimit)
  checkLength('template.agent_socket', template.agentSocket, templateTextLimit)
  checkMapSizes('template.labels', template.labels)
  checkMapSizes('template.annotations', template.annotations)
  checkMapSizes('template.environment', template.environment)
  if (resources) checkEncodedSize('template.resources', encodeStruct(resources).length, structLimit)
  if (driverConfig) checkEncodedSize('template.driver_config', encodeStruct(driverConfig).length, structLimit)
  checkEnvironmentTotal('spec.template.environment', template.environment)
  checkEnvironmentCharacters('spec.template.environment', template.environment)
}

function checkCommand(command: readonly string[]): void {
  if (command.length > argumentCountLimit) {
    throw invalidArgument(`spec.command exceeds ${argumentCountLimit} argument limit`)
  }
  if (command[0] === '') throw invalidArgument('spec.command[0] must not be empty')
  let total = 0
  for (const [index, argument] of command.entries()) {
    const bytes = byteLength(argument)
    if (bytes > argumentLimit) throw invalidArgument(`spec.command[${index}] exceeds ${argumentLimit} byte limit`)
    if (argument.includes('\0')) throw invalidArgument(`spec.command[${index}] contains null bytes`)
    total += bytes
  }
  if (total > commandLimit) throw invalidArgument(`spec.command total size exceeds ${commandLimit} byte limit`)
}
