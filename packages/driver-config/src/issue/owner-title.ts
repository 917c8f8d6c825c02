/** The document root of a driver's config, as gateways know it. */
export const defaultRoot = 'driver_config'

/** What a text needs to know to name the program that a config belongs to. */
export interface ConfigOwner {
  /** Name of the driver, or of the other program that owns the config. */
  readonly driverName: string
  /** What the program is, in words: `driver`, `middleware`. */
  readonly owner: string
}

/** What owns a config with this document root: `driver_config` is a driver's; a root that does not tell is a component's. */
export function ownerOf(root: string): string {
  const [, words] = /^(.+)_config$/.exec(root) ?? []
  return words === undefined ? 'component' : words.replaceAll('_', ' ')
}

/** The program by name: `acme 1.4.0`, or `acme` when its version is not known. */
export function nameWithVersion({ driverName }: ConfigOwner, version: string | undefined): string {
  return version === undefined ? driverName : `${driverName} ${version}`
}

/** The program in words: `driver acme 1.4.0`. */
export function ownerTitle(owner: ConfigOwner, version: string | undefined): string {
  return `${owner.owner} ${nameWithVersion(owner, version)}`
}

/** How every text about a fault of the program itself ends; `title` is what `ownerTitle` gives. */
export function bugReportSentence(title: string): string {
  return `This is a bug in ${title}; please report it to its author.`
}
