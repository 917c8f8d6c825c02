import { GatewayStartError } from '../errors/gateway-start-error.js'

/** What an operator lets clients of line 0.1 bring in. */
export interface AdmissionSetting {
  /** Whether clients may send a block that is not empty. @default false */
  readonly allowDriverConfig?: boolean
  /** Whether the resources that a block attaches need labels. @default true */
  readonly requireLabels?: boolean
  /** The labels that they need; replaces the default ones. `${workspace}` stands for the sandbox's workspace. */
  readonly requiredLabels?: Readonly<Record<string, string>>
}

/** The labels that external resources need when the operator names no others. */
export const defaultLabels: Readonly<Record<string, string>> = {
  'openshell.ai/sandbox-attachable': 'true',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder that drivers fill in, not a template of ours.
  'openshell.ai/sandbox-attachable-workspace': '${workspace}',
}

// What drivers write themselves: whoever asked for one of these would ask for every resource, or for none.
const reservedKeys = ['openshell.ai/managed-by', 'openshell.ai/gateway-id', 'openshell.ai/sandbox-workspace']
// biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder of the contract.
const workspacePlaceholder = '${workspace}'
const name = '[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?'
const keyForm = new RegExp(`^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?${name}$`)
const valueForm = new RegExp(`^(?:${name})?$`)

/** @throws GatewayStartError for labels that could not tell one resource from another; `where` begins its text. */
export function checkAdmissionSetting({ requireLabels = true, requiredLabels }: AdmissionSetting, where: string): void {
  if (!requiredLabels) return
  const entries = Object.entries(requiredLabels)
  for (const [key, value] of entries) {
    const text = `${where} resource_admission.required_labels "${key}"`
    if (reservedKeys.includes(key)) throw problem(`${text} is a label of drivers; name one of your own.`)
    if (!keyForm.test(key)) throw problem(`${text} is no label key; write [PREFIX/]NAME.`)
    if (value !== workspacePlaceholder && !valueForm.test(value)) {
      throw problem(`${text} has no label value; write at most 63 letters, digits, "-", "_" and ".".`)
    }
  }
  if (!requireLabels || entries.some(([, value]) => value !== workspacePlaceholder)) return
  throw problem(
    `${where} resource_admission.required_labels needs a label with a value of its own; add one, or set enabled = false.`,
  )
}

function problem(message: string): GatewayStartError {
  return new GatewayStartError('configuration', message)
}
