import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

// What one file leaves behind for the next one in the same process, or sees of the one before.
const processWide = [
  /\bprocess\.(on|once|chdir|umask|exitCode|memoryUsage|cpuUsage|getActiveResourcesInfo)\b/,
  /\bprocess\.env(\.\w+|\[[^\]]+\]) = /,
  /\bglobalThis\.\w+ = /,
  /\bsetFlagsFromString\b/,
  // A compiler's programs fill the memory for the files after it.
  / from 'typescript/,
  // All of vi but what stays within a test.
  /\bvi\.(?!fn\b|waitFor\b|setConfig\b)\w/,
]

/**
 * Whether a test file needs a process of its own: it, or a module that it imports from its own package, changes, measures or
 * fills the process.
 */
export function usesOwnProcess(path: string): boolean {
  const text = readFileSync(path, 'utf8')
  const imported = [...text.matchAll(/ from '(\.[^']+)\.js'/g)]
    .map(([, name]) => resolve(dirname(path), `${name}.ts`))
    .filter((name) => existsSync(name))
  return [text, ...imported.map((name) => readFileSync(name, 'utf8'))].some((code) =>
    processWide.some((pattern) => pattern.test(code)),
  )
}
