/** The modules of Node that the test kit uses when it runs there. */
export interface NodeModules {
  readonly 'node:fs': typeof import('node:fs')
  readonly 'node:path': typeof import('node:path')
  readonly 'node:test': typeof import('node:test')
  readonly 'node:url': typeof import('node:url')
}

/**
 * A module of Node, asked for at run time: nothing is imported, so that the searches of the test kit also run in a browser.
 *
 * @throws TypeError where there is no Node.
 */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  const found: unknown = globalThis.process?.getBuiltinModule?.(name)
  if (found === undefined)
    throw new TypeError(`${name} is not there: this part of the test kit needs Node 20.19 or later.`)
  return found as NodeModules[Name]
}

/** A variable of the environment; `undefined` where it is not set or empty, or where there is no environment. */
export function readVariable(name: string): string | undefined {
  const value = globalThis.process?.env?.[name]
  return value === '' ? undefined : value
}
