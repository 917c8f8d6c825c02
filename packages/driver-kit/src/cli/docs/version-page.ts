import { type IssueCode, issueCodes } from '@openshell-ts/driver-config'
import type { Driver } from '../../driver/driver.js'
import { exampleForms } from './example-forms.js'
import { fieldTable } from './field-table.js'
import { code, fence, section, table } from './markdown.js'
import { type ConfigData, type RuleData, readPublishedData, type VersionData } from './published-data.js'
import { versionChanges } from './version-changes.js'

/** The pages about a driver's config, in Markdown by `schema_version`, oldest first. Equal configs give equal pages. */
export function versionPages(driver: Driver): ReadonlyMap<number, string> {
  const data = readPublishedData(driver.config)
  return new Map(
    data.versions.map((version, index) => [
      version.version,
      writePage(driver, data, version, data.versions[index - 1]),
    ]),
  )
}

function writePage(
  { name, config }: Driver,
  data: ConfigData,
  version: VersionData,
  before: VersionData | undefined,
): string {
  const { version: number } = version
  const lines = [
    `# ${data.root} of ${name}, schema_version ${number}`,
    '',
    `<!-- Made by "${name}-driver config docs"; change the declaration, not this page. -->`,
    '',
    ...introduction(config.versions, version),
    '',
    ...section('Fields', fieldTable(version)),
    ...section('Rules', ruleLines(version.rules)),
    ...section('Limits', [limitSentence(data.limits)]),
    ...section('What the operator decides', operatorLines(name, data)),
    ...section(
      'What is looked up',
      data.lookups.map(({ what, path }) => `- ${code(path)}: the ${what} must exist.`),
    ),
    ...section('Examples', exampleLines(name, config.versions.max, version)),
    ...section('Codes of reports', codeTable(version.codes)),
    ...(before === undefined
      ? []
      : section(`Changes since schema_version ${before.version}`, versionChanges(config, before, version))),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function introduction({ max, baseline }: { readonly max: number; readonly baseline: number }, version: VersionData) {
  const { version: number, status, since, deprecated } = version
  const state = [number === max ? 'current' : `superseded by schema_version ${max}`, status]
  const words = since === undefined ? state : [...state, `since ${since}`]
  const marker =
    number === baseline
      ? 'A block without `schema_version` means this version.'
      : `A block of this version says \`"schema_version": ${number}\`.`
  const reason = deprecated?.['']
  return [
    `This version is ${words.join(', ')}. ${marker}`,
    ...(reason === undefined ? [] : ['', `It is deprecated since ${reason.since}: ${reason.message}`]),
  ]
}

function ruleLines(rules: readonly RuleData[]): string[] {
  return rules.map(({ name, revision, reads, enforce, description }) => {
    const what = description ?? `a condition on ${reads.map(code).join(', ')}`
    return `- ${code(`${name}@${revision}`)}: ${what}${enforce === 'warn' ? '; only a warning for now' : ''}.`
  })
}

function limitSentence({ encoded_bytes, depth, keys, key_length, string_length, items }: ConfigData['limits']): string {
  return `A block has at most ${encoded_bytes} bytes, ${depth} levels, ${keys} keys of ${key_length} characters, texts of ${string_length} characters, and lists of ${items} items.`
}

function operatorLines(name: string, { gates }: ConfigData): string[] {
  return [
    'Gateways from 0.1 on hand blocks on only when the operator allows it, in the gateway and in the driver:',
    '',
    ...fence('toml', `[openshell.drivers.${name}]\nallow_driver_config = true`),
    '',
    ...fence('sh', `${name}-driver serve --admission-config-json '{"allow_driver_config":true}'`),
    ...(gates.length === 0 ? [] : ['', `The driver asks its operator about: ${gates.map(code).join(', ')}.`]),
  ]
}

function exampleLines(driverName: string, max: number, { version, examples }: VersionData): string[] {
  const isCurrent = version === max
  const { minimal, full, invalid } = examples
  return [
    '### Minimal',
    '',
    ...exampleForms(minimal, { driverName, isCurrent }),
    '### Full',
    '',
    ...exampleForms(full, { driverName, isCurrent }),
    '### Refused',
    '',
    ...invalid.flatMap(({ value, code: issue, path }) => [
      `${code(issue)} at ${code(path)}:`,
      '',
      ...fence('json', JSON.stringify(value, undefined, 2)),
      '',
    ]),
  ]
}

function codeTable(codes: readonly string[]): string[] {
  return table(
    ['Code', 'Means', 'Fix'],
    codes.flatMap((each) => {
      const entry = Object.hasOwn(issueCodes, each) ? issueCodes[each as IssueCode] : undefined
      return entry === undefined ? [] : [[code(each), entry.summary, entry.fix]]
    }),
  )
}
