import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { GatewayStartError } from '../errors/gateway-start-error.js'

const packageName = '@openshell-ts/dev-supervisor'
const programName = 'openshell-dev-supervisor'

/**
 * The file of the program `openshell-dev-supervisor`: that of the project in `folder`, or else the one that is installed beside
 * this package.
 *
 * @throws GatewayStartError when neither is there.
 */
export function findSupervisor(folder: string): string {
  for (const from of [join(folder, 'package.json'), import.meta.url]) {
    const manifest = resolveManifest(from)
    if (manifest === undefined) continue
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly bin: Readonly<Record<string, string>> }
    return join(dirname(manifest), bin[programName] ?? '')
  }
  throw new GatewayStartError(
    'configuration',
    `--run-commands starts ${programName}, which is not installed; npm install --save-dev ${packageName} in ${folder}.`,
  )
}

function resolveManifest(from: string): string | undefined {
  try {
    return createRequire(from).resolve(`${packageName}/package.json`)
  } catch {
    return undefined
  }
}
