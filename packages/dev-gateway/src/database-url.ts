import { GatewayStartError } from './errors/gateway-start-error.js'

// What the real gateway's database library understands behind the question mark, and what a folder of files can mean by it.
const modes = ['rwc', 'rw', 'ro', 'memory'] as const
type Mode = (typeof modes)[number]

/** Where the real gateway would keep its database. */
export type Database =
  | { readonly type: 'memory' }
  | {
      readonly type: 'folder'
      readonly path: string
      /** Whether it may be created; otherwise it must be there. */
      readonly create: boolean
    }

/**
 * Reads the real gateway's words for where its database is: `sqlite::memory:`, or `sqlite:PATH` with `?mode=rwc` to create it. This
 * gateway keeps a folder of that name.
 *
 * @throws GatewayStartError for what the real gateway refuses, and for what a folder of files cannot be.
 */
export function readDatabaseUrl(url: string): Database {
  const [, place, query = ''] = /^sqlite:(?:\/\/)?([^?]+)(?:\?(.*))?$/.exec(url) ?? []
  if (place === undefined) throw problem('--db-url can only be sqlite::memory: or sqlite:PATH here.')
  const mode = readMode(new URLSearchParams(query))
  if (place === ':memory:' || mode === 'memory') return { type: 'memory' }
  if (mode === 'ro') throw problem('--db-url: a gateway writes its state; use mode=rwc.')
  return { type: 'folder', path: readPath(place), create: mode === 'rwc' }
}

function readMode(parameters: URLSearchParams): Mode {
  let mode: Mode = 'rw'
  for (const [key, value] of parameters) {
    if (key === 'mode') mode = oneOf(key, value, modes)
    else if (key === 'cache') oneOf(key, value, ['private', 'shared'])
    else if (key === 'immutable') {
      if (['true', '1'].includes(oneOf(key, value, ['true', '1', 'false', '0']))) {
        throw problem('--db-url: a gateway writes its state; leave immutable out.')
      }
    } else if (key === 'vfs') throw problem('--db-url: there is no SQLite here that could use a vfs; leave it out.')
    else throw problem(`--db-url: unknown query parameter \`${key}\` while parsing connection URL.`)
  }
  return mode
}

function oneOf<Word extends string>(key: string, value: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === value)
  if (word !== undefined) return word
  throw problem(`--db-url: unknown value ${JSON.stringify(value)} for \`${key}\`; use one of ${words.join(', ')}.`)
}

function readPath(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw problem(`--db-url: the path ${text} has a % that is followed by no two hexadecimal digits; write %25 for it.`)
  }
}

function problem(message: string): GatewayStartError {
  return new GatewayStartError('configuration', message)
}
