import { type DescMessage, isFieldSet, type Message } from '@bufbuild/protobuf'
import { violation } from '../checks/check-text.js'
import { throwViolations } from '../checks/throw-violations.js'
import { OpenShellError, type Violation } from '../errors/openshell-error.js'
import type { RawSandboxSpec } from '../model/template.js'
import { writePlain } from './plain/write-plain.js'

const SOURCE = { rpc: 'CreateSandbox', path: 'rawSpec' }

// Two ways to say the same thing would have to be weighed against each other.
const OWN_NAMES: Readonly<Record<string, string>> = {
  logLevel: 'logLevel',
  environment: 'environment',
  policy: 'policy',
  providers: 'providers',
  resourceRequirements: 'gpu',
  command: 'command',
  tty: 'tty',
  'template.image': 'image',
  'template.resources': 'resources',
  'template.driverConfig': 'driverConfig',
}

/** What a create has in `rawSpec`, as fields of the wire's spec and of its template. */
export interface RawFields {
  readonly spec: Readonly<Record<string, unknown>>
  readonly template: Readonly<Record<string, unknown>>
}

/**
 * Reads `rawSpec` by the description of a line's spec. Throws kind `invalid-argument` for keys that this line does not know, and for those
 * that have a name of their own in the spec of a create.
 */
export function readRawSpec(description: DescMessage, rawSpec: RawSandboxSpec | undefined): RawFields {
  if (rawSpec === undefined) return { spec: {}, template: {} }
  const { template, ...spec } = setFields(description, writePlain(description, rawSpec, SOURCE))
  throwViolations(SOURCE.rpc, ownNames(rawSpec))
  const templateDescription = description.fields.find(({ localName }) => localName === 'template')?.message
  return {
    spec,
    template: template && templateDescription ? setFields(templateDescription, template as Message) : {},
  }
}

/** What a gateway of a line would drop, change or refuse of `rawSpec`. */
export function rawSpecProblems(description: DescMessage, rawSpec: RawSandboxSpec): readonly Violation[] {
  try {
    writePlain(description, rawSpec, SOURCE)
    return ownNames(rawSpec)
  } catch (error) {
    if (error instanceof OpenShellError) return [...error.violations, ...ownNames(rawSpec)]
    throw error
  }
}

function setFields(description: DescMessage, message: Message): Record<string, unknown> {
  const fields = description.fields.filter((field) => isFieldSet(message, field))
  return Object.fromEntries(fields.map(({ localName }) => [localName, Reflect.get(message, localName)]))
}

function ownNames(rawSpec: RawSandboxSpec): Violation[] {
  const given = (fields: unknown) =>
    Object.entries(Object(fields)).flatMap(([key, value]) => (value === undefined ? [] : [key]))
  const { template, ...spec }: RawSandboxSpec = Object(rawSpec)
  return [...given(spec), ...given(template).map((key) => `template.${key}`)].flatMap((key) => {
    const name = Object.hasOwn(OWN_NAMES, key) ? OWN_NAMES[key] : undefined
    return name === undefined
      ? []
      : [violation(`rawSpec.${key}`, 'NOT_ALLOWED', `has a name of its own in the spec; write ${name}`)]
  })
}
