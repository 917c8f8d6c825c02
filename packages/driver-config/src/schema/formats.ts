/** A named form of text. A text has the form when it matches `pattern` and does not match `refused`. */
export interface TextFormat {
  /** The form in words, as messages print it after "must be". */
  readonly description: string
  /** Portable regular expression (no look-around), to be read with the `u` flag. */
  readonly pattern: string
  /** Portable regular expression of what `pattern` lets through and the form does not. */
  readonly refused?: string
  /** Texts that have the form. */
  readonly accepts: readonly string[]
  /** Texts that do not have it. */
  readonly refuses: readonly string[]
}

// A path segment that is neither "." nor "..", and holds no control characters.
const segment = '(?:[^/.\\p{Cc}]|\\.[^/.\\p{Cc}]|\\.\\.[^/\\p{Cc}])[^/\\p{Cc}]*'
const absolutePath = `^(?:/${segment})+/?$`
const surroundingSpace = '^\\s|\\s/?$'
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'

// Places that belong to the supervisor, and the workspace root: nothing is mounted over, inside or around them.
const controlRoots =
  '^/(?:opt|opt/openshell(?:/.*)?|etc|etc/openshell(?:/.*)?|etc/openshell-tls(?:/.*)?|run|run/openshell(?:/.*)?' +
  '|run/openshell-sidecar(?:/.*)?|run/netns(?:/.*)?|var|var/run|var/run/netns(?:/.*)?|sandbox)/?$'

/** The closed list of formats. */
export const formats = {
  'container-path': {
    description: 'an absolute path without "//", "." and ".."',
    pattern: `^/$|${absolutePath}`,
    refused: surroundingSpace,
    accepts: ['/', '/data', '/data/', '/a/.hidden', '/a/..b'],
    refuses: ['', 'data', '/a//b', '/a/./b', '/a/../b', '/..', ' /a', '/a ', '/a\n'],
  },
  'mount-target': {
    description: 'an absolute path outside the places that the sandbox itself needs',
    pattern: absolutePath,
    refused: `${surroundingSpace}|:|${controlRoots}`,
    accepts: ['/data', '/scratch/', '/sandbox/work', '/optional', '/var/lib'],
    refuses: ['/', '/sandbox', '/sandbox/', '/etc', '/etc/openshell', '/run/netns/x', '/opt', 'data', '/a//b', '/a:b'],
  },
  'host-path': {
    description: 'an absolute path on the host without "//", "." and ".."',
    pattern: absolutePath,
    refused: `${surroundingSpace}|:`,
    accepts: ['/srv/openshell/work', '/srv/'],
    refuses: ['/', 'srv', './srv', '/srv/../etc', '/srv:ro', '~/work'],
  },
  subpath: {
    description: 'a relative path without "." and ".."',
    pattern: `^${segment}(?:/${segment})*$`,
    refused: `${surroundingSpace}|:`,
    accepts: ['a', 'a/b', '.git', 'a/..b'],
    refuses: ['', '/a', 'a/', '../a', 'a/..', './a', 'a//b'],
  },
  'dns1123-label': {
    description: 'at most 63 lower-case letters, digits and "-", with a letter or digit at both ends',
    pattern: `^${label}$`,
    accepts: ['a', 'work-1', 'a'.repeat(63)],
    refuses: ['', '-a', 'a-', 'User_Data', 'a.b', 'a'.repeat(64)],
  },
  'dns1123-subdomain': {
    description:
      'at most 253 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part',
    pattern: `^${label}(?:\\.${label})*$`,
    refused: '^.{254}',
    accepts: ['a', 'example.com', 'nvidia.com'],
    refuses: ['', 'a..b', '.a', 'a.', 'A.b', Array.from({ length: 128 }, () => 'a').join('.')],
  },
  'k8s-quantity': {
    description: 'a quantity such as 500m, 2, 1.5Gi or 3e6',
    pattern: '^[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+|[KMGTPE]i|[numkMGTPE])?$',
    accepts: ['0', '500m', '1.5Gi', '2', '3e6', '.5', '+1Ki'],
    refuses: ['', 'Gi', '1 Gi', '1gi', '1e', '1KB', '--1'],
  },
  duration: {
    description: 'a duration such as 250ms, 30s or 1h30m',
    pattern:
      '^(?:[0-9]+(?:\\.[0-9]+)?h)?(?:[0-9]+(?:\\.[0-9]+)?m)?(?:[0-9]+(?:\\.[0-9]+)?s)?(?:[0-9]+(?:\\.[0-9]+)?ms)?$',
    refused: '^$',
    accepts: ['30s', '250ms', '1h30m', '1.5h', '0s'],
    refuses: ['', '30', 's', '30 s', '-1s', '1d', '1m1h'],
  },
  uuid: {
    description: 'a UUID',
    pattern: '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
    accepts: ['01234567-89ab-cdef-0123-456789abcdef', '01234567-89AB-CDEF-0123-456789ABCDEF'],
    refuses: ['', '0123456789abcdef0123456789abcdef', '{01234567-89ab-cdef-0123-456789abcdef}'],
  },
  date: {
    description: 'a date such as 2027-01-31',
    pattern: '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$',
    refused:
      '-(?:02-3|(?:04|06|09|11)-31)|[13579][048]-02-29|[02468][1235679]-02-29|[13579][1345789]-02-29' +
      '|(?:[02468][1235679]|[13579][01345789])00-02-29',
    accepts: ['2027-01-31', '2024-02-29', '2000-02-29'],
    refuses: ['', '2027-1-31', '2027-02-29', '2027-13-01', '2027-04-31', '1900-02-29', '27-01-31'],
  },
} as const satisfies Record<string, TextFormat>

/** Name of a format. */
export type FormatName = keyof typeof formats

/** True for a name of the closed list. */
export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(formats, name)
}

/** The entry of a format. */
export function formatOf(name: FormatName): TextFormat {
  return formats[name]
}
