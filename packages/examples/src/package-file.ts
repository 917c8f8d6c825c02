import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Finds a file that an installed package brings, such as `bin/openshell-dev-gateway.js`. */
export function packageFile(packageName: string, path: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`)
  return join(dirname(manifest), path)
}
