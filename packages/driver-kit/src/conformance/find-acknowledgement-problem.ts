type Fields = Readonly<Record<string, unknown>>

/** What a gateway of line 0.1 cannot read in an acknowledgement; `undefined` when it can read all of it. */
export function findAcknowledgementProblem(text: string): string | undefined {
  const policy = readPolicy(text)
  if (policy === undefined) return text === '' ? 'an empty text' : 'a text that is not "v1:" and a JSON object'
  const admission = policy['resource_admission'] ?? {}
  if (!isFields(admission)) return 'a resource_admission that is no object'
  const labels = admission['required_labels'] ?? {}
  return (
    unknownField(policy, ['allow_driver_config', 'resource_admission']) ??
    unknownField(admission, ['enabled', 'required_labels']) ??
    (isFields(labels) && Object.values(labels).every((value) => typeof value === 'string')
      ? undefined
      : 'required_labels that are not texts') ??
    (isFlag(policy['allow_driver_config']) && isFlag(admission['enabled'])
      ? undefined
      : 'a flag that is neither true nor false')
  )
}

/** Whether the driver says that clients may send blocks; false also when it says nothing. */
export function allowsDriverConfig(acknowledgement: string): boolean {
  return readPolicy(acknowledgement)?.['allow_driver_config'] === true
}

function readPolicy(text: string): Fields | undefined {
  if (!text.startsWith('v1:')) return undefined
  try {
    const policy: unknown = JSON.parse(text.slice(3))
    return isFields(policy) ? policy : undefined
  } catch {
    return undefined
  }
}

function unknownField(fields: Fields, known: readonly string[]): string | undefined {
  const unknown = Object.keys(fields).find((key) => !known.includes(key))
  return unknown === undefined ? undefined : `the unknown field ${JSON.stringify(unknown)}`
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isFlag(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean'
}
