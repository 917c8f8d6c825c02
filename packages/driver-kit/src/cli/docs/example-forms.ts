import type { JsonObject } from '@openshell-ts/driver-config'
import { stringify } from 'yaml'
import { fence } from './markdown.js'

/** What the ways to write an example depend on. */
export interface ExampleSettings {
  readonly driverName: string
  /** True for the version that `block` builds. */
  readonly isCurrent: boolean
}

/** A block as people write it: in a file of JSON or YAML, on the command line of OpenShell, and in TypeScript. */
export function exampleForms(block: JsonObject, { driverName, isCurrent }: ExampleSettings): string[] {
  const envelope = { [driverName]: block }
  return [
    'JSON:',
    '',
    ...fence('json', JSON.stringify(envelope, undefined, 2)),
    '',
    'YAML:',
    '',
    ...fence('yaml', stringify(envelope)),
    '',
    'Command line:',
    '',
    ...fence('sh', `openshell sandbox create --driver-config-json ${quote(JSON.stringify(envelope))}`),
    '',
    'TypeScript:',
    '',
    ...fence('ts', isCurrent ? builder(block) : `const driverConfig = ${JSON.stringify(envelope, undefined, 2)}`),
    '',
  ]
}

function builder({ schema_version: _, ...value }: JsonObject): string {
  return `const driverConfig = envelope(config.block(${JSON.stringify(value, undefined, 2)}))`
}

/** A text as one word of a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
