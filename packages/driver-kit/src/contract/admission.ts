import type { ConfigIssue } from '@openshell-ts/driver-config'

/** What an operator allows sandboxes to bring in. The gateway of line 0.1 must be configured with the same. */
export interface AdmissionPolicy {
  /** Whether clients may send a driver_config that is not empty. */
  readonly allowDriverConfig: boolean
  /** Whether the operator wrote `allow_driver_config`, so that it holds under gateways of line 0.0 too. */
  readonly driverConfigDecided: boolean
  /** The policy as the driver acknowledges it to gateways: `v1:` and canonical JSON. */
  readonly acknowledgement: string
}

const defaultLabels: Readonly<Record<string, string>> = {
  'openshell.ai/sandbox-attachable': 'true',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder that gateways fill in, not a template of ours.
  'openshell.ai/sandbox-attachable-workspace': '${workspace}',
}

const source = '--admission-config-json or OPENSHELL_DRIVER_ADMISSION_CONFIG_JSON'

/**
 * Reads the operator's admission setting: JSON with `allow_driver_config` (default false) and `resource_admission` with
 * `enabled` (default true) and `required_labels`, which replaces the default labels.
 *
 * @throws TypeError that names the field when the text cannot be read; a malformed setting must stop the start.
 */
export function parseAdmissionPolicy(text: string): AdmissionPolicy {
  const policy = objectOf(parseJson(text), 'the setting')
  refuseUnknown(policy, ['allow_driver_config', 'resource_admission'], '')
  const admission = objectOf(
    policy['resource_admission'] === undefined ? {} : policy['resource_admission'],
    'resource_admission',
  )
  refuseUnknown(admission, ['enabled', 'required_labels'], 'resource_admission.')
  const allowDriverConfig = booleanOf(policy['allow_driver_config'], 'allow_driver_config', false)
  const enabled = booleanOf(admission['enabled'], 'resource_admission.enabled', true)
  const labels = labelsOf(admission['required_labels'])
  if (enabled) requireUsableLabels(labels)
  const canonical = {
    allow_driver_config: allowDriverConfig,
    resource_admission: { enabled, required_labels: sorted(labels) },
  }
  return {
    allowDriverConfig,
    driverConfigDecided: policy['allow_driver_config'] !== undefined,
    acknowledgement: `v1:${JSON.stringify(canonical)}`,
  }
}

/** The problem of a block that arrives while the operator has not allowed blocks. */
export function configDisabled(driverName: string): ConfigIssue {
  return {
    code: 'CONFIG_DISABLED',
    severity: 'error',
    fault: 'operator',
    pointer: '',
    path: 'driver_config',
    message: `driver_config is disabled for driver "${driverName}". Set allow_driver_config = true under [openshell.drivers.${driverName}] in the gateway configuration, and start the driver with --admission-config-json '{"allow_driver_config":true}' (or OPENSHELL_DRIVER_ADMISSION_CONFIG_JSON).`,
    schemaVersion: 0,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TypeError(`${source} must be JSON such as {"allow_driver_config":true}.`, { cause })
  }
}

function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new TypeError(`${source}: ${name} must be an object.`)
}

function booleanOf(value: unknown, name: string, fallback: boolean): boolean {
  if (value === undefined) return fallback
  if (typeof value !== 'boolean') throw new TypeError(`${source}: ${name} must be true or false.`)
  return value
}

function labelsOf(value: unknown): Record<string, string> {
  if (value === undefined) return { ...defaultLabels }
  const labels = objectOf(value, 'resource_admission.required_labels')
  const wrong = Object.keys(labels).find((key) => typeof labels[key] !== 'string')
  if (wrong !== undefined) {
    throw new TypeError(
      `${source}: resource_admission.required_labels: the value of ${JSON.stringify(wrong)} must be text.`,
    )
  }
  return labels as Record<string, string>
}

function requireUsableLabels(labels: Readonly<Record<string, string>>): void {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder itself.
  if (Object.values(labels).some((value) => value !== '${workspace}')) return
  throw new TypeError(
    `${source}: resource_admission.required_labels needs at least one label whose value is not \${workspace}; or set enabled to false.`,
  )
}

function refuseUnknown(value: Readonly<Record<string, unknown>>, known: readonly string[], prefix: string): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown === undefined) return
  throw new TypeError(`${source}: unknown field ${JSON.stringify(prefix + unknown)}; known: ${known.join(', ')}.`)
}

function sorted(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)))
}
