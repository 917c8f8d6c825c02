import { isDeepStrictEqual } from 'node:util'
import { GatewayStartError } from '../errors/gateway-start-error.js'
import { type AdmissionSetting, defaultLabels } from './admission-setting.js'

const prefix = 'v1:'

/**
 * Checks that a driver was started with the gateway's own setting: the same values, however they are written.
 *
 * @throws GatewayStartError when it was not, or says nothing that can be read.
 */
export function checkAcknowledgement(setting: AdmissionSetting, acknowledgement: string): void {
  const { allowDriverConfig = false, requireLabels: enabled = true, requiredLabels = defaultLabels } = setting
  if (!enabled && acknowledgement === '') return
  if (!acknowledgement.startsWith(prefix)) throw refusal('compute driver does not acknowledge resource admission v1')
  const own = { allowDriverConfig, enabled, requiredLabels: { ...requiredLabels } }
  if (!isDeepStrictEqual(own, parse(acknowledgement.slice(prefix.length)))) {
    throw refusal('compute driver admission policy differs from gateway configuration')
  }
}

function parse(text: string): object {
  const policy = table(parseJson(text), ['allow_driver_config', 'resource_admission'])
  const admission = table(policy['resource_admission'] ?? {}, ['enabled', 'required_labels'])
  return {
    allowDriverConfig: truth(policy['allow_driver_config'], false),
    enabled: truth(admission['enabled'], true),
    requiredLabels: labels(admission['required_labels']),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid()
  }
}

function table(value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid()
  if (Object.keys(value).some((key) => !known.includes(key))) throw invalid()
  return value as Readonly<Record<string, unknown>>
}

function truth(value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback
  if (typeof value !== 'boolean') throw invalid()
  return value
}

function labels(value: unknown): Record<string, unknown> {
  if (value === undefined) return { ...defaultLabels }
  const found = table(value, Object.keys(value ?? {}))
  if (Object.values(found).some((label) => typeof label !== 'string')) throw invalid()
  return { ...found }
}

function invalid(): GatewayStartError {
  return refusal('invalid driver admission acknowledgement')
}

function refusal(text: string): GatewayStartError {
  return new GatewayStartError('execution', `failed to create compute runtime: ${text}`)
}
