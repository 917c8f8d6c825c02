import { checkLabelKey, checkLabels } from '../checks/check-labels.js'
import { checkEntryCount, checkLength, checkMapSizes } from '../checks/check-text.js'
import { invalidArgument } from '../errors/status-error.js'
import type { Provider } from '../records/provider.js'

const nameLimit = 253
const typeLimit = 64
const credentialLimit = 32
const configLimit = 64

/** @throws StatusError when a new provider's fields cannot be kept; the first problem in the gateway's order. */
export function checkNewProvider(name: string, provider: Provider): void {
  checkLength('provider.name', name, nameLimit)
  checkLength('provider.type', provider.type, typeLimit)
  checkProviderValues(provider)
}

/** @throws StatusError when the fields that an update may change cannot be kept. */
export function checkProviderValues({ credentials, config, credentialExpiresAtMs }: Provider): void {
  checkMapSizes('provider.credentials', credentials, credentialLimit)
  checkMapSizes('provider.config', config, configLimit)
  const expiring = Object.keys(credentialExpiresAtMs)
  checkEntryCount('provider.credential_expires_at_ms', expiring.length, credentialLimit)
}

/** @throws StatusError when a record's labels or annotations break the rules. */
export function checkProviderMetadata({ labels, annotations }: Pick<Provider, 'labels' | 'annotations'>): void {
  checkLabels(labels)
  checkMapSizes('provider.metadata.annotations', annotations)
  for (const key of Object.keys(annotations)) checkLabelKey(key)
}

/** @throws StatusError when a name is longer than any provider's can be, or empty. */
export function checkProviderName(name: string): void {
  if (name === '') throw invalidArgument('provider_name is required')
  checkLength('provider_name', name, nameLimit)
}
