import { checkLabelKey } from './check-labels.js'
import { checkMapSizes } from './check-text.js'

/** @throws StatusError INVALID_ARGUMENT for facts about a change that are too many, too long, or under keys that are none. */
export function checkAnnotations(annotations: Readonly<Record<string, string>>): void {
  checkMapSizes('annotations', annotations)
  for (const key of Object.keys(annotations)) checkLabelKey(key)
}
