import { readFile } from 'node:fs/promises'
import type { SandboxCreateSpec } from '@openshell-ts/sdk'
import { parseSandboxTemplate } from '@openshell-ts/sdk/template-file'
import { UsageError } from '../usage-error.js'
import type { Flags, FlagValues } from './flag.js'

/** The flags that describe a sandbox. */
export const SPEC_FLAGS = {
  name: { type: 'string', hint: 'NAME', description: 'name of the sandbox; the gateway makes one up' },
  template: { type: 'string', hint: 'FILE', description: 'YAML or JSON file to start from; flags win over it' },
  image: { type: 'string', hint: 'IMAGE', description: 'image; the default of the driver' },
  env: { type: 'string', multiple: true, hint: 'NAME=VALUE', description: 'variable of the sandbox' },
  label: { type: 'string', multiple: true, hint: 'NAME=VALUE', description: 'label to list by' },
  provider: { type: 'string', multiple: true, hint: 'NAME', description: 'provider to attach' },
} as const satisfies Flags

/**
 * Puts together what is to be created.
 *
 * @throws UsageError for a template that cannot be read and for pairs without `=`; TemplateFileError for a template with mistakes.
 */
export async function readSpec(
  { name, template, image, env, label, provider }: FlagValues<typeof SPEC_FLAGS>,
  command: readonly string[],
): Promise<SandboxCreateSpec> {
  const file = template === undefined ? {} : parseSandboxTemplate(await read(template), { fileName: template })
  return {
    ...file,
    ...(name !== undefined && { name }),
    ...(image !== undefined && { image }),
    ...(command.length > 0 && { command }),
    ...(env && { environment: { ...file.environment, ...readPairs('--env', env) } }),
    ...(label && { labels: { ...file.labels, ...readPairs('--label', label) } }),
    ...(provider && { providers: provider }),
  }
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--template: ${path} cannot be read (${error.code}).`)
  })
}

// The value is not shown: it may be a secret.
function readPairs(flag: string, pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const end = pair.indexOf('=')
      if (end < 1) throw new UsageError(`${flag} must be NAME=VALUE.`)
      return [pair.slice(0, end), pair.slice(end + 1)]
    }),
  )
}
