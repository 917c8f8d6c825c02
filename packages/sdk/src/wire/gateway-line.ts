/** A family of gateway versions that share one wire format. */
export type GatewayLine = '0.0' | '0.1'

/** What a version means for a client. */
export type LineVerdict =
  | { readonly type: 'line'; readonly line: GatewayLine }
  | { readonly type: 'refused'; readonly reason: string }

/** The versions of each line, for people. */
export const LINE_RANGES: Readonly<Record<GatewayLine, string>> = {
  '0.0': '0.0.88 to 0.0.116',
  '0.1': '0.1.0-pre.8 and later 0.1.x',
}

interface Version {
  readonly minor: number
  readonly patch: number
  readonly tag: 'release' | 'pre' | 'dev'
  readonly tagNumber: number
}

const refused = (reason: string): LineVerdict => ({ type: 'refused', reason })
const accepted = (line: GatewayLine): LineVerdict => ({ type: 'line', line })

/** Finds the wire line behind `Health.version`. Versions between the lines used other field numbers and are refused. */
export function decideLine(text: string): LineVerdict {
  if (text === '0.0.0') return refused('it was built without version information')
  const version = parseVersion(text)
  if (!version) return refused(text === '' ? 'it reports no version' : 'its version is not known to this release')
  if (version.minor === 0) return decideLine00(version)
  if (version.minor === 1) return decideLine01(version)
  return refused('it is newer than the lines that are known to this release')
}

/** True for a version of line 0.0 before this patch. One that says nothing, as that of a local build, is before none. */
export function isBefore(text: string, patch: number): boolean {
  const version = text === '0.0.0' ? undefined : parseVersion(text)
  return version !== undefined && version.minor === 0 && version.patch < patch
}

function decideLine00({ patch, tag }: Version): LineVerdict {
  // A build "0.0.88-dev" was made after 0.0.87, so it sorts before 0.0.88.
  if (patch < 88 || (patch === 88 && tag !== 'release'))
    return refused('it is older than workspaces, which this release needs')
  if (patch > 116 || (patch > 111 && tag !== 'release')) return refused('it lies between the lines 0.0 and 0.1')
  return accepted('0.0')
}

function decideLine01({ patch, tag, tagNumber }: Version): LineVerdict {
  const beforeTheLine = patch === 0 && (tag === 'dev' || (tag === 'pre' && tagNumber < 8))
  return beforeTheLine ? refused('it lies between the lines 0.0 and 0.1') : accepted('0.1')
}

function parseVersion(text: string): Version | undefined {
  const match = /^0\.(\d{1,6})\.(\d{1,6})(?:-(pre|dev)\.(\d{1,9})(?:\+[0-9A-Za-z.-]{1,64})?)?$/.exec(text)
  if (!match) return undefined
  const [, minor = '', patch = '', tag, tagNumber = '0'] = match
  return {
    minor: Number(minor),
    patch: Number(patch),
    tag: tag === 'pre' || tag === 'dev' ? tag : 'release',
    tagNumber: Number(tagNumber),
  }
}
