import type { Json, JsonMap } from './recording.js'

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
// What depends on the moment or on the machine, and what the recording tool says about itself.
const ignoredKeys = new Set(['resource_version', 'details_bytes', 'elapsed_s', 't_s', 'error_log', 'exit_after_s'])

/** Brings an observation into the form in which the recordings are written: placeholders, and long things shortened. */
export function normalize(value: Json, directory = '', key = ''): Json {
  if (typeof value === 'string') return normalizeText(value, directory, key)
  if (Array.isArray(value)) {
    const items = value.map((entry) => normalize(entry, directory))
    return items.length > 140 ? [...items.slice(0, 3), `<${items.length} items>`] : items
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name]) => !ignoredKeys.has(name))
  entries.sort(([left], [right]) => (left < right ? -1 : 1))
  const shown = entries.length > 60 ? entries.slice(0, 40) : entries
  const map: JsonMap = Object.fromEntries(shown.map(([name, entry]) => [name, normalize(entry, directory, name)]))
  if (entries.length > 60) map['<more>'] = entries.length
  return map
}

function normalizeText(text: string, directory: string, key: string): string {
  if (/_ms$/.test(key) && /^\d{10,}$/.test(text)) return '<time>'
  const replaced = (directory === '' ? text : text.replaceAll(directory, '<dir>'))
    .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>')
    .replace(uuid, '<uuid>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)/g, '<time>')
    .replace(/127\.0\.0\.1:\d{4,5}/g, '127.0.0.1:<port>')
    .replace(/^Deadline exceeded after .*$/, 'Deadline exceeded <by the client>')
    .replace(/primary listener uses port \d+/, 'primary listener uses port <port>')
  return replaced.length > 1500 ? `<${replaced.length} chars: ${replaced.slice(0, 80)}…>` : replaced
}
