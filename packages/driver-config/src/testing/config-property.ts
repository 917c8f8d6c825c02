/** What a config promises about every document of every version, in the order in which it is searched for. */
export const configProperties = [
  'every version has documents to search in',
  'every migration gives what the next version accepts',
  'a migration in steps gives what it gives at once',
  'a complete value of the current version stays as it is',
  'defaults are filled in once and change nothing else',
  'a way down and up again changes nothing without a note',
  'a check leaves the document alone',
  'no output repeats a value of the document',
  'every issue says where, what and how to change it',
  'a report fits into its budget',
  'any JSON gets a verdict',
  'the published schema accepts what the driver accepts',
  'a loaded bundle gives the verdict of the driver',
  'a fixture still gives what it gave',
] as const

/** One promise of a config. */
export type ConfigProperty = (typeof configProperties)[number]
