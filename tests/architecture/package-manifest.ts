import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from './source-files.js'

/** The parts of a `package.json` that the rules of this folder read. */
export interface PackageManifest {
  readonly name: string
  readonly private?: boolean
  readonly type?: string
  readonly main?: string
  readonly module?: string
  readonly types?: string
  readonly browser?: unknown
  readonly exports?: Readonly<Record<string, string | { readonly types?: string; readonly default?: string }>>
  readonly bin?: Readonly<Record<string, string>>
  readonly files?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Reads `packages/<folder>/package.json`. */
export function readManifest(folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(repositoryRoot, 'packages', folder, 'package.json'), 'utf8')) as PackageManifest
}
