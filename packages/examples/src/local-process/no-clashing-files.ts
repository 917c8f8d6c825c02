import { rule } from '@openshell-ts/driver-config'

/** What the rule needs of a block; the same in both versions. */
interface BlockWithFiles {
  readonly files?: readonly { readonly path: string }[]
}

/** No file is given twice, and none stands where another one needs a directory. */
export const noClashingFiles = rule<BlockWithFiles>(
  'no-clashing-files',
  { reads: ['files[].path'], description: 'each file has a path of its own that leads through no other file' },
  ({ value: { files = [] }, fail }) => {
    for (const [index, { path }] of files.entries()) {
      const earlier = files.slice(0, index).findIndex((other) => clashes(path, other.path))
      if (earlier === -1) continue
      fail(['files', index, 'path'], 'FIELDS_CONFLICT', {
        problem: `clashes with files[${earlier}].path`,
        fix: 'Give each file a path of its own, and none below another file.',
      })
    }
  },
)

function clashes(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`)
}
