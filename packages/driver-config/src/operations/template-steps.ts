import { isJsonObject, type JsonValue } from '../envelope/json-value.js'

/** One step of a path template: a name, every item of a list, or every value of a map. */
export type TemplateStep =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'items' }
  | { readonly type: 'values' }

const stepPattern = /\.?([A-Za-z0-9_$-]+)|(\[\])|(\{\})/y

/** The steps of a path template such as `mounts[].read_only`; `undefined` when it is not one. */
export function parseTemplate(template: string): TemplateStep[] | undefined {
  const steps: TemplateStep[] = []
  stepPattern.lastIndex = 0
  while (stepPattern.lastIndex < template.length) {
    const match = stepPattern.exec(template)
    if (match === null) return undefined
    if (match[1] !== undefined) steps.push({ type: 'name', name: match[1] })
    else steps.push({ type: match[2] === undefined ? 'values' : 'items' })
  }
  return steps
}

/** The steps as a path template. */
export function formatTemplate(steps: readonly TemplateStep[]): string {
  const text = steps
    .map((step) => (step.type === 'name' ? `.${step.name}` : step.type === 'items' ? '[]' : '{}'))
    .join('')
  return text.startsWith('.') ? text.slice(1) : text
}

/** What holds a member of a document that is being edited. */
export type Holder = Record<string, JsonValue> | JsonValue[]

/** Reads a member by key or index. */
export function readMember(holder: Holder, key: string | number): JsonValue | undefined {
  return Array.isArray(holder) ? holder[Number(key)] : Object.hasOwn(holder, key) ? holder[key] : undefined
}

/** Replaces a member by key or index. */
export function writeMember(holder: Holder, key: string | number, value: JsonValue): void {
  if (Array.isArray(holder)) holder[Number(key)] = value
  else holder[key] = value
}

/** Calls `visit` for every member that a template finds in a document. An empty template finds nothing. */
export function visitMembers(
  document: JsonValue,
  steps: readonly TemplateStep[],
  visit: (holder: Holder, key: string | number, value: JsonValue) => void,
): void {
  const [step, ...rest] = steps
  if (step === undefined) return
  for (const key of keysOf(document, step)) {
    const holder = document as Holder
    const value = readMember(holder, key)
    if (value === undefined) continue
    if (rest.length === 0) visit(holder, key, value)
    else visitMembers(value, rest, visit)
  }
}

/** Calls `visit` for every object that a template finds; the empty template finds the document itself. */
export function visitObjects(
  document: JsonValue,
  steps: readonly TemplateStep[],
  visit: (object: Record<string, JsonValue>) => void,
): void {
  const see = (value: JsonValue): void => {
    if (isJsonObject(value)) visit(value)
  }
  if (steps.length === 0) see(document)
  else visitMembers(document, steps, (_holder, _key, value) => see(value))
}

function keysOf(value: JsonValue, step: TemplateStep): readonly (string | number)[] {
  if (step.type === 'items') return Array.isArray(value) ? [...value.keys()] : []
  if (!isJsonObject(value)) return []
  return step.type === 'values' ? Object.keys(value) : [step.name]
}
