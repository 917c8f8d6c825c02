/** The names of the documents of a config, and where they are served from. */
export interface PublishedNames {
  readonly index: string
  readonly bundle: string
  readonly envelope: string
  readonly lineage: string
  readonly conformance: string
  /** The file of a version. */
  schema(version: number): string
  /** The page about a version. */
  docs(version: number): string
  /** The same document for editors. */
  draft07(name: string): string
  /** The absolute address of a file. */
  id(name: string): string
}

/** The names below a folder, whose address ends with a slash. */
export function publishedNames(folder: string): PublishedNames {
  return {
    index: 'index.json',
    bundle: 'bundle.schema.json',
    envelope: 'envelope.schema.json',
    lineage: 'lineage.json',
    conformance: 'conformance.json',
    schema: (version) => `v${version}.schema.json`,
    docs: (version) => `docs/v${version}.md`,
    draft07: (name) => `draft-07/${name}`,
    id: (name) => `${folder}${name}`,
  }
}
